"""Builds `sql/<schema>/<table>.sql` in the order in which they read each other, and runs the checks.

A model file is one SELECT: its opening comment says what a row is, and a comment behind a column of the
final select says what the column is; both go into the database. A model whose opening comment says "Built
by day" takes the days on which nothing changed from the warehouse before.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from functools import cache
from graphlib import TopologicalSorter
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import duckdb
import sqlglot
from sqlglot import exp

SHOWN_ROWS = 5
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


class CheckFailed(Exception):  # noqa: N818
    """Rows that must not exist: `failures` has the check's name, how many, and some of them as text."""

    def __init__(self, failures: list[tuple[str, int, str]]) -> None:
        self.failures = failures
        parts = [f"{name}: {count} row(s) must not exist\n{rows}" for name, count, rows in failures]
        super().__init__("\n".join(parts))


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
) -> list[str]:
    """Create the models that are not there yet, with their comments; the names of those created.

    With `until`, only that model and what it reads. With `previous`, a warehouse that was published, models
    that are built by day take their unchanged days from it; the rows are those of a full build, whatever
    it holds. `loads` is work that creates tables, by their names: it is done at the same time, and only
    models that read one of them wait for it. Raises duckdb.Error, the file's name in its notes, when a model
    does not run, and what a load raises.
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
            model = built[name]
            if not (is_attached and BY_DAY in model.comment and _take_days(cursor, model)):
                _create(cursor, model)

        graph: dict[str | frozenset[str], Collection[str | frozenset[str]]] = dict.fromkeys(loads, ())
        for name, model in built.items():
            graph[name] = {*(model.reads & built.keys()), *(made for made in loads if made & model.reads)}
        _side_by_side(con, graph, build)
    con.execute("begin")  # hundreds of comments, written once
    for model in built.values():
        for statement in _comments(model):
            con.execute(statement)
    con.execute("commit")
    return list(built)


def _side_by_side[Name](
    con: duckdb.DuckDBPyConnection,
    graph: Mapping[Name, Collection[Name]],
    work: Callable[[duckdb.DuckDBPyConnection, Name], None],
) -> None:
    """Work on each name of a graph once all that it points to is done, several at a time, each on a cursor.

    Most queries are too small for DuckDB to take two cores for one. What a work raises is raised when the
    others that run have ended.
    """
    ((threads, database),) = con.execute("select current_setting('threads'), current_database()").fetchall()
    order = TopologicalSorter(graph)
    order.prepare()
    ready: deque[Name] = deque()
    running: dict[Future[None], tuple[Name, duckdb.DuckDBPyConnection]] = {}
    with ExitStack() as opened:
        free = [opened.enter_context(con.cursor()) for _ in range(threads)]
        for cursor in free:
            cursor.execute(f'use "{database}"')
        pool = opened.enter_context(ThreadPoolExecutor(threads))
        while order.is_active():
            ready.extend(order.get_ready())
            while ready and free:
                name, cursor = ready.popleft(), free.pop()
                running[pool.submit(work, cursor, name)] = (name, cursor)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name, cursor = running.pop(future)
                future.result()
                free.append(cursor)
                order.done(name)


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


def run_checks(con: duckdb.DuckDBPyConnection, sql: Path) -> None:
    """Run every `sql/checks/*.sql`; raises CheckFailed, naming all that found rows."""
    paths = {path.stem: path for path in (sql / "checks").glob("*.sql")}
    failures = []

    def check(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        select = paths[name].read_text("utf-8").strip()
        try:
            cursor.execute(f"from ({select}) select *, count(*) over () limit {SHOWN_ROWS}")
        except duckdb.Error as error:
            error.add_note(f"in sql/checks/{name}.sql")
            raise
        names = [column[0] for column in cursor.description or ()][:-1]
        rows = cursor.fetchall()
        if rows:
            shown = "\n".join(
                "  " + ", ".join(f"{name}={value!r:.200}" for name, value in zip(names, row, strict=False))
                for row in rows
            )
            failures.append((name, int(rows[0][-1]), shown))

    _side_by_side(con, dict.fromkeys(sorted(paths), ()), check)
    if failures:
        raise CheckFailed(sorted(failures))


def _comments(model: Model) -> Iterator[str]:
    if model.comment:
        yield f"comment on table {model.name} is {quoted(model.comment)}"
    for column, comment in model.columns.items():
        if comment:
            yield f'comment on column {model.name}."{column}" is {quoted(comment)}'


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
