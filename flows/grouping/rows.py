"""Rows of different lengths that lie end to end in one array, as the shingles and the terms of texts do.

Row i is `values[starts[i] : starts[i] + sizes[i]]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of hashes, end to end in `values`: where in it each row starts, and how long it is."""

    values: Hashes
    starts: Ints
    sizes: Ints

    @classmethod
    def of(cls, rows: Sequence[Hashes]) -> Self:
        """These rows, one behind the other."""
        sizes = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        values = np.concatenate([np.empty(0, dtype=np.uint32), *rows])
        return cls.of_sizes(values, sizes)

    @classmethod
    def of_sizes(cls, values: Hashes, sizes: Ints) -> Self:
        """Rows of these sizes, one behind the other."""
        return cls(values, np.cumsum(sizes) - sizes, sizes)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, row: int) -> Hashes:
        return self.values[self.starts[row] : self.starts[row] + self.sizes[row]]

    def entries(self, rows: Ints) -> Ints:
        """The places of the entries of some rows, one row after the other."""
        return spans(self.starts[rows], self.sizes[rows])


def spans(starts: Ints, lengths: Ints) -> Ints:
    """The places of the entries of these rows, one row after the other: shape (sum of lengths,)."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def runs(values: npt.NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Where each run of equal values starts, and how long it is."""
    if not len(values):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([np.ones(1, dtype=bool), values[1:] != values[:-1]]))
    return starts, np.diff(np.append(starts, len(values)))
