"""Rows as a table on a terminal or in a file: aligned, and harmless whatever the articles say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

CELL_CHARS = 70
_WIDTH = 10_000  # nothing is folded: a terminal wraps a long line, a file keeps it


def console() -> Console:
    """Standard output; rich's markup is off, since what is printed may come from articles."""
    return Console(width=_WIDTH, highlight=False, markup=False, emoji=False)


def printable(value: Any) -> str:
    """A value as at most 70 characters without control characters (an article could hold some)."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return ", ".join(printable(item) for item in value)
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their column names; numbers to the right, a long cell ends in an ellipsis."""
    rows = list(rows)
    numeric = [
        all(isinstance(row[i], (int, float)) or row[i] is None for row in rows) for i in range(len(columns))
    ]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, is_number in zip(columns, numeric, strict=True):
        side: Literal["left", "right"] = "right" if is_number and rows else "left"
        table.add_column(Text(printable(name)), justify=side, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(value)) for value in row))
    console().print(table)
