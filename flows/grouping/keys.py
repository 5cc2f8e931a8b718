"""Keys of texts, as bytes: where one stands among others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.bytes_]
Ints = npt.NDArray[np.int64]


def no_keys() -> Keys:
    """None at all."""
    return np.empty(0, dtype="S1")


def check_order(keys: Keys) -> None:
    """Raises ValueError when the keys are not in ascending order, or one occurs twice."""
    if not (keys[:-1] < keys[1:]).all():
        raise ValueError("the keys are not in order, or one occurs twice")


def places_among(keys: Keys, others: Keys) -> Ints:
    """Where each key stands among others, which are in ascending order; -1 where it does not: shape (n,)."""
    if not len(others):
        return np.full(len(keys), -1)
    places = np.minimum(np.searchsorted(_begins(others), _begins(keys)), len(others) - 1)
    unsure = np.flatnonzero(others[places] != keys)
    places[unsure] = np.minimum(np.searchsorted(others, keys[unsure]), len(others) - 1)
    places[unsure[others[places[unsure]] != keys[unsure]]] = -1
    return places


def _begins(keys: Keys) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each key as a number, in the order of the keys."""
    return np.ascontiguousarray(keys.astype("S8")).view(">u8").astype(np.uint64)
