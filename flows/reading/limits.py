"""How much of an input is taken before it is refused, and how long a server is waited for.

The bounds on sizes decide what becomes of an input, so they belong to the parser's version; those on
time only decide whether a file arrives, which the next run tries again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

MEBIBYTE = 2**20
_OF_TRANSPORT = frozenset({"timeout_seconds", "max_download_seconds"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds in bytes (`max_expansion` is a ratio, `max_text_chars` counts code points).

    `max_record_bytes` bounds one record: a line, a row, an element of an array, a page, a text.
    `max_page_bytes` and `max_text_chars` bound what is parsed of it. `max_json_bytes` bounds a JSON
    object that can only be read whole, such as `{"articles": [...]}`. `max_nested_bytes` bounds what
    must lie in memory whole because its index is at its end (a zip or a Parquet file inside another
    archive). `max_members` bounds the entries of an archive. `max_expansion` bounds the unpacked bytes
    per packed byte, once more than `max_json_bytes` came out. `max_rejections` bounds the rejections in a
    row: the rest of a file that gives nothing else is not read.

    `max_download_bytes` bounds one remote file. It may take `max_download_seconds`, and no answer of its
    server more than `timeout_seconds`.
    """

    max_record_bytes: int = 32 * MEBIBYTE
    max_json_bytes: int = 512 * MEBIBYTE
    max_expansion: int = 250
    max_nested_bytes: int = 64 * MEBIBYTE
    max_members: int = 1_000_000
    max_rejections: int = 100_000
    max_page_bytes: int = 8_000_000
    max_text_chars: int = 2_000_000
    max_download_bytes: int = 4096 * MEBIBYTE
    timeout_seconds: float = 60
    max_download_seconds: float = 3600

    @property
    def changed(self) -> str:
        """The bounds on sizes that are not the default, as text: what the parser's version has of them."""
        return "\n".join(
            f"{bound.name}={getattr(self, bound.name)}"
            for bound in fields(self)
            if bound.name not in _OF_TRANSPORT and getattr(self, bound.name) != bound.default
        )


def size_text(size: int) -> str:
    """A size as people write it: `32 MB`."""
    for unit, width in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= width:
            return f"{size / width:.3g} {unit}"
    return f"{size} bytes"
