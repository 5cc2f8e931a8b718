"""Functions compiled by numba when they are imported, and kept on disk for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled[F: Callable[..., Any]](*signature: Any, **options: Any) -> Callable[[F], F]:
    """Compiles a function for one signature; the options are those of `numba.njit`."""
    compiler: Any = numba.njit

    def compile_function(function: F) -> F:
        try:
            kept: F = compiler(*signature, cache=True, **options)(function)
        except RuntimeError:  # there is no folder to keep it in: each process compiles it anew
            kept = compiler(*signature, **options)(function)
        return kept

    return compile_function
