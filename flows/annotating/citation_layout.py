"""Lays out one text for the search for cited sources: paragraphs, sentences, quotations, mentions.

Everything is counted in tokens and found in one pass each, so that a look-up costs a bisection however
long the text is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from flows.annotating.citation_words import ABBREVIATIONS, GENDERED_TITLES, cue_words
from flows.annotating.recognized import Recognized
from flows.records import Mention

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LINE_END = re.compile(r"[.!?:”\"'’)][^\S\n]*\n")
_ENDERS = frozenset({".", "!", "?", "…", "...", "....", "?!", "!?", "!!", "??", "。", "！", "？"})
_OPENING: Mapping[str, Sequence[str]] = {
    "“": '”"',
    "„": '“”"',
    "‟": '”"',
    "«": '»"',
    "»": '«"',
    "「": "」",
    "『": "』",
    "``": ("''", '"'),
}
_CLOSING = frozenset("”»」』")
_STRAIGHT = frozenset({'"', "''", "＂", "''''"})
_SINGLE = {"‘": "’", "'": "'", "`": "'", "‹": "›"}
QUOTE_MARKS = frozenset(_OPENING) | _CLOSING | _STRAIGHT
_MARKS = QUOTE_MARKS | frozenset(_SINGLE) | {"’", "›"}
_DASHES = frozenset({"—", "–", "--", "-", "_", "―"})
_LONGEST_DATELINE = 14
_LONGEST_SINGLE_QUOTE = 120


@cache
def noted_words() -> frozenset[str]:
    """The words, in lower case, that a pass over the text has to look at."""
    return _ENDERS | _MARKS | GENDERED_TITLES.keys() | cue_words()


class Quote(NamedTuple):
    """A quotation from its opening mark to its closing mark (or to the last token of its paragraph).

    `continues` says that it goes on with the next quotation, in the next paragraph.
    """

    start: int
    end: int
    continues: bool


@dataclass(slots=True, eq=False)  # made for every mention: in half the time of a NamedTuple
class Named:
    """A mention as tokens `start` to `end`, end exclusive."""

    start: int
    end: int
    mention: Mention


class Layout:
    """One text as the search for cited sources sees it; all positions are token indices.

    `lower` are the words in lower case, `noted` the tokens of `noted_words`: cues, titles, marks that part
    or quote.
    """

    __slots__ = (
        "_quote_starts",
        "count",
        "ends",
        "lower",
        "named",
        "noted",
        "paragraph_starts",
        "quotes",
        "sentence_starts",
        "starts",
        "text",
        "words",
    )

    def __init__(
        self,
        read: Recognized,
        lower: list[str],
        noted: list[int],
    ) -> None:
        tokens = read.text
        self.text = tokens.text
        self.words = tokens.words
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.count = len(tokens.words)
        self.lower = lower
        self.noted = noted
        self.named = _named(read)
        self._read_abbreviations()
        self.paragraph_starts = self._paragraph_starts()
        self.sentence_starts = self._sentence_starts()
        self.quotes = self._quotes()
        self._quote_starts = [quote.start for quote in self.quotes]

    def sentence(self, token: int) -> tuple[int, int]:
        """First token of the sentence of `token`, and the first after it."""
        after = bisect_right(self.sentence_starts, token)
        start = self.sentence_starts[after - 1] if after else 0
        end = self.sentence_starts[after] if after < len(self.sentence_starts) else self.count
        return start, end

    def paragraph_start(self, token: int) -> int:
        """First token of the paragraph of `token`."""
        after = bisect_right(self.paragraph_starts, token)
        return self.paragraph_starts[after - 1] if after else 0

    def paragraph_end(self, token: int) -> int:
        """First token after the paragraph of `token`."""
        after = bisect_right(self.paragraph_starts, token)
        return self.paragraph_starts[after] if after < len(self.paragraph_starts) else self.count

    def quote_around(self, token: int) -> int | None:
        """Number of the quotation that `token` stands in (its marks included), None outside of any."""
        number = bisect_right(self._quote_starts, token) - 1
        if number >= 0 and token <= self.quotes[number].end:
            return number
        return None

    def quote_from(self, token: int) -> int:
        """Number of the first quotation that starts at `token` or later; their count when none does."""
        return bisect_left(self._quote_starts, token)

    def quote_end(self, number: int) -> int:
        """Last token of a quotation, followed through the paragraphs over which it goes on."""
        quotes = self.quotes
        while quotes[number].continues and number + 1 < len(quotes):
            if quotes[number + 1].start != quotes[number].end + 1:
                break
            number += 1
        return self.quotes[number].end

    def slice(self, start: int, end: int) -> tuple[str, int, int]:
        """Text and character offsets of the tokens from `start` up to `end`, end exclusive."""
        first, last = self.starts[start], self.ends[end - 1]
        return self.text[first:last], first, last

    def gap_before(self, token: int) -> bool:
        """Whether white space (or the start of the text) stands before `token`."""
        return token == 0 or self.starts[token] > self.ends[token - 1]

    def gap_after(self, token: int) -> bool:
        """Whether white space (or the end of the text) stands after `token`."""
        return token + 1 >= self.count or self.starts[token + 1] > self.ends[token]

    def _read_abbreviations(self) -> None:
        """Turns the dot of "Lt." and "J." into a middle dot in `lower`: it ends no sentence and no phrase."""
        words, lower = self.words, self.lower
        for token in self.noted:
            if words[token] != ".":
                continue
            before = lower[token - 1] if token and not self.gap_before(token) else ""
            if (before in ABBREVIATIONS and token + 1 < self.count and words[token + 1][0].isupper()) or (
                len(before) == 1 and words[token - 1].isupper() and before != "i"
            ):
                lower[token] = "·"

    def _paragraph_starts(self) -> list[int]:
        if "\n" not in self.text:
            return [0]
        marks = [match.end() for match in _BLANK_LINE.finditer(self.text)]
        if not marks:  # old texts part paragraphs by a single line end
            marks = [match.end() for match in _LINE_END.finditer(self.text)]
        found = {0} | {bisect_left(self.starts, mark) for mark in marks}
        found.discard(self.count)
        return sorted(found)

    def _sentence_starts(self) -> list[int]:
        words, count = self.words, self.count
        found = set(self.paragraph_starts)
        for ender in [i for i in self.noted if self.lower[i] in _ENDERS]:
            if ender in self.named and self.named[ender].end > ender + 1:
                continue
            token = ender + 1
            while token < count and (words[token] == ")" or words[token] in _MARKS):
                if self.gap_before(token):
                    break
                token += 1
            if token < count and not words[token][0].islower() and words[token] not in _ENDERS:
                found.add(token)
        for start in self.paragraph_starts:  # a dateline is no part of the first sentence
            if len(words[start]) > 2 and words[start].isupper():
                for token in range(start + 1, min(start + _LONGEST_DATELINE, count - 1)):
                    if words[token] in _DASHES and self.gap_before(token) and self.gap_after(token):
                        found.add(token + 1)
                        break
        return sorted(found)

    def _quotes(self) -> list[Quote]:
        words, quotes = self.words, list[Quote]()
        openings = frozenset(self.paragraph_starts)
        opened, closers, single = -1, frozenset[str](), False
        marks = [i for i in self.noted if words[i] in _MARKS]
        last_paragraph = 0
        for mark in marks:
            word = words[mark]
            paragraph = self.paragraph_start(mark)
            if paragraph != last_paragraph:
                if opened >= 0:
                    quotes.append(self._unclosed(opened, mark in openings and word not in _CLOSING))
                    opened = -1
                last_paragraph = paragraph
            if opened >= 0:
                if single and mark - opened > _LONGEST_SINGLE_QUOTE:
                    opened = -1
                elif self._closes(mark, word, closers, single):
                    quotes.append(Quote(opened, self._outer_end(mark), False))
                    opened = -1
                    continue
                elif not (single and word in QUOTE_MARKS):
                    continue
            if word in _OPENING:
                opened, closers, single = mark, frozenset(_OPENING[word]), False
            elif word in _STRAIGHT and not (self.gap_after(mark) and not self.gap_before(mark)):
                opened, closers, single = mark, frozenset((word, "”")), False
            elif word in _SINGLE and self.gap_before(mark) and not self.gap_after(mark):
                opened, closers, single = mark, frozenset(_SINGLE[word]), True
        if opened >= 0 and not single:
            quotes.append(self._unclosed(opened, False))
        return quotes

    def _closes(self, mark: int, word: str, closers: frozenset[str], single: bool) -> bool:
        if word not in closers:
            return False
        if single:
            after = mark + 1
            return self.gap_after(mark) or not self.words[after][0].isalnum()
        if word in _STRAIGHT:
            return not self.gap_before(mark) or self.gap_after(mark)
        return True

    def _outer_end(self, mark: int) -> int:
        """The last mark where one quotation closes with another that stands in it."""
        after = mark + 1
        is_mark = after < self.count and self.words[after] == "'" == self.words[mark][0]
        return after if is_mark and not self.gap_before(after) else mark

    def _unclosed(self, opened: int, continues: bool) -> Quote:
        if continues:
            after = bisect_right(self.paragraph_starts, opened)
            end = self.paragraph_starts[after] if after < len(self.paragraph_starts) else self.count
            return Quote(opened, end - 1, True)
        return Quote(opened, self.sentence(opened)[1] - 1, False)


def _named(read: Recognized) -> dict[int, Named]:
    named: dict[int, Named] = {}
    for mention, (start, end) in zip(read.mentions, read.spans, strict=True):
        if mention.field == "text" and start not in named:
            span = Named(start, end, mention)
            named[start] = span
            for token in range(start + 1, end):
                named[token] = span
    return named
