"""Parquet files as input: their rows as plain Python values, a batch at a time.

The files may be anybody's, so whatever they break becomes one error the reader can tell about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_MAX_HEADER_BYTES = 32 * 2**20
_MANY_BYTES = 32 * 2**20
_ROW_BYTES = 64  # what a row of nulls counts as


class ParquetInputError(Exception):
    """The file cannot be read on; the message says why."""


class ParquetSizeError(Exception):
    """The file unpacks to more than it may."""


def read_rows(source: str | BinaryIO, batch: int, limit: int) -> Iterator[list[dict[str, Any]]]:
    """The rows in lists of at most `batch`, as dictionaries by column name.

    Times and decimals come as text. Raises ParquetInputError when the file is damaged or its values
    cannot be had, and ParquetSizeError when they are, or say they are, more than `limit` bytes.
    """
    size = 0
    try:
        with pq.ParquetFile(
            source,
            thrift_string_size_limit=_MAX_HEADER_BYTES,
            thrift_container_size_limit=1_000_000,
        ) as file:
            groups = range(file.metadata.num_row_groups)
            if sum(file.metadata.row_group(group).total_byte_size for group in groups) > limit:
                raise ParquetSizeError
            for rows in file.iter_batches(batch_size=batch, use_threads=False):
                unpacked = sum(map(_unpacked_bytes, rows.columns)) + _ROW_BYTES * rows.num_rows
                size += unpacked
                if size > limit:
                    raise ParquetSizeError
                table = _plain(rows)
                step = 1 if unpacked > _MANY_BYTES else batch
                yield from (table.slice(row, step).to_pylist() for row in range(0, len(table), step))
    except (pa.ArrowException, OSError, ValueError, OverflowError, TypeError) as error:
        raise ParquetInputError(" ".join(str(error).split())[:200]) from error


def _unpacked_bytes(column: pa.Array) -> int:
    """The bytes of a column's values, each counted as often as it stands there."""
    if not isinstance(column, pa.DictionaryArray) or not _is_text(column.type.value_type):
        return int(column.nbytes)
    lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
    return int(pc.sum(lengths).as_py() or 0)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _plain(rows: pa.RecordBatch) -> pa.Table:
    columns = []
    for column in rows.columns:
        kind = column.type
        is_number = pa.types.is_temporal(kind) or pa.types.is_decimal(kind)
        columns.append(column.cast(pa.string()) if is_number else column)
    return pa.Table.from_arrays(columns, names=rows.schema.names)
