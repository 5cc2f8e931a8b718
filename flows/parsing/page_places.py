"""Where things stand on a page: its headline, and what is beside the article.

Shared by what reads the date and what reads the byline, which both stand near the headline.
"""

from __future__ import annotations

from collections.abc import Collection

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from flows.parsing import titles

UNSEEN = frozenset(("script", "style", "noscript", "template", "svg", "select", "option", "iframe"))
"""Elements whose text no reader sees."""

_ASIDE = (
    "comment kommentar related sidebar teaser recommend respond disqus widget_ popular mostread most-read"
    " newsletter breaking ticker"
)
_ASIDE_STARTS = tuple(_ASIDE.split())


def headline_of(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """Return the heading that says what the page's title says, else the first <h1>, else None."""
    body = tree.find(".//body")
    if body is None:
        return None
    wanted = titles.key(title) if title else None
    for element in body.iter("h1", "h2", "h3"):
        if wanted and titles.key("".join(element.itertext())) == wanted:
            return element
    return body.find(".//h1")


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
    pieces = [element.text or ""]
    for inner in element.iterdescendants():
        if isinstance(inner.tag, str) and inner.tag not in UNSEEN:
            pieces.append(inner.text or "")
        pieces.append(inner.tail or "")
        if len(pieces) > 200:
            break
    return " ".join(between.join(pieces)[:limit].split())
