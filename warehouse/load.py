"""Parquet, seeds and groups into the schemas `raw` and `seeds` of a new database.

`raw` holds everything that was ever read, as it was read; what counts of it is said in `sql/staging`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy.typing as npt
import pyarrow as pa

from warehouse.columns import Days, Keys, Lists, as_arrow, keys_of, lists_of
from warehouse.models import build_models
from warehouse.parquet import ANNOTATED, GROUPED, PARSED, RUNS, RunRow, batch_ids, load_seed, table_paths
from warehouse.side_by_side import side_by_side

GROUPS: Final = frozenset(
    ("raw.text_groups", "raw.story_groups", "raw.story_merges", "raw.runs", "raw.build")
)
"""What waits for the groups: the tables of `load_groups` and `load_build`."""
TEXT_GROUPS: Final = pa.schema([("text_hash", pa.string()), ("text_group_id", pa.string())])
STORY_GROUPS: Final = pa.schema(
    [("text_group_id", pa.string()), ("story_id", pa.string()), ("headline", pa.string())]
)


@dataclass(frozen=True, slots=True)
class GroupingInput:
    """The distinct texts of the current articles, in the order of their hashes, and what is known of them.

    Each has a title, the earliest date of an article with that text (NaT if none is known) and, as the
    annotator wrote them, `shingles`, `facts` and `story_terms`. `known` is what the last grouping left, by
    table of `warehouse.parquet.GROUPED`, and `gone_hashes`, in order, and `gone_shingles` are of the texts in
    it that are no longer current.
    """

    text_hashes: Keys
    titles: Sequence[str]
    days: Days
    shingles: Lists
    facts: Lists
    story_terms: Lists
    known: Mapping[str, Mapping[str, npt.NDArray[Any]]]
    gone_hashes: Keys
    gone_shingles: Lists


@dataclass(frozen=True, slots=True)
class Groups:
    """What belongs together, as columns of equal length.

    `text_groups`: `text_hash`, `text_group_id`. `story_groups`: `text_group_id`, `story_id` and, where
    one is known, `headline`. A text in no group is a group, and a story, of its own. `story_merges`:
    `old_story_id`, `new_story_id`, `merged_on`. `state` is what the next grouping wants to know, the
    tables of `warehouse.parquet.GROUPED`.
    """

    text_groups: Mapping[str, Sequence[str] | Keys]
    story_groups: Mapping[str, Sequence[str | None] | Keys]
    story_merges: Mapping[str, Sequence[Any]]
    state: Mapping[str, Mapping[str, Any]]


def load_parquet(con: duckdb.DuckDBPyConnection, root: Path, annotator_version: str) -> None:
    """Fill the tables of `raw`; annotations are those of this version, each text's once.

    What an earlier load left there stays, as long as all of its batches are still there and come first.
    """
    con.execute("create schema if not exists raw")
    con.execute("create table if not exists raw.batches (batch_kind varchar, batch_id varchar)")
    annotated = f"annotated/{annotator_version}"
    given: dict[str, tuple[pa.Schema, list[str]]] = {}
    has_repeated = False
    for kind, tables in (("parsed", PARSED), (annotated, ANNOTATED)):
        new = _new_batches(con, kind, tables, batch_ids(root, kind))
        if kind == annotated:
            has_repeated = _find_repeated(con, table_paths(root, kind, "texts", new))
        given |= {name: (schema, table_paths(root, kind, name, new)) for name, schema in tables.items()}
        con.execute("insert into raw.batches select ?, unnest(?::varchar[])", [kind, new])
    if has_repeated:  # rare; what is temporary is one connection's
        for name in given:
            rest = "anti join repeated using (text_hash, batch_id)" if name in ANNOTATED else ""
            _insert(con, f"raw.{name}", *given[name], rest)
    else:
        side_by_side(
            con, dict.fromkeys(given, ()), lambda cursor, name: _insert(cursor, f"raw.{name}", *given[name])
        )
    con.execute("delete from raw.batches where batch_kind not in ('parsed', ?)", [annotated])
    _create(con, "raw.runs", RUNS.empty_table())
    _insert(con, "raw.runs", RUNS, sorted(map(str, (root / "parquet" / "runs").glob("*.parquet"))))


def _find_repeated(con: duckdb.DuckDBPyConnection, paths: list[str]) -> bool:
    """Create `repeated`: texts of new batches that an earlier one annotated too (it was thought dead).

    Whether there are any.
    """
    con.execute("create or replace temp table repeated (text_hash varchar, batch_id varchar)")
    if paths:
        con.execute(
            """
            insert into repeated
            with given as (select text_hash, batch_id from read_parquet(?)),
            first_given as (
                select text_hash, min(batch_id) as batch_id
                from (select text_hash, batch_id from raw.texts union all from given)
                group by text_hash
            )
            from given anti join first_given using (text_hash, batch_id)
            """,
            [paths],
        )
    return bool(con.execute("from repeated limit 1").fetchall())


def _new_batches(
    con: duckdb.DuckDBPyConnection, kind: str, tables: Mapping[str, pa.Schema], committed: list[str]
) -> list[str]:
    """The batches to load; all of them, into empty tables, where those before are not what is there."""
    rows = con.execute("select batch_id from raw.batches where batch_kind = ?", [kind]).fetchall()
    loaded = sorted(batch_id for (batch_id,) in rows)
    if loaded and loaded == committed[: len(loaded)]:
        return committed[len(loaded) :]
    con.execute("delete from raw.batches where batch_kind = ?", [kind])
    for table, schema in tables.items():
        con.execute(f"drop table if exists raw.{table}")
        _create(con, f"raw.{table}", schema.empty_table())
    return committed


def load_seeds(con: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """Create the tables of `seeds`, one per CSV file, every column text."""
    for path in sorted(seeds.glob("*.csv")):
        load_seed(con, path)


def grouping_input(
    con: duckdb.DuckDBPyConnection, sql: Path, known: Mapping[str, Mapping[str, npt.NDArray[Any]]]
) -> GroupingInput:
    """What grouping sees; builds `staging.article_texts` on the way. `known` is of `read_groups`."""
    build_models(con, sql, until="staging.article_texts")
    texts = con.sql("""
        with dated as (
            select
                article_texts.text_hash,
                coalesce(any_value(articles.title), '') as title,
                min(article_texts.published_on) as published_on,
            from staging.article_texts
            inner join raw.articles using (batch_id, file_key, record_number)
            group by article_texts.text_hash
        )

        select text_hash, title, published_on, shingles, facts, story_terms
        from dated
        inner join raw.texts using (text_hash)
        order by text_hash
    """).to_arrow_table()
    con.register("known", pa.table({"text_hash": as_arrow(known["prints"]["text_hash"], pa.string())}))
    gone = con.sql("""
        select text_hash, shingles
        from raw.texts
        semi join known using (text_hash)
        anti join staging.article_texts using (text_hash)
        order by text_hash
    """).to_arrow_table()
    con.unregister("known")
    return GroupingInput(
        text_hashes=keys_of(texts["text_hash"]),
        titles=texts["title"].to_pylist(),
        days=texts["published_on"].to_numpy(),
        shingles=lists_of(texts["shingles"]),
        facts=lists_of(texts["facts"]),
        story_terms=lists_of(texts["story_terms"]),
        known=known,
        gone_hashes=keys_of(gone["text_hash"]),
        gone_shingles=lists_of(gone["shingles"]),
    )


def load_groups(con: duckdb.DuckDBPyConnection, groups: Groups) -> None:
    """Create `raw.text_groups`, `raw.story_groups` and `raw.story_merges`."""
    stories = dict(groups.story_groups)
    stories.setdefault("headline", [None] * len(stories.get("text_group_id", ())))
    for name, schema, columns in (
        ("raw.text_groups", TEXT_GROUPS, dict(groups.text_groups)),
        ("raw.story_groups", STORY_GROUPS, stories),
        ("raw.story_merges", GROUPED["story_merges"], dict(groups.story_merges)),
    ):
        arrays = [as_arrow(columns.get(field.name, ()), field.type) for field in schema]
        _create(con, name, pa.table(arrays, schema=schema))


def load_build(
    con: duckdb.DuckDBPyConnection, run: RunRow, fingerprint: str, code_digest: str, built_at: datetime
) -> None:
    """Put the run that builds into `raw.runs`, and what it builds from into `raw.build`."""
    con.execute("delete from raw.runs where run_id = ?", [run.run_id])
    con.execute(f"insert into raw.runs values ({', '.join('?' * len(run))})", list(run))  # noqa: S608
    con.execute(
        "create table raw.build as select "
        "? as fingerprint, ? as code_digest, ? as run_id, ? as annotator_version, ?::timestamptz as built_at",
        [fingerprint, code_digest, run.run_id, run.annotator_version, built_at],
    )


def _create(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register("given", table)
    con.execute(f"create table {name} as select * from given")  # noqa: S608
    con.unregister("given")


def _insert(
    con: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, paths: Sequence[str], rest: str = ""
) -> None:
    """Insert the rows of the files; a column that is younger than a file is null there."""
    if paths:
        con.execute(
            f"insert into {name} by name select * from read_parquet(?, union_by_name = true) {rest}",  # noqa: S608
            [list(paths)],
        )
