"""Tar archives (POSIX.1-2001 ustar and pax, GNU long names), member by member as they stream by.

Not the standard library's reader: that one keeps every entry of the archive in memory and reads metadata
of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from flows.reading.archives import Member, RefusedMember, clean_name, is_hidden, leads_out, refused_path
from flows.reading.limits import Limits
from flows.reading.streams import CHUNK_BYTES, StreamError
from flows.records import Reason

BLOCK: Final = 512
_MAX_METADATA_BYTES = 2**20
_REGULAR = frozenset({b"0", b"\0", b"7"})
_KINDS = {b"1": "a link", b"2": "a symbolic link", b"3": "a device", b"4": "a device", b"6": "a pipe"}
_MAX_METADATA_BLOCKS = 100  # in a row


def is_header(block: bytes) -> bool:
    """Whether the bytes open with a tar header whose checksum is right."""
    if len(block) < BLOCK or not block[0]:
        return False
    stated = _number(block[148:156])
    return stated is not None and stated == sum(block[:148]) + 8 * 32 + sum(block[156:BLOCK])


def members(stream: BinaryIO, limits: Limits) -> Iterator[Member | RefusedMember]:
    """The files in their order; folders and hidden files are passed over.

    Raises StreamError when the archive is cut short or damaged.
    """
    source = _Source(stream)
    long_name = ""
    long_size: int | None = None
    number = metadata = 0
    while True:
        block = source.block()
        if block is None:
            return
        if not is_header(block):
            raise StreamError(Reason.UNREADABLE, "damaged tar header")
        size = _number(block[124:136])
        if size is None or size < 0:
            raise StreamError(Reason.UNREADABLE, "a tar header with an impossible size")
        kind = block[156:157]
        if kind in (b"L", b"K", b"x", b"g", b"X"):
            metadata += 1
            if size > _MAX_METADATA_BYTES or metadata > _MAX_METADATA_BLOCKS:
                raise StreamError(Reason.TOO_LARGE, "more metadata than a member has")
            data = b"".join(source.data(size))
            if kind == b"L":
                long_name = _text(data.rstrip(b"\0"))
            elif kind in (b"x", b"X"):
                long_name, long_size = _pax(data, long_name, long_size)
            continue
        number += 1
        if number > limits.max_members:
            raise StreamError(Reason.TOO_LARGE, f"more than {limits.max_members} members")
        name, size = long_name or _name(block), size if long_size is None else long_size
        long_name, long_size, metadata = "", None, 0
        if kind in (b"1", b"2", b"3", b"4", b"5", b"6"):
            size = 0  # these have no data, whatever their header says (POSIX.1-2001)
        chunks = source.data(size)
        yield from _member(name, kind, chunks)
        for _ in chunks:  # what the reader of the member has left
            pass
        if source.is_broken:
            return


def _member(name: str, kind: bytes, chunks: Iterator[bytes]) -> Iterator[Member | RefusedMember]:
    cleaned = clean_name(name)
    if leads_out(name):
        yield refused_path(name)
    elif kind == b"5" or (kind in _REGULAR and name.endswith("/")) or is_hidden(cleaned):
        return
    elif kind in _REGULAR:
        yield Member(cleaned, chunks)
    elif kind in _KINDS:
        yield RefusedMember(cleaned, Reason.UNSAFE_PATH, f"{_KINDS[kind]}, not a file")
    else:
        yield RefusedMember(cleaned, Reason.UNSUPPORTED_FORMAT, "a kind of tar entry that is not read")


class _Source:
    """The archive's bytes in blocks. Remembers when they broke, so that this is told once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.is_broken = False

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        try:
            while size > 0 and (part := self._stream.read(size)):
                parts.append(part)
                size -= len(part)
        except StreamError:
            self.is_broken = True
            raise
        return b"".join(parts)

    def block(self) -> bytes | None:
        """The next header, None at the end: a block of zeros, or the end of the file."""
        block = self._read(BLOCK)
        if not block.strip(b"\0"):
            return None
        if len(block) < BLOCK:
            raise StreamError(Reason.TRUNCATED, "the tar ends in the middle of a header")
        return block

    def data(self, size: int) -> Iterator[bytes]:
        """A member's bytes, its padding read as well."""
        left = size
        while left > 0:
            chunk = self._read(min(left, CHUNK_BYTES))
            if not chunk:
                self.is_broken = True
                raise StreamError(Reason.TRUNCATED, "the tar ends in the middle of a member")
            left -= len(chunk)
            yield chunk
        self._read(-size % BLOCK)


def _number(field: bytes) -> int | None:
    """A number in octal digits, or in GNU's base 256; None when it is neither."""
    if field[:1] in (b"\x80", b"\xff"):
        return int.from_bytes(field[1:], "big", signed=field[0] == 0xFF)
    digits = field.strip(b" \0")
    if digits.strip(b"01234567"):
        return None
    return int(digits, 8) if digits else 0


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _name(block: bytes) -> str:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return _text(prefix + b"/" + name if prefix else name)


def _pax(data: bytes, name: str, size: int | None) -> tuple[str, int | None]:
    """The path and the size among pax records, `LENGTH KEY=VALUE\\n` each."""
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 20)
        digits = data[at:space] if space > 0 else b""
        length = int(digits) if digits.isdigit() else 0
        if length <= space - at or at + length > len(data):
            break
        key, _, value = data[space + 1 : at + length - 1].partition(b"=")
        if key == b"path":
            name = _text(value)
        elif key == b"size" and value.isdigit() and len(value) < 20:
            size = int(value)
        at += length
    return name, size
