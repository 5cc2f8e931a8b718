"""Which format a file is: by its ending first, corrected by what its first bytes plainly are.

A page saved as `.txt` is a page, and an export without an ending is known by its content.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Final, Literal

from flows.reading.compression import ENDINGS as PACKED_ENDINGS
from flows.reading.compression import is_gzip, is_zstd
from flows.records import Reason

Format = Literal["text", "html", "json", "csv"]

FORMATS: Final[dict[str, Format]] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".jsonlines": "json",
    ".ldjson": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
}

_KNOWN_BINARIES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (or a .docx, .xlsx, .epub)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"BZh", "packed with bzip2: pack it with gzip or zstd, or unpack it"),
    (b"\xfd7zXZ\0", "packed with xz: pack it with gzip or zstd, or unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
    (b"WARC/1.", "a WARC archive"),
)
# Comments, processing instructions and white space may come first (HTML standard, 13.1). Each is
# matched without looking back, so that a megabyte of them costs a millisecond.
_HTML = re.compile(
    rb"(?:\s++|<!--(?:[^-]|-(?!->))*+-->|<\?[^>]*+>)*+(?:<!doctype\s+html|<html|<head|<body)[\s>]",
    re.IGNORECASE,
)
_JSON = re.compile(rb'\s*+(?:\[\s*+)?\{\s*+(?:"[^"\n]{0,200}"\s*+:|\}\s*+\Z)')
_TAG = re.compile(rb"<[A-Za-z!/?]")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\b\x1a\x1b\x1e"))


def ending_of(file_path: str) -> str:
    """The ending in lower case, `.gz` and its kin left out: `.jsonl` for `a/B.JSONL.gz`."""
    root, ending = os.path.splitext(file_path.lower())  # noqa: PTH122
    return os.path.splitext(root)[1] if ending in PACKED_ENDINGS else ending  # noqa: PTH122


def known_binary(head: bytes) -> str | None:
    """What the bytes are when they open a well-known file that is no text."""
    if head[257:262] == b"ustar":
        return "a tar archive: unpack it and name the folder"
    return next((name for magic, name in _KNOWN_BINARIES if head.startswith(magic)), None)


def is_binary(head: bytes) -> bool:
    """Whether more than one byte in a hundred is a control character."""
    return (len(head) - len(head.translate(None, _CONTROL))) * 100 > len(head)


def format_of(
    file_path: str, head: bytes, *, looks_like_csv: Callable[[], bool]
) -> Format | tuple[Reason, str]:
    """The format of a file with these first bytes, or why it has none: the reason and the detail.

    `looks_like_csv` says whether the first line names columns that articles have; it is asked only
    when the ending says nothing.
    """
    ending = ending_of(file_path)
    expected = FORMATS.get(ending)
    unfit = Reason.BINARY if expected else Reason.UNSUPPORTED_FORMAT
    if is_gzip(head) or is_zstd(head):
        return Reason.UNSUPPORTED_FORMAT, "packed twice: unpack it once"
    if binary := known_binary(head):
        return unfit, binary
    if is_binary(head):
        return unfit, "binary data"
    if _HTML.match(head):
        return "html"
    if expected != "json" and _JSON.match(head):
        return "json"
    if expected == "html" and not _TAG.search(head):
        return "text"
    if expected:
        return expected
    if looks_like_csv():
        return "csv"
    what = f"files ending in {ending}" if ending else "files without an ending"
    return Reason.UNSUPPORTED_FORMAT, (
        f"{what} are not read, and the content is not HTML, JSON or CSV; "
        "rename it to .txt if it is an article"
    )
