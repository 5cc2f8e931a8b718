"""Tables with a header: comma, semicolon, tab or bar, quoted as RFC 4180 has it.

Rows stream; a row that does not fit its header is one rejection and the rest goes on.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final, NamedTuple

from flows.reading.encoding import FALLBACK, encoding_of
from flows.reading.fields import FieldMap, names_text
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.sniffing import ending_of
from flows.reading.streams import chunks_of, lines_of, read_head
from flows.records import Document, Reason, Rejection

DELIMITERS: Final = (",", ";", "\t", "|")
_HEAD_BYTES = 2**16
_HEADER_BYTES = 2**20
_MAX_REREAD = 4  # how often the limit of a record may be read again after open quotes
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
_LINE_END = re.compile(rb"[\r\n]")
_BACKSLASH_QUOTE = re.compile(rb'[^,;\t|\\]\\"')


class Dialect(NamedTuple):
    """How a table is written. `header` holds the column names as found."""

    delimiter: str
    escape: str | None
    newline: bytes
    encoding: str
    header: tuple[str, ...]


def dialect_of(head: bytes, fields: FieldMap, *, prefer: str = ",") -> Dialect | None:
    """The dialect under which the first row names the most fields; None when there is no first row."""
    newline = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
    encoding = encoding_of(head)
    text = head.decode(encoding, FALLBACK if encoding == "utf-8" else "replace")
    escape = "\\" if _BACKSLASH_QUOTE.search(head) and b'""' not in head else None
    start = _SEPARATOR_LINE.match(text)
    candidates = (start[1],) if start and start[1] in DELIMITERS else DELIMITERS
    text = text[start.end() if start else 0 :].lstrip("\ufeff\r\n")
    best: tuple[tuple[int, bool, int], str, tuple[str, ...]] | None = None
    for delimiter in candidates:
        try:
            header = next(
                csv.reader(
                    io.StringIO(text, newline=""), delimiter=delimiter, escapechar=escape, strict=True
                ),
                [],
            )
        except csv.Error:
            continue
        rank = (fields.fields_known(header), delimiter == prefer, len(header))
        if any(name.strip() for name in header) and (best is None or rank > best[0]):
            best = (rank, delimiter, tuple(name.strip() for name in header))
    return Dialect(best[1], escape, newline, encoding, best[2]) if best else None


def looks_like_csv(head: bytes, fields: FieldMap) -> bool:
    """Whether the first row names a text and at least one other field of an article."""
    dialect = dialect_of(head, fields)
    return dialect is not None and fields.has_text(dialect.header) and fields.fields_known(dialect.header) > 1


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The rows in the order they stand, numbered from 1 after the header, good and rejected alike."""
    head, chunks = read_head(chunks_of(stream), _HEAD_BYTES)
    if not _LINE_END.search(head):
        head, chunks = read_head(chunks, _HEADER_BYTES)
    dialect = dialect_of(head, fields, prefer="\t" if ending_of(file.file_path) in (".tsv", ".tab") else ",")
    if dialect is None:
        if head.strip():
            yield Rejection(file.file_path, 1, Reason.BAD_CSV, "no header that names the columns")
        else:
            yield Rejection(file.file_path, 1, Reason.EMPTY, "nothing but white space")
        return
    header = dialect.header
    if not fields.has_text(header):
        detail = f"no text column; columns: {names_text(header)}"
        yield Rejection(file.file_path, 1, Reason.NO_TEXT_FIELD, detail)
        return
    format_code = "tsv" if dialect.delimiter == "\t" else "csv"
    names = {name: index for index, name in reversed(list(enumerate(header))) if name}
    number = 0

    def is_plausible(row: list[str]) -> bool:
        found = fields.find({name: row[index] for name, index in names.items()})
        date, url = found.get("date", "0"), found.get("url", "/")
        return "/" in url and any(map(str.isdigit, date))

    for row in _rows(chunks, dialect, limits, is_plausible):
        number += 1
        if isinstance(row, BadRow):
            yield Rejection(file.file_path, number, row.reason, row.detail)
            continue
        found = fields.find({name: row[index] for name, index in names.items()})
        if "text" in found or "html" in found:
            yield Document(file.file_path, number, format_code, found)
        else:
            detail = f"the text column is empty; columns: {names_text(header)}"
            yield Rejection(file.file_path, number, Reason.NO_TEXT_FIELD, detail)
    if not number:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "a header and no rows")


class BadRow(NamedTuple):
    """Lines that are not a row of the table: the reason and the detail of their rejection."""

    reason: Reason
    detail: str


class _OversizeError(Exception):
    """A row has grown beyond the limit."""


class _Lines:
    """The lines for the csv module, which asks for the next one as long as a quote is open.

    Keeps the lines of the row in progress, so that they can be read again when the quote was a slip.
    """

    def __init__(self, lines: Iterator[bytes | None], dialect: Dialect, limit: int) -> None:
        self._lines = lines
        self._dialect = dialect
        self._limit = limit
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._row_size = 0
        self.line_number = 0  # of the last line handed out
        self.reread_size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            raw = next(self._lines)
            if raw is None:
                self.line_number += 1
                raise _OversizeError
            encoding = self._dialect.encoding
            line = raw.decode(encoding, FALLBACK if encoding == "utf-8" else "replace")
        self.line_number += 1
        self._row.append(line)
        self._row_size += len(line)
        if self._row_size > self._limit:
            raise _OversizeError
        return line

    def start_row(self) -> None:
        """Forget the lines of the last row."""
        self._row.clear()
        self._row_size = 0

    def take_back(self) -> None:
        """Hand all lines of the row but the first out again, unless that was done too often."""
        if len(self._row) < 2 or self.reread_size > self._limit * _MAX_REREAD:
            return
        self.reread_size += self._row_size
        self._again.extendleft(reversed(self._row[1:]))
        self.line_number -= len(self._row) - 1


def _rows(
    chunks: Iterable[bytes], dialect: Dialect, limits: Limits, is_plausible: Callable[[list[str]], bool]
) -> Iterator[list[str] | BadRow]:
    """The rows after the header that have its width, and what is not a row.

    An error of quoting costs its first line only: the lines after it are read again. Until a plausible
    row comes, what follows is taken as debris of the same error.
    """
    width = len(dialect.header)
    limit = limits.max_record_bytes
    csv.field_size_limit(max(csv.field_size_limit(), limit + 1))
    lines = _Lines(lines_of(chunks, limit, dialect.newline), dialect, limit)
    reader = csv.reader(lines, delimiter=dialect.delimiter, escapechar=dialect.escape, strict=True)
    header_seen = False
    damage: BadRow | None = None
    damage_from = damage_to = 0  # lines
    while True:
        lines.start_row()
        first_line = lines.line_number + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except (_OversizeError, csv.Error) as error:
            last_line = lines.line_number
            lines.take_back()
            if damage and first_line > damage_to:
                yield _with_lines(damage, damage_from, first_line - 1)
                damage = None
            if damage is None:
                damage_from = first_line
                damage = _bad_row(error, limits)
            damage_to = max(damage_to, last_line)
            continue
        if not any(cell.strip() for cell in row):
            continue
        if not header_seen:
            header_seen = not row[0].lower().startswith("sep=")
            continue
        while len(row) > width and not row[-1].strip():
            row.pop()
        fits = len(row) == width
        if damage:
            if not fits or not is_plausible(row):
                continue
            yield _with_lines(damage, damage_from, first_line - 1)
            damage = None
        if fits:
            yield row
        else:
            detail = f"line {first_line}: {len(row)} columns where the header has {width}"
            yield BadRow(Reason.BAD_CSV, detail)
    if damage:
        yield _with_lines(damage, damage_from, max(damage_from, lines.line_number))


def _bad_row(error: Exception, limits: Limits) -> BadRow:
    if isinstance(error, _OversizeError):
        return BadRow(Reason.TOO_LARGE, f"one row of more than {size_text(limits.max_record_bytes)}")
    at_end = "unexpected end" in str(error)
    return BadRow(Reason.BAD_CSV, "a quote is opened and never closed" if at_end else str(error))


def _with_lines(row: BadRow, first: int, last: int) -> BadRow:
    lines = f"line {first}" if last <= first else f"lines {first} to {last}"
    return BadRow(row.reason, f"{lines}: {row.detail}")
