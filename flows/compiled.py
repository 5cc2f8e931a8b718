"""Functions compiled by numba when they are imported, and kept on disk for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def read_only(kind: Any) -> Any:
    """The type of a row of values of this type that is only read."""
    return numba.types.Array(kind, 1, "C", readonly=True)


def compiled[F: Callable[..., Any]](*signature: Any, **options: Any) -> Callable[[F], F]:
    """Compiles a function for one signature; other threads go on while it runs.

    The options are those of `numba.njit`.
    """
    compiler: Any = numba.njit

    def compile_function(function: F) -> F:
        try:
            kept: F = compiler(*signature, cache=True, nogil=True, **options)(function)
        except RuntimeError:  # there is no folder to keep it in: each process compiles it anew
            kept = compiler(*signature, nogil=True, **options)(function)
        return kept

    return compile_function


@compiled(inline="always")
def longer(values: Any, room: int) -> Any:
    """An array with room for so many values that begins with these."""
    result = np.empty(room, values.dtype)
    result[: len(values)] = values
    return result
