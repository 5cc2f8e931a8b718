"""Words as they are written, each understood once: what is known of it stands in a row of one table.

A text is then a sequence of row numbers, and what its words say is looked up for all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_WORDS = 500_000
LONGEST_WORD = 40  # characters; longer ones do not come back


class WordTable(dict[str, int]):
    """Row numbers by word; `describe` gives the row of a word, of the fields that `dtype` names."""

    def __init__(self, describe: Callable[[str], tuple[Any, ...]], dtype: list[tuple[str, str]]) -> None:
        super().__init__()
        self._describe = describe
        self._rows = np.empty(1024, dtype=dtype)
        self._count = 0

    def rows(self, words: Iterable[str]) -> npt.NDArray[np.void]:
        """The row of each word, in order: a structured array, shape (number of words,)."""
        if self._count > MOST_WORDS:
            self.clear()
            self._count = 0
        numbers = np.fromiter(map(self.__getitem__, words), dtype=np.int64)
        found: npt.NDArray[np.void] = self._rows[numbers]
        return found

    def __missing__(self, word: str) -> int:
        number = self._count
        self._count += 1
        if number == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[number] = self._describe(word)
        if len(word) <= LONGEST_WORD:
            self[word] = number
        return number
