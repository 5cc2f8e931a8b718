"""Work on a database whose parts wait for each other, several parts at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from graphlib import TopologicalSorter

import duckdb


def side_by_side[Name](
    con: duckdb.DuckDBPyConnection,
    graph: Mapping[Name, Collection[Name]],
    work: Callable[[duckdb.DuckDBPyConnection, Name], object],
    at_once: int | None = None,
    once: Collection[Name] = (),
) -> None:
    """Work on each name of a graph once all that it points to is done, each on a cursor.

    Two at a time where there are two cores, or `at_once`: most queries are too small for DuckDB to take two
    cores for one, and two take less memory and processor when each has one core. Of what can be done, the
    first of the graph is done first. Work for which there was not memory enough beside other work is done
    again alone, unless it can be done only `once`. What a work raises is raised when the others that run have
    ended.
    """
    at_once = at_once or min(2, len(os.sched_getaffinity(0)))
    ((database,),) = con.execute("select current_database()").fetchall()
    place = {name: number for number, name in enumerate(graph)}
    order = TopologicalSorter(graph)
    order.prepare()
    ready: list[Name] = []
    beside: set[Name] = set()  # what did not have the memory to itself
    too_large: list[Name] = []
    running: dict[Future[object], tuple[Name, duckdb.DuckDBPyConnection]] = {}
    with ExitStack() as opened:
        free = [opened.enter_context(con.cursor()) for _ in range(at_once)]
        for cursor in free:
            cursor.execute(f'use "{database}"')
        pool = opened.enter_context(ThreadPoolExecutor(at_once))
        while order.is_active():
            ready = sorted([*ready, *order.get_ready()], key=place.__getitem__)
            starting = ready[: len(free)]
            if too_large:
                starting = [] if running else too_large[:1]
            for name in starting:
                cursor = free.pop()
                running[pool.submit(work, cursor, name)] = (name, cursor)
            if len(running) > 1:
                beside.update(name for name, _ in running.values())
            ready = [name for name in ready if name not in starting]
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name, cursor = running.pop(future)
                free.append(cursor)
                if isinstance(future.exception(), duckdb.OutOfMemoryException) and name in beside - set(once):
                    beside.remove(name)
                    too_large.append(name)
                    continue
                future.result()
                order.done(name)
                too_large = [other for other in too_large if other != name]
