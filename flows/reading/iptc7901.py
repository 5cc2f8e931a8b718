"""IPTC 7901: the text messages of wire services since the telex, framed by control characters.

A message is SOH, source, number, priority, category and word count; STX, keywords and text; ETX, day and
time; EOT (IPTC Recommendation 7901). A file may hold many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from flows.reading.encoding import decode
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.streams import chunks_of, lines_of
from flows.reading.wire import document
from flows.records import Document, Reason, Rejection

_SOH, _STX, _ETX, _EOT = "\x01", "\x02", "\x03", "\x04"
HEADER = re.compile(
    rb"[\x00\x16\x0d\x0a ]{0,40}\x01[A-Za-z]{2,6}\s?\d{1,6}[ ]{1,3}\d[ ]{1,3}[A-Za-z]{1,4}[ ]{1,3}\d{1,6}"
)
_HEADER = re.compile(
    r"(?P<source>[A-Za-z]{2,6})\s?(?P<number>\d{1,6}) {1,3}(?P<urgency>\d) {1,3}(?P<category>[A-Za-z]{1,4})"
    r" {1,3}(?P<words>\d{1,6})(?: {1,3}(?P<other>[^\r\n]{0,100}))?"
)
_TIME = re.compile(
    r"\b(?P<day>[0-3]\d)[0-2]\d[0-5]\d(?: ?(?:GMT|UTC|Z|[A-Z]{3,4}))?,? "
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (?P<year>(?:19|20)?\d\d)\b",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEYWORDS = re.compile(r"[^\s/=-][^\n.!?]{0,100}[/=-][^\n.!?]{0,100}")
# In capitals and before something else: "KILL Lisbon pilots story", not "Killer whales return".
_KILL = re.compile(
    r"(?:(?:URGENT|BULLETIN|MANDATORY|STORY|ATTENTION)\W{1,3}){0,2}"
    r"(?:KILL(?:ED)?|ANNUL(?:ATION|LED)?|WITHDRAW(?:AL|N)?)(?:\W{0,3}\Z|\s?[:/=-]|\s(?=[^\n]{0,200}[a-z]))"
)
_CORRECTION = re.compile(r"(?:\W{0,5})(?:correct(?:ion|ed)|corr\b|berichtigung|corrects)", re.IGNORECASE)


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The messages in their order, numbered from 1. `fields` has no say here."""
    number = 0
    for message in lines_of(chunks_of(stream), limits.max_record_bytes, b"\x04"):
        if message is None:
            number += 1
            detail = f"one message of more than {size_text(limits.max_record_bytes)}"
            yield Rejection(file.file_path, number, Reason.TOO_LARGE, detail)
        elif _CONTROLS.sub("", decode(message[:1000])).strip() or len(message) > 1000:
            number += 1
            text = decode(message)
            found = _article_fields(text)
            if not found.get("text") and _EOT not in text:
                yield Rejection(file.file_path, number, Reason.TRUNCATED, "the message ends in its header")
            else:
                yield document(file.file_path, number, "iptc7901", found)
    if not number:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "no message in it")


def _article_fields(message: str) -> dict[str, Any]:
    before, _, rest = message.partition(_STX)
    header = _HEADER.search(before.rpartition(_SOH)[2])
    body, _, after = rest.partition(_ETX)
    found = _body_fields(_CONTROLS.sub("", body).replace("\r\n", "\n").replace("\r", "\n"))
    if header:
        found["agency"] = header["source"]
        found["urgency"] = header["urgency"]
    time = _TIME.search(after[:500])
    if time:
        year = time["year"] if len(time["year"]) == 4 else f"20{time['year']}"
        found["date"] = f"{int(time['day'])} {time['month'].title()} {year}"
        if header:  # numbers begin anew, so the day belongs to the id
            found["id"] = f"{header['source']}{header['number']} {found['date']}"
    return found


def _body_fields(body: str) -> dict[str, Any]:
    """Keyword line, headline and text. Without a keyword line or a headline the text begins at once."""
    lines = [line.rstrip() for line in body.strip("\n").split("\n")]
    found: dict[str, Any] = {}
    if lines and _KEYWORDS.fullmatch(lines[0].strip()) and "(" not in lines[0]:
        found["slugline"] = lines.pop(0).strip().rstrip("=")
    while lines and not lines[0].strip():
        lines.pop(0)
    if len(lines) > 1 and _is_headline(lines):
        found["title"] = lines.pop(0).strip().rstrip("=").strip()
    opening = found.get("slugline", "") + "\n" + found.get("title", "")
    if any(_KILL.match(line) for line in opening.split("\n") if line):
        found["status"] = "canceled"
    elif any(_CORRECTION.match(line) for line in opening.split("\n") if line):
        found["signal"] = "correction"
    found["text"] = "\n".join(lines).strip("\n")
    return found


def _is_headline(lines: list[str]) -> bool:
    line = lines[0]
    if len(line) > 200 or line.startswith(" ") or line.rstrip().endswith("."):
        return False
    return not lines[1].strip() or lines[1].startswith(" ") or lines[1].lstrip().lower().startswith("by ")
