"""Builds `sql/<schema>/<table>.sql` in the order in which they read each other.

A model file is one SELECT: its opening comment says what a row is, and a comment behind a column of the
final select says what the column is; both go into the database. A model whose opening comment says "Built
by day" takes the days on which nothing changed from the warehouse before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from graphlib import TopologicalSorter
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import duckdb
import sqlglot
from sqlglot import exp

from warehouse.checks import Checks
from warehouse.side_by_side import side_by_side

BY_DAY = "Built by day"
DIGESTS = "staging.day_digests"


class Model(NamedTuple):
    """One model: `name` is schema.table, `reads` what it selects from (models and raw tables).

    A model that is built by day reads nothing but what `staging.day_digests` reads, `staging.days` and
    `staging.entity_numbers`.
    """

    name: str
    select: str
    reads: frozenset[str]
    comment: str
    columns: Mapping[str, str]


class ModelError(Exception):
    """A model file that is not one SELECT, or models that read each other in a circle."""


def read_model(path: Path) -> Model:
    """The model in a file; raises ModelError when it is not one SELECT."""
    return _model(f"{path.parent.name}.{path.stem}", path.read_text("utf-8").strip())


@cache
def _model(name: str, select: str) -> Model:
    try:
        trees = sqlglot.parse(select, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ModelError(f"{name}: {error}") from error
    if len(trees) != 1 or not isinstance(tree := trees[0], exp.Query):
        raise ModelError(f"{name}: a model is one SELECT")
    reads = frozenset(f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db)
    opening = takewhile(lambda line: line.startswith("--"), select.splitlines())
    comment = " ".join(line.removeprefix("--").strip() for line in opening)
    if BY_DAY in comment:
        reads |= {DIGESTS}
    columns = {
        column.alias_or_name: " ".join(text.strip() for text in column.comments or ())
        for column in tree.selects
    }
    return Model(name, select, reads, comment, columns)


def read_models(sql: Path) -> list[Model]:
    """Every model of `sql/staging` and `sql/marts`, each behind those it reads."""
    paths = sorted(path for schema in ("staging", "marts") for path in (sql / schema).glob("*.sql"))
    models = {model.name: model for model in map(read_model, paths)}
    order = TopologicalSorter({name: sorted(model.reads & models.keys()) for name, model in models.items()})
    try:
        return [models[name] for name in order.static_order()]
    except ValueError as error:
        raise ModelError(f"models read each other in a circle: {error}") from error


def build_models(
    con: duckdb.DuckDBPyConnection,
    sql: Path,
    until: str | None = None,
    previous: Path | None = None,
    loads: Mapping[frozenset[str], Callable[[duckdb.DuckDBPyConnection], None]] = MappingProxyType({}),
    checks: Checks | None = None,
    at_once: int | None = None,
) -> list[str]:
    """Create the models that are not there yet, with their comments; the names of those created.

    With `until`, only that model and what it reads. With `previous`, a warehouse that was published, models
    that are built by day take their unchanged days from it; the rows are those of a full build, whatever
    it holds. `loads` is work that creates tables, by their names: it is done at the same time, and only
    models that read one of them wait for it. `checks` are run as soon as what they read is there; who gives
    them asks them what they found. `at_once` is as in `side_by_side`. Raises duckdb.Error, the file's name in
    its notes, when a model or a check does not run, and what a load raises.
    """
    models = read_models(sql)
    wanted = {model.name for model in models} if until is None else {until}
    for model in reversed(models):
        if model.name in wanted:
            wanted |= model.reads
    rows = con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    wanted -= {name for (name,) in rows}
    built = {model.name: model for model in models if model.name in wanted}
    if until is None:
        _record(con, models)
    con.execute("create schema if not exists staging; create schema if not exists marts")
    with _attached(con, previous) as is_attached:

        def build(cursor: duckdb.DuckDBPyConnection, name: str | frozenset[str]) -> None:
            if isinstance(name, frozenset):
                loads[name](cursor)
                return
            if checks and name in checks.reads:
                checks.run(cursor, name)
                return
            model = built[name]
            if not (is_attached and BY_DAY in model.comment and _take_days(cursor, model)):
                _create(cursor, model)

        graph: dict[str | frozenset[str], Collection[str | frozenset[str]]] = dict.fromkeys(loads, ())
        reads = {name: model.reads for name, model in built.items()} | (checks.reads if checks else {})
        for name, tables in reads.items():
            graph[name] = {*(tables & built.keys()), *(made for made in loads if made & tables)}
        side_by_side(con, graph, build, at_once, once=loads.keys())
    con.execute("begin")  # hundreds of comments, written once
    for model in built.values():
        for statement in _comments(model):
            con.execute(statement)
    con.execute("commit")
    return list(built)


def _create(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    try:
        con.execute(f"create table {model.name} as {model.select}")
    except duckdb.Error as error:
        error.add_note(f"in sql/{model.name.replace('.', '/')}.sql")
        raise


def _record(con: duckdb.DuckDBPyConnection, models: list[Model]) -> None:
    """What makes the models that a later warehouse may take days of: SQL, that of the digests, DuckDB."""
    con.execute("create schema if not exists raw")
    con.execute("create or replace table raw.models (model_name varchar, model_digest varchar)")
    digests = next((model.select for model in models if model.name == DIGESTS), "")
    for model in models:
        if BY_DAY in model.comment:
            made_by = f"{duckdb.__version__}\0{digests}\0{model.select}"
            digest = hashlib.sha256(made_by.encode()).hexdigest()
            con.execute("insert into raw.models values (?, ?)", [model.name, digest])


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, previous: Path | None) -> Iterator[bool]:
    """Whether `previous` is there, and attached by that name; one that cannot be read is none."""
    try:
        if previous is None or not previous.exists():
            raise FileNotFoundError
        con.execute(f"attach {quoted(str(previous.resolve()))} as previous (read_only)")
    except (duckdb.Error, FileNotFoundError):
        yield False
        return
    yield True
    con.execute("detach previous")


def _take_days(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Create a model from the unchanged days of `previous` and a build of the others, if that can be."""
    same = f"{DIGESTS} semi join previous.{DIGESTS} using (published_on, row_count, digest)"
    other = f"{DIGESTS} anti join previous.{DIGESTS} using (published_on, row_count, digest)"
    try:
        known = "from raw.models semi join previous.raw.models using (model_name, model_digest)"
        if not con.execute(f"{known} where model_name = ?", [model.name]).fetchone():
            return False
        days = [day for (day,) in con.execute(f"from {other} select published_on::varchar").fetchall()]
        con.execute(
            f"create table {model.name} as "
            f"from previous.{model.name} semi join (from {same}) as same using (published_on)"
        )
        if days:  # as a list, which DuckDB applies before it joins and groups
            listed = ", ".join(map(quoted, days))
            con.execute(f"insert into {model.name} from ({model.select}\n) where published_on in ({listed})")
    except duckdb.Error:  # its file is damaged, or another version's
        con.execute(f"drop table if exists {model.name}")
        return False
    return True


def _comments(model: Model) -> Iterator[str]:
    if model.comment:
        yield f"comment on table {model.name} is {quoted(model.comment)}"
    for column, comment in model.columns.items():
        if comment:
            yield f'comment on column {model.name}."{column}" is {quoted(comment)}'


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
