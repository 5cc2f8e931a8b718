"""Reading the published warehouse: a connection that can look at it and do nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

QueryError = duckdb.Error
"""What a statement that cannot run, or wants to write, raises."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads this database and nothing else: no writing, no other file, no network.

    `path` may be the `news.duckdb` link: the connection keeps the version that it points to now.
    Timestamps come in UTC. Raises FileNotFoundError when nothing was published there.
    """
    if not path.exists():
        raise FileNotFoundError(f"no warehouse at {path}: run `newsmill run INPUT` first")
    con = duckdb.connect(str(path.resolve()), read_only=True, config={"enable_external_access": False})
    # Connections of one process share the database's settings, and the first has locked them.
    if not _value(con, "select current_setting('lock_configuration')"):
        con.execute("set global timezone = 'UTC'; set lock_configuration = true")
    return con


def query(path: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, rows) of one statement over the database at `path`; see `connect`.

    Raises QueryError, with DuckDB's message, for SQL that does not run or wants to write.
    """
    with connect(path) as con:
        cursor = con.execute(sql)
        if cursor is None:
            raise QueryError("there is no statement in it")
        return [column[0] for column in cursor.description or ()], cursor.fetchall()


def _value(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = con.execute(sql).fetchone()
    return row[0] if row else None
