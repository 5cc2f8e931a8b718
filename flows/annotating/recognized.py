"""The texts of a batch with their entities, laid end to end: what topics, key phrases and citations all ask of
them is found once, and of each different word once for the batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, count, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from flows.records import Mention, Tokens

TOKENS_TOGETHER = 100_000

Ints = npt.NDArray[np.int64]
Span = tuple[int, int]  # first token and end


class Recognized(NamedTuple):
    """One text and the mentions in it, with the span of each among the tokens of its field."""

    title: Tokens
    text: Tokens
    mentions: list[Mention]
    spans: list[Span]


class RecognizedTexts:
    """Texts, their words end to end, and where the names stand among them.

    `fields` are titles (even) and texts (odd), and `field` says of each place which one it is in. Word `i`
    of a field stands at its offset in `offsets` plus `i`, and behind its last word stands "". What stands
    at a place is the word of that number in `numbers`; `words` are the different ones. `is_named` counts
    the mentions that a place is part of.
    """

    def __init__(self, texts: Sequence[Recognized]) -> None:
        self.texts = texts
        self.fields = [tokens for text in texts for tokens in (text.title, text.text)]
        sizes = np.array([len(tokens.words) + 1 for tokens in self.fields], np.int64)
        self.offsets = np.cumsum(sizes) - sizes
        self.field = np.repeat(np.arange(len(self.fields)), sizes)
        number_of: defaultdict[str, int] = defaultdict(count().__next__)
        laid_out = chain.from_iterable(chain(tokens.words, ("",)) for tokens in self.fields)
        self.numbers = np.fromiter(map(number_of.__getitem__, laid_out), np.int64, len(self.field))
        self.words = list(number_of)
        spans = np.array([span for text in texts for span in text.spans], np.int64).reshape(-1, 2)
        counts = [len(text.mentions) for text in texts]
        in_text = np.array([m.field == "text" for text in texts for m in text.mentions], np.int64)
        spans += self.offsets[2 * np.repeat(np.arange(len(texts)), counts) + in_text][:, np.newaxis]
        changes = np.zeros((2, len(self.numbers) + 1), np.int64)
        for places, bounds in zip(changes, spans.T, strict=True):
            places += np.bincount(bounds, minlength=len(places))
        self.is_named = np.cumsum(changes[0] - changes[1])[:-1]


def laid_out(texts: Sequence[Recognized]) -> Iterator[RecognizedTexts]:
    """The texts in order, as many at a time as come to some number of tokens."""
    ends, size = [0], 0
    for end, text in enumerate(texts, 1):
        size += len(text.title.words) + len(text.text.words)
        if size >= TOKENS_TOGETHER or end == len(texts):
            ends.append(end)
            size = 0
    for start, end in pairwise(ends):
        yield RecognizedTexts(texts[start:end])
