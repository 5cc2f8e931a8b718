"""The whole road for one run, without Prefect: plan, parse, annotate, build, check, publish.

`newsmill run` runs this in worker processes; with a Prefect server to tell, `flows.daily` makes every batch
a task; tests run it in their own process. What differs is only the `BatchRunner`.
"""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from flows.batches import (
    TEXTS_PER_BATCH,
    AnnotateBatch,
    BatchCounts,
    ParseBatch,
    annotate_batch,
    parse_batch,
)
from flows.plan import NewFile, document_batches, new_files
from flows.progress import stage
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputError, find_files
from flows.reading.limits import Limits
from flows.reading.remote import shown_address
from flows.versions import PROJECT, annotator_version, parser_version
from flows.workers import Waiting, Workers, default_worker_count, in_order, run_patiently
from warehouse import parquet
from warehouse.publish import build_fingerprint, published_fingerprint

BATCHES_LEFT = 8  # into so many batches at least goes what is left, while they hold 50 texts


class BatchRunner(Protocol):
    """Runs a function over batches, some at a time, and yields the results in order."""

    def __call__[B, R](self, name: str, function: Callable[[B], R], batches: Iterable[B]) -> Iterator[R]:
        """Results in the order of `batches`, which are drawn only as workers become free."""


Build = Callable[[Path, parquet.RunRow], Path]
"""Makes and publishes a warehouse of all Parquet; the published link."""


Submit = Callable[[Workers, str, Callable[[Any], Any], Any], Waiting]
"""Starts work on one batch, with a name to tell it by, in one of the workers; a list of results to come."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for."""

    inputs: tuple[str, ...]
    warehouse: Path
    field_map: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    entities: str = "md"


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do, decided before anything is written."""

    run_id: str
    started_at: datetime
    files_seen: int
    new_files: tuple[NewFile, ...]
    fields: FieldMap
    limits: Limits
    parser_version: str
    annotator_version: str
    is_stale: bool
    """Whether the published warehouse is missing or was built from other Parquet, SQL, seeds or code."""

    @property
    def has_work(self) -> bool:
        """Whether a run would change anything."""
        return bool(self.new_files) or self.is_stale


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    run_id: str
    files_seen: int
    files_new: int
    articles: int
    rejections: int
    texts_annotated: int
    published: Path


def here(name: str, function: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
    """The simplest BatchRunner: one batch after the other, in this process."""
    del name
    return map(function, batches)


def plan_run(request: Request) -> Plan:
    """Look at the inputs and at what the warehouse holds; nothing is written.

    Raises `flows.reading.inputs.InputError` for an input that does not exist, and for one without a
    file when there is nothing published yet either.
    """
    fields = FieldMap.parse(request.field_map)
    files = find_files(request.inputs, request.limits)
    if not files and not (request.warehouse / "news.duckdb").exists():
        shown = ", ".join(map(shown_address, request.inputs))
        raise InputError(f"no files in {shown}: name files, folders or globs of articles")
    parsing = parser_version("\n".join([*sorted(request.field_map), request.limits.changed]))
    if request.entities != "md":
        from flows.annotating.engines import check_engine

        check_engine(request.entities)
    annotating = annotator_version(request.entities)
    new = tuple(new_files(files, parquet.known_files(request.warehouse), parsing, request.limits))
    started_at = datetime.now(UTC)
    return Plan(
        run_id=f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}",
        started_at=started_at,
        files_seen=len(files),
        new_files=new,
        fields=fields,
        limits=request.limits,
        parser_version=parsing,
        annotator_version=annotating,
        is_stale=is_stale(request.warehouse, annotating),
    )


def is_stale(warehouse: Path, annotating: str) -> bool:
    """Whether the published warehouse is missing or does not follow from Parquet, SQL and seeds."""
    return published_fingerprint(warehouse) != build_fingerprint(warehouse, PROJECT, annotating)


def build_and_publish(root: Path, run: parquet.RunRow) -> Path:
    """Load, group, build, check and publish; the link that was published.

    Raises `warehouse.checks.CheckFailed` when a check selects rows.
    """
    from flows.grouping.collection import group
    from warehouse.build import build_warehouse

    return build_warehouse(root, PROJECT, run, group).link


def _load_build() -> None:
    """Import what `build_and_publish` needs: the better part of a second."""
    import flows.grouping.collection  # noqa: F401
    import warehouse.build  # noqa: F401


def run_in_workers(
    request: Request, plan: Plan, submit: Submit | None = None, build: Build = build_and_publish
) -> Outcome:
    """Carry out the plan in worker processes, one per core; see `run_pipeline`."""
    why = "" if plan.new_files else "; the tables are built anew from what is there"
    print(f"{len(plan.new_files):,} of {plan.files_seen:,} files are new or changed{why}", file=sys.stderr)
    count = default_worker_count()
    parsers = Workers(count)
    annotators = Workers(count, preloaded="flows.preloaded" if request.entities == "md" else None)
    if plan.new_files:
        annotators.warm_up()  # while files are parsed
        threading.Thread(target=_load_build, daemon=True).start()  # while workers work
    threads = ThreadPoolExecutor(count)

    def in_threads(workers: Workers, name: str, function: Callable[[Any], Any], batch: Any) -> Waiting:
        del name
        return threads.submit(run_patiently, workers, function, batch)

    def run_batches(name: str, function: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
        workers = annotators if function is annotate_batch else parsers

        def start(numbered: tuple[int, Any]) -> Waiting:
            number, batch = numbered
            return (submit or in_threads)(workers, f"{name} {number}", function, batch)

        for results in in_order(enumerate(batches, start=1), start, 2 * count):  # a slow one holds nobody up
            yield from results
        workers.close()  # their memory is the next stage's

    try:
        return run_pipeline(request, plan, run_batches, build)
    finally:
        parsers.close()
        annotators.close()
        threads.shutdown(cancel_futures=True)


def run_pipeline(
    request: Request, plan: Plan, run_batches: BatchRunner, build: Build = build_and_publish
) -> Outcome:
    """Carry out the plan. Call it while holding the warehouse's lock.

    Raises `warehouse.checks.CheckFailed` when the data broke a check (the row of the run then says
    `failed` and nothing is published); files never fail a run, they become rejections.
    """
    root = request.warehouse
    parquet.sweep(root)
    parquet.close_stale_runs(root, datetime.now(UTC))
    run = parquet.RunRow(
        run_id=plan.run_id,
        started_at=plan.started_at,
        ended_at=None,
        run_state="started",
        files_seen_count=plan.files_seen,
        files_new_count=len(plan.new_files),
        article_count=0,
        rejection_count=0,
        annotator_version=plan.annotator_version,
        parser_version=plan.parser_version,
    )
    parquet.write_run(root, run)
    try:
        parsed = parse_files(root, plan, run_batches)
        annotated = annotate_texts(root, plan, run_batches)
        run = run._replace(article_count=parsed.articles, rejection_count=parsed.rejections)
        published = build(root, run)
    except Exception as error:
        failed = run._replace(run_state="failed", ended_at=datetime.now(UTC), detail=str(error)[:2000])
        parquet.write_run(root, failed)
        raise
    return Outcome(
        run_id=plan.run_id,
        files_seen=plan.files_seen,
        files_new=len(plan.new_files),
        articles=parsed.articles,
        rejections=parsed.rejections,
        texts_annotated=annotated.texts,
        published=published,
    )


def parse_files(root: Path, plan: Plan, run_batches: BatchRunner) -> BatchCounts:
    """Read and parse the new files into Parquet; what it came to."""
    if not plan.new_files:
        return BatchCounts()
    batches = (
        ParseBatch(root, plan.run_id, plan.parser_version, documents, plan.limits)
        for documents in document_batches(
            plan.run_id, plan.new_files, plan.fields, plan.limits, parquet.downloads_folder(root)
        )
    )
    total = BatchCounts()
    with stage("parse", len(plan.new_files), "files") as progress:
        for counts in run_batches("parse", parse_batch, batches):
            total += counts
            progress.advance(counts.files)
    return total


def annotate_texts(root: Path, plan: Plan, run_batches: BatchRunner) -> BatchCounts:
    """Annotate every distinct text that this annotator has not seen; what it came to."""
    pending = parquet.pending_texts(root, plan.annotator_version)
    batches = (
        AnnotateBatch(root, parquet.batch_id_of(plan.run_id, number), plan.annotator_version, *texts)
        for number, texts in enumerate(_chunks(pending), start=1)
    )
    total = BatchCounts()
    if pending:
        with stage("annotate", sum(len(rows) for _, rows, _ in pending), "texts") as progress:
            for counts in run_batches("annotate", annotate_batch, batches):
                total += counts
                progress.advance(counts.texts)
    return total


def _chunks(
    pending: Collection[tuple[Path, Sequence[int], Mapping[int, parquet.Cut]]],
) -> Iterator[tuple[Path, tuple[int, ...], Mapping[int, parquet.Cut]]]:
    """Rows in batches, smaller ones towards the end, so that no worker has long to wait for another."""
    left = sum(len(rows) for _, rows, _ in pending)
    for path, rows, cuts in pending:
        start = 0
        while start < len(rows):
            size = min(TEXTS_PER_BATCH, max(left // BATCHES_LEFT, TEXTS_PER_BATCH // 4, 1))
            batch = tuple(rows[start : start + size])
            yield path, batch, cuts
            start += len(batch)
            left -= len(batch)
