"""What all wire formats share: IPTC codes, the state of an item, and from its fields to a document.

The sources are the IPTC NewsCodes (pubstatus, signal, mediatopic, subjectcode).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flows.records import Document, Reason, Rejection

_MEDIA_TOPIC = re.compile(r"(?:medtop|mediatopic|iptcmt)\w{0,10}[:/]\s?(\d{8})/?\Z", re.IGNORECASE)
_SUBJECT_CODE = re.compile(r"(?:subj\w{0,10}|iptc\w{0,15})[:/]\s?(\d{8})/?\Z", re.IGNORECASE)
_STATES: Final[Mapping[str, str]] = {
    "usable": "usable",
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
    "withheld": "withheld",
}
_TOPS = frozenset(f"{number:02}" for number in range(1, 18))


def topics_of(codes: Iterable[str]) -> list[str]:
    """The media topics among the codes (`medtop:20000344`, `.../mediatopic/20000344`), each once, as
    found.

    Of the older subject codes (`subj:04005000`) only the top level has the same numbers, so a subject code
    gives its top topic.
    """
    found: dict[str, None] = {}
    for code in codes:
        code = code.strip()[-200:]
        media, subject = _MEDIA_TOPIC.search(code), _SUBJECT_CODE.search(code)
        if media:
            found[f"medtop:{media[1]}"] = None
        elif subject and subject[1][:2] == "20":
            found[f"medtop:{subject[1]}"] = None
        elif subject and subject[1][:2] in _TOPS:
            found[f"medtop:{subject[1][:2]}000000"] = None
    return list(found)


def code_of(value: str) -> str:
    """The code of a qualified one: `usable` of `stat:usable` and of `http://.../pubstatus/usable`."""
    return re.split(r"[:/#]", value.strip()[-200:].rstrip("/"))[-1].strip().lower()


def status_of(value: str) -> str:
    """`usable`, `canceled` or `withheld`; empty for anything else."""
    return _STATES.get(code_of(value), "")


def signal_of(values: Iterable[str]) -> str:
    """`correction` when one of the signals is one, else the first signal's code, else empty."""
    codes = [code for value in values if (code := code_of(value))]
    if any(code.startswith("correct") or code == "corrigendum" for code in codes):
        return "correction"
    return codes[0] if codes else ""


def is_address(value: str) -> bool:
    """Whether an identifier is a web address, so that it can stand for the article's."""
    return value.startswith(("https://", "http://"))


def document(file_path: str, number: int, format_code: str, found: Mapping[str, Any]) -> Document | Rejection:
    """The document of the fields that are not empty, or why the item is none.

    An item that is taken back needs no text: it tells which earlier one is meant.
    """
    fields = {name: value for name, value in found.items() if value}
    if not fields.get("url") and is_address(fields.get("id", "")):
        fields["url"] = fields["id"]
    if "text" in fields or "html" in fields or fields.get("status") in ("canceled", "withheld"):
        return Document(file_path, number, format_code, fields)
    title = fields.get("title", "") or fields.get("slugline", "") or fields.get("id", "")
    told = f": {title[:100]}" if title else ""
    return Rejection(file_path, number, Reason.NO_TEXT_FIELD, f"the item has no text{told}")
