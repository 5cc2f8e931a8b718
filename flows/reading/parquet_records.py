"""Tables in Parquet: each row is a record, its fields found by the names of its columns.

Reading the format itself is left to the warehouse, the one package that knows Arrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from flows.reading.encoding import decode
from flows.reading.fields import FieldMap, names_text
from flows.reading.inputs import InputFile
from flows.reading.limits import Limits, size_text
from flows.reading.streams import seekable_of
from flows.records import Document, Reason, Rejection

_BATCH_ROWS = 64


def read(
    stream: BinaryIO, file: InputFile, fields: FieldMap, limits: Limits
) -> Iterator[Document | Rejection]:
    """The rows in the order they stand, numbered from 1, good and rejected alike."""
    # a run without Parquet never needs it
    from warehouse.parquet_input import ParquetInputError, ParquetSizeError, read_rows

    source = seekable_of(stream, limits.max_nested_bytes)
    if source is None:
        detail = (
            f"Parquet of more than {size_text(limits.max_nested_bytes)} inside another file: unpack it once"
        )
        yield Rejection(file.file_path, 1, Reason.TOO_LARGE, detail)
        return
    number = 0
    most_bytes = max(limits.max_json_bytes, limits.max_expansion * file.size)
    try:
        for rows in read_rows(source, _BATCH_ROWS, most_bytes):
            for row in rows:
                number += 1
                yield _document(row, file.file_path, number, fields, limits)
    except ParquetInputError as error:
        number += 1
        yield Rejection(file.file_path, number, Reason.UNREADABLE, f"damaged Parquet ({error})")
    except ParquetSizeError:
        number += 1
        detail = f"unpacks to more than {limits.max_expansion} times its size"
        yield Rejection(file.file_path, number, Reason.TOO_LARGE, detail)
    if not number:
        yield Rejection(file.file_path, 1, Reason.EMPTY, "no rows in it")


def _document(
    row: dict[str, Any], file_path: str, number: int, fields: FieldMap, limits: Limits
) -> Document | Rejection:
    record = {name: decode(value) if isinstance(value, bytes) else value for name, value in row.items()}
    if sum(len(value) for value in record.values() if isinstance(value, str)) > limits.max_record_bytes:
        detail = f"one row of more than {size_text(limits.max_record_bytes)}"
        return Rejection(file_path, number, Reason.TOO_LARGE, detail)
    found = fields.find(record)
    if "text" in found or "html" in found:
        return Document(file_path, number, "parquet", found)
    kind = "the text column is empty" if fields.has_text(record) else "no text column"
    return Rejection(file_path, number, Reason.NO_TEXT_FIELD, f"{kind}; columns: {names_text(record)}")
