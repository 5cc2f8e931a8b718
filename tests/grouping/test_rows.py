"""Rows that lie end to end are found and counted, the empty ones too."""

import numpy as np

from flows.grouping.rows import runs, spans

STARTS, LENGTHS = np.array([0, 0, 3, 3, 5]), np.array([0, 3, 0, 2, 0])


def test_the_places_of_rows_come_one_row_after_the_other() -> None:
    assert spans(STARTS[[3, 2, 1]], LENGTHS[[3, 2, 1]]).tolist() == [3, 4, 0, 1, 2]
    assert spans(STARTS[:0], LENGTHS[:0]).tolist() == []


def test_runs_are_of_equal_values() -> None:
    starts, sizes = runs(np.array([5, 5, 2, 7, 7, 7]))
    assert (starts.tolist(), sizes.tolist()) == ([0, 2, 3], [2, 1, 3])
    assert [part.tolist() for part in runs(STARTS[:0])] == [[], []]
