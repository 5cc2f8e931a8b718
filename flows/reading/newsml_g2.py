"""NewsML-G2: a news message with its items, or one item alone (IPTC NewsML-G2, any 2.x version).

The body may be NITF, XHTML or plain text inside the item; what is only linked to is not fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from flows.reading import nitf
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits
from flows.reading.markup import block_text, fragment_text, line_of
from flows.reading.wire import code_of, document, signal_of, status_of, topics_of
from flows.reading.xml_stream import BrokenXml, items, local_name
from flows.records import Document, Reason, Rejection

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The news items in their order, numbered from 1; packages, concepts and planning are none."""
    number = 0
    for item in items(stream, frozenset({"newsItem"}), limits):
        number += 1
        if isinstance(item, BrokenXml):
            yield Rejection(file.file_path, number, *item)
        else:
            yield document(file.file_path, number, "newsml_g2", _article_fields(item[0]))
    if not number:
        yield Rejection(file.file_path, 1, Reason.NO_ARTICLE, "NewsML-G2 without a news item")


def _article_fields(item: etree._Element) -> dict[str, Any]:
    meta = item.find("{*}itemMeta")
    content = item.find("{*}contentMeta")
    meta = etree.Element("none") if meta is None else meta
    content = etree.Element("none") if content is None else content
    inner = _body_fields(item.find("{*}contentSet"))
    found = {
        "id": item.get("guid", ""),
        "version": item.get("version", ""),
        "date": line_of(meta.find("{*}firstCreated")) or line_of(meta.find("{*}versionCreated")),
        "updated": line_of(meta.find("{*}versionCreated")),
        "status": _status(meta),
        "signal": signal_of(_codes(meta.iterfind("{*}signal"))),
        "title": _headline(content) or line_of(meta.find("{*}title")),
        "slugline": line_of(content.find("{*}slugline")),
        "urgency": line_of(content.find("{*}urgency")),
        "dateline": line_of(content.find("{*}dateline")) or _named(content.find("{*}located")),
        "authors": _authors(content),
        "agency": _agency(meta, content),
        "language": _language(item, content),
        "topics": topics_of(_codes(content.iterfind("{*}subject"))),
    }
    return inner | {name: value for name, value in found.items() if value}


def _codes(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        yield element.get("qcode", "") or element.get("uri", "")


def _status(meta: etree._Element) -> str:
    # The default is usable (NewsML-G2, 2.x specification of pubStatus).
    element = meta.find("{*}pubStatus")
    return "usable" if element is None else status_of(next(_codes([element])))


def _headline(content: etree._Element) -> str:
    """The main headline: the first without a role, else the first."""
    found = [(element.get("role"), line_of(element)) for element in content.iterfind("{*}headline")]
    found = [(role, text) for role, text in found if text]
    plain = [text for role, text in found if role is None or code_of(role) in ("main", "headline")]
    return (plain or [text for _, text in found] or [""])[0]


def _named(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return line_of(element.find("{*}name")) or element.get("literal", "")


def _authors(content: etree._Element) -> list[str] | str:
    byline = line_of(content.find("{*}by"))
    return byline or [name for creator in content.iterfind("{*}creator") if (name := _named(creator))]


def _agency(meta: etree._Element, content: etree._Element) -> str:
    credit = line_of(content.find("{*}creditline"))
    if credit:
        return credit
    for source in (content.find("{*}infoSource"), meta.find("{*}provider")):
        if source is not None:
            named = _named(source) or source.get("qcode", "").rpartition(":")[2]
            if named:
                return named
    return ""


def _language(item: etree._Element, content: etree._Element) -> str:
    language = content.find("{*}language")
    stated = "" if language is None else language.get("tag", "")
    return stated or item.get(_LANGUAGE, "")


def _body_fields(content_set: etree._Element | None) -> dict[str, Any]:
    """The fields of the first rendition that has a text."""
    for rendition in () if content_set is None else content_set:
        name = local_name(rendition)
        found: dict[str, Any] = {}
        if name == "inlineXML":
            body = next(rendition.iter("{*}nitf"), None)
            found = nitf.article_fields(body) if body is not None else {"text": block_text(rendition)}
        elif name == "inlineData" and rendition.get("encoding") is None:
            text = "".join(part for part in rendition.itertext() if isinstance(part, str))
            is_markup = "html" in rendition.get("contenttype", "")
            found = {"text": fragment_text(text) if is_markup else text.strip()}
        if found.get("text"):
            return found
    return {}
