"""The lines at both ends of a text, where the furniture of the page it was copied from stands.

What many texts of one outlet share there is learned as page chrome by sql/staging/page_chrome.sql; here
stands which lines are looked at, and how often one must come back before it is believed to be none of the
article: recurring prose, bylines, credits and lead-ins are an article's own.
"""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from flows.parsing import agencies, authors, datelines, dates, outlets
from flows.parsing.text import SEEDS, SENTENCE_END

TOP_LINES = 4
BOTTOM_LINES = 6
MAX_LINE_CHARS = 500

COMMON_SHARE = 0.2
"""Of the texts of an outlet: nothing that is written anew each time stands in so many."""
FORMULA_SHARE = 0.5
"""What a short sentence needs: "Winds will be light." comes back in honest forecasts."""
FORMULA_WORDS = 12
_BYLINE_WORDS = 8
_ANY_DAY = date(9000, 1, 1)
_LEADS_ON = (":", ",", "?", ";", "-", "–", "—")
_QUOTES = ('"', "“", "„", "«", "‘", "'")


class EdgeLine(NamedTuple):
    """One line at an end of a text.

    `place` is 1 for the first paragraph, 2 for the next, -1 for the last, -2 for the one before.
    `line_hash` are the first 64 bits of the SHA-256 of the line. `needed_share` is the share of its
    outlet's texts that must have the line before it is chrome, None when only a person can say so.
    `telling_word` is the longest word of the rest of the text: texts that share it may be one story.
    """

    place: int
    line_hash: int
    needed_share: float | None
    telling_word: str


def edge_lines(text: str) -> list[EdgeLine]:
    """Return the lines at the ends of a text whose paragraphs are parted by a blank line.

    Those are paragraphs of at most 500 characters, the first 4 before and the last 6 behind the longest
    paragraph, which is always the article's own; none when the text is one paragraph.
    """
    paragraphs = text.split("\n\n")
    if len(paragraphs) < 2:
        return []
    longest = max(range(len(paragraphs)), key=lambda i: len(paragraphs[i]))
    at_top = range(min(TOP_LINES, longest))
    at_bottom = range(max(longest + 1, len(paragraphs) - BOTTOM_LINES), len(paragraphs))
    edges = [i for i in (*at_top, *at_bottom) if len(paragraphs[i]) <= MAX_LINE_CHARS]
    words = " ".join(paragraphs[i] for i in range(len(paragraphs)) if i not in edges).split()
    longest_word = max(map(len, words))
    telling_word = max(word for word in words if len(word) == longest_word)[:100]
    return [
        EdgeLine(
            i + 1 if i < longest else i - len(paragraphs),
            int.from_bytes(hashlib.sha256(paragraphs[i].encode("utf-8", "replace")).digest()[:8]),
            _needed_share(paragraphs[i], i < longest),
            telling_word,
        )
        for i in edges
    ]


@lru_cache(maxsize=10_000)
def _needed_share(line: str, is_top: bool) -> float | None:
    is_sentence = line.endswith(SENTENCE_END)
    if line.endswith(_LEADS_ON) or line.startswith(_QUOTES) or (is_top and is_sentence):
        return None
    if (
        datelines.dateline_of(line)
        or authors.byline_authors(line) is not None
        or _opens_with_given_name(line)
        or agencies.closing_agency([line.title() if line.isupper() else line])
        or outlets.outlet_named(line)
        or dates.stamp_date(line, _ANY_DAY)[0]
    ):
        return None
    return FORMULA_SHARE if is_sentence and len(line.split()) < FORMULA_WORDS else COMMON_SHARE


def _opens_with_given_name(line: str) -> bool:
    """Whether a line may be a byline without its "By"."""
    words = line.split()
    return len(words) <= _BYLINE_WORDS and words[0].strip(".,") in _given_names()


@cache
def _given_names() -> frozenset[str]:
    with (SEEDS / "given_names.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["given_name"] for row in csv.DictReader(file))
