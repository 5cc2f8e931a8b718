"""The texts of a batch laid end to end, and the names in them: what is asked of a word is asked of each
different one once for the batch, and where names stand is found once for topics, key phrases and citations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, pairwise
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from flows.records import Mention, Tokens

TOKENS_TOGETHER = 100_000  # a text is not cut, so there may be more

Bools = npt.NDArray[np.bool_]


class Recognized(NamedTuple):
    """One text and the mentions in it, with the first token and the end of each in its field."""

    title: Tokens
    text: Tokens
    mentions: list[Mention]
    spans: list[tuple[int, int]]


class TwoFields(Protocol):
    """A title and a text."""

    @property
    def title(self) -> Tokens:
        """The tokens of the title."""

    @property
    def text(self) -> Tokens:
        """The tokens of the text."""


class LaidOut:
    """The words of texts, end to end.

    `fields` are titles (even) and texts (odd), and `field` says of each place which one it is in. Word `i`
    of a field stands at its offset in `offsets` plus `i`, and behind its last word stands "". What stands
    at a place is the word of that number in `numbers`; `words` are the different ones.
    """

    def __init__(self, texts: Sequence[TwoFields]) -> None:
        self.fields = [tokens for text in texts for tokens in (text.title, text.text)]
        sizes = np.array([len(tokens.words) + 1 for tokens in self.fields], np.int64)
        self.offsets = np.cumsum(sizes) - sizes
        self.field = np.repeat(np.arange(len(self.fields)), sizes)
        number_of: defaultdict[str, int] = defaultdict(count().__next__)
        every = chain.from_iterable(chain(tokens.words, ("",)) for tokens in self.fields)
        self.numbers = np.fromiter(map(number_of.__getitem__, every), np.int64, len(self.field))
        self.words = list(number_of)

    def places(self, wanted: Iterable[bool]) -> list[list[int]]:
        """Where the wanted ones of `words` stand in each field, counted from its first word."""
        return self.by_field(np.fromiter(wanted, np.bool_, len(self.words))[self.numbers])

    def by_field(self, is_wanted: Bools) -> list[list[int]]:
        """The wanted places of each field, counted from its first word."""
        places = np.flatnonzero(is_wanted)
        cuts = np.searchsorted(places, np.append(self.offsets, len(self.numbers))).tolist()
        found = (places - self.offsets[self.field[places]]).tolist()
        return [found[start:end] for start, end in pairwise(cuts)]


class RecognizedTexts:
    """Texts with their mentions, laid end to end; `is_named` counts the mentions that a place is part of."""

    def __init__(self, texts: Sequence[Recognized], laid: LaidOut | None = None) -> None:
        self.texts = texts
        self.laid = laid or LaidOut(texts)
        counts = [len(text.mentions) for text in texts]
        bounds = chain.from_iterable(chain.from_iterable(text.spans for text in texts))
        spans = np.fromiter(bounds, np.int64, 2 * sum(counts)).reshape(-1, 2)
        in_text = np.array([m.field == "text" for text in texts for m in text.mentions], np.int64)
        spans += self.laid.offsets[2 * np.repeat(np.arange(len(texts)), counts) + in_text][:, np.newaxis]
        changes = np.zeros((2, len(self.laid.numbers) + 1), np.int64)
        for change, places in zip(changes, spans.T, strict=True):
            change += np.bincount(places, minlength=len(change))
        self.is_named = np.cumsum(changes[0] - changes[1])[:-1]


def together[Text: TwoFields](texts: Iterable[Text]) -> Iterator[list[Text]]:
    """The texts in order, as many at a time as come to some number of tokens."""
    found: list[Text] = []
    size = 0
    for text in texts:
        found.append(text)
        size += len(text.title.words) + len(text.text.words)
        if size >= TOKENS_TOGETHER:
            yield found
            found, size = [], 0
    if found:
        yield found
