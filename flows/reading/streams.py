"""Bytes in pieces: looking at the head of a stream, reading it whole, cutting it into lines.

Everything here holds a bounded number of bytes and keeps what was read when the rest turns out bad.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, cast

from flows.records import Reason

CHUNK_BYTES = 2**18


class StreamError(Exception):
    """The bytes end or break before they should; `reason` and `detail` are those of the rejection."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class _ChunkStream(io.RawIOBase):
    """A readable stream over pieces of bytes; a read may return less than was asked for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def stream_of(chunks: Iterable[bytes]) -> BinaryIO:
    """The pieces as a readable stream."""
    return cast(BinaryIO, _ChunkStream(iter(chunks)))


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in pieces of at most `CHUNK_BYTES`; an error of the disk becomes a StreamError."""
    while True:
        try:
            chunk = stream.read(CHUNK_BYTES)
        except OSError as error:
            raise StreamError(Reason.UNREADABLE, error.strerror or "the file cannot be read") from error
        if not chunk:
            return
        yield chunk


def read_head(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes (at least `size`, fewer only at the end) and all pieces, head included
    as the first.

    A StreamError met on the way is raised where it belongs: by the pieces, after the head.
    """
    head: list[bytes] = []
    got = 0
    while got < size:
        try:
            chunk = next(chunks, None)
        except StreamError as error:
            joined = b"".join(head)
            return joined, chain([joined], _failing(error))
        if chunk is None:
            break
        head.append(chunk)
        got += len(chunk)
    joined = b"".join(head)
    return joined, chain([joined], chunks)


def _failing(error: StreamError) -> Iterator[bytes]:
    raise error
    yield b""  # makes this a generator


def read_whole(stream: BinaryIO, limit: int) -> bytes | None:
    """All bytes of the stream, or None when there are more than `limit`."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks_of(stream):
        size += len(chunk)
        if size > limit:
            return None
        parts.append(chunk)
    return b"".join(parts)


def lines_of(chunks: Iterable[bytes], limit: int, newline: bytes = b"\n") -> Iterator[bytes | None]:
    """The lines with their newline; None stands for a line of more than `limit` bytes."""
    pending: list[bytes] = []
    size = 0
    too_long = False
    for chunk in chunks:
        start = 0
        while True:
            end = chunk.find(newline, start) + 1
            piece = chunk[start:end] if end else chunk[start:]
            size += len(piece)
            if size > limit:
                too_long = True
                pending.clear()
            elif piece and not too_long:
                pending.append(piece)
            if not end:
                break
            yield None if too_long else pending[0] if len(pending) == 1 else b"".join(pending)
            pending.clear()
            size = 0
            too_long = False
            start = end
    if size:
        yield None if too_long else b"".join(pending)


def seekable_of(stream: BinaryIO, limit: int) -> BinaryIO | None:
    """The stream itself when it can seek, else its bytes in memory; None when they are more than `limit`."""
    if stream.seekable():
        return stream
    data = read_whole(stream, limit)
    return None if data is None else io.BytesIO(data)
