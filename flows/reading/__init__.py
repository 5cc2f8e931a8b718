"""Bytes of any format to documents: one module per format, each with the same one function.

`read_documents` opens a file, unpacks it, settles its format, and hands it to that module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from flows.reading import csv_records, html, json_records, tar_archive, text, zip_archive
from flows.reading.archives import Member, RefusedMember
from flows.reading.compression import Budget, is_packed, unpacked
from flows.reading.encoding import as_utf8, wide_encoding
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputError, InputFile, file_hash, find_files
from flows.reading.limits import Limits
from flows.reading.sniffing import Format, format_of
from flows.reading.streams import StreamError, chunks_of, read_head, stream_of
from flows.records import Document, Reason, Rejection

__all__ = ["FieldMap", "InputError", "InputFile", "Limits", "file_hash", "find_files", "read_documents"]

Reader = Callable[[BinaryIO, InputFile, FieldMap, Limits], Iterator[Document | Rejection]]

_ARCHIVES = {"zip": zip_archive.members, "tar": tar_archive.members}
_SEEKING = frozenset({"zip", "parquet"})  # their index is at their end
_HEAD_BYTES = 2**16
_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Task:
    """What holds for a file and for everything in it; `nesting` counts the archives around."""

    fields: FieldMap
    limits: Limits
    budget: Budget
    nesting: int = 0


def read_documents(
    file: InputFile, fields: FieldMap | None = None, limits: Limits | None = None
) -> Iterator[Document | Rejection]:
    """The records of a file in their order, at least one, numbered from 1, good and rejected alike.

    Never raises on content: a file that cannot be opened, ends too early or is damaged gives a
    rejection after the records that could be read. `fields` defaults to `FieldMap.default()`. The records
    of an archive are numbered over all its members; their `file_path` is `archive.zip!/member.txt`.
    """
    limits = limits or Limits()
    task = _Task(fields or FieldMap.default(), limits, Budget(file.size, limits))
    number = in_a_row = 0
    try:
        for item in _file_records(file, task):
            in_a_row = in_a_row + 1 if isinstance(item, Rejection) else 0
            if in_a_row > limits.max_rejections:
                detail = f"more than {limits.max_rejections} rejections in a row; the rest is not read"
                raise StreamError(Reason.TOO_LARGE, detail)
            number += 1
            yield item if item.record_number == number else replace(item, record_number=number)
    except StreamError as error:
        yield Rejection(file.file_path, number + 1, error.reason, error.detail)


def _reader(chosen: Format) -> Reader:
    """The reader of a format; those with libraries of their own are only imported when met."""
    match chosen:
        case "text":
            return text.read
        case "html":
            return html.read
        case "json":
            return json_records.read
        case "csv":
            return csv_records.read
        case "parquet":
            from flows.reading import parquet_records

            return parquet_records.read
        case "mhtml":
            from flows.reading import mhtml

            return mhtml.read
        case "warc":
            from flows.reading import warc

            return warc.read
        case "iptc7901":
            from flows.reading import iptc7901

            return iptc7901.read
        case "newsml_g2":
            from flows.reading import newsml_g2

            return newsml_g2.read
        case "newsml1":
            from flows.reading import newsml1

            return newsml1.read
        case "nitf":
            from flows.reading import nitf

            return nitf.read
        case _:
            from flows.reading import feeds

            return feeds.read


def _file_records(file: InputFile, task: _Task) -> Iterator[Document | Rejection]:
    try:
        opened = file.open()
    except OSError as error:
        raise StreamError(Reason.UNREADABLE, error.strerror or str(error)) from error
    with opened:
        yield from _records(chunks_of(opened), file, task, opened)


def _records(
    chunks: Iterator[bytes], file: InputFile, task: _Task, opened: BinaryIO | None = None
) -> Iterator[Document | Rejection]:
    """The records of a file or of a member; `opened` is the file itself where there is one."""
    head, chunks = read_head(chunks, 6)
    if is_packed(head):
        opened = None
        chunks = unpacked(chunks, task.limits)
        if task.nesting:
            chunks = task.budget.counted(chunks)
    head, chunks = read_head(chunks, _HEAD_BYTES)
    if encoding := wide_encoding(head):
        head, chunks = read_head(as_utf8(chunks, encoding), _HEAD_BYTES)
    if not head.removeprefix(_UTF8_MARK):
        yield from _nothing(file, chunks)
        return
    start = head.removeprefix(_UTF8_MARK)
    chosen = format_of(
        file.file_path, start, looks_like_csv=lambda: csv_records.looks_like_csv(start, task.fields)
    )
    if isinstance(chosen, tuple):
        yield Rejection(file.file_path, 1, *chosen)
        return
    if chosen in _SEEKING and opened is not None and opened.seekable():
        opened.seek(0)
        stream = opened
    elif chosen == "html":  # a page keeps its mark: it tells the parser the encoding
        stream = stream_of(chunks)
    else:
        stream = stream_of(_without_mark(chunks))
    members = _ARCHIVES.get(chosen)
    if members is None:
        yield from _reader(chosen)(stream, file, task.fields, task.limits)
    elif task.nesting > 1:
        detail = "an archive in an archive in an archive: unpack it once"
        yield Rejection(file.file_path, 1, Reason.UNSUPPORTED_FORMAT, detail)
    else:
        yield from _member_records(members(stream, task.limits), file, task)


def _member_records(
    members: Iterator[Member | RefusedMember], file: InputFile, task: _Task
) -> Iterator[Document | Rejection]:
    """The records of all members; one that is damaged does not take the others with it."""
    inner_task = replace(task, nesting=task.nesting + 1)
    is_empty = True
    for member in members:
        is_empty = False
        inner = replace(file, file_path=f"{file.file_path}!/{member.name}")
        if isinstance(member, RefusedMember):
            yield Rejection(inner.file_path, 1, member.reason, member.detail)
            continue
        try:
            yield from _records(task.budget.counted(member.chunks), inner, inner_task)
        except StreamError as error:
            if task.budget.is_spent:
                raise
            yield Rejection(inner.file_path, 1, error.reason, error.detail)
    if is_empty:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "no files in the archive")


def _nothing(file: InputFile, chunks: Iterator[bytes]) -> Iterator[Rejection]:
    for _ in chunks:  # raises when there is nothing because the data are damaged
        pass
    yield Rejection(file.file_path, 1, Reason.EMPTY, "no bytes in it")


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(chunks, b"").removeprefix(_UTF8_MARK)  # the first piece is the head, whole
    yield from chunks
