"""The flow: the pipeline's batches as Prefect tasks, with retries, history and schedules.

The only module that knows Prefect. It is thin on purpose: what is done stands in `flows.pipeline`, and
where is `Workers`. Needs no server: without one Prefect brings its own for the length of the run.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_HOME": str(Path(__file__).resolve().parents[1] / "warehouse" / "data" / "prefect"),
}
# Before Prefect is imported, which reads them once: offline, quiet, nothing in the home directory.
for _name, _value in SETTINGS.items():
    os.environ.setdefault(_name, _value)

from prefect import flow, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402
from prefect.utilities.annotations import quote  # noqa: E402

from flows.lock import warehouse_lock  # noqa: E402
from flows.pipeline import Outcome, Plan, Request, plan_run, run_pipeline  # noqa: E402
from flows.workers import Workers, default_worker_count  # noqa: E402

PARALLEL = default_worker_count()


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def work_on_batch(workers: Workers, function: Callable[[Any], Any], batch: Any) -> Any:
    """One batch of one stage, in a worker process. Doing it again gives the same files."""
    return workers.run(function, batch)


@flow(
    name="newsmill",
    task_runner=ThreadPoolTaskRunner(max_workers=PARALLEL),  # type: ignore[arg-type]
    persist_result=False,
    validate_parameters=False,
)
def daily(
    inputs: list[str], warehouse: str = "warehouse/data", field_map: list[str] | None = None
) -> Outcome | None:
    """Read what is new among `inputs` into `warehouse` and publish it; None when nothing is new.

    Raises `flows.lock.Locked` when another run works on the warehouse.
    """
    request = Request(tuple(inputs), Path(warehouse), tuple(field_map or ()))
    with warehouse_lock(request.warehouse):
        plan = plan_run(request)
        return carry_out(request, plan) if plan.has_work else None


def carry_out(request: Request, plan: Plan) -> Outcome:
    """Run the plan's batches as tasks of the flow run that this is called in."""
    workers = Workers(PARALLEL)

    def run_batches(
        name: str, function: Callable[[Any], Any], batches: Iterable[Any]
    ) -> Iterator[Any]:
        under_way: deque[Any] = deque()
        for number, batch in enumerate(batches, start=1):
            named = work_on_batch.with_options(task_run_name=f"{name} {number}")
            under_way.append(named.submit(quote(workers), quote(function), quote(batch)))
            if len(under_way) > PARALLEL:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()

    try:
        return run_pipeline(request, plan, run_batches)
    finally:
        workers.close()
