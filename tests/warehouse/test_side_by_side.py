"""Work whose parts wait for each other: order, and what happens when memory is short."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import duckdb
import pytest

from warehouse.side_by_side import side_by_side


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def test_work_waits_for_what_it_points_to(con: duckdb.DuckDBPyConnection) -> None:
    done: list[str] = []
    graph = {"c": {"a", "b"}, "a": (), "b": {"a"}, "d": {"c"}}
    side_by_side(con, graph, lambda cursor, name: done.append(name))
    assert done == ["a", "b", "c", "d"]


def test_what_lacked_memory_beside_others_is_done_again_alone(con: duckdb.DuckDBPyConnection) -> None:
    running: set[str] = set()
    tries: list[tuple[str, set[str]]] = []
    both = threading.Barrier(2, timeout=10)

    def work(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        running.add(name)
        is_first = len(tries) < 2
        if is_first:
            both.wait()
        tries.append((name, set(running)))
        if is_first:
            both.wait()
        running.remove(name)
        if is_first and name == "large":
            raise duckdb.OutOfMemoryException("too little")

    side_by_side(con, {"large": (), "small": (), "after": {"large"}}, work, at_once=2)
    assert sorted(name for name, _ in tries[:2]) == ["large", "small"]
    assert tries[2:] == [("large", {"large"}), ("after", {"after"})]


def test_what_lacks_memory_alone_is_an_error(con: duckdb.DuckDBPyConnection) -> None:
    def work(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        raise duckdb.OutOfMemoryException("too little")

    with pytest.raises(duckdb.OutOfMemoryException):
        side_by_side(con, {"a": ()}, work)
    with pytest.raises(duckdb.OutOfMemoryException):
        side_by_side(con, {"a": (), "b": ()}, work, at_once=2)


def test_what_can_be_done_only_once_is_not_done_again(con: duckdb.DuckDBPyConnection) -> None:
    done: list[str] = []
    both = threading.Barrier(2, timeout=10)

    def work(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        done.append(name)
        both.wait()
        if name == "load":
            raise duckdb.OutOfMemoryException("too little")

    with pytest.raises(duckdb.OutOfMemoryException):
        side_by_side(con, {"load": (), "other": ()}, work, at_once=2, once=["load"])
    assert sorted(done) == ["load", "other"]
