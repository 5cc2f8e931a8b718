"""What a warehouse holds, in a form that two warehouses can be compared in."""

from pathlib import Path
from typing import Any

from warehouse.query import query

_RUN_COLUMNS = ("run_id", "rejected_at")


def all_rows(warehouse: Path) -> dict[str, list[str]]:
    """Every row of every mart but `runs`, sorted; columns that name the run are left out."""
    database = warehouse / "news.duckdb"
    rows: dict[str, list[str]] = {}
    for (table,) in query(database, "select table_name from duckdb_tables() where schema_name = 'marts'")[1]:
        if table != "runs":
            columns, found = query(database, f"select * from marts.{table}")
            kept = [i for i, name in enumerate(columns) if name not in _RUN_COLUMNS]
            rows[table] = sorted(repr([row[i] for i in kept]) for row in found)
    return rows


def value(warehouse: Path, sql: str) -> Any:
    """The first value of a query."""
    return query(warehouse / "news.duckdb", sql)[1][0][0]
