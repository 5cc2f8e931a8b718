"""Runs `sql/checks/*.sql`: each selects rows that must not exist."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from warehouse.side_by_side import side_by_side

SHOWN_ROWS = 5
_TABLE = re.compile(r"\b(?:raw|seeds|staging|marts)\.\w+")


class CheckFailed(Exception):  # noqa: N818
    """Rows that must not exist: `failures` has the check's name, how many, and some of them as text."""

    def __init__(self, failures: list[tuple[str, int, str]]) -> None:
        self.failures = failures
        parts = [f"{name}: {count} row(s) must not exist\n{rows}" for name, count, rows in failures]
        super().__init__("\n".join(parts))


class Checks:
    """The checks of a folder of SQL; `reads` has the tables that each names."""

    def __init__(self, sql: Path) -> None:
        paths = sorted((sql / "checks").glob("*.sql"))
        self._selects = {f"checks.{path.stem}": path.read_text("utf-8").strip() for path in paths}
        self.reads = {name: frozenset(_TABLE.findall(select)) for name, select in self._selects.items()}
        self._failures: list[tuple[str, int, str]] = []

    def run(self, con: duckdb.DuckDBPyConnection, name: str) -> None:
        """Run one check and keep what it found; raises duckdb.Error, with its file's name, if it cannot."""
        try:
            con.execute(f"from ({self._selects[name]}) select *, count(*) over () limit {SHOWN_ROWS}")
        except duckdb.Error as error:
            error.add_note(f"in sql/{name.replace('.', '/')}.sql")
            raise
        columns = [column[0] for column in con.description or ()][:-1]
        rows = con.fetchall()
        if rows:
            shown = "\n".join(
                "  " + ", ".join(f"{name}={value!r:.200}" for name, value in zip(columns, row, strict=False))
                for row in rows
            )
            self._failures.append((name.removeprefix("checks."), int(rows[0][-1]), shown))

    def report(self) -> None:
        """Raises CheckFailed, naming all checks that found rows."""
        if self._failures:
            raise CheckFailed(sorted(self._failures))


def run_checks(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    """Run every check; raises CheckFailed, naming all that found rows."""
    checks = Checks(sql)
    side_by_side(con, dict.fromkeys(checks.reads, ()), checks.run)
    checks.report()
