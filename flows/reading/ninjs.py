"""ninjs: news in JSON as the IPTC defines it, versions 1.x and 2.x.

The records come in every shape JSON comes in, so `json_records` cuts the file; here a record that is
ninjs is told from others and its fields are taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits
from flows.reading.markup import fragment_text
from flows.reading.wire import signal_of, status_of, topics_of
from flows.records import Document, Rejection

_SIGNS = frozenset(
    {
        "bodies",
        "headlines",
        "body_html",
        "body_xhtml",
        "body_text",
        "body_nitf",
        "versioncreated",
        "pubstatus",
    }
)
_KINDS = ("xhtml", "html", "text", "nitf")


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The records in the order they stand, as `json_records.read` gives them."""
    from flows.reading import json_records  # which asks this module about each record

    yield from json_records.read(stream, file, fields, limits)


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether a JSON record is a ninjs item: it has a `uri` and two fields only ninjs has."""
    return "uri" in record and (
        len(_SIGNS & record.keys()) > 1
        or ("versioncreated" in record and record.get("type") in ("text", "picture", "composite", "video"))
    )


def article_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a ninjs item, empty ones included."""
    title = _string(record.get("headline")) or _alternative(record, "headlines", "headline_")
    located = record.get("located")
    status = status_of(_string(record.get("pubstatus")) or "usable")
    signals = record.get("signals", record.get("signal"))
    return {
        "id": _string(record.get("uri")),
        "url": _string(record.get("slugurl")) or _link(record),
        "title": fragment_text(title),
        "text": _body(record),
        "date": _string(record.get("firstcreated")) or _string(record.get("versioncreated")),
        "updated": _string(record.get("versioncreated")),
        "version": _string(record.get("version")),
        "status": status,
        "signal": signal_of(_codes(signals)),
        "slugline": _string(record.get("slugline")) or _string(record.get("slug")),
        "urgency": _string(record.get("urgency")),
        "authors": _string(record.get("byline")) or _string(record.get("by")) or _names(record, "people"),
        "dateline": _string(located) or next(iter(_named(located)), ""),
        "agency": _agency(record),
        "language": _string(record.get("language")),
        "topics": topics_of(_codes(record.get("subjects", record.get("subject")))),
    }


def _string(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    return _whole(value).strip() if isinstance(value, str) else ""


def _whole(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _items(value: Any) -> list[Mapping[str, Any]]:
    parts = value[:1000] if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, dict)]


def _alternative(record: Mapping[str, Any], plural: str, prefix: str) -> str:
    """The value of ninjs 2's list of alternatives (the main one first), else of ninjs 1's `headline_x`."""
    found = _items(record.get(plural))
    found.sort(key=lambda part: part.get("role") not in (None, "", "main"))
    for part in found:
        if value := _string(part.get("value")):
            return value
    return next((v for k in sorted(record) if k.startswith(prefix) and (v := _string(record[k]))), "")


def _body(record: Mapping[str, Any]) -> str:
    bodies = _items(record.get("bodies"))
    bodies.sort(key=lambda part: part.get("role") not in (None, "", "main", "body"))
    for part in bodies:
        value = _string(part.get("value"))
        if value:
            is_plain = "plain" in _string(part.get("contenttype"))
            return value if is_plain else fragment_text(value)
    for kind in _KINDS:
        value = _string(record.get(f"body_{kind}"))
        if value:
            return value if kind == "text" else fragment_text(value)
    return next(
        (fragment_text(v) for k in sorted(record) if k.startswith("body_") and (v := _string(record[k]))), ""
    )


def _named(value: Any) -> list[str]:
    return [
        name for part in _items(value) if (name := _string(part.get("name")) or _string(part.get("literal")))
    ]


def _names(record: Mapping[str, Any], key: str) -> list[str]:
    writers = [part for part in _items(record.get(key)) if part.get("rel") in ("author", "creator", "writer")]
    return _named(writers)


def _agency(record: Mapping[str, Any]) -> str:
    for key in ("creditline", "infosources", "infosource", "source", "provider", "copyrightholder"):
        value = record.get(key)
        if found := _string(value) or next(iter(_named(value)), ""):
            return found
    return ""


def _codes(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value[:1000]:
            if isinstance(part, str):
                yield part
    for part in _items(value):
        scheme, code = _string(part.get("scheme")), _string(part.get("code"))
        yield f"{scheme.rstrip(':/')}:{code}" if scheme and code.isdigit() else code
        for key in ("uri", "literal", "qcode"):
            yield _string(part.get(key))


def _link(record: Mapping[str, Any]) -> str:
    for key in ("link", "contenturl", "href"):
        found = _string(record.get(key))
        if found.startswith(("http://", "https://")):
            return found
    return ""
