"""The truth on disk: which Parquet tables there are, and writing them so that a crash loses nothing.

A batch is one folder that appears by rename: all of its tables are there, or none is.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.columns import arrays_of, as_arrow

if TYPE_CHECKING:
    import duckdb

SQL: Final = Path(__file__).resolve().parents[1] / "sql"
SEEDS: Final = SQL.parent / "seeds"

STAGING_MEMORY_LIMIT: Final = "1000MB"
"""What DuckDB may take to say what is current, over Parquet; it spills beyond."""

CURRENT: Final = (
    *("file_slices", "article_versions", "withdrawals", "current_articles"),
    *("chrome_scopes", "page_chrome", "article_texts"),
)
"""The models of `sql/staging` behind the texts that count, each behind those it reads."""

_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(pa.string())
_TIME: Final = pa.timestamp("us", tz="UTC")
_BATCH: Final = [("batch_id", _TEXT), ("run_id", _TEXT)]  # filled in by write_batch

PARSED: Final[Mapping[str, pa.Schema]] = {
    "articles": pa.schema(
        [
            *_BATCH,
            ("article_id", _TEXT),
            ("file_path", _TEXT),
            ("file_key", _TEXT),
            ("record_number", pa.int32()),
            ("format_code", _TEXT),
            ("title", _TEXT),
            ("text", _TEXT),
            ("text_hash", _TEXT),
            ("published_on", pa.date32()),
            ("published_basis", _TEXT),
            ("language_code", _TEXT),
            ("authors", _TEXTS),
            ("url", _TEXT),
            ("outlet_name", _TEXT),
            ("outlet_domain", _TEXT),
            ("agency_id", _TEXT),
            ("agency_name", _TEXT),
            ("dateline_place", _TEXT),
            ("word_count", pa.int32()),
            ("headline_flags", _TEXTS),
            ("is_correction", pa.bool_()),
            ("is_summary", pa.bool_()),
            ("item_id", _TEXT),
            ("item_key", _TEXT),
            ("version_number", pa.int64()),
            ("updated_at", _TIME),
            ("crawled_at", _TIME),
            ("slugline", _TEXT),
            ("urgency", pa.int32()),
            ("feed_topic_ids", _TEXTS),
        ]
    ),
    "rejections": pa.schema(
        [
            *_BATCH,
            ("file_path", _TEXT),
            ("file_key", _TEXT),
            ("record_number", pa.int32()),
            ("reason_code", _TEXT),
            ("detail", _TEXT),
            ("rejected_at", _TIME),
            ("url", _TEXT),
            ("item_id", _TEXT),
            ("item_key", _TEXT),
            ("version_number", pa.int64()),
            ("updated_at", _TIME),
        ]
    ),
    "files": pa.schema(
        [
            *_BATCH,
            ("file_path", _TEXT),
            ("file_key", _TEXT),
            ("file_hash", _TEXT),
            ("file_size", pa.int64()),
            ("modified_ns", pa.int64()),
            ("parser_version", _TEXT),
            ("first_record", pa.int32()),
            ("last_record", pa.int32()),
            ("is_last", pa.bool_()),
            ("article_count", pa.int32()),
            ("rejection_count", pa.int32()),
        ]
    ),
    "edge_lines": pa.schema(
        [
            *_BATCH,
            ("file_key", _TEXT),
            ("record_number", pa.int32()),
            ("place", pa.int32()),
            ("line_hash", pa.uint64()),
            ("needed_share", pa.float64()),
            ("telling_word", _TEXT),
        ]
    ),
}
"""Kind `parsed`: one batch of documents, read and parsed; a row of `files` is a slice of one file.

A row of `edge_lines` is a line at an end of an article's text, see `flows.parsing.edge_lines`.
"""

ANNOTATED: Final[Mapping[str, pa.Schema]] = {
    "texts": pa.schema(
        [
            *_BATCH,
            ("text_hash", _TEXT),
            ("language_code", _TEXT),
            ("is_annotated", pa.bool_()),
            ("token_count", pa.int32()),
            ("shingles", pa.list_(pa.uint32())),
            ("story_terms", pa.list_(pa.uint32())),
            ("facts", pa.list_(pa.uint32())),
        ]
    ),
    "mentions": pa.schema(
        [
            *_BATCH,
            ("text_hash", _TEXT),
            ("field", _TEXT),
            ("start_char", pa.int32()),
            ("end_char", pa.int32()),
            ("mention_text", _TEXT),
            ("entity_name", _TEXT),
            ("entity_type", _TEXT),
            ("decided_by", _TEXT),
            ("role", _TEXT),
            ("is_metonym", pa.bool_()),
        ]
    ),
    "topics": pa.schema(
        [
            *_BATCH,
            ("text_hash", _TEXT),
            ("topic_id", _TEXT),
            ("topic_score", pa.float64()),
            ("is_primary", pa.bool_()),
        ]
    ),
    "key_phrases": pa.schema(
        [*_BATCH, ("text_hash", _TEXT), ("phrase", _TEXT), ("phrase_score", pa.float64())]
    ),
    "citations": pa.schema(
        [
            *_BATCH,
            ("text_hash", _TEXT),
            ("source_text", _TEXT),
            ("source_start_char", pa.int32()),
            ("source_end_char", pa.int32()),
            ("cue_text", _TEXT),
            ("cue_start_char", pa.int32()),
            ("cue_end_char", pa.int32()),
            ("content_text", _TEXT),
            ("content_start_char", pa.int32()),
            ("content_end_char", pa.int32()),
            ("quote_type", _TEXT),
            ("source_type", _TEXT),
            ("entity_name", _TEXT),
            ("entity_type", _TEXT),
            ("role", _TEXT),
            ("is_anonymous", pa.bool_()),
            ("is_official", pa.bool_()),
            ("is_resolved_pronoun", pa.bool_()),
        ]
    ),
}
"""Kind `annotated/<annotator_version>`: what the annotator says of distinct texts, keyed by hash."""

_PAIR: Final = [("first", pa.int32()), ("second", pa.int32())]  # rows of the table they are pairs of

GROUPED: Final[Mapping[str, pa.Schema]] = {
    "prints": pa.schema(
        [
            *(("print", pa.uint64()), ("text_hash", _TEXT)),
            *(("telling_count", pa.int32()), ("sampled_count", pa.int32())),
        ]
    ),
    "print_pairs": pa.schema(
        [
            *_PAIR,
            *(("met_count", pa.int32()), ("common_count", pa.int32()), ("shared_count", pa.int32())),
            ("is_apart", pa.bool_()),
        ]
    ),
    "boilerplate": pa.schema([("shingle", pa.uint32())]),
    "story_texts": pa.schema(
        [
            *(("text_hash", _TEXT), ("day", pa.int32()), ("term_length", pa.float64())),
            *(("joined", pa.int32()), ("is_echo", pa.bool_())),
        ]
    ),
    "story_pairs": pa.schema([*_PAIR, ("nearness", pa.int32())]),
    "story_merges": pa.schema([("old_story_id", _TEXT), ("new_story_id", _TEXT), ("merged_on", pa.date32())]),
}
"""Kind `grouped/<annotator_version>`: what grouping found out, so that the next run need not; the newest
batch holds everything. The one kind that follows from the others: without it a run only takes longer."""

RUNS: Final = pa.schema(
    [
        ("run_id", _TEXT),
        ("started_at", _TIME),
        ("ended_at", _TIME),
        ("run_state", _TEXT),
        ("files_seen_count", pa.int64()),
        ("files_new_count", pa.int64()),
        ("article_count", pa.int64()),
        ("rejection_count", pa.int64()),
        ("annotator_version", _TEXT),
        ("parser_version", _TEXT),
        ("detail", _TEXT),
    ]
)
"""Kind `runs`: one file of one row per run, `parquet/runs/<run_id>.parquet`."""

# Columns whose values seldom repeat within a batch: a dictionary only costs time there.
_NO_DICTIONARY: Final = frozenset(
    ("article_id", "title", "text", "text_hash", "url", "phrase", "content_text")
)


class RunRow(NamedTuple):
    """One run of the flow. `run_state` is `started`, `published`, `failed` or `interrupted`.

    `run_id` is a UTC stamp that sorts, such as `20261123T115000Z-ab12`; counts are of this run.
    """

    run_id: str
    started_at: datetime
    ended_at: datetime | None
    run_state: str
    files_seen_count: int
    files_new_count: int
    article_count: int
    rejection_count: int
    annotator_version: str
    parser_version: str
    detail: str | None = None


class KnownFile(NamedTuple):
    """The latest content of a file that Parquet holds, and how far it was read.

    `ranges` are the committed (first_record, last_record), in order; `is_complete` says that they run
    from 1 to the file's last record without a hole.
    """

    file_hash: str
    parser_version: str
    file_size: int
    modified_ns: int
    is_complete: bool
    ranges: tuple[tuple[int, int], ...]


class Cut(NamedTuple):
    """Page chrome of a text: how many paragraphs at its top and bottom, and the hash of what is left."""

    top_count: int
    bottom_count: int
    text_hash: str


def batch_id_of(run_id: str, number: int) -> str:
    """Batch ids sort by run, then by number: `20261123T115000Z-ab12-000001`."""
    return f"{run_id}-{number:06d}"


def schemas(kind: str) -> Mapping[str, pa.Schema]:
    """The tables of a kind: `parsed`, `annotated/<version>`, `grouped/<version>`; KeyError for others."""
    return {"parsed": PARSED, "annotated": ANNOTATED, "grouped": GROUPED}[kind.partition("/")[0]]


def columns_of(kind: str, table: str, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows, in the order of the table's columns after `batch_id` and `run_id`, as one list per column."""
    names = [name for name in schemas(kind)[table].names if name not in ("batch_id", "run_id")]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


def write_batch(
    root: Path, kind: str, batch_id: str, tables: Mapping[str, Mapping[str, Sequence[Any]]]
) -> None:
    """Commit a batch: every table, or nothing, into `root/parquet/<kind>/<batch_id>/`.

    A table is a mapping of equally long columns; `batch_id` and `run_id` are filled in when left out,
    and a table without rows writes no file. Does nothing when the batch is already there. Raises
    ValueError for columns that the schema does not have, or has and were not given.
    """
    folder = root / "parquet" / kind
    target, building = folder / batch_id, folder / f".tmp-{batch_id}"
    if target.exists():
        return
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for name, columns in tables.items():
        if any(map(len, columns.values())):
            # what is written anew with every run is written and read in half the time as it is
            compression = "none" if kind.startswith("grouped/") else "zstd"
            _write_table(building / f"{name}.parquet", _arrow(kind, name, batch_id, columns), compression)
    fsync(building)
    try:
        building.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(building)  # the same batch was committed meanwhile
    fsync(folder)


def write_run(root: Path, run: RunRow) -> None:
    """Write or replace the row of one run, by rename."""
    folder = root / "parquet" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    building = folder / f".tmp-{run.run_id}.parquet"
    _write_table(building, pa.Table.from_pylist([run._asdict()], schema=RUNS))
    building.rename(folder / f"{run.run_id}.parquet")
    fsync(folder)


def read_runs(root: Path) -> list[RunRow]:
    """Every run on record, oldest first."""
    paths = sorted((root / "parquet" / "runs").glob("*.parquet"))
    return [RunRow(**row) for path in paths for row in pq.read_table(path, schema=RUNS).to_pylist()]


def close_stale_runs(root: Path, now: datetime) -> list[str]:
    """Mark runs that still say `started` as `interrupted`, or `published` if their warehouse was; their ids.

    Call it while holding the warehouse's lock: whoever started them is dead.
    """
    published = root / "versions"
    stale = [run for run in read_runs(root) if run.run_state == "started"]
    for run in stale:
        state = "published" if (published / f"news-{run.run_id}.duckdb").exists() else "interrupted"
        write_run(root, run._replace(run_state=state, ended_at=now))
    return [run.run_id for run in stale]


def sweep(root: Path) -> None:
    """Remove what a killed run left half-written: batches, runs and warehouses being built."""
    for pattern in ("parquet/**/.tmp-*", "versions/.building-*", "versions/.tmp*", ".news.duckdb-*"):
        for path in list(root.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def downloads_folder(root: Path) -> Path:
    """Where remote files lie while they are read; swept when the run is killed."""
    return root / "parquet" / ".tmp-downloads"


def batch_ids(root: Path, kind: str) -> list[str]:
    """The committed batches of a kind, in order."""
    folder = root / "parquet" / kind
    return sorted(name.name for name in folder.iterdir() if name.name[0] != ".") if folder.is_dir() else []


def write_groups(
    root: Path, annotator_version: str, run_id: str, tables: Mapping[str, Mapping[str, Any]]
) -> None:
    """Commit what grouping found out in place of what it had found out before."""
    kind, batch_id = f"grouped/{annotator_version}", batch_id_of(run_id, 1)
    write_batch(root, kind, batch_id, tables)
    for version in list((root / "parquet" / "grouped").iterdir()):
        for batch in list(version.iterdir()):
            if (version.name, batch.name) != (annotator_version, batch_id):
                shutil.rmtree(batch)


def read_groups(root: Path, annotator_version: str) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """What the last grouping found out: the columns of each table of `GROUPED`, empty when there was none."""
    kind = f"grouped/{annotator_version}"
    newest = root / "parquet" / "grouped" / annotator_version / (batch_ids(root, kind) or [""])[-1]
    paths = {name: newest / f"{name}.parquet" for name in GROUPED}
    return {
        name: arrays_of(
            pq.read_table(paths[name], schema=schema, partitioning=None)
            if paths[name].exists()
            else schema.empty_table()
        )
        for name, schema in GROUPED.items()
    }


def table_paths(root: Path, kind: str, table: str, batches: Iterable[str] | None = None) -> list[str]:
    """The files of one table, in the order of their batches, which are all when none are given."""
    folder = root / "parquet" / kind
    wanted = batch_ids(root, kind) if batches is None else batches
    paths = (folder / batch_id / f"{table}.parquet" for batch_id in wanted)
    return [str(path) for path in paths if path.exists()]


def known_files(root: Path) -> dict[str, KnownFile]:
    """What Parquet already holds of every file, by `file_key`."""
    import duckdb  # those that only write Parquet need none

    with duckdb.connect() as con:
        _staging(con, root, ("files",), ("file_slices",))
        rows = con.execute("""
            select
                file_key,
                any_value(file_hash),
                any_value(parser_version),
                arg_max(file_size, (batch_id, last_record)),
                arg_max(modified_ns, (batch_id, last_record)),
                any_value(is_complete),
                list(first_record order by first_record),
                list(last_record order by first_record),
            from staging.file_slices
            where generation = last_generation
            group by file_key
        """).fetchall()
    return {
        key: KnownFile(file_hash, parser, size, modified, complete, tuple(zip(first, last, strict=True)))
        for key, file_hash, parser, size, modified, complete, first, last in rows
    }


def pending_texts(root: Path, annotator_version: str) -> list[tuple[Path, list[int], dict[int, Cut]]]:
    """The texts of current articles that this annotator version has not seen, each exactly once.

    Returns (articles file, row numbers in it, ascending, what is cut from some of them) in the order of
    the files: a text stands at the first place where it occurs, so that one task reads one file.
    """
    import duckdb

    with duckdb.connect() as con:
        load_seed(con, SEEDS / "page_chrome_decisions.csv")
        _staging(con, root, PARSED, CURRENT)
        _view(con, "seen", ANNOTATED["texts"], table_paths(root, f"annotated/{annotator_version}", "texts"))
        rows = con.execute("""
            with wanted as (
                select
                    article_texts.text_hash,
                    min(
                        struct_pack(
                            path := filename,
                            number := file_row_number,
                            top_count := top_cut_count,
                            bottom_count := bottom_cut_count
                        )
                    ) as place,
                from raw.articles
                inner join staging.article_texts using (batch_id, file_key, record_number)
                anti join raw.seen on article_texts.text_hash = seen.text_hash
                group by article_texts.text_hash
            )

            select
                place.path as path,
                list(place.number order by place.number),
                list((place.number, place.top_count, place.bottom_count, text_hash) order by place.number)
                    filter (where place.top_count + place.bottom_count > 0),
            from wanted
            group by path
            order by path
        """).fetchall()
    return [
        (Path(path), numbers, {number: Cut(*cut) for number, *cut in cuts or ()})
        for path, numbers, cuts in rows
    ]


def read_texts(
    path: Path, rows: Sequence[int], cuts: Mapping[int, Cut]
) -> list[tuple[str, str, str, str | None]]:
    """(text_hash, title, text, language_code) of these rows of an articles file, in their order."""
    columns = ["text_hash", "title", "text", "language_code"]
    table = pq.read_table(path, columns=columns, partitioning=None).take(rows)
    text_hashes, titles, texts, languages = (table[name].to_pylist() for name in columns)
    titles = [title or "" for title in titles]
    for i, row in enumerate(rows):
        if cut := cuts.get(row):
            paragraphs = texts[i].split("\n\n")
            texts[i] = "\n\n".join(paragraphs[cut.top_count : len(paragraphs) - cut.bottom_count])
            text_hashes[i] = cut.text_hash
    return list(zip(text_hashes, titles, texts, languages, strict=True))


def _staging(
    con: duckdb.DuckDBPyConnection, root: Path, tables: Iterable[str], models: Iterable[str]
) -> None:
    """The models that say what is current, over Parquet: one rule, one home."""
    con.execute(f"set threads = 2; set memory_limit = '{STAGING_MEMORY_LIMIT}'")
    con.execute("create schema raw; create schema staging")
    for table in tables:
        _view(con, table, PARSED[table], table_paths(root, "parsed", table))
    for model in models:
        select = (SQL / "staging" / f"{model}.sql").read_text("utf-8")
        con.execute(f"create table staging.{model} as {select}")


def load_seed(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Create `seeds.<name of the file>`, every column text."""
    con.execute("create schema if not exists seeds")
    con.execute(
        f"create table seeds.{path.stem} as select * from "  # noqa: S608
        "read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')",
        [str(path)],
    )


def _view(con: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, paths: Sequence[str]) -> None:
    """`raw.<name>` over Parquet files; a column that is younger than a file is null there."""
    con.register("empty", schema.empty_table())
    places = "null::varchar as filename, null::bigint as file_row_number"
    con.execute(f"create table raw.{name}_columns as select *, {places} from empty")  # noqa: S608
    con.unregister("empty")
    select = f"select * from raw.{name}_columns"  # noqa: S608
    if paths:
        files = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        options = "filename = true, file_row_number = true, union_by_name = true"
        select += f" union all by name select * from read_parquet([{files}], {options})"  # noqa: S608
    con.execute(f"create view raw.{name} as {select}")


def _arrow(kind: str, name: str, batch_id: str, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    schema = schemas(kind)[name]
    length = len(next(iter(columns.values()), ()))
    batch = {"batch_id": batch_id, "run_id": batch_id.rpartition("-")[0]}
    filled = {name: [value] * length for name, value in batch.items() if name in schema.names} | dict(columns)
    if filled.keys() != set(schema.names):
        raise ValueError(f"{kind}/{name}: columns differ: {sorted(filled.keys() ^ set(schema.names))}")
    return pa.table([_array(filled[field.name], field.type) for field in schema], schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    try:
        return as_arrow(values, kind)
    except UnicodeEncodeError:  # half of a surrogate pair; "?" keeps every offset
        plain = json.loads(json.dumps(list(values), ensure_ascii=False).encode("utf-8", "replace"))
        return pa.array(plain, type=kind)


def _write_table(path: Path, table: pa.Table, compression: str = "zstd") -> None:
    dictionary = [
        field.name for field in table.schema if field.type == _TEXT and field.name not in _NO_DICTIONARY
    ]
    with path.open("wb") as handle:
        pq.write_table(table, handle, compression=compression, use_dictionary=dictionary)
        handle.flush()
        os.fsync(handle.fileno())


def fsync(folder: Path) -> None:
    """Make renames in a folder (or the bytes of a file) survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
