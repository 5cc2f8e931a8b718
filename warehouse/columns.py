"""Columns of Arrow as numpy arrays and back, for those who compute with them and know no Arrow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Keys = npt.NDArray[np.bytes_]
"""Hashes of texts, in ASCII."""
Days = npt.NDArray[np.datetime64]
"""Dates, NaT where there is none."""


class Lists(NamedTuple):
    """A list of each row, end to end in `values`, and how long each is."""

    values: npt.NDArray[np.uint32]
    sizes: npt.NDArray[np.int64]


def arrays_of(table: pa.Table) -> dict[str, npt.NDArray[Any]]:
    """The columns of a table by name: text, which must be ASCII, as bytes; dates as dates."""
    return {
        name: keys_of(column) if pa.types.is_string(column.type) else column.to_numpy()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


def keys_of(column: pa.ChunkedArray) -> Keys:
    """A column of ASCII text without nulls as bytes."""
    texts = column.combine_chunks()
    width = pc.max(pc.binary_length(texts)).as_py()
    if not width:
        return np.zeros(len(texts), dtype="S1")
    filled = pc.ascii_rpad(texts, width=width, padding="\0")
    return np.frombuffer(filled.buffers()[2], dtype=f"S{width}", count=len(texts))


def lists_of(column: pa.ChunkedArray) -> Lists:
    """A column of lists of uint32, without a copy where it is of one piece; null is an empty list."""
    sizes, values = [np.empty(0, dtype=np.int64)], []
    for chunk in column.chunks:
        sizes.append(chunk.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64))
        values.append(chunk.flatten().to_numpy(zero_copy_only=False).astype(np.uint32, copy=False))
    joined = values[0] if len(values) == 1 else np.concatenate([np.empty(0, dtype=np.uint32), *values])
    return Lists(joined, np.concatenate(sizes))


def as_arrow(values: Any, kind: pa.DataType) -> pa.Array:
    """A column of this type, of a numpy array or any sequence."""
    array = pa.array(values, type=kind)
    if isinstance(values, np.ndarray) and values.dtype.kind == "S":
        array = pc.ascii_rtrim(array, characters="\0")  # what makes shorter ones as wide as the others
    return array
