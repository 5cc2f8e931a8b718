"""How much of an input is held in memory before it is refused.

The limits are on sizes, never on time, so the same input meets the same fate on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds in bytes (`max_expansion` is a ratio).

    `max_record_bytes` bounds one record: a line, a row, an element of an array, a page, a text.
    `max_json_bytes` bounds a JSON object that can only be read whole, such as `{"articles": [...]}`.
    `max_nested_bytes` bounds what must lie in memory whole because its index is at its end (a zip or a
    Parquet file inside another archive). `max_members` bounds the entries of an archive.
    `max_expansion` bounds the unpacked bytes per packed byte, once more than `max_json_bytes` came out.
    `max_rejections` bounds the rejections in a row: a file of nothing but them is given up.
    """

    max_record_bytes: int = 32 * MEBIBYTE
    max_json_bytes: int = 512 * MEBIBYTE
    max_expansion: int = 250
    max_nested_bytes: int = 64 * MEBIBYTE
    max_members: int = 1_000_000
    max_rejections: int = 100_000


def size_text(size: int) -> str:
    """A size as people write it: `32 MB`."""
    for unit, width in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= width:
            return f"{size / width:.3g} {unit}"
    return f"{size} bytes"
