"""Rows of different lengths that lie end to end in one array, as the shingles and the terms of texts do.

Row i is `entries[starts[i] : starts[i] + lengths[i]]`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def spans(starts: Ints, lengths: Ints) -> Ints:
    """The places of the entries of these rows, one row after the other: shape (sum of lengths,)."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def count_chosen(chosen: npt.NDArray[np.bool_], starts: Ints, lengths: Ints) -> Ints:
    """How many entries of each row are chosen; rows lie one behind the other without a gap."""
    filled = lengths > 0
    found = np.zeros(len(lengths), dtype=np.int64)
    if filled.any():
        found[filled] = np.add.reduceat(chosen.view(np.uint8), starts[filled], dtype=np.uint32)
    return found
