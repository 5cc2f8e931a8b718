"""NewsML 1.x: news items whose components hold the text (IPTC NewsML 1.0 to 1.2).

Of an item's components the first with a text counts, the one marked as main before others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from flows.reading import nitf
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits
from flows.reading.markup import block_text, fragment_text, line_of
from flows.reading.wire import document, signal_of, status_of, topics_of
from flows.reading.xml_stream import BrokenXml, items
from flows.records import Document, Reason, Rejection

_SUBJECTS = ("Subject", "SubjectMatter", "SubjectDetail")


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The news items in their order, numbered from 1. `fields` has no say here."""
    number = 0
    sent = ""
    for item in items(stream, frozenset({"NewsItem"}), limits):
        number += 1
        if isinstance(item, BrokenXml):
            yield Rejection(file.file_path, number, *item)
            continue
        sent = sent or line_of(item[1].find("{*}NewsEnvelope/{*}DateAndTime"))
        found = _article_fields(item[0])
        found["date"] = found["date"] or sent
        yield document(file.file_path, number, "newsml", found)
    if not number:
        yield Rejection(file.file_path, 1, Reason.NO_ARTICLE, "NewsML without a news item")


def _line(item: etree._Element, name: str) -> str:
    return next((text for element in item.iter(f"{{*}}{name}") if (text := line_of(element))), "")


def _item_id(item: etree._Element) -> str:
    """What all revisions of an item share: the public identifier without the revision (NewsML 1.2, 5.4)."""
    parts = [_line(item, name) for name in ("ProviderId", "DateId", "NewsItemId")]
    return "urn:newsml:" + ":".join(parts) if all(parts) else _line(item, "PublicIdentifier")


def _formal(item: etree._Element, name: str) -> str:
    element = next(item.iter(f"{{*}}{name}"), None)
    return "" if element is None else element.get("FormalName", "")


def _article_fields(item: etree._Element) -> dict[str, Any]:
    revision = next(item.iter("{*}RevisionId"), None)
    is_update = revision is not None and revision.get("Update", "N") not in ("N", "")
    subjects = (
        f"subj:{part.get('FormalName', '')}" for name in _SUBJECTS for part in item.iter(f"{{*}}{name}")
    )
    inner = _body_fields(item)
    found: dict[str, Any] = {
        "id": _item_id(item),
        "version": line_of(revision),
        "date": _line(item, "FirstCreated") or _line(item, "ThisRevisionCreated") or _line(item, "DateId"),
        "updated": _line(item, "ThisRevisionCreated"),
        "status": status_of(_formal(item, "Status")),
        "signal": signal_of([_formal(item, "Instruction") or ("update" if is_update else "")]),
        "title": _line(item, "HeadLine"),
        "slugline": _line(item, "SlugLine"),
        "urgency": _formal(item, "Urgency"),
        "dateline": _line(item, "DateLine"),
        "authors": _line(item, "ByLine"),
        "agency": _line(item, "CreditLine") or _party(item, "Source") or _party(item, "Provider"),
        "language": _formal(item, "Language"),
        "topics": topics_of(subjects),
    }
    return inner | {name: value for name, value in found.items() if value or name == "date"}


def _party(item: etree._Element, name: str) -> str:
    party = next(item.iter(f"{{*}}{name}"), None)
    party = None if party is None else party.find("{*}Party")
    return "" if party is None else party.get("FormalName", "")


def _body_fields(item: etree._Element) -> dict[str, Any]:
    contents = list(item.iter("{*}DataContent"))
    contents.sort(key=lambda content: not _is_main(content))  # keeps the order among equals
    for content in contents:
        body = next(content.iter("{*}nitf"), None)
        if body is not None:
            found = nitf.article_fields(body)
        elif len(content):
            found = {"text": block_text(content)}
        else:
            text = content.text or ""
            found = {"text": fragment_text(text) if "<" in text else text.strip()}
        if found.get("text"):
            return found
    return {}


def _is_main(content: etree._Element) -> bool:
    component = next(content.iterancestors("{*}NewsComponent"), None)
    role = None if component is None else component.find("{*}Role")
    return role is not None and role.get("FormalName", "").lower() in ("main", "main text", "maintext")
