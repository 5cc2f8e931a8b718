"""From a document as found to an article, or to the reason why it is none.

One module per field; this one puts them together in the order in which each needs the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from flows.parsing import (
    agencies,
    authors,
    datelines,
    dates,
    items,
    languages,
    outlets,
    page_copies,
    text,
    titles,
    urls,
)
from flows.reading.limits import Limits
from flows.records import Article, Document, Item, PublishedBasis, Reason, Rejection

if TYPE_CHECKING:
    from flows.parsing.html import Page

__all__ = ["parse_document"]

MIN_WORDS = 3
MIN_UNSPACED_CHARS = 8
"""What three words are in a script that does not part words."""

_PAGE_DETAILS = {
    Reason.NO_ARTICLE: "no text was found on the page",
    Reason.TOO_LARGE: "a page of more than {limit} elements",
    Reason.UNREADABLE: "no HTML tree could be made of the page",
}
_HEAD = 10  # so many lines may stand between the top of a copy and its text
_DECK = 250  # characters of the longest deck between headline and byline
_MASTHEAD = 100  # characters of the longest masthead, the day beside it included
_BLANK_LINE = re.compile(r"[ \t]*\n[ \t]*\n")
_STAMP_PARTS = re.compile(r"\s?[|•·]\s?")


def parse_document(document: Document, today: date, limits: Limits | None = None) -> Article | Rejection:
    """Return the article a document holds, or a Rejection that says why there is none.

    Never raises on content. `today` only rules out dates that lie ahead of it.
    """
    limits = limits or Limits()
    fields = document.fields
    item = items.item_of(document, today)
    if fields.get("status") in ("canceled", "withheld"):
        return _withdrawal(document, item)
    if fields.get("html") is not None:
        return _parse_page(document, fields["html"], item, today, limits.max_page_bytes)
    body = fields.get("text")
    if body is None and not _field(fields, "title"):
        return _rejection(document, Reason.NO_TEXT_FIELD, "no text, no page and no title")
    raw = body if isinstance(body, str) else ""
    if len(raw) > limits.max_text_chars:
        return _rejection(
            document, Reason.TOO_LARGE, f"a text of {len(raw)} characters; {limits.max_text_chars} are read"
        )
    repaired = text.repair(raw)
    return _assemble(document, text.paragraphs(repaired), repaired, item, today)


def _parse_page(
    document: Document, content: Any, item: Item, today: date, max_bytes: int
) -> Article | Rejection:
    from flows.parsing import html  # heavy; a run over plain text never needs it

    if not isinstance(content, (bytes, str)) or not content.strip():
        return _rejection(document, Reason.EMPTY, "an empty page")
    if len(content) > max_bytes:
        return _rejection(document, Reason.TOO_LARGE, f"a page of {len(content)} bytes; {max_bytes} are read")
    page = html.read_page(content, _field(document.fields, "url"), today)
    if isinstance(page, Reason):
        return _rejection(document, page, _PAGE_DETAILS[page].format(limit=html.MAX_ELEMENTS))
    found = html.page_paragraphs(page.text)
    if not page.is_article and page.published_on is None and not any(map(_is_prose, found)):
        return _rejection(
            document, Reason.NO_ARTICLE, "the page holds no sentence: a login, a menu or a list of links"
        )
    return _assemble(document, found, "", item, today, page)


def _withdrawal(document: Document, item: Item) -> Rejection:
    """The rejection of an item that its sender takes back, whether or not it repeats the text."""
    fields = document.fields
    named = text.one_line(_field(fields, "title") or "") or item.slugline or item.item_id
    return Rejection(
        document.file_path,
        document.record_number,
        Reason.WITHDRAWN,
        f"the item is {fields['status']}" + (f": {named[:100]}" if named else ""),
        urls.article_url(_field(fields, "url")),
        item,
    )


def _assemble(
    document: Document, found: list[str], repaired: str, item: Item, today: date, page: Page | None = None
) -> Article | Rejection:
    fields = document.fields
    title = text.one_line(_field(fields, "title") or "") or (page.title if page else None)
    found, around = page_copies.cut_page(found, today) if repaired and not title else (found, [])
    found, taken = text.strip_chrome(found)
    taken = around + taken
    if not found and not title:
        return _rejection(document, Reason.EMPTY, "no text is left")

    outlet = outlets.clean_outlet(text.one_line(_field(fields, "outlet") or "")) or (
        page.sitename if page else None
    )
    not_authors = frozenset({outlet.casefold()}) if outlet else frozenset()
    top = _read_top(found, title, repaired, not_authors, today)
    if around and top.outlet is None:
        _read_masthead(around[0], top, today)
    title = title or top.title
    found, bottom_stamps = _without_bottom_stamp(top.paragraphs, today)

    lines = [datelines.dateline_of(paragraph) for paragraph in found[:3]]
    dateline = next((line for line in lines if line), None)
    dateline = dateline or datelines.stated_dateline(_field(fields, "dateline") or "")
    url = (page.url if page else None) or urls.article_url(_field(fields, "url"))
    domain = urls.url_domain(_field(fields, "url") or url)

    stated_authors = fields.get("authors")
    writers = authors.author_names(stated_authors, not_authors) if stated_authors else ()
    writers = writers or (page.authors if page else ()) or top.authors

    published_on, basis = _published(fields, page, url, dateline, top.stamps or bottom_stamps, today)
    agency = _agency(fields, page, title, found, dateline, top.bylines, taken, domain)
    outlet = outlet or top.outlet
    noticed = outlets.notice_outlet(taken)
    outlet = outlet or (noticed if noticed and not agencies.agency_named(noticed) else None)
    outlet = outlet or _credited_outlet(title, found, agency, top.bylines)
    outlet = outlet or outlets.domain_outlet(domain)

    title, flags = titles.without_markers(title or "")
    body = "\n\n".join(found)
    if _is_too_short(title, body):
        return _rejection(document, Reason.TOO_SHORT, f"fewer than {MIN_WORDS} words")
    return Article(
        file_path=document.file_path,
        record_number=document.record_number,
        format_code=document.format_code,
        title=title or None,
        text=body,
        published_on=published_on,
        published_basis=basis,
        language_code=_language(fields, page, title, body),
        authors=writers,
        url=url,
        outlet_name=outlet,
        outlet_domain=domain,
        agency_id=agency.agency_id if agency else None,
        agency_name=agency.agency_name if agency else None,
        dateline_place=(dateline.place or None) if dateline else None,
        headline_flags=flags,
        item=item,
    )


@dataclass(slots=True)
class _Top:
    """What stands above the text of a copy, and the paragraphs that are left."""

    paragraphs: list[str]
    title: str | None = None
    authors: tuple[str, ...] = ()
    bylines: list[str] = field(default_factory=list)
    stamps: list[tuple[date, str]] = field(default_factory=list)
    outlet: str | None = None


def _read_top(
    found: list[str], title: str | None, repaired: str, not_authors: Collection[str], today: date
) -> _Top:
    """Take headline, bylines, date stamps and chrome off the top, each only where it is a line of its own."""
    top = _Top([])
    title_key = titles.key(title) if title else None
    for i, paragraph in enumerate(found[:_HEAD]):
        if i == 0 and title_key is None and _is_masthead(found, repaired, today):
            _read_masthead(paragraph, top, today)
            continue
        if (
            title_key is not None
            and len(paragraph) <= titles.MAX_TITLE_CHARS
            and titles.key(paragraph) == title_key
        ):
            continue
        if _read_credit_line(paragraph, top, not_authors, today) or (
            len(top.paragraphs) < 2 and text.is_chrome(paragraph)
        ):
            continue
        if (
            title_key is None
            and not top.paragraphs
            and i + 1 < len(found)
            and _is_title(paragraph, found[i + 1], repaired)
        ):
            top.title, title_key = paragraph, titles.key(paragraph)
            continue
        top.paragraphs.append(paragraph)
        if len(paragraph) > _DECK or len(top.paragraphs) == 2 or datelines.dateline_of(paragraph):
            break
    else:
        i = min(len(found), _HEAD) - 1
    top.paragraphs += found[i + 1 :] if found else []
    if not top.paragraphs:  # nothing but a headline: then it is the text
        return _Top(found, None, top.authors, top.bylines, top.stamps)
    return top


def _is_masthead(found: list[str], repaired: str, today: date) -> bool:
    """Whether the first line names an outlet and the next is the headline of what follows."""
    if len(found) < 3 or len(found[0]) > _MASTHEAD or not outlets.masthead_outlet(found[0]):
        return False
    return _is_title(found[1], found[2], repaired) and page_copies.may_be_title(found[1], today, min_words=2)


def _read_masthead(masthead: str, top: _Top, today: date) -> None:
    """Put the outlet and the day that a masthead says into `top`."""
    top.outlet = outlets.masthead_outlet(masthead)
    if top.outlet is None:
        return
    for part in (masthead.partition(", ")[2], *_STAMP_PARTS.split(masthead)[1:]):
        day, label = dates.stamp_date(part, today)
        if day:
            top.stamps.append((day, label))
            return


def _is_title(paragraph: str, following: str, repaired: str) -> bool:
    if not repaired or datelines.dateline_of(paragraph):
        return False
    if len(paragraph.split()) <= 20 and datelines.dateline_of(following):
        return titles.looks_like_title(paragraph, blank_follows=True)
    at = repaired.find(paragraph)
    blank_follows = at >= 0 and _BLANK_LINE.match(repaired, at + len(paragraph)) is not None
    return titles.looks_like_title(paragraph, blank_follows)


def _read_credit_line(paragraph: str, top: _Top, not_authors: Collection[str], today: date) -> bool:
    """Whether a line is a byline, a date stamp or an agency's name; what it says is put into `top`."""
    if len(paragraph) > 160:
        return False
    day, label = dates.stamp_date(paragraph, today)
    names = None if day else authors.byline_authors(paragraph, not_authors)
    if day is None and names is None:
        parts = _STAMP_PARTS.split(paragraph)
        if len(parts) > 1:
            names = authors.byline_authors(parts[0], not_authors)
            day, label = dates.stamp_date(parts[-1], today)
        if day is None or names is None:
            outlet = outlets.outlet_named(paragraph) if paragraph.isupper() or " " in paragraph else None
            if outlet or agencies.agency_named(paragraph):
                top.bylines.append(paragraph)
                return True
            return False
    if day is not None:
        top.stamps.append((day, label))
    top.bylines.append(paragraph)
    if names and not top.authors:
        top.authors = names
    return True


def _without_bottom_stamp(found: list[str], today: date) -> tuple[list[str], list[tuple[date, str]]]:
    for back in range(1, min(3, len(found) - 1) + 1):
        day, label = dates.stamp_date(found[-back], today)
        if day and not found[-back].endswith("."):
            return found[:-back] + found[len(found) - back + 1 :], [(day, label)]
    return found, []


def _published(
    fields: Mapping[str, Any],
    page: Page | None,
    url: str | None,
    dateline: datelines.Dateline | None,
    stamps: list[tuple[date, str]],
    today: date,
) -> tuple[date | None, PublishedBasis]:
    stated = fields.get("date")
    if page and page.published_on and dates.stated_date(stated, today) is None:
        return page.published_on, page.published_basis
    return dates.publication_date(stated, url, dateline.written if dateline else "", stamps, today)


def _agency(
    fields: Mapping[str, Any],
    page: Page | None,
    title: str | None,
    found: list[str],
    dateline: datelines.Dateline | None,
    bylines: list[str],
    taken: list[str],
    domain: str | None,
) -> agencies.Agency | None:
    stated = _field(fields, "agency")
    if stated:
        return agencies.stated_agency(stated)
    lines = [*bylines, *_lines(fields.get("authors")), *(page.raw_authors if page else ())]
    credit = dateline.credit if dateline else ""
    return (
        agencies.article_agency(title, found, credit, lines, taken)
        or agencies.agency_named(_field(fields, "outlet") or (page.sitename if page else None) or "")
        or agencies.agency_of_domain(domain)
    )


def _credited_outlet(
    title: str | None, found: list[str], agency: agencies.Agency | None, bylines: list[str]
) -> str | None:
    """The outlet that headline and text both credit ("... (Some Courier)" above "Some Courier - ...")."""
    if agency is None and title and found:
        credit, opening = agencies.title_credit(title), agencies.opening_credit(found[0])
        if credit and opening and credit.casefold() == opening.casefold():
            return outlets.clean_outlet(credit)
    for line in bylines:
        for part in _STAMP_PARTS.split(line):
            known = outlets.outlet_named(part)
            if known:
                return known
    return None


def _language(fields: Mapping[str, Any], page: Page | None, title: str | None, body: str) -> str | None:
    sample = body if len(body) >= 200 or not title else f"{title}\n{body}"
    stated = _field(fields, "language")
    known = languages.stated_language(stated) if stated else None
    if known:
        return languages.plain_language(known, sample)
    found = languages.text_language(sample)
    if found is None and page and page.language:
        return languages.stated_language(page.language)
    return found


def _field(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [item for item in value[:20] if isinstance(item, str)]
    return []


def _is_prose(paragraph: str) -> bool:
    if len(paragraph.split()) >= 12 and any(mark in paragraph for mark in ".!?"):
        return True
    return len(paragraph) >= 30 and any(mark in paragraph for mark in "。！？।؟")


def _is_too_short(title: str | None, body: str) -> bool:
    whole = f"{title or ''} {body}"
    if len(whole.split(maxsplit=MIN_WORDS - 1)) == MIN_WORDS:
        return False
    return whole.isascii() or sum(map(str.isalpha, whole)) < MIN_UNSPACED_CHARS


def _rejection(document: Document, reason: Reason, detail: str) -> Rejection:
    return Rejection(document.file_path, document.record_number, reason, detail)
