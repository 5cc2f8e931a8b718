"""JSON in every shape people keep articles in: lines, arrays, one object, a list inside an object.

Lines and arrays stream; a broken record is one rejection and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

import orjson

from flows.reading import ninjs
from flows.reading.encoding import decode
from flows.reading.fields import FieldMap, names_text
from flows.reading.inputs import InputFile
from flows.reading.json_stream import values_of
from flows.reading.limits import Limits, size_text
from flows.reading.sniffing import ending_of
from flows.reading.streams import StreamError, chunks_of, lines_of, read_head, read_whole, stream_of
from flows.reading.wire import document as wire_document
from flows.records import Document, Reason, Rejection

LINE_ENDINGS: Final = frozenset({".jsonl", ".ndjson", ".jsonlines", ".ldjson"})
_HEAD_BYTES = 2**16
_WRAPPER_DEPTH = 3  # {"rss": {"channel": {"item": [...]}}}
_PROBED = 10  # elements looked at to tell a list of records from another list
_BLANK = b" \t\r\n\x1e"  # 0x1e opens a record in RFC 7464


class _BadJsonError(ValueError):
    """The bytes are not JSON; the message says where."""


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The records in the order they stand, numbered from 1, good and rejected alike."""
    head, chunks = read_head(chunks_of(stream), _HEAD_BYTES)
    if b"\n" not in head.strip():
        head, chunks = read_head(chunks, limits.max_record_bytes + 1)
    if _is_lines(head, file):
        format_code, values = "jsonl", _line_values(chunks, limits)
    else:
        format_code, values = "json", _document_values(chunks, limits)
    number = 0
    for value in values:
        if isinstance(value, Rejected):
            number += 1
            yield Rejection(file.file_path, number, *value)
            continue
        for record in records_in(value, fields):
            number += 1
            yield _document(record, file.file_path, number, format_code, fields)
    if not number:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "no records in it")


class Rejected(NamedTuple):
    """A value that could not be read: the reason and the detail of its rejection."""

    reason: Reason
    detail: str


def _document(
    record: Any, file_path: str, number: int, format_code: str, fields: FieldMap
) -> Document | Rejection:
    if not isinstance(record, dict):
        detail = f"{_kind(record)}, not a record with fields"
        return Rejection(file_path, number, Reason.NO_TEXT_FIELD, detail)
    if not fields.mapped and ninjs.is_ninjs(record):
        usual = {name: value for name, value in fields.find(record).items() if name not in ("text", "html")}
        known = {name: value for name, value in ninjs.article_fields(record).items() if value}
        return wire_document(file_path, number, "ninjs", usual | known)
    found = fields.find(record)
    if "text" in found or "html" in found:
        return Document(file_path, number, format_code, found)
    kind = "the text field is empty" if fields.has_text(record) else "no text field"
    return Rejection(file_path, number, Reason.NO_TEXT_FIELD, f"{kind}; fields: {names_text(record)}")


def _kind(value: Any) -> str:
    names = {str: "a string", bool: "a truth value", list: "a list", type(None): "null"}
    return names.get(type(value), "a number")


def records_in(value: Any, fields: FieldMap) -> list[Any]:
    """The records a JSON value holds: itself, its elements, or those of the list it is wrapped around."""
    if isinstance(value, list):
        if not any(isinstance(item, dict) for item in value):
            return [value] if value else []
        return [record for item in value for record in _unwrapped(item, fields)]
    return _unwrapped(value, fields)


def _unwrapped(value: Any, fields: FieldMap) -> list[Any]:
    if not isinstance(value, dict) or fields.has_own_text(value) or ninjs.is_ninjs(value):
        return [value]
    # Paragraphs and comments are lists of texts too: inside something titled, a record has a title.
    needed = {"title"} & fields.find(value).keys()
    lists = list(_record_lists(value, fields, needed, _WRAPPER_DEPTH))
    if lists:
        return max(lists, key=len)  # the first of the longest
    if any(part == [] for part in value.values()) and not fields.has_text(value):
        return []  # {"status": "ok", "articles": []}
    return [value]


def _record_lists(
    value: Mapping[str, Any], fields: FieldMap, needed: set[str], depth: int
) -> Iterator[list[Any]]:
    for part in value.values():
        if isinstance(part, list):
            if any(_is_record(item, fields, needed) for item in part[:_PROBED]):
                yield part
        elif isinstance(part, dict) and depth > 1:
            yield from _record_lists(part, fields, needed, depth - 1)
    parts = list(value.values())
    keyed = len(parts) > 1 and all(isinstance(part, dict) for part in parts)
    if keyed and all(_is_record(part, fields, needed) for part in parts[:_PROBED]):
        yield parts  # {"17": {...}, "18": {...}}


def _is_record(value: Any, fields: FieldMap, needed: set[str]) -> bool:
    if not isinstance(value, dict):
        return False
    if ninjs.is_ninjs(value):
        return True
    found = fields.find(value)
    return ("text" in found or "html" in found) and needed <= found.keys()


def _is_lines(head: bytes, file: InputFile) -> bool:
    """Whether each line is a value of its own: by the ending, unless it is plainly a document."""
    start = head.lstrip(_BLANK)
    if start.startswith(b"["):
        return False
    lines = [line for line in start.split(b"\n", 4)[:4] if line.strip(_BLANK)]
    if not lines:
        return False
    if ending_of(file.file_path) in LINE_ENDINGS:
        return lines[0].strip(_BLANK) != b"{"
    return len(lines) > 1 and any(line.startswith(b'{"') and _is_whole(line) for line in lines[:3])


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(load_json(line), dict)
    except _BadJsonError:
        return False


def load_json(data: bytes) -> Any:
    """The value of the bytes; NaN, raw control characters and stray bytes are forgiven.

    Raises _BadJsonError, also for nesting that is too deep.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if "ecursion" in str(error):
            raise _BadJsonError("nested too deeply") from error
    try:
        return json.loads(decode(data.strip(_BLANK + b","), "utf-8"), strict=False)
    except RecursionError as error:
        raise _BadJsonError("nested too deeply") from error
    except ValueError as error:
        raise _BadJsonError(str(error)) from error


def _loaded(data: bytes) -> Any:
    try:
        return load_json(data)
    except _BadJsonError as error:
        return Rejected(Reason.BAD_JSON, str(error))


def _line_values(chunks: Iterable[bytes], limits: Limits) -> Iterator[Any]:
    for line in lines_of(chunks, limits.max_record_bytes):
        if line is None:
            yield _too_large(limits, "line")
        elif line.strip(_BLANK):
            yield _loaded(line)


def _document_values(chunks: Iterator[bytes], limits: Limits) -> Iterator[Any]:
    """The document in one piece when it is small, else value by value."""
    head, chunks = read_head(chunks, limits.max_record_bytes + 1)
    if len(head) > limits.max_record_bytes:
        long_object = head.lstrip(_BLANK).startswith(b"{")
        yield from (_long_object(head, chunks, limits) if long_object else _split_values(chunks, limits))
        return
    try:
        data = b"".join(chunks)
    except StreamError:
        yield from _split_values([head], limits, cut_short=True)
        raise
    try:
        yield load_json(data)
    except _BadJsonError:
        yield from _split_values([data], limits)


def _long_object(head: bytes, chunks: Iterator[bytes], limits: Limits) -> Iterator[Any]:
    """An object longer than a record holds the list of records, unless others follow it."""
    if isinstance(next(values_of([head], len(head)), None), bytes):
        yield from _split_values(chunks, limits)
        return
    data = read_whole(stream_of(chunks), limits.max_json_bytes)
    if data is None:
        limit = size_text(limits.max_json_bytes)
        detail = f"one JSON object of more than {limit}; write its records as lines (.jsonl)"
        yield Rejected(Reason.TOO_LARGE, detail)
    else:
        yield _loaded(data)


def _split_values(chunks: Iterable[bytes], limits: Limits, *, cut_short: bool = False) -> Iterator[Any]:
    for value in values_of(chunks, limits.max_record_bytes):
        if isinstance(value, bytes):
            yield _loaded(value)
        elif value == "too long":
            yield _too_large(limits, "record")
        elif not cut_short:
            yield Rejected(Reason.BAD_JSON, "the JSON ends before it is closed")


def _too_large(limits: Limits, what: str) -> Rejected:
    return Rejected(Reason.TOO_LARGE, f"one {what} of more than {size_text(limits.max_record_bytes)}")
