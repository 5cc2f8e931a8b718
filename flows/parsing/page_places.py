"""Where things stand on a page: its headline, and what is beside the article.

Shared by what reads the date and what reads the byline, which both stand near the headline.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from flows.parsing import titles

UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "select", "option", "iframe"))
"""Elements whose text no reader sees."""

_ASIDE = (
    "comment kommentar related sidebar teaser recommend respond disqus widget_ popular mostread most-read"
    " newsletter breaking ticker"
)
_ASIDE_STARTS = tuple(_ASIDE.split())


_ABOVE = 200
_BELOW = 400


class Near(NamedTuple):
    """An element of the article, and how many elements below the headline it stands (above: negative)."""

    steps: int
    element: HtmlElement
    is_read: bool
    """False for an element that is only a border: it stands beside the article, its tail does not."""


def near_headline(tree: HtmlElement, title: str | None) -> list[Near]:
    """Return the elements around the page's headline in the page's order, those beside the article left out.

    The headline is the heading that says what the title says, else the first <h1>; a page without one is
    read from its top.
    """
    body = tree.find(".//body")
    if body is None:
        return []
    elements = [e for e in islice(body.iter(), 1, None) if isinstance(e.tag, str)]
    at = _headline_index(elements, title)
    start, end = (max(0, at - _ABOVE), at + _BELOW) if at is not None else (0, _BELOW)
    around = frozenset(elements[at].iterancestors()) if at is not None else frozenset()
    beside: dict[HtmlElement, bool] = {}
    found: list[Near] = []
    for i, element in enumerate(elements[start:end], start):
        parent = element.getparent()
        is_cut = beside.get(parent)
        if is_cut is None:
            is_cut = is_outside(parent, around)
        if is_cut:
            beside[element] = True
            continue
        own = element not in around and (element.tag in UNSEEN or is_aside(element))
        beside[element] = own
        found.append(Near(i - (at or 0), element, not own))
    return found


def _headline_index(elements: list[HtmlElement], title: str | None) -> int | None:
    wanted = titles.key(title) if title else None
    first = None
    for i, element in enumerate(elements):
        tag = element.tag
        if tag in ("h1", "h2", "h3"):
            if wanted and titles.key(plain_text(element, 500)) == wanted:
                return i
            if first is None and tag == "h1":
                first = i
    return first


def is_aside(element: HtmlElement) -> bool:
    """Return whether an element holds what is beside the article: comments, other articles, the foot."""
    tag = element.tag
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    if tag in ("form", "nav"):
        return True
    if tag in ("footer", "aside"):
        return "meta" not in marks and next(element.iterancestors("article"), None) is None
    return any(mark.casefold().startswith(_ASIDE_STARTS) or "Comment" in mark for mark in marks.split())


def is_outside(element: HtmlElement, around: Collection[HtmlElement] = ()) -> bool:
    """Return whether an element or one around it is beside the article.

    `around` are elements known to hold the article, such as those around its headline.
    """
    while element is not None and element.tag not in ("body", "html") and element not in around:
        if is_aside(element):
            return True
        element = element.getparent()
    return False


def plain_text(element: HtmlElement, limit: int = 1000, between: str = "") -> str:
    """Return what a reader sees of an element on one line, cut at `limit` characters.

    `between` parts the pieces that stand in elements of their own.
    """
    most = 4 * limit  # white space is still in it
    pieces = [(element.text or "")[:most]]
    length = len(pieces[0])
    for inner in element.iterdescendants():
        if length > most or len(pieces) > 200:
            break
        is_seen = isinstance(inner.tag, str) and inner.tag not in UNSEEN
        for text in (inner.text if is_seen else None, inner.tail):
            if text:
                pieces.append(text[:most])
                length += len(pieces[-1])
    return " ".join(between.join(pieces).split())[:limit]
