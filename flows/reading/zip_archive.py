"""Zip archives, member by member, unpacked in a stream.

The index at the end of a zip is read first, so the bytes must be a file or fit into memory.
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from flows.reading.archives import Member, RefusedMember, clean_name, is_hidden, leads_out, refused_path
from flows.reading.limits import Limits, size_text
from flows.reading.streams import CHUNK_BYTES, StreamError, seekable_of
from flows.records import Reason

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, OverflowError, IndexError, NotImplementedError, RuntimeError),
)
_UNIX = 3  # the system whose file types stand in the entry's attributes


def members(stream: BinaryIO, limits: Limits) -> Iterator[Member | RefusedMember]:
    """The files in the order of the index; folders and hidden files are passed over.

    Raises StreamError when the archive has no readable index or is too large for one.
    """
    source = seekable_of(stream, limits.max_nested_bytes)
    if source is None:
        detail = (
            f"a zip of more than {size_text(limits.max_nested_bytes)} inside another file: unpack it once"
        )
        raise StreamError(Reason.TOO_LARGE, detail)
    try:
        archive = zipfile.ZipFile(_Bounded(source, limits.max_record_bytes))
    except _BROKEN as error:
        raise _error(source, error) from error
    for number, entry in enumerate(archive.infolist(), start=1):
        if number > limits.max_members:
            raise StreamError(Reason.TOO_LARGE, f"more than {limits.max_members} members")
        name = clean_name(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16) if entry.create_system == _UNIX else 0
        if leads_out(entry.orig_filename):
            yield refused_path(entry.orig_filename)
        elif entry.is_dir() or is_hidden(name):
            continue
        elif kind not in (0, stat.S_IFREG):
            detail = "a link, a device or a pipe, not a file"
            yield RefusedMember(name, Reason.UNSAFE_PATH, detail)
        elif entry.flag_bits & 0x1:
            yield RefusedMember(name, Reason.UNREADABLE, "it is encrypted")
        else:
            yield Member(name, _chunks(archive, entry))


def _error(source: BinaryIO, error: Exception) -> StreamError:
    if isinstance(error, _IndexTooLargeError):
        return StreamError(Reason.TOO_LARGE, "the index of the zip is too large")
    if isinstance(error, zipfile.BadZipFile) and "not a zip" in str(error):
        return StreamError(Reason.TRUNCATED, "the index at the end of the zip is missing")
    return StreamError(Reason.UNREADABLE, f"damaged zip index ({str(error)[:200]})")


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as opened:
            while chunk := opened.read(CHUNK_BYTES):
                yield chunk
    except EOFError as error:
        raise StreamError(Reason.TRUNCATED, "the member ends before its end") from error
    except _BROKEN as error:
        raise StreamError(Reason.UNREADABLE, f"damaged zip member ({str(error)[:200]})") from error


class _IndexTooLargeError(OSError):
    """More was asked for at once than any honest reading needs."""


class _Bounded(io.RawIOBase):
    """A file of which no more than `limit` bytes can be asked for at once, as the whole index is."""

    def __init__(self, source: BinaryIO, limit: int) -> None:
        super().__init__()
        self._source = source
        self._limit = limit

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0 or size > self._limit:
            here = self._source.tell()
            rest = self._source.seek(0, io.SEEK_END) - here
            self._source.seek(here)
            if rest > self._limit:
                raise _IndexTooLargeError("the index is too large")
            size = max(rest, 0)
        parts: list[bytes] = []
        while size > 0 and (part := self._source.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
