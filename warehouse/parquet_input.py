"""Parquet files as input: their rows as plain Python values, a batch at a time.

The files may be anybody's, so whatever they break becomes one error the reader can tell about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

_MAX_HEADER_BYTES = 32 * 2**20


class ParquetInputError(Exception):
    """The file cannot be read on; the message says why."""


def read_rows(source: str | BinaryIO, batch: int) -> Iterator[list[dict[str, Any]]]:
    """The rows in lists of at most `batch`, as dictionaries by column name.

    Times and decimals come as text. Raises ParquetInputError when the file is damaged or its values
    cannot be had.
    """
    try:
        with pq.ParquetFile(
            source,
            thrift_string_size_limit=_MAX_HEADER_BYTES,
            thrift_container_size_limit=1_000_000,
        ) as file:
            for rows in file.iter_batches(batch_size=batch, use_threads=False):
                yield _plain(rows).to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError, TypeError) as error:
        raise ParquetInputError(" ".join(str(error).split())[:200]) from error


def _plain(rows: pa.RecordBatch) -> pa.Table:
    columns = []
    for column in rows.columns:
        kind = column.type
        is_number = pa.types.is_temporal(kind) or pa.types.is_decimal(kind)
        columns.append(column.cast(pa.string()) if is_number else column)
    return pa.Table.from_arrays(columns, names=rows.schema.names)
