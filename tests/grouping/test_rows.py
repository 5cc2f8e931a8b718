"""Rows that lie end to end are found and counted, the empty ones too."""

import numpy as np

from flows.grouping.rows import count_chosen, spans

STARTS, LENGTHS = np.array([0, 0, 3, 3, 5]), np.array([0, 3, 0, 2, 0])


def test_the_places_of_rows_come_one_row_after_the_other() -> None:
    assert spans(STARTS[[3, 2, 1]], LENGTHS[[3, 2, 1]]).tolist() == [3, 4, 0, 1, 2]
    assert spans(STARTS[:0], LENGTHS[:0]).tolist() == []


def test_what_is_chosen_is_counted_by_row() -> None:
    chosen = np.array([True, False, True, False, True])
    assert count_chosen(chosen, STARTS, LENGTHS).tolist() == [0, 2, 0, 1, 0]
    assert count_chosen(chosen[:0], STARTS[:1], LENGTHS[:1]).tolist() == [0]
