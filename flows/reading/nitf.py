"""NITF 3.x: one story with its headline, byline, dateline and desk data (IPTC News Industry Text Format).

Also the body of a NewsML item, so what an element says can be asked for by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits
from flows.reading.markup import block_text, line_of
from flows.reading.wire import document, signal_of, status_of, topics_of
from flows.reading.xml_stream import BrokenXml, items, local_name
from flows.records import Document, Rejection


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The `nitf` elements in their order, numbered from 1. `fields` has no say here."""
    for number, item in enumerate(items(stream, frozenset({"nitf"}), limits), start=1):
        if isinstance(item, BrokenXml):
            yield Rejection(file.file_path, number, *item)
        else:
            yield document(file.file_path, number, "nitf", article_fields(item[0]))


def article_fields(nitf: etree._Element) -> dict[str, Any]:
    """The fields of a `nitf` element, empty ones included."""
    head, body = nitf.find("{*}head"), nitf.find("{*}body")
    found: dict[str, Any] = {}
    if body is not None:
        found |= _body_fields(body)
    if head is None:
        return found
    found["title"] = found.get("title") or line_of(head.find("{*}title"))
    data = head.find("{*}docdata")
    published = head.find("{*}pubdata")
    if data is not None:
        found |= _docdata_fields(data)
    found["date"] = (
        _norm(data, "date.issue")
        or _norm(data, "date.release")
        or found.get("date")
        or ("" if published is None else published.get("date.publication", ""))
    )
    if published is not None:
        found["outlet"] = published.get("name", "")
    subjects = (subject.get("tobject.subject.refnum", "") for subject in head.iter("{*}tobject.subject"))
    found["topics"] = topics_of(f"subj:{code}" for code in subjects)
    return found


def _norm(parent: etree._Element | None, name: str) -> str:
    element = None if parent is None else parent.find(f"{{*}}{name}")
    return "" if element is None else element.get("norm", "")


def _docdata_fields(data: etree._Element) -> dict[str, Any]:
    named = {local_name(element): element for element in reversed(data)}

    def value(element: str, attribute: str) -> str:
        return named[element].get(attribute, "") if element in named else ""

    return {
        "id": ":".join(filter(None, (value("doc-id", "regsrc"), value("doc-id", "id-string")))),
        "urgency": value("urgency", "ed-urg"),
        "slugline": value("du-key", "key"),
        "version": value("du-key", "version"),
        "status": status_of(data.get("management-status", "")),
        "signal": signal_of([value("ed-msg", "info")]),
    }


def _body_fields(body: etree._Element) -> dict[str, Any]:
    content = body.find("{*}body.content")
    found: dict[str, Any] = {"text": block_text(content) if content is not None else ""}
    head = body.find("{*}body.head")
    if head is None:
        return found
    headline = head.find("{*}hedline")
    found["title"] = line_of(headline.find("{*}hl1")) if headline is not None else ""
    people = [line_of(person) for person in head.iterfind("{*}byline/{*}person")]
    found["authors"] = list(filter(None, people)) or line_of(head.find("{*}byline"))
    found["agency"] = line_of(head.find("{*}distributor"))
    dateline = head.find("{*}dateline")
    if dateline is not None:
        location = dateline.find("{*}location")
        city = None if location is None else location.find("{*}city")
        found["dateline"] = line_of(city) or line_of(location) or line_of(dateline)
        found["date"] = _norm(dateline, "story.date")
    return found
