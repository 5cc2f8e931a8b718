"""Packed files: `.gz`, `.bz2`, `.xz` and `.zst`, known by their first bytes rather than by their ending.

Unpacks in a stream that says when it was cut short, damaged, or is a bomb.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator

import zstandard

from flows.reading.limits import Limits
from flows.reading.streams import StreamError, read_head
from flows.records import Reason

ENDINGS = frozenset({".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd"})
GZIP_PIECE_BYTES = 2**20  # unpacked bytes per call
ZSTD_PIECE_BYTES = 2**10  # packed bytes per call: a block of 4 bytes can unpack to 128 KB
XZ_MEMORY_BYTES = 2**27  # of the dictionary; `xz -9` writes 64 MB


def is_gzip(head: bytes) -> bool:
    """Whether the bytes open a gzip member (RFC 1952)."""
    return head.startswith(b"\x1f\x8b\x08")


def is_zstd(head: bytes) -> bool:
    """Whether the bytes open a Zstandard frame or a skippable frame (RFC 8878)."""
    return head.startswith(b"\x28\xb5\x2f\xfd") or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F)


def is_bzip2(head: bytes) -> bool:
    """Whether the bytes open a bzip2 stream."""
    return head.startswith(b"BZh") and head[3:4] in b"123456789"


def is_xz(head: bytes) -> bool:
    """Whether the bytes open an xz stream (The .xz File Format, 2.1.1.1)."""
    return head.startswith(b"\xfd7zXZ\0")


def is_packed(head: bytes) -> bool:
    """Whether the bytes open any of the packed formats."""
    return is_gzip(head) or is_zstd(head) or is_bzip2(head) or is_xz(head)


class Budget:
    """How many bytes the members of an archive, and of the archives in it, may unpack to together."""

    def __init__(self, packed_size: int, limits: Limits) -> None:
        self._left = max(limits.max_json_bytes, limits.max_expansion * packed_size)
        self._limit = limits.max_expansion

    def counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces; raises StreamError `too_large` when the budget is spent."""
        for chunk in chunks:
            self._left -= len(chunk)
            if self._left < 0:
                raise StreamError(
                    Reason.TOO_LARGE, f"the archive unpacks to more than {self._limit} times its size"
                )
            yield chunk

    @property
    def is_spent(self) -> bool:
        """Whether more came out than may."""
        return self._left < 0


def unpacked(chunks: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """The pieces, unpacked when they are packed, else as they are.

    Raises StreamError while reading: `truncated` when the end is missing, `unreadable` when the data
    are damaged, `too_large` when they unpack to more than `limits` allow.
    """
    head, chunks = read_head(chunks, 6)
    if is_gzip(head):
        return _bounded(_gunzip, chunks, limits)
    if is_zstd(head):
        return _bounded(_unzstd, chunks, limits)
    if is_bzip2(head):
        return _bounded(_unbzip2, chunks, limits)
    if is_xz(head):
        return _bounded(_unxz, chunks, limits)
    return chunks


def _bounded(
    unpack: Callable[[Iterator[bytes]], Iterator[bytes]], chunks: Iterator[bytes], limits: Limits
) -> Iterator[bytes]:
    packed_size = unpacked_size = 0

    def counted() -> Iterator[bytes]:
        nonlocal packed_size
        for chunk in chunks:
            packed_size += len(chunk)
            yield chunk

    for piece in unpack(counted()):
        unpacked_size += len(piece)
        if unpacked_size > max(limits.max_json_bytes, limits.max_expansion * packed_size):
            raise StreamError(
                Reason.TOO_LARGE, f"unpacks to more than {limits.max_expansion} times its packed size"
            )
        yield piece


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = None
    first = True
    for chunk in chunks:
        data = chunk
        more = False
        while data or more:
            if unpacker is None:
                if not first:
                    data = data.lstrip(b"\0")  # padding between members, as tape drives leave it
                    if not data:
                        break
                unpacker = zlib.decompressobj(wbits=31)
                first = False
            try:
                piece = unpacker.decompress(data, GZIP_PIECE_BYTES)
            except zlib.error as error:
                raise StreamError(Reason.UNREADABLE, f"damaged gzip data ({error})") from error
            if piece:
                yield piece
            if unpacker.eof:
                data, more, unpacker = unpacker.unused_data, False, None
            else:
                data, more = unpacker.unconsumed_tail, len(piece) == GZIP_PIECE_BYTES
    if unpacker is not None:
        raise StreamError(Reason.TRUNCATED, "the gzip data end before their end mark")


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor()
    unpacker = None
    for chunk in chunks:
        at = 0
        while at < len(chunk):
            if unpacker is None:
                unpacker = decompressor.decompressobj()
            packed = chunk[at : at + ZSTD_PIECE_BYTES]
            try:
                piece = unpacker.decompress(packed)
            except zstandard.ZstdError as error:
                raise StreamError(Reason.UNREADABLE, f"damaged zstd data ({error})") from error
            at += len(packed)
            if piece:
                yield piece
            if unpacker.eof:
                at -= len(unpacker.unused_data)
                unpacker = None
    if unpacker is not None:
        raise StreamError(Reason.TRUNCATED, "the zstd data end before their end mark")


def _unbzip2(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return _streams(chunks, bz2.BZ2Decompressor, "bzip2")


def _unxz(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return _streams(chunks, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY_BYTES), "xz")


def _streams(
    chunks: Iterator[bytes],
    decompressor: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor],
    name: str,
) -> Iterator[bytes]:
    unpacker = None
    first = True
    for chunk in chunks:
        data = chunk
        while True:
            if unpacker is None:
                if not first:
                    data = data.lstrip(b"\0")  # padding between streams
                if not data:
                    break
                unpacker = decompressor()
                first = False
            try:
                piece = unpacker.decompress(data, GZIP_PIECE_BYTES)
            except (OSError, lzma.LZMAError) as error:
                raise StreamError(Reason.UNREADABLE, f"damaged {name} data ({error})") from error
            if piece:
                yield piece
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, None
            elif unpacker.needs_input:
                break
            else:
                data = b""
    if unpacker is not None:
        raise StreamError(Reason.TRUNCATED, f"the {name} data end before their end mark")
