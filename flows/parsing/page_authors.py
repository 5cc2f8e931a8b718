"""The people a page says wrote its article.

Metadata and the byline printed by the headline are both asked; a full name printed there comes before a
login or a site's name in the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from flows.parsing.authors import author_names, byline_authors, is_lead, is_personal
from flows.parsing.datelines import is_place
from flows.parsing.dates import shown_date
from flows.parsing.page_places import Near, is_outside, plain_text
from flows.parsing.text import one_line

_NAMES = "author article:author dc.creator parsely-author sailthru.author byl citation_author"
AUTHOR_NAMES = tuple(_NAMES.split())
"""Names of meta elements that hold authors."""

_WRITTEN_BY = re.compile(
    r"written by|geschrieben von|verfasst von|écrit par|escrito por|scritto da|geschreven door", re.I
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|auteurs?|autore?n?|autore?s?|redakteure?|journalist[ae]?n?s?|by)/[^/?#]{2,}", re.I
)
_PARTS = re.compile(
    r"\s{0,3}[|•·]\s{0,3}|\s[-–—]\s|\s(?=(?:von|by|par|por|door|di)\s)|(?<=\w)\s(?:on|am|le|el)\s(?=\D{0,12}\d)",
    re.I,
)
_BARS = re.compile(r"\s{0,3}[|•·]\s{0,3}|\s[-–—]\s")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MARKED = etree.XPath(
    'descendant::*/@rel[.="author"]/.. | descendant::*/@itemprop[.="author"]/..'
    ' | descendant::*/@class[contains(.,"author") or contains(.,"byline")]/..'
)
_BEFORE = 30
_AFTER = 60
_MAX_LINE = 90


def page_authors(
    tree: HtmlElement,
    metas: Mapping[str, Sequence[str]],
    data: Sequence[Mapping[str, Any]],
    near_headline: Sequence[Near],
    not_authors: Collection[str],
    today: date,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a page's authors and the bylines as found that may also name an agency.

    `metas` are the contents of the meta elements by folded name, `data` the schema.org articles,
    `near_headline` what stands around the headline, `not_authors` folded names that are no person here.
    """
    stated = list(_stated(metas, data))
    named = [names for line in stated if (names := author_names(line, not_authors))]
    best = next((names for names in named if any(map(is_personal, names))), None)
    printed, lines = _printed(near_headline, not_authors, today)
    marked = list(_marked(tree))
    raw = (*stated, *lines, *marked)
    by_mark = [author_names(line, not_authors) for line in marked]
    for names in by_mark:
        if set(printed) < set(names) and all(map(is_personal, names)):
            printed = names
    if best and not set(best) < set(printed):  # the printed byline may name more of them
        return best, raw
    if printed and (not named or any(map(is_personal, printed))):
        return printed, raw
    if named:
        return named[0], raw
    for names in by_mark:
        if len(names) == 1 or (names and all(map(is_personal, names))):
            return names, raw
    return (), raw


def _stated(metas: Mapping[str, Sequence[str]], data: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for found in data:
        names = list(_strings(found.get("author")))
        if names:
            yield "; ".join(names)
    for name in AUTHOR_NAMES:
        values = [v for v in map(one_line, metas.get(name, ())) if v and "://" not in v]
        if values:
            yield "; ".join(dict.fromkeys(values))
    for label, value in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if any(map(_WRITTEN_BY.search, metas.get(label, ()))):
            yield from map(one_line, metas.get(value, ()))


def _strings(author: Any) -> Iterator[str]:
    if isinstance(author, str):
        yield author
    elif isinstance(author, dict) and isinstance(author.get("name"), (str, list)):
        name = author["name"]
        yield from (n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str))
    elif isinstance(author, list):
        for one in author[:20]:
            yield from _strings(one)


def _printed(
    near_headline: Sequence[Near], not_authors: Collection[str], today: date
) -> tuple[tuple[str, ...], list[str]]:
    """The names of the byline nearest below or else above the headline, and the lines that were read."""
    below = [n for n in near_headline if 0 < n.steps <= _AFTER]
    near = [*below, *(n for n in reversed(near_headline) if -_BEFORE <= n.steps < 0)]
    found: list[tuple[tuple[str, ...], str]] = []
    for _, element, is_read in near:  # a link to an author's page says more than the line it stands in
        if is_read and (
            element.get("rel") == "author"
            or element.get("itemprop") == "author"
            or (element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""))
        ):
            text = plain_text(element, 200)
            names = author_names(text, not_authors) if len(text) <= _MAX_LINE else ()
            if names and all(is_personal(n) or " " not in n for n in names):
                found.append((names, text))
                break
    if not found or not any(map(is_personal, found[0][0])):
        for _, element, is_read in near:
            shown = plain_text(element, _MAX_LINE + 1, " ") if is_read else ""
            for text in (shown, " ".join((element.tail or "")[:200].split())):
                names = _in_line(text, not_authors, today) if 5 <= len(text) <= _MAX_LINE else ()
                if names:
                    found.append((names, text))
    best = next((f for f in found if any(map(is_personal, f[0]))), found[0] if found else None)
    return (best[0], [best[1]]) if best else ((), [])


def _in_line(line: str, not_authors: Collection[str], today: date) -> tuple[str, ...]:
    """The names in a line that is a byline, or a day with a name beside it."""
    names = byline_authors(line, not_authors)
    if names or not _YEAR.search(line):
        return names or ()
    parts = [part for part in _PARTS.split(line) if part]
    for part in parts if len(parts) > 1 else ():
        names = byline_authors(part, not_authors)
        if not names and is_lead(part):
            names = tuple(n for n in author_names(part, not_authors) if " " not in n)
        if names:
            return names
    parts = _BARS.split(line)
    if 1 < len(parts) <= 3 and shown_date(parts[0], None, today)[0]:
        for part in parts[1:]:
            if is_personal(part) and not is_place(part):
                return author_names(part, not_authors)
    return ()


def _marked(tree: HtmlElement) -> Iterator[str]:
    for element in _MARKED(tree)[:30]:
        if not is_outside(element):
            text = one_line(plain_text(element))
            if 2 <= len(text) <= 80:
                yield text
