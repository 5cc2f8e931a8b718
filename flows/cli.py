"""The command `newsmill`: run, sql, status, schedule, aliases.

Exit 0: done. Exit 1: nothing new was published (or the query failed), and one line says why. Exit 2: the
call was wrong. Heavy imports wait until a command needs them.
"""

from __future__ import annotations

import inspect
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from flows.pipeline import Outcome, Plan, Request

app = typer.Typer(
    name="newsmill",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="From files of news articles to analytics tables in DuckDB: who, on what, on whose word.",
)

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders (with all below), quoted globs, or addresses: s3://, gs://, https://, http://.",
        show_default=False,
    ),
]
Warehouse = Annotated[
    Path, typer.Option(help="Folder that holds Parquet and news.duckdb; made if it is not there.")
]
FieldMapping = Annotated[
    list[str],
    typer.Option(
        "--map",
        metavar="FIELD=NAME",
        help="Where a field is in JSON or CSV if not found by itself, as in --map text=story.",
        show_default=False,
    ),
]
Entities = Annotated[
    str,
    typer.Option(
        metavar="md|sm|gliner",
        help="Entity engine; sm and gliner must be installed. Another engine annotates all texts anew.",
    ),
]
DEFAULT_WAREHOUSE = Path("warehouse/data")


class LimitFlag(NamedTuple):
    """A flag for one bound of `flows.reading.limits.Limits`: `default` times `unit` is its default there."""

    bound: str
    default: float
    unit: int
    help: str


LIMIT_FLAGS = {
    "max_record_mb": LimitFlag("max_record_bytes", 32, 2**20, "One record: a line, a row, a page, a text."),
    "max_page_mb": LimitFlag("max_page_bytes", 8, 10**6, "One HTML page that is parsed."),
    "max_text_chars": LimitFlag("max_text_chars", 2_000_000, 1, "One article's text, in characters."),
    "max_json_mb": LimitFlag("max_json_bytes", 512, 2**20, "A JSON object that can only be read whole."),
    "max_members": LimitFlag("max_members", 1_000_000, 1, "Files in one archive."),
    "max_rejections": LimitFlag("max_rejections", 100_000, 1, "Rejections in a row of one file."),
    "max_nested_mb": LimitFlag("max_nested_bytes", 64, 2**20, "A zip or Parquet file inside an archive."),
    "max_expansion": LimitFlag("max_expansion", 250, 1, "Unpacked bytes per packed byte."),
    "max_download_mb": LimitFlag("max_download_bytes", 4096, 2**20, "One remote file."),
    "max_download_seconds": LimitFlag("max_download_seconds", 3600, 1, "How long one may take to come."),
    "timeout_seconds": LimitFlag("timeout_seconds", 60, 1, "How long a server may say nothing."),
}


class _Grouped(TyperCommand):
    """Its help lists the limits apart from the other options."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        every = self.params
        self.params = [param for param in every if param.name not in LIMIT_FLAGS]
        super().format_options(ctx, formatter)
        self.params = every
        records = [param.get_help_record(ctx) for param in every if param.name in LIMIT_FLAGS]
        with formatter.section("Limits (what is larger becomes a row of marts.rejections, too_large)"):
            formatter.write_dl([record for record in records if record])


def _with_limits(command: Callable[..., None]) -> Callable[..., None]:
    """The command with a flag per limit, given to it together as `limits`: bounds by their names."""
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "limits"]
    flags = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=flag.default,
            annotation=Annotated[type(flag.default), typer.Option(min=1, metavar="N", help=flag.help)],
        )
        for name, flag in LIMIT_FLAGS.items()
    ]

    def with_flags(**given: Any) -> None:
        limits = {flag.bound: int(given.pop(name) * flag.unit) for name, flag in LIMIT_FLAGS.items()}
        command(**given, limits=limits)

    with_flags.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
    with_flags.__doc__ = command.__doc__
    with_flags.__name__ = command.__name__
    return with_flags


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and Prefect's log.")] = False,
) -> None:
    """Count who and where, on what topics and on whose word, across files of news articles."""
    os.environ["NEWSMILL_DEBUG"] = "1" if debug else ""


@app.command(cls=_Grouped)
@_with_limits
def run(
    inputs: Inputs,
    limits: dict[str, Any],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    field_map: FieldMapping = [],  # noqa: B006
    entities: Entities = "md",
) -> None:
    """Read what is new or changed, annotate it, rebuild the tables and publish news.duckdb.

    Reads text, HTML, JSON, JSON lines, CSV, Parquet, agency XML (NewsML, NITF), feeds, WARC and
    archives of them, compressed or not. A file that gives no article becomes a row of
    marts.rejections, with the reason; it never stops a run. The same input again changes nothing.

    Example: newsmill run seeds/articles 'inbox/**/*.html' s3://my-bucket/news --warehouse warehouse/data
    """
    from flows.lock import warehouse_lock
    from flows.pipeline import plan_run, run_in_workers
    from flows.summary import print_outcome, print_unchanged
    from warehouse.query import connect

    began = time.monotonic()
    _check_warehouse(warehouse)
    request = _request(inputs, warehouse, field_map, limits, entities)
    with warehouse_lock(warehouse):
        plan = plan_run(request)
        if not plan.has_work:
            print_unchanged(plan.files_seen, warehouse / "news.duckdb")
            return
        outcome = _run_as_flow(request, plan) if _has_server() else run_in_workers(request, plan)
    assert outcome is not None
    with connect(outcome.published):  # opened once for all the queries of the summary
        print_outcome(outcome, time.monotonic() - began)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="One SQL statement.", show_default=False)],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Run one SQL statement on the published tables, read-only, and print the rows.

    Example: newsmill sql "select entity_name, text_count from marts.entities order by 2 desc limit 5"
    """
    from flows.tables import print_table
    from warehouse.query import query

    print_table(*query(warehouse / "news.duckdb", statement))


@app.command()
def status(warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Show the last runs, how fresh the tables are, what they count and what is not known yet."""
    from flows.summary import print_status
    from warehouse.query import connect

    with connect(warehouse / "news.duckdb"):  # opened once for all its queries
        print_status(warehouse / "news.duckdb")


@app.command(cls=_Grouped)
@_with_limits
def schedule(
    inputs: Inputs,
    limits: dict[str, Any],
    cron: Annotated[str, typer.Option(help='When to run, as in "0 * * * *" for every hour.')],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    field_map: FieldMapping = [],  # noqa: B006
    entities: Entities = "md",
) -> None:
    """Run again and again: serve the flow as a Prefect deployment, until interrupted.

    With PREFECT_API_URL set, that server is used; else one is started here, on this machine only, and
    ends with this command. A run that is due while one works is refused.
    """
    _check_warehouse(warehouse)
    _prepare_prefect(warehouse)
    from flows.daily import serve_schedule

    serve_schedule(_request(inputs, warehouse, field_map, limits, entities), cron)


def _request(
    inputs: list[str], warehouse: Path, field_map: list[str], limits: dict[str, Any], entities: str
) -> Request:
    from flows.pipeline import Request
    from flows.reading.limits import Limits

    return Request(tuple(inputs), warehouse, tuple(field_map), Limits(**limits), entities)


aliases_app = typer.Typer(rich_markup_mode=None)
app.add_typer(aliases_app, name="aliases")

DecidedBy = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides; kept with the decision.")]
Note = Annotated[str, typer.Option(help="Why; kept with the decision.")]


@aliases_app.callback(invoke_without_command=True)
def aliases(
    context: typer.Context,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
) -> None:
    """Show entities that may be one and that nobody decided on, those that would move most first.

    Each comes with a sentence of both and with the counts that accepting it will give, copies and
    articles that name both counted once. `accept` and `reject` write the decision as a row of
    seeds/entity_aliases.csv, where you can review it, change it or take it back; a decision stands above
    every rule. The next `newsmill run` rebuilds the tables with it, without annotating anything again.

    Example: newsmill aliases accept person:chuck-schumer person:charles-schumer --by anna
    """
    if context.invoked_subcommand is None:
        from flows.aliases import print_candidates

        print_candidates(warehouse / "news.duckdb", limit)


@aliases_app.command()
def accept(
    alias: Annotated[str, typer.Argument(metavar="A", help="Id or name of the entity that goes.")],
    entity: Annotated[str, typer.Argument(metavar="B", help="Id or name of the entity that stays.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    by: DecidedBy = "",
    note: Note = "",
) -> None:
    """Decide that A is B: every mention of A counts for B from the next run on.

    Example: newsmill aliases accept person:chuck-schumer person:charles-schumer
    """
    _decide(warehouse, alias, entity, True, by, note)


@aliases_app.command()
def reject(
    alias: Annotated[str, typer.Argument(metavar="A", help="Id, name or spelling of one.")],
    entity: Annotated[str, typer.Argument(metavar="B", help="Id, name or spelling of the other.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    by: DecidedBy = "",
    note: Note = "",
) -> None:
    """Decide that A is not B: they stay two, or become two again if a rule had made them one.

    Example: newsmill aliases reject "Jack Reed" "Jack Reid" --note "two senators"
    """
    _decide(warehouse, alias, entity, False, by, note)


def _decide(warehouse: Path, alias: str, entity: str, is_same: bool, by: str, note: str) -> None:
    import getpass

    from flows.aliases import decide, part_spellings

    database = warehouse / "news.duckdb"
    decided_by = by or getpass.getuser()
    parted = None if is_same else part_spellings(database, alias, entity, decided_by, note)
    print(parted or decide(database, alias, entity, is_same, decided_by, note))
    print("next       newsmill run INPUT, as before; it rebuilds the tables with this decision")


def _check_warehouse(warehouse: Path) -> None:
    if warehouse.exists() and not warehouse.is_dir():
        raise typer.BadParameter(f"{warehouse} is not a folder", param_hint="--warehouse")


def _has_server() -> bool:
    return bool(os.environ.get("PREFECT_API_URL"))


def _run_as_flow(request: Request, plan: Plan) -> Outcome | None:
    """The run as a flow of the server that there is; one brought only for it would take longer."""
    _prepare_prefect(request.warehouse)
    from flows.daily import run_planned

    return run_planned(request, plan)


def _prepare_prefect(warehouse: Path) -> None:
    os.environ.setdefault("PREFECT_HOME", str(warehouse.absolute() / "prefect"))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO" if os.environ.get("NEWSMILL_DEBUG") else "CRITICAL")


def main() -> None:
    """Run the command; errors that people can act on are one line, tracebacks come with --debug."""
    try:
        app()
    except Exception as error:
        if os.environ.get("NEWSMILL_DEBUG"):
            raise
        print(f"newsmill: {_message(error)}", file=sys.stderr)
        raise SystemExit(2 if type(error).__name__ in ("InputError", "EngineMissingError") else 1) from None
    except KeyboardInterrupt:
        print("newsmill: interrupted; the next run finishes the rest", file=sys.stderr)
        raise SystemExit(130) from None


def _message(error: Exception) -> str:
    """What went wrong; what a file's name or an article brings in cannot command the terminal."""
    lines = "".join(c if c.isprintable() or c == "\n" else " " for c in str(error)).strip()
    lines = lines or type(error).__name__
    return (
        lines if type(error).__name__ in _PLAIN else f"{type(error).__name__}: {lines} (--debug tells more)"
    )


_PLAIN = {
    "InputError",
    "LockedError",
    "CheckFailed",
    "FileNotFoundError",
    "WorkerError",
    "EngineMissingError",
}
