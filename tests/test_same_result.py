"""The same articles give the same ids and the same tables, however the work was cut up."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import flows.pipeline
import flows.plan
from flows.pipeline import Request, here, plan_run, run_pipeline
from flows.workers import Workers
from tests.marts import all_rows

SAMPLES = Path(__file__).parents[1] / "seeds" / "articles"
FOLDERS = ("wire", "han-river-daily", "northgate-digest")


def test_order_batches_and_processes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = tuple(str(SAMPLES / folder) for folder in FOLDERS)
    request = Request(inputs, tmp_path / "one")
    run_pipeline(request, plan_run(request), here)

    monkeypatch.setattr(flows.plan, "BATCH_DOCUMENTS", 5)
    monkeypatch.setattr(flows.pipeline, "TEXTS_PER_BATCH", 3)
    workers = Workers(2)  # each with a hash seed of its own

    def in_two_processes(name: str, function: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
        with ThreadPoolExecutor(2) as threads:
            for results in threads.map(lambda batch: workers.run(function, batch), batches):
                yield from results

    other = Request(inputs[::-1], tmp_path / "other")
    plan = plan_run(other)
    plan = replace(plan, new_files=plan.new_files[::-1])
    try:
        run_pipeline(other, plan, in_two_processes)
    finally:
        workers.close()
    one, two = all_rows(tmp_path / "one"), all_rows(tmp_path / "other")
    assert {table: rows for table, rows in one.items() if rows != two[table]} == {}
    assert len(one["entities"]) > 100
