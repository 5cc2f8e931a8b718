"""How the loops of grouping are compiled that numpy has no word for: by numba, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def read_only(kind: Any) -> Any:
    """The type of an array that is only read, with values of this one."""
    return numba.types.Array(kind, 1, "C", readonly=True)


def compiled[F: Callable[..., Any]](*signature: Any, **options: Any) -> Callable[[F], F]:
    """Compiles a function at import; others may compute while it runs."""
    compiler: Any = numba.njit

    def apply(function: F) -> F:
        try:
            kept: F = compiler(*signature, cache=True, nogil=True, **options)(function)
        except RuntimeError:  # there is no folder to keep it in: each process compiles it anew
            kept = compiler(*signature, nogil=True, **options)(function)
        return kept

    return apply


@compiled(inline="always")
def longer(values: Any, room: int) -> Any:
    """An array with room for so many values that begins with these."""
    result = np.empty(room, values.dtype)
    result[: len(values)] = values
    return result
