"""Plain text that was copied off a web page: masthead, menus and buttons above and below the article.

Single lines of furniture are told by `seeds/page_chrome.csv`, a masthead by `outlets.masthead_outlet`; the
name of a section is not. But what stands above the headline of a page that has furniture there is
furniture too, and so is what follows the first piece of it below the last sentence.
"""

from __future__ import annotations

import re
from datetime import date

from flows.parsing import agencies, authors, datelines, dates, text

HEAD_LINES = 40  # a page's menus are longer than anything else above a text
_PROSE_CHARS = 100
_SENTENCE_CHARS = 50
_TITLE_WORDS = 4
_TITLE_CHARS = 10  # in a script that does not part words
_MENU = re.compile(r"\s[|·•›»>/]\s")


def cut_page(found: list[str], today: date) -> tuple[list[str], list[str]]:
    """Return the paragraphs of the article with its headline first, and what was taken off the page.

    Paragraphs without furniture around them come back as they are.
    """
    first = next((i for i, paragraph in enumerate(found) if _is_prose(paragraph)), None)
    if first is None:
        return found, []
    last = next(i for i in reversed(range(first, len(found))) if _is_prose(found[i]))
    start, end = _top(found[:first], today), _bottom(found, last)
    return found[start:end], found[:start] + found[end:]


def _top(head: list[str], today: date) -> int:
    """Where the headline is, if furniture stands above it; else 0."""
    if len(head) > HEAD_LINES:
        return 0
    furniture = [text.is_chrome(line) or _MENU.search(line) is not None for line in head]
    titles = [i for i, line in enumerate(head) if not furniture[i] and may_be_title(line, today)]
    if not titles:
        return 0
    title = titles[-1]
    if title - 1 in titles and len(head[title - 1]) <= len(head[title]):
        title -= 1  # the longer line below a headline is its deck
    return title if any(furniture[:title]) else 0


def _bottom(found: list[str], last_prose: int) -> int:
    """Where the furniture below the last sentence begins."""
    for i in range(last_prose + 1, len(found)):
        if text.is_chrome(found[i], bottom=True) or text.is_cut(found[i]):
            return i
    return len(found)


def _is_prose(paragraph: str) -> bool:
    if text.is_chrome(paragraph):
        return False
    if datelines.dateline_of(paragraph) and len(paragraph.split()) >= 8:
        return True
    if len(paragraph) >= _SENTENCE_CHARS and paragraph.endswith(text.SENTENCE_END):
        return True
    return len(paragraph) >= _PROSE_CHARS and any(mark in paragraph for mark in ".!?。！？")


def may_be_title(line: str, today: date, min_words: int = _TITLE_WORDS) -> bool:
    """Whether a line is long enough for a headline, and no byline, date stamp or credit."""
    if len(line.split()) < min_words and (line.isascii() or len(line) < _TITLE_CHARS):
        return False
    if dates.stamp_date(line, today)[0] is not None:
        return False
    return authors.byline_authors(line, frozenset()) is None and agencies.agency_named(line) is None
