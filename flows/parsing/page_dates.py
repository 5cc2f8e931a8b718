"""The day a page says its article was published.

What the metadata state comes first; a day printed by the headline corrects a day that was written in UTC
or in a field that CMSs fill with the day of a change. htmldate (Barbaresi 2020) is asked when neither helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from htmldate import find_date
from lxml import etree  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from flows.parsing.dates import says_update, shown_date, stated_date, url_date
from flows.parsing.page_places import Near, is_outside, plain_text
from flows.records import PublishedBasis

_PUBLISHED = (
    "article:published_time article:published og:published_time og:pubdate datepublished parsely-pub-date"
    " sailthru.date publication_date publicationdate publish-date publish_date pubdate published_date"
    " citation_publication_date citation_date bt:pubdate rnews:datepublished dc.date.issued dcterms.issued"
    " date.published article.published originalpublicationdate shareaholic:article_published_time"
)
_SAID = (
    "date dc.date dcterms.date dc.date.created dcterms.created date.created article:publish_date"
    " og:article:published_time citation_online_date article.created created cxenseparse:recs:publishtime"
)
PUBLISHED_NAMES = tuple(_PUBLISHED.split())
"""Names of meta elements that say when something was published."""
SAID_NAMES = tuple(_SAID.split())
"""Names of meta elements that hold a day which is often that of the publication."""

_UTC = re.compile(r"[T\s](?P<hour>[01]\d|2[0-3]):\d{2}(?::\d{2}(?:\.\d{1,6})?)?\s?(?:Z|GMT|UTC|[+-]00:?00)$")
_YEARS = re.compile(r"(?:19|20)\d\d(?!\d)|\d\.\d\d?\.\d\d")
_ITEMS = etree.XPath('descendant::*/@itemprop[.="datePublished"]/..')
_NEAR = 60
"""Elements from the headline to a day that is the article's; one above it counts as three below."""


def page_date(
    tree: HtmlElement,
    metas: Mapping[str, Sequence[str]],
    data: Sequence[Mapping[str, Any]],
    url: str | None,
    near_headline: Sequence[Near],
    language: str | None,
    today: date,
) -> tuple[date | None, PublishedBasis]:
    """Return the day a page was first published and what says so, (None, "none") when nothing does.

    `metas` are the contents of the page's meta elements by folded name, `data` its schema.org articles,
    `near_headline` what stands around its headline, `language` its language tag.
    """
    in_path = url_date(url, today)
    printed, distance = _printed(near_headline, language, today)
    near = printed if distance <= _NEAR else None
    said = next((day for stated in _said(metas) if (day := stated_date(stated[:100], today))), None)
    for stated in _published(tree, metas, data):
        day = stated_date(stated[:100], today)
        if day:
            if near and said == near:  # two that agree
                return near, "metadata"
            return _local(day, stated, in_path, printed), "metadata"
    if said:
        return near or said, "metadata"
    if in_path:
        return in_path, "url"
    if not near:
        day = _found_by_htmldate(tree, today)
        if day:
            return day, "text"
    return (printed, "text") if printed else (None, "none")


def _found_by_htmldate(tree: HtmlElement, today: date) -> date | None:
    """What the marked places of the page say; its search of the whole page guesses and is left out."""
    try:
        found = find_date(
            tree,
            original_date=True,
            extensive_search=False,
            max_date=(today + timedelta(days=1)).isoformat(),
            deferred_url_extractor=True,
        )
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, etree.LxmlError):
        return None
    except AssertionError:  # a page that is all one label, which its cleaning cannot take out
        return None
    if found and found.endswith("-01-01"):  # how it fills up a year that stands alone
        return None
    return stated_date(found, today)


def _published(
    tree: HtmlElement, metas: Mapping[str, Sequence[str]], data: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    for name in PUBLISHED_NAMES:
        yield from metas.get(name, ())
    for found in data:
        stated = found.get("datePublished")
        if isinstance(stated, str):
            yield stated
    for element in _ITEMS(tree):
        if not is_outside(element):
            yield element.get("datetime") or element.get("content") or (element.text or "").strip()


def _said(metas: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name in SAID_NAMES:
        yield from metas.get(name, ())


def _local(day: date, stated: str, in_path: date | None, printed: date | None) -> date:
    """A day written in UTC is the next or the last one where the page was published, if it says so."""
    clock = _UTC.search(stated)
    if clock:
        hour = int(clock["hour"])  # local time is 12 hours behind to 14 hours ahead
        possible = {day + timedelta(days=1)} if hour >= 10 else set()
        if hour < 12:
            possible.add(day - timedelta(days=1))
        for other in (in_path, printed):
            if other in possible:
                return other
    return day


def _printed(near: Sequence[Near], language: str | None, today: date) -> tuple[date | None, int]:
    """The day printed nearest to the headline and how many elements away; days of a change only if alone."""
    found: list[tuple[int, date, bool]] = []
    for steps, element, is_read in near:
        texts = [element.tail]
        if is_read:
            texts = [element.text, element.tail]
            if element.tag == "time" and element.get("datetime"):
                day = stated_date(element.get("datetime")[:100], today)
                if day:
                    found.append((steps, day, says_update(plain_text(element, 100))))
                    continue
        for text in texts:
            if text and len(text) < 1000 and _YEARS.search(text):
                day, is_update = shown_date(" ".join(text.split()), language, today)
                if day:
                    found.append((steps, day, is_update))
    if not found:
        return None, 0
    best = min(found, key=lambda f: (f[2], _distance(f[0])))
    # of days side by side the first is that of the publication, the second that of a change
    first = next(f for f in found if f[2] == best[2] and best[0] - 3 <= f[0])
    return first[1], _distance(best[0])


def _distance(steps: int) -> int:
    return steps if steps >= 0 else -3 * steps
