"""Web archives: the pages of a WARC file (ISO 28500), each an article with the address it was fetched from.

The day of the crawl is kept as `crawled` and is never the day of publication. Pictures, scripts and the
like are parts of pages and are passed over; a page that answered with an error is a rejection.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

import brotli
import zstandard

from flows.reading.encoding import decode, page_content
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.streams import CHUNK_BYTES, StreamError
from flows.records import Document, Reason, Rejection

_MAX_HEAD_BYTES: Final = 2**16
_TYPES = frozenset({"response", "resource", "conversion"})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LOOKS_LIKE_PAGE = re.compile(rb"\s{0,1000}<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s{1,5}(\d{3})")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,1000}\r?\n")


class _PageError(Exception):
    """The page cannot be had; `reason` and `detail` are those of the rejection."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class _Page(NamedTuple):
    """What was served: its kind, the charset it was declared to have, and its bytes."""

    kind: str
    charset: str | None
    data: bytes


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The pages in the order they stand, numbered from 1. `fields` has no say here."""
    number = 0
    source = _Source(stream)
    while True:
        start = source.find_record()
        if start.is_damaged:
            number += 1
            detail = "what stands between two records is none"
            yield Rejection(file.file_path, number, Reason.UNREADABLE, detail)
        if start.is_end:
            break
        headers = _headers(source.head())
        length = headers.get("content-length", "")
        if not length.isdigit() or len(length) > 15:
            number += 1
            detail = "a WARC record without a length"
            yield Rejection(file.file_path, number, Reason.UNREADABLE, detail)
            continue
        block = _Block(source, int(length))
        try:
            found = _fields(headers, block, limits)
        except _PageError as error:
            number += 1
            yield Rejection(file.file_path, number, error.reason, error.detail)
        else:
            if found:
                number += 1
                yield Document(file.file_path, number, "warc", found)
        block.skip()
    if not number:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "no pages in it")


class _Start(NamedTuple):
    is_end: bool
    is_damaged: bool


class _Source:
    """The archive's bytes with a bounded look ahead."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""

    def _fill(self) -> bool:
        fresh = self._stream.read(CHUNK_BYTES)
        self._held += fresh or b""
        return bool(fresh)

    def take(self, size: int) -> bytes:
        """At most that many bytes, none at the end."""
        if not self._held:
            self._fill()
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    def find_record(self) -> _Start:
        """Go on to the next line that opens a record; says what lay before it."""
        is_damaged = False
        while True:
            at = self._held.find(b"WARC/")
            while at > 0 and self._held[at - 1] != 0x0A:
                at = self._held.find(b"WARC/", at + 1)
            before = self._held[:at] if at >= 0 else self._held[:-8]
            is_damaged |= bool(before.strip())
            if at >= 0:
                self._held = self._held[at:]
                return _Start(is_end=False, is_damaged=is_damaged)
            self._held = self._held[-8:]
            if not self._fill():
                is_damaged |= bool(self._held.strip())
                return _Start(is_end=True, is_damaged=is_damaged)

    def head(self) -> bytes:
        """The lines up to the empty one, both taken; only the first of them when there is no empty one."""
        while True:
            end = _HEAD_END.search(self._held)
            if end and end.end() <= _MAX_HEAD_BYTES:
                head, self._held = self._held[: end.start()], self._held[end.end() :]
                return head
            if len(self._held) > _MAX_HEAD_BYTES or not self._fill():
                head, _, self._held = self._held.partition(b"\n")
                return b""


class _Block:
    """The bytes of one record."""

    def __init__(self, source: _Source, length: int) -> None:
        self._source = source
        self.left = length

    def read(self, size: int) -> bytes:
        """That many bytes, fewer at the end of the record; raises StreamError when the archive ends first."""
        parts: list[bytes] = []
        size = min(size, self.left)
        while size > 0:
            piece = self._source.take(size)
            if not piece:
                raise StreamError(Reason.TRUNCATED, "the archive ends in the middle of a record")
            parts.append(piece)
            size -= len(piece)
            self.left -= len(piece)
        return b"".join(parts)

    def skip(self) -> None:
        """Go to the end of the record."""
        while self.left:
            self.read(CHUNK_BYTES)


def _headers(head: bytes) -> dict[str, str]:
    """The named fields, the first of each name, names in lower case."""
    found: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _fields(headers: Mapping[str, str], block: _Block, limits: Limits) -> dict[str, Any]:
    """The fields of a record's page, empty when the record holds none. Raises _PageError."""
    if headers.get("warc-type", "").lower() not in _TYPES:
        return {}
    address = headers.get("warc-target-uri", "").strip("<>")
    page = _page(headers, block, address, limits)
    if page is None:
        return {}
    if not page.data.strip():
        raise _PageError(Reason.EMPTY, f"an empty page: {address[:200]}")
    found: dict[str, Any] = {}
    if page.kind == "text/plain":
        found["text"] = decode(page.data).replace("\0", "").strip()
    else:
        found["html"] = page_content(page.data, page.charset)
    if address.startswith(("http://", "https://")):
        found["url"] = address
    if crawled := headers.get("warc-date"):
        found["crawled"] = crawled
    return found


def _page(headers: Mapping[str, str], block: _Block, address: str, limits: Limits) -> _Page | None:
    served: Mapping[str, str] = headers
    data = block.read(_MAX_HEAD_BYTES)
    status = _STATUS.match(data)
    if status:
        end = _HEAD_END.search(data)
        head = data[: end.start()] if end else data
        served, data = _headers(head), data[end.end() :] if end else b""
    kind, charset = _content_type(served.get("content-type", ""))
    if status and not kind and _LOOKS_LIKE_PAGE.match(data):
        kind = "text/html"
    is_text = kind == "text/plain" and headers.get("warc-type", "").lower() == "conversion"
    if kind not in _PAGES and not is_text:
        return None
    if status and not status[1].startswith(b"2"):
        answer = status[1].decode("ascii")
        raise _PageError(Reason.NO_ARTICLE, f"the server answered {answer}: {address[:200]}")
    if len(data) + block.left > limits.max_record_bytes:
        raise _PageError(Reason.TOO_LARGE, _too_large(limits))
    data += block.read(block.left)
    if "chunked" in served.get("transfer-encoding", "").lower():
        data = _unchunked(data)
    for coding in reversed(served.get("content-encoding", "").lower().split(",")[:3]):
        data = _decoded(data, coding.strip(), limits)
    return _Page(kind, charset, data)


def _too_large(limits: Limits) -> str:
    return f"one page of more than {size_text(limits.max_record_bytes)}"


def _content_type(value: str) -> tuple[str, str | None]:
    kind, _, parameters = value[:500].partition(";")
    _, _, charset = parameters.lower().partition("charset=")
    return kind.strip().lower(), charset.partition(";")[0].strip(" \"'") or None


def _unchunked(data: bytes) -> bytes:
    """The body put together (RFC 9112, 7.1); as it is when a crawler already did so, or it is broken."""
    parts: list[bytes] = []
    at = 0
    while size := _CHUNK.match(data, at):
        length = int(size[1], 16)
        if not length:
            break
        parts.append(data[size.end() : size.end() + length])
        at = size.end() + length
        at += 2 if data[at : at + 2] == b"\r\n" else data[at : at + 1] == b"\n"
    return b"".join(parts) or data


def _decoded(data: bytes, coding: str, limits: Limits) -> bytes:
    """The body unpacked (RFC 9110, 8.4.1); as it is when a crawler already did so. Raises _PageError."""
    limit = limits.max_record_bytes
    try:
        match coding:
            case "gzip" | "x-gzip" if data.startswith(b"\x1f\x8b"):
                found = zlib.decompressobj(wbits=31).decompress(data, limit + 1)
            case "deflate" if not _LOOKS_LIKE_PAGE.match(data):
                is_wrapped = data[:1] == b"\x78" and int.from_bytes(data[:2], "big") % 31 == 0
                found = zlib.decompressobj(15 if is_wrapped else -15).decompress(data, limit + 1)
            case "br" if not _LOOKS_LIKE_PAGE.match(data):
                found = brotli.Decompressor().process(data, output_buffer_limit=limit + 1)
            case "zstd" if data.startswith(b"\x28\xb5\x2f\xfd"):
                with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(data) as reader:
                    found = reader.read(limit + 1)
            case _:
                return data
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise _PageError(Reason.UNREADABLE, f"damaged {coding} data in a page ({error})") from error
    if len(found) > limit:
        raise _PageError(Reason.TOO_LARGE, _too_large(limits))
    if data and not found:
        raise _PageError(Reason.UNREADABLE, f"{coding} data in a page that give nothing")
    return found
