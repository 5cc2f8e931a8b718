"""RSS and Atom: each entry is an article, marked when the feed gives only its summary.

Reads RSS 0.9x and 2.0 with the content module, RSS 1.0 and Atom 1.0 (RFC 4287).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lxml import etree  # type: ignore[import-untyped]

from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits
from flows.reading.markup import block_text, fragment_text, line_of
from flows.reading.wire import document, topics_of
from flows.reading.xml_stream import BrokenXml, items, local_name
from flows.records import Document, Reason, Rejection

FULL_TEXT_CHARS: Final = 1500
"""A description this long is the article itself, as feeds without the content module have it."""

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The entries in their order, numbered from 1. `fields` has no say here."""
    number = 0
    feed: dict[str, str] = {}
    for item in items(stream, frozenset({"item", "entry"}), limits):
        number += 1
        if isinstance(item, BrokenXml):
            yield Rejection(file.file_path, number, *item)
            continue
        element, root = item
        feed = feed or _feed_fields(root)
        if local_name(element) == "entry":
            yield document(file.file_path, number, "atom", _entry_fields(element, feed))
        else:
            yield document(file.file_path, number, "rss", _item_fields(element, feed))
    if not number:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "a feed without entries")


def _feed_fields(root: etree._Element) -> dict[str, str]:
    channel = root.find("{*}channel")
    channel = root if channel is None else channel
    return {
        "outlet": line_of(channel.find("{*}title")) if local_name(root) != "entry" else "",
        "language": line_of(channel.find("{*}language")) or root.get(_LANGUAGE, ""),
    }


def _plain(item: etree._Element, name: str) -> str:
    """The value of RSS's own element, whatever namespace the version has, modules aside."""
    for element in item.iterfind(f"{{*}}{name}"):
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag.startswith("{") or "/rss" in tag.lower() or "netscape.com" in tag or "userland" in tag:
            return "".join(part for part in element.itertext() if isinstance(part, str)).strip()
    return ""


def _item_fields(item: etree._Element, feed: dict[str, str]) -> dict[str, Any]:
    full = item.find(_CONTENT)
    whole = "".join(full.itertext()) if full is not None else ""
    description = item.find("{*}description")
    text = _body(whole)
    is_summary = False
    if not text:
        text = (block_text(description) if description is not None and len(description) else "") or (
            fragment_text(_plain(item, "description"))
        )
        is_summary = len(text) < FULL_TEXT_CHARS
    guid = item.find("{*}guid")
    writers = [line_of(creator) for creator in item.iterfind(f"{_DUBLIN_CORE}creator")]
    source = item.find("{*}source")
    return {
        "id": _plain(item, "guid"),
        "url": _plain(item, "link") or _link_of(guid),
        "title": line_of_markup(_plain(item, "title") or line_of(item.find(f"{_DUBLIN_CORE}title"))),
        "date": _plain(item, "pubDate") or line_of(item.find(f"{_DUBLIN_CORE}date")),
        "authors": list(filter(None, writers)) or _person(_plain(item, "author")),
        "agency": line_of(item.find("{*}credit")),
        "outlet": line_of(source) or feed["outlet"],
        "language": line_of(item.find(f"{_DUBLIN_CORE}language")) or feed["language"],
        "topics": topics_of(_categories(item)),
        "text": text,
        "is_summary": bool(text) and is_summary,
    }


def _body(markup: str) -> str:
    return fragment_text(markup) if markup.strip() else ""


def line_of_markup(title: str) -> str:
    """A title as one line; feeds put markup into it."""
    return " ".join(fragment_text(title).split())


def _link_of(guid: etree._Element | None) -> str:
    if guid is None or guid.get("isPermaLink") == "false":
        return ""
    link = line_of(guid)
    return link if link.startswith(("http://", "https://")) else ""


def _person(value: str) -> str:
    """The name in RSS's `jane@example.org (Jane Roe)`, or the value without the address."""
    address, bracket, name = value.partition("(")
    if bracket and "@" in address:
        return name.rstrip(") ").strip()
    return "" if "@" in value and " " not in value else value


def _categories(item: etree._Element) -> Iterator[str]:
    for category in item.iterfind("{*}category"):
        value = category.get("term") or line_of(category)
        domain = category.get("scheme") or category.get("domain") or ""
        yield f"{domain.rstrip('/')}/{value}" if value.isdigit() else value


def _entry_fields(entry: etree._Element, feed: dict[str, str]) -> dict[str, Any]:
    text = _construct(entry.find("{*}content"))
    is_summary = not text
    text = text or _construct(entry.find("{*}summary"))
    title = _construct(entry.find("{*}title"))
    return {
        "id": line_of(entry.find("{*}id")),
        "url": _alternate(entry),
        "title": " ".join(title.split()),
        "date": line_of(entry.find("{*}published")) or line_of(entry.find("{*}updated")),
        "updated": line_of(entry.find("{*}updated")),
        "authors": [name for a in entry.iterfind("{*}author") if (name := line_of(a.find("{*}name")))],
        "agency": line_of(entry.find("{*}credit")),
        "outlet": line_of(entry.find("{*}source/{*}title")) or feed["outlet"],
        "language": entry.get(_LANGUAGE, "") or feed["language"],
        "topics": topics_of(_categories(entry)),
        "text": text,
        "is_summary": bool(text) and is_summary,
    }


def _construct(element: etree._Element | None) -> str:
    """The text of an Atom text construct or content element (RFC 4287, 3.1 and 4.1.3)."""
    if element is None or element.get("src"):
        return ""
    kind = element.get("type", "text").lower()
    if len(element):
        return block_text(element)
    text = (element.text or "").strip()
    return fragment_text(text) if "html" in kind else text


def _alternate(entry: etree._Element) -> str:
    links = list(entry.iterfind("{*}link"))
    for link in links:
        address: str = link.get("href", "").strip()
        if address and link.get("rel", "alternate") == "alternate":
            return address
    return ""
