"""Where things stand on a page: its headline, and what is beside the article.

Shared by what reads the date and what reads the byline, which both stand near the headline.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice, takewhile
from typing import NamedTuple

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from flows.parsing import titles

UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "select", "option", "iframe"))
"""Elements whose text no reader sees."""

_ASIDE = re.compile(
    r"(?:^|\s)(?i:comment|kommentar|related|sidebar|teaser|recommend|respond|disqus|widget_|popular|mostread"
    r"|most-read|newsletter|breaking|ticker)|Comment"
)
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
    headline = _headline(body, title)
    inner = islice(body.iter("*"), 1, None)
    before = [] if headline is None else list(takewhile(lambda e: e is not headline, inner))
    at, start = len(before), max(0, len(before) - _ABOVE)
    elements = before[start:] + ([] if headline is None else [headline]) + list(islice(inner, _BELOW))
    around = frozenset(headline.iterancestors()) if headline is not None else frozenset()
    beside: dict[HtmlElement, bool] = {}
    found: list[Near] = []
    for i, element in enumerate(elements, start):
        parent = element.getparent()
        is_cut = beside.get(parent)
        if is_cut is None:
            is_cut = is_outside(parent, around)
        if is_cut:
            beside[element] = True
            continue
        own = element not in around and (element.tag in UNSEEN or is_aside(element))
        beside[element] = own
        found.append(Near(i - at, element, not own))
    return found


def _headline(body: HtmlElement, title: str | None) -> HtmlElement | None:
    wanted = titles.key(title) if title else None
    first = None
    for heading in body.iter("h1", "h2", "h3"):
        if wanted and titles.key(plain_text(heading, 500)) == wanted:
            return heading
        if first is None and heading.tag == "h1":
            first = heading
    return first


def is_aside(element: HtmlElement) -> bool:
    """Return whether an element holds what is beside the article: comments, other articles, the foot."""
    tag = element.tag
    if tag in ("form", "nav"):
        return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    if tag in ("footer", "aside"):
        return "meta" not in marks and next(element.iterancestors("article"), None) is None
    return _ASIDE.search(marks) is not None


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
