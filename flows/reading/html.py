"""Web pages: one file is one page, and the parser takes the article out of it.

The bytes are handed on as they are, because the page itself may declare their encoding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.streams import read_whole
from flows.records import Document, Reason, Rejection


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """One document with the field `html` (bytes), or one rejection. `fields` has no say here."""
    data = read_whole(stream, limits.max_record_bytes)
    if data is None:
        limit = size_text(limits.max_record_bytes)
        yield Rejection(file.file_path, 1, Reason.TOO_LARGE, f"one page of more than {limit}")
    elif data.strip():
        yield Document(file.file_path, 1, "html", {"html": data.replace(b"\0", b"")})
    else:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "nothing but white space")
