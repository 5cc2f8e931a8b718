"""The lead of a page: the paragraph between headline and text that tells the story in short.

Templates put it into the header, where extractors do not look; it is known by the page's description,
which repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from flows.parsing import titles
from flows.parsing.page_places import UNSEEN, plain_text
from flows.parsing.text import SENTENCE_END

MAX_LEAD_CHARS = 700
_MIN_CHARS = 40
_START_WORDS = 4
_COMPARED = 60
_MAX_DESCRIPTION = 400
_INLINE = frozenset(("a", "b", "em", "font", "i", "span", "strong"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SUBHEADLINE = re.compile(
    r"dec?k|sub-?(?:title|head|line)|strap-?line|tag-?line|kicker|sous-?titre|untertitel", re.I
)


def page_lead(tree: HtmlElement, descriptions: Iterable[str], text: str) -> str | None:
    """Return the lead that is printed above the text of a page, None when the text holds it or there is none.

    `descriptions` are what the page's metadata say it is about, cut or whole, `text` its paragraphs on lines
    of their own. A lead is whole sentences; a second headline is none, nor what is set or named as one.
    """
    whole = titles.key(text)
    wanted = [
        key
        for description in dict.fromkeys(descriptions)
        if len(key := _whole_words(description)) >= _MIN_CHARS and key[:_COMPARED] not in whole
    ]
    body = tree.find(".//body") if wanted else None
    if body is None:
        return None
    starts = tuple(" ".join(key.split()[:_START_WORDS]) for key in wanted)
    first = next((titles.key(line[:120]) for line in text.split("\n") if len(line) >= 80), "")
    for element in body.iter("*"):
        opening = titles.key((element.text or "")[:120])
        if not opening or element.tag in UNSEEN:
            continue
        if len(opening) >= 20 and first.startswith(opening[:_COMPARED]):
            return None  # the text begins: what comes later is no lead
        if opening.startswith(starts):
            lead = plain_text(_block(element), MAX_LEAD_CHARS + 1)
            if _is_lead(_block(element), lead, wanted):
                return lead
    return None


def _whole_words(description: str) -> str:
    description = description.rstrip()
    key = titles.key(description[:_MAX_DESCRIPTION])
    return key.rpartition(" ")[0] if description.endswith(("...", "…")) else key


def _block(element: HtmlElement) -> HtmlElement:
    """The element that holds the line an element opens."""
    while element.tag in _INLINE:
        parent = element.getparent()
        if (parent.text or "").strip() or parent[0] is not element:
            break
        if len(plain_text(parent, MAX_LEAD_CHARS + 1)) > MAX_LEAD_CHARS:
            break
        element = parent
    return element


def _is_lead(block: HtmlElement, lead: str, wanted: Iterable[str]) -> bool:
    if not _MIN_CHARS <= len(lead) <= MAX_LEAD_CHARS or not lead.endswith(SENTENCE_END):
        return False
    key = titles.key(lead)
    if not any(key.startswith(other) or other.startswith(key) for other in wanted):
        return False
    around = (block, block.getparent())
    if block.tag in _HEADINGS or any(_SUBHEADLINE.search(e.get("class") or "") for e in around):
        return False
    return next(block.iterancestors("footer", "nav", "form", "figure"), None) is None
