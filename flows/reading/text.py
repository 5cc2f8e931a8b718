"""Plain text: one file is one article, and its title, byline and date stand in the text itself.

The parser finds them there; here the bytes become characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from flows.reading.encoding import decode
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.streams import read_whole
from flows.records import Document, Reason, Rejection


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """One document with the field `text`, or one rejection. `fields` has no say here."""
    data = read_whole(stream, limits.max_record_bytes)
    if data is None:
        limit = size_text(limits.max_record_bytes)
        yield Rejection(file.file_path, 1, Reason.TOO_LARGE, f"one text of more than {limit}")
    elif b"\0" in data:
        yield Rejection(file.file_path, 1, Reason.BINARY, "holds zero bytes, so it is not text")
    elif text := decode(data).strip():
        yield Document(file.file_path, 1, "text", {"text": text})
    else:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "nothing but white space")
