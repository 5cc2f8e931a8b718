"""A web page taken apart: text, headline, date, authors, URL and site name.

The text comes from trafilatura (Barbaresi 2021), dates from its companion htmldate; headline and authors
are decided by what the page prints and what its metadata says of it.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import orjson
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, fromstring  # type: ignore[import-untyped]
from trafilatura import bare_extraction
from trafilatura.utils import repair_faulty_html

from flows.parsing import titles
from flows.parsing.outlets import clean_outlet
from flows.parsing.page_authors import page_authors
from flows.parsing.page_dates import page_date
from flows.parsing.page_leads import page_lead
from flows.parsing.page_places import near_headline
from flows.parsing.text import one_line, repair
from flows.parsing.urls import article_url, url_domain
from flows.reading.encoding import decode, encoding_of
from flows.records import PublishedBasis, Reason

MAX_METAS = 500
_SHORT_TEXT = 300
_ENOUGH_TEXT = 500
_PARAGRAPH = 80
MAX_ELEMENTS = 40_000
"""A page with more elements than this is no article but a dump, and costs minutes."""

for _name in ("trafilatura", "htmldate", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what they report is answered by a rejection

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before the mark of UTF-16, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w-]{2,30})|encoding=[\"']([\w-]{2,30})[\"']",
    re.I,
)
_ARTICLE_TYPES = ("article", "blogposting", "report", "liveblog", "newsarticle", "posting")
_PARSER = HTMLParser(
    encoding="utf-8", collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))  # no call per element
_TAG = re.compile(rb"<[^<>]{0,5000}>")  # says nothing of the language
_DETECTION_BYTES = 2**19
_COUNT = etree.XPath("count(descendant::*)")
_HEADLINES = etree.XPath(
    'descendant::*/@itemprop[.="headline"]/..'
    ' | descendant::*/@class[contains(.,"entry-title") or contains(.,"post-title")]/..'
)
_SITE_NOISE = re.compile(r"https?://|www\.|@", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of the article on it. `text` has its paragraphs on lines of their own."""

    title: str | None
    text: str
    published_on: date | None
    published_basis: PublishedBasis
    authors: tuple[str, ...]
    raw_authors: tuple[str, ...]
    url: str | None
    sitename: str | None
    language: str | None
    is_article: bool


def decode_page(content: bytes) -> str:
    """Return a page's characters: by byte order mark, as UTF-8, by the charset it declares, or detected."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(content[:8192])
    if declared:
        name = (declared[1] or declared[2]).decode("ascii")
        name = "cp1252" if name.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii") else name
        if name.lower().replace("-", "") not in ("utf8", "utf16"):
            try:
                return content.decode(name, "replace")
            except LookupError:
                pass
        else:
            return content.decode("utf-8", "replace")  # one bad byte does not make it another encoding
    return decode(content, encoding_of(_TAG.sub(b" ", content[:_DETECTION_BYTES])))


def read_page(content: bytes | str, url: str | None, today: date) -> Page | Reason:
    """Return what a page says, or the reason why it says nothing.

    `url` is the address it was fetched from, where known. Pages of more than MAX_ELEMENTS elements are
    refused, so that the time a page takes is bound.
    """
    source = decode_page(content) if isinstance(content, bytes) else content
    try:
        tree = read_tree(source)
    except (ValueError, etree.LxmlError, RecursionError):
        return Reason.UNREADABLE
    if _COUNT(tree) > MAX_ELEMENTS:
        return Reason.TOO_LARGE
    text = _page_text(tree)
    if not text:
        return Reason.NO_ARTICLE
    data = list(_article_data(tree))
    metas = _metas(tree)
    lead = page_lead(tree, _descriptions(metas, data), text)
    canonical = _canonical(tree, metas, url)
    domain = url_domain(url or canonical)
    sitename = _sitename(tree, metas, data)
    names = _site_names(sitename, domain)
    title = _title(tree, metas, data, names)
    language = tree.get("lang") or _meta(metas, "og:locale")
    near = near_headline(tree, title)
    published_on, basis = page_date(tree, metas, data, canonical or url, near, language, today)
    not_authors = frozenset(n.casefold() for n in (sitename, domain, title) if n) | names
    authors: tuple[str, ...] = ()
    authors, raw_authors = page_authors(tree, metas, data, near, not_authors, today)
    return Page(
        title=title,
        text=f"{lead}\n{text}" if lead else text,
        published_on=published_on,
        published_basis=basis,
        authors=authors,
        raw_authors=raw_authors,
        url=canonical,
        sitename=sitename,
        language=language,
        is_article=bool(data) or _meta(metas, "og:type") == "article",
    )


def read_tree(source: str) -> HtmlElement:
    """Return the tree of a page; raises what lxml raises where none can be made."""
    repaired = repair_faulty_html(source, source[:50].lower())
    return fromstring(repaired.encode("utf-8", "surrogatepass"), parser=_PARSER)


def _page_text(tree: HtmlElement) -> str:
    """Precise text, or the balanced text where the precise one leaves out most of the page's paragraphs.

    The precise text is compared with those of other extractors, which doubles its price, only where it is
    short: elsewhere that rarely changes the text, and not for the better.
    """
    printed = sum(length for p in tree.iter("p") if (length := len(p.text_content())) >= _PARAGRAPH)
    precise = _extract(tree, precise=True, compare=False)
    if len(precise) < _ENOUGH_TEXT:
        precise = _extract(tree, precise=True, compare=True)
    if len(precise) >= max(_SHORT_TEXT, 0.4 * printed):
        return precise
    balanced = _extract(tree, precise=False, compare=False)
    return precise if len(precise) >= 0.6 * len(balanced) else balanced


def _extract(tree: HtmlElement, precise: bool, compare: bool) -> str:
    # deduplicate stays off: its memory spans pages, so a page's text would depend on the pages before it
    try:
        found = bare_extraction(
            tree, include_comments=False, include_tables=True, favor_precision=precise, fast=not compare
        )
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, etree.LxmlError):
        return ""
    text = getattr(found, "text", None)
    return text if isinstance(text, str) else ""


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of the page's meta elements by folded name, in the page's order, none twice."""
    found: dict[str, list[str]] = {}
    for element in islice(tree.iter("meta"), MAX_METAS):
        content = element.get("content")
        if not content or content.isspace():
            continue
        for name in {element.get("property"), element.get("name"), element.get("itemprop")}:
            if name:
                values = found.setdefault(name.casefold(), [])
                if content not in values:
                    values.append(content)
    return found


def _meta(metas: Mapping[str, Sequence[str]], *names: str) -> str | None:
    for name in names:
        for content in metas.get(name, ()):
            line = one_line(content)
            if line:
                return line
    return None


def _descriptions(metas: Mapping[str, Sequence[str]], data: list[dict[str, Any]]) -> Iterator[str]:
    for name in ("description", "og:description", "twitter:description"):
        yield from metas.get(name, ())
    for found in data:
        if isinstance(found.get("description"), str):
            yield found["description"]


def _article_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The schema.org objects of the page that are articles, authors given by @id filled in."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        source = (script.text or "").strip()
        if not source or len(source) > 1_000_000:
            continue
        try:
            loaded = orjson.loads(source)
        except orjson.JSONDecodeError:
            try:
                loaded = orjson.loads(re.sub(r"[\x00-\x1f]", " ", source).rstrip("; "))
            except orjson.JSONDecodeError:
                continue
        objects = list(_objects(loaded))
        by_id = {o["@id"]: o for o in objects if isinstance(o.get("@id"), str) and "name" in o}
        for found in objects:
            kind = found.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(k, str) and k.lower().endswith(_ARTICLE_TYPES) for k in kinds):
                author = found.get("author")
                if isinstance(author, dict) and "name" not in author and author.get("@id") in by_id:
                    found = {**found, "author": by_id[author["@id"]]}
                yield found


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:200]:
            yield from _objects(inner, depth + 1)


def _canonical(tree: HtmlElement, metas: Mapping[str, Sequence[str]], url: str | None) -> str | None:
    """The page's own address if it is of the site it was fetched from, else the fetched one."""
    links = [link.get("href") for link in tree.iterfind('.//link[@rel="canonical"]')]
    stated = [*links, _meta(metas, "og:url", "twitter:url")]
    for candidate in stated:
        own = article_url(candidate)
        if own and (not url or url_domain(url) == url_domain(own)):
            return own
    return article_url(url)


def _sitename(
    tree: HtmlElement, metas: Mapping[str, Sequence[str]], data: list[dict[str, Any]]
) -> str | None:
    """The site's name as its metadata state it; some templates put the headline there, that is none."""
    stated = [_meta(metas, "og:site_name"), _meta(metas, "application-name")]
    stated += [d["publisher"].get("name") for d in data if isinstance(d.get("publisher"), dict)]
    titles_seen = {
        titles.key(t) for t in (_meta(metas, "og:title"), *map(_plain, islice(tree.iter("title"), 1))) if t
    }
    for value in stated:
        name = clean_outlet(one_line(value)) if isinstance(value, str) else None
        if (
            name
            and not _SITE_NOISE.search(name)
            and len(name.split()) <= 8
            and titles.key(name) not in titles_seen
        ):
            return name
    return None


def _site_names(sitename: str | None, domain: str | None) -> set[str]:
    names = set()
    if sitename:
        names.add(titles.key(sitename))
        names.add(titles.key(re.split(r"\s[|–—-]\s|\s?[|:]\s", sitename)[0]))
    if domain:
        names.add(titles.key(domain))
        names.add(titles.key("www." + domain))
        names.add(titles.key(domain.partition(".")[0]))
    return {n for n in names if n}


def _plain(element: HtmlElement) -> str:
    pieces = [element.text or ""]
    for inner in element.iterdescendants():
        if inner.tag not in ("style", "script", "svg") and isinstance(inner.tag, str):
            pieces.append(inner.text or "")
        pieces.append(inner.tail or "")
        if len(pieces) > 200:
            break
    return one_line(" ".join("".join(pieces)[:1000].split()))


def _title(
    tree: HtmlElement, metas: Mapping[str, Sequence[str]], data: list[dict[str, Any]], names: set[str]
) -> str | None:
    candidates = [d["headline"] for d in data if isinstance(d.get("headline"), str)]
    candidates += [
        c for c in (_meta(metas, "og:title", "twitter:title"), _meta(metas, "dc.title", "title")) if c
    ]
    candidates += [_plain(t) for t in islice(tree.iter("title"), 1)]
    headings = [_plain(h) for h in islice(tree.iter("h1"), 20)]
    below = _HEADLINES(tree)[:5]
    below += [*islice(tree.iter("h2"), 10), *islice(tree.iter("h3"), 5)]
    subheadings = [_plain(h) for h in below if isinstance(h, HtmlElement) and h.tag not in ("meta", "link")]
    return titles.page_title(headings, subheadings, [one_line(c) for c in candidates if c], names)


def page_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a page's extracted text, repaired."""
    return [line for line in (" ".join(p.split()) for p in repair(text).split("\n")) if line]
