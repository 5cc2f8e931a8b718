"""Bytes of any format to documents: one module per format, each with the same one function.

`read_documents` opens a file, unpacks it, settles its format, and hands it to that module.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.reading import csv_records, html, json_records, text
from flows.reading.compression import unpacked
from flows.reading.encoding import as_utf8, wide_encoding
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputError, InputFile, file_hash, find_files
from flows.reading.limits import Limits
from flows.reading.sniffing import format_of
from flows.reading.streams import StreamError, chunks_of, read_head, stream_of
from flows.records import Document, Reason, Rejection

__all__ = ["FieldMap", "InputError", "InputFile", "Limits", "file_hash", "find_files", "read_documents"]

_READERS = {"text": text.read, "html": html.read, "json": json_records.read, "csv": csv_records.read}
_HEAD_BYTES = 2**16
_UTF8_MARK = b"\xef\xbb\xbf"


def read_documents(
    file: InputFile, fields: FieldMap | None = None, limits: Limits | None = None
) -> Iterator[Document | Rejection]:
    """The records of a file in their order, at least one, numbered from 1, good and rejected alike.

    Never raises on content: a file that cannot be opened, ends too early or is damaged gives a
    rejection after the records that could be read. `fields` defaults to `FieldMap.default()`.
    """
    number = 0
    try:
        for item in _documents(file, fields or FieldMap.default(), limits or Limits()):
            number = item.record_number
            yield item
    except StreamError as error:
        yield Rejection(file.file_path, number + 1, error.reason, error.detail)


def _documents(file: InputFile, fields: FieldMap, limits: Limits) -> Iterator[Document | Rejection]:
    try:
        opened = file.open()
    except OSError as error:
        raise StreamError(Reason.UNREADABLE, error.strerror or str(error)) from error
    with opened:
        head, chunks = read_head(unpacked(chunks_of(opened), limits), _HEAD_BYTES)
        if encoding := wide_encoding(head):
            head, chunks = read_head(as_utf8(chunks, encoding), _HEAD_BYTES)
        if not head.removeprefix(_UTF8_MARK):
            yield from _nothing(file, chunks)
            return
        start = head.removeprefix(_UTF8_MARK)
        chosen = format_of(
            file.file_path, start, looks_like_csv=lambda: csv_records.looks_like_csv(start, fields)
        )
        if isinstance(chosen, tuple):
            yield Rejection(file.file_path, 1, *chosen)
            return
        if chosen != "html":  # a page keeps its mark: it tells the parser the encoding
            chunks = _without_mark(chunks)
        yield from _READERS[chosen](stream_of(chunks), file, fields, limits)


def _nothing(file: InputFile, chunks: Iterator[bytes]) -> Iterator[Rejection]:
    for _ in chunks:  # raises when there is nothing because the data are damaged
        pass
    yield Rejection(file.file_path, 1, Reason.EMPTY, "no bytes in it")


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(chunks, b"").removeprefix(_UTF8_MARK)  # the first piece is the head, whole
    yield from chunks
