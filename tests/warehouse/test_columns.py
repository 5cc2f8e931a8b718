"""Columns of Arrow become arrays and come back as they were."""

from datetime import date

import numpy as np
import pyarrow as pa

from warehouse.columns import arrays_of, as_arrow, lists_of


def test_columns_come_back_as_they_were() -> None:
    table = pa.table(
        {
            "text_hash": pa.array(["ab", "", "abc"]),
            "day": pa.array([date(2024, 3, 4), None, date(1969, 12, 31)], pa.date32()),
            "is_echo": pa.array([True, False, True]),
            "count": pa.array([1, 2, 3], pa.int32()),
        }
    )
    for part in (table, table[:0], table.slice(1, 2), pa.concat_tables([table, table[:1], table])):
        arrays = arrays_of(part)
        assert [array.dtype.kind for array in arrays.values()] == list("SMbi")
        for name, kind in zip(table.schema.names, table.schema.types, strict=True):
            assert as_arrow(arrays[name], kind).equals(part[name].combine_chunks())


def test_lists_are_end_to_end_whatever_the_pieces_of_the_column() -> None:
    lists = [[], [7, 8, 9], None, [4], []]
    pieces = [pa.array(part, pa.list_(pa.uint32())) for part in (lists, lists[:2], [])]
    for column, expected in (
        (pa.chunked_array(pieces), [*lists, *lists[:2]]),
        (pa.chunked_array([pieces[0].slice(1, 3)]), lists[1:4]),
        (pa.chunked_array(pieces[2:]), []),
    ):
        values, sizes = lists_of(column)
        assert sizes.tolist() == [len(row or []) for row in expected]
        assert values.tolist() == [value for row in expected for value in row or []]
        assert values.dtype == np.uint32
