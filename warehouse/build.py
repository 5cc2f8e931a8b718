"""The whole way from Parquet to a published warehouse, in one call.

Nobody reads the database while it is built; only one that passed every check takes the old one's place.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from warehouse.checks import CheckFailed, Checks
from warehouse.gazetteer import load_gazetteer
from warehouse.increments import code_digest, copy_published, drop_outdated
from warehouse.load import (
    GROUPS,
    GroupingInput,
    Groups,
    grouping_input,
    load_build,
    load_groups,
    load_parquet,
    load_seeds,
)
from warehouse.models import build_models, quoted, read_models
from warehouse.parquet import RunRow, read_groups, write_groups, write_run
from warehouse.publish import Published, build_fingerprint, publish_warehouse
from warehouse.side_by_side import side_by_side

MEMORY_LIMIT: Final = "576MB"
"""What DuckDB counts as taken; with what it does not count, the process takes about twice that."""

MANY_MENTIONS: Final = 5_000_000
"""With more, models are built one after the other: two take more memory, and some are done twice for want
of it."""


def build_warehouse(
    root: Path,
    project: Path,
    run: RunRow,
    group: Callable[[GroupingInput], Groups],
    *,
    keep: int = 3,
    memory_limit: str = MEMORY_LIMIT,
) -> Published:
    """Load, group, build, check and publish the warehouse of everything that Parquet holds.

    Annotations are those of `run.annotator_version`. What did not change is taken from what is published, see
    `warehouse.increments` and `build_models`; if that is damaged, all is built from nothing. `group` works
    in a thread, beside the models that do not read what it gives. The run is recorded as published, ended
    now, in the warehouse and then in Parquet. `keep` versions stay; DuckDB uses at most `memory_limit` and
    spills beside the versions. Raises CheckFailed when rows exist that must not, and duckdb.Error when a
    model breaks; what was published before then stands untouched.
    """
    versions = root / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    building = versions / f".building-{run.run_id}.duckdb"
    spill = versions / f".tmp-{run.run_id}"
    fingerprint = build_fingerprint(root, project, run.annotator_version)
    ended = run

    def fill(is_copy: bool) -> None:
        with _opened(building, spill, memory_limit) as con:
            if is_copy:
                drop_outdated(con)
            load_seeds(con, project / "seeds")
            first: dict[str, Callable[[duckdb.DuckDBPyConnection], object]] = {
                "parquet": lambda cursor: load_parquet(cursor, root, run.annotator_version),
                "gazetteer": load_gazetteer,
                "models": lambda _: read_models(project / "sql"),  # parsing them takes half a second
            }
            if is_copy:
                del first["gazetteer"]  # it is there
            side_by_side(con, dict.fromkeys(first, ()), lambda cursor, name: first[name](cursor), once=first)
            known = read_groups(root, run.annotator_version)
            given = [grouping_input(con, project / "sql", known)]

            def load_grouped(cursor: duckdb.DuckDBPyConnection) -> None:
                nonlocal ended
                groups = group(given.pop())  # nobody else keeps it: it is large
                write_groups(root, run.annotator_version, run.run_id, groups.state)
                load_groups(cursor, groups)
                pa.default_memory_pool().release_unused()  # what held the texts
                ended_at = datetime.now(UTC)
                ended = run._replace(run_state="published", ended_at=ended_at)
                load_build(cursor, ended, fingerprint, code_digest(), ended_at)

            ((mention_count,),) = con.execute("select count(*) from raw.mentions").fetchall()
            checks = Checks(project / "sql")
            build_models(
                con,
                project / "sql",
                previous=root / "news.duckdb",
                loads={GROUPS: load_grouped},
                checks=checks,
                at_once=1 if mention_count > MANY_MENTIONS else None,
            )
            checks.report()

    _remove(building, spill)
    try:
        is_copy = copy_published(root / "news.duckdb", building)
        try:
            fill(is_copy)
        except (duckdb.Error, CheckFailed):
            if not is_copy:
                raise
            _remove(building, spill)  # Parquet is the truth, the copy may be damaged
            fill(is_copy=False)
        path = publish_warehouse(root, building, run.run_id, keep)
    finally:
        _remove(building, spill)
    write_run(root, ended)
    return Published(root / "news.duckdb", path, run.run_id, fingerprint)


@contextmanager
def _opened(building: Path, spill: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the database to be built; without a log, since after a crash it is built anew."""
    with duckdb.connect() as con:
        _settings(con, spill, memory_limit)
        con.execute(f"attach {quoted(str(building))} as building (recovery_mode no_wal_writes)")
        con.execute("use building")
        yield con
        con.execute("checkpoint")


def _settings(con: duckdb.DuckDBPyConnection, spill: Path, memory_limit: str) -> None:
    con.execute("set global timezone = 'UTC'")
    con.execute("set threads = 1")  # of a query: queries run side by side
    con.execute(f"set memory_limit = '{memory_limit}'")
    con.execute(f"set temp_directory = {quoted(str(spill))}")
    # FSST takes a sixth of the time of a build, and a fifth off the size of the file
    con.execute("set disabled_compression_methods = 'fsst'")
    con.execute("set preserve_insertion_order = false")  # large inserts then need less memory
    # what a large model frees goes back to the system, not only to DuckDB, and soon
    con.execute("set allocator_bulk_deallocation_flush_threshold = '64MB'")
    con.execute("set global allocator_background_threads = true")
    con.execute("set autoinstall_known_extensions = false")


def _remove(building: Path, spill: Path) -> None:
    for path in (building, building.with_name(building.name + ".wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(spill, ignore_errors=True)
