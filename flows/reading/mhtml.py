"""Saved web pages in one file: MHTML, a mail message whose root part is the page (RFC 2557).

The pictures and styles beside the page are left out, and the day of saving is not the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any, BinaryIO

from flows.reading.encoding import page_content
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.streams import read_whole
from flows.records import Document, Reason, Rejection

_MAX_BOUNDARIES = 50  # each part within a part costs the mail parser a frame of its own
_MAX_PARTS = 20_000
_BOUNDARY = re.compile(rb"boundary\s{0,5}=", re.IGNORECASE)


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """One document with the field `html`, or one rejection. `fields` has no say here."""
    data = read_whole(stream, limits.max_record_bytes)
    if data is None:
        limit = size_text(limits.max_record_bytes)
        yield Rejection(file.file_path, 1, Reason.TOO_LARGE, f"one page of more than {limit}")
        return
    if data.count(b"\n--") > _MAX_PARTS:
        yield Rejection(file.file_path, 1, Reason.TOO_LARGE, f"more than {_MAX_PARTS} parts")
        return
    if len(_BOUNDARY.findall(data)) > _MAX_BOUNDARIES:
        yield Rejection(
            file.file_path, 1, Reason.TOO_LARGE, f"more than {_MAX_BOUNDARIES} parts within parts"
        )
        return
    try:
        message: Message[str, str] = message_from_bytes(data)
        page = _root_part(message)
        charset = _charset(page) if page else ""
    except (TypeError, ValueError) as error:  # what the library does with the pieces of a parameter
        yield Rejection(file.file_path, 1, Reason.UNREADABLE, f"damaged header of a part ({error})")
        return
    if page is None:
        yield Rejection(file.file_path, 1, Reason.NO_ARTICLE, "no page among the parts of the message")
        return
    content = _content(page)
    if not content.strip():
        yield Rejection(file.file_path, 1, Reason.EMPTY, "the page in the message is empty")
        return
    found: dict[str, Any] = {"html": page_content(content, charset)}
    address = _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
    if address.startswith(("http://", "https://")):
        found["url"] = address
    if saved := _header(message, "Date"):
        found["crawled"] = saved
    yield Document(file.file_path, 1, "mhtml", found)


def _header(message: Message[str, str], name: str) -> str:
    return "".join(str(message.get(name, "")).split("\r\n")).strip()[:2000]


def _parameter(message: Message[str, str], name: str) -> str:
    value = message.get_param(name)
    return value.strip().strip("<>") if isinstance(value, str) else ""


def _root_part(message: Message[str, str]) -> Message[str, str] | None:
    """The part the message names as its start, when it is a page, else the first page."""
    pages = [
        part
        for part in message.walk()
        if not part.is_multipart() and part.get_content_type() in ("text/html", "application/xhtml+xml")
    ]
    start = _parameter(message, "start")
    for page in pages:
        if start and _header(page, "Content-ID").strip("<>") == start:
            return page
    return pages[0] if pages else None


def _content(page: Message[str, str]) -> bytes:
    payload = page.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(page: Message[str, str]) -> str:
    return _parameter(page, "charset")
