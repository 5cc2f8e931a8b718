"""The texts of a batch with their entities, laid end to end: what topics, key phrases and citations all ask of
them is found once, and of each different word once for the batch.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, count, pairwise

import numpy as np
import numpy.typing as npt

from flows.records import Mention, Tokens

TOKENS_TOGETHER = 100_000

Ints = npt.NDArray[np.int64]
Recognized = tuple[Tokens, Tokens, Sequence[Mention]]  # title, text and the mentions in both
Span = tuple[int, int]  # first token and end


class RecognizedTexts:
    """Texts, their words end to end, and where the names stand among them.

    `fields` are titles (even) and texts (odd), and `field` says of each place which one it is in. Word `i`
    of a field stands at its offset in `offsets` plus `i`, and behind its last word stands "". What stands
    at a place is the word of that number in `numbers`; `words` are the different ones. `spans` are the
    mentions as places, text by text, `is_named` counts the mentions that a place is part of.
    """

    def __init__(self, texts: Sequence[Recognized]) -> None:
        self.texts = texts
        self.fields = [tokens for title, text, _ in texts for tokens in (title, text)]
        sizes = np.array([len(tokens.words) + 1 for tokens in self.fields], np.int64)
        self.offsets = np.cumsum(sizes) - sizes
        self.field = np.repeat(np.arange(len(self.fields)), sizes)
        number_of: defaultdict[str, int] = defaultdict(count().__next__)
        laid_out = chain.from_iterable(chain(tokens.words, ("",)) for tokens in self.fields)
        self.numbers = np.fromiter(map(number_of.__getitem__, laid_out), np.int64, len(self.field))
        self.words = list(number_of)
        self.spans = self._spans()
        changes = np.zeros(len(self.numbers) + 1, np.int64)
        if bounds := list(chain.from_iterable(self.spans)):
            firsts, ends = np.array(bounds, np.int64).T
            changes += np.bincount(firsts, minlength=len(changes))
            changes -= np.bincount(ends, minlength=len(changes))
        self.is_named = np.cumsum(changes)[:-1]

    def _spans(self) -> list[list[Span]]:
        found = []
        offsets = self.offsets.tolist()
        for number, (title, text, mentions) in enumerate(self.texts):
            spans = []
            for mention in mentions:
                is_text = mention.field == "text"
                starts, offset = (text if is_text else title).starts, offsets[2 * number + is_text]
                first = bisect_left(starts, mention.start_char)
                end = bisect_left(starts, mention.end_char, first)
                spans.append((offset + first, offset + end))
            found.append(spans)
        return found


def laid_out(texts: Sequence[Recognized]) -> Iterator[RecognizedTexts]:
    """The texts in order, as many at a time as come to some number of tokens."""
    ends, size = [0], 0
    for end, (title, text, _) in enumerate(texts, 1):
        size += len(title.words) + len(text.words)
        if size >= TOKENS_TOGETHER or end == len(texts):
            ends.append(end)
            size = 0
    for start, end in pairwise(ends):
        yield RecognizedTexts(texts[start:end])
