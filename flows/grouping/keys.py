"""Keys of texts as Arrow columns: where one stands among others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]


def check_order(keys: pa.StringArray) -> None:
    """Raises ValueError when the keys are not in ascending order, or one occurs twice."""
    if len(keys) > 1 and not pc.all(pc.less(keys[:-1], keys[1:])).as_py():
        raise ValueError("the keys are not in order, or one occurs twice")


def places_among(keys: pa.StringArray, others: pa.StringArray) -> Ints:
    """Where each key stands among others, -1 where it does not: shape (n,)."""
    places: Ints = pc.fill_null(pc.index_in(keys, others), -1).to_numpy().astype(np.int64)
    return places
