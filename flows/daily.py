"""The flow: the pipeline's batches as Prefect tasks, with retries, history and schedules.

The only module that knows Prefect. It is thin on purpose: what is done stands in `flows.pipeline`, and
where is `Workers`. Needs no server: without one Prefect brings its own for the length of the run.
`newsmill run` comes here only when there is a server to tell.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
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
Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)

from prefect import flow, serve, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.client.orchestration import get_client  # noqa: E402
from prefect.client.schemas.filters import FlowRunFilter  # noqa: E402
from prefect.client.schemas.objects import (  # noqa: E402
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    State,
)
from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: E402
from prefect.states import Crashed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402
from prefect.utilities.annotations import quote  # noqa: E402

from flows.lock import warehouse_lock  # noqa: E402
from flows.pipeline import Outcome, Plan, Request, build_and_publish, plan_run, run_in_workers  # noqa: E402
from flows.reading.inputs import InputError  # noqa: E402
from flows.reading.limits import Limits  # noqa: E402
from flows.reading.remote import holds_secret, shown_address  # noqa: E402
from flows.workers import Waiting, Workers, default_worker_count  # noqa: E402
from warehouse.parquet import RunRow  # noqa: E402

_planned: list[Plan] = []


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def work_on_batch(workers: Workers, function: Callable[[Any], Any], batch: Any) -> Any:
    """One batch of one stage, in a worker process; the results of its parts."""
    return workers.run(function, batch)


@task(cache_policy=NO_CACHE, persist_result=False)
def build_tables(root: Path, run: RunRow) -> Path:
    """Load, group, build, check and publish, in this process."""
    return build_and_publish(root, run)


@flow(
    name="newsmill",
    task_runner=ThreadPoolTaskRunner(max_workers=default_worker_count()),  # type: ignore[arg-type]
    persist_result=False,
    validate_parameters=False,
)
def daily(
    inputs: list[str],
    warehouse: str = "warehouse/data",
    field_map: list[str] | None = None,
    limits: dict[str, Any] | None = None,
    entities: str = "md",
) -> Outcome | None:
    """Read what is new among `inputs` into `warehouse` and publish it; None when nothing is new.

    `limits` are bounds of `flows.reading.limits.Limits` by name. Raises `flows.lock.LockedError` when
    another run works on the warehouse.
    """
    request = Request(
        tuple(inputs), Path(warehouse), tuple(field_map or ()), Limits(**(limits or {})), entities
    )
    with warehouse_lock(request.warehouse):
        plan = _planned.pop() if _planned else plan_run(request)
        if not plan.has_work:
            print(f"{plan.files_seen:,} files seen, nothing new", file=sys.stderr)
            return None
        return carry_out(request, plan)


def run_planned(request: Request, plan: Plan) -> Outcome | None:
    """Run the flow on a plan that is made already, so that no server is asked twice.

    Prefect keeps a run's parameters, so it is given the inputs without their secrets.
    """
    _planned.append(plan)
    shown = [shown_address(typed) for typed in request.inputs]
    return daily(
        shown,
        str(request.warehouse),
        list(request.field_map),
        asdict(request.limits),
        request.entities,
    )


def carry_out(request: Request, plan: Plan) -> Outcome:
    """Run the plan's batches as tasks of the flow run that this is called in."""

    def submit(workers: Workers, name: str, function: Callable[[Any], Any], batch: Any) -> Waiting:
        named: Any = work_on_batch.with_options(task_run_name=name)
        waiting: Waiting = named.submit(quote(workers), quote(function), quote(batch))
        return waiting

    return run_in_workers(request, plan, submit, build_tables)


def serve_schedule(request: Request, cron: str) -> None:
    """Serve the flow on a schedule until interrupted, on PREFECT_API_URL or a server started here.

    One run at a time: a run that is due while one works is cancelled, not queued. Paths become absolute,
    since a run starts in a process of its own. Raises InputError for an input with a secret in it, which
    Prefect would keep.
    """
    warehouse = request.warehouse
    for typed in filter(holds_secret, request.inputs):
        raise InputError(
            f"{shown_address(typed)}: a schedule keeps its inputs, so they must hold no secret. Leave out "
            "the password or signature; ~/.netrc can hold them."
        )
    parameters = {
        "inputs": [i if "://" in i else str(Path(i).absolute()) for i in request.inputs],
        "warehouse": str(warehouse.absolute()),
        "field_map": list(request.field_map),
        "limits": asdict(request.limits),
        "entities": request.entities,
    }
    name = f"newsmill-{warehouse.absolute().name}"
    with _server() as url, temporary_settings({PREFECT_API_URL: url}):
        os.environ["PREFECT_API_URL"] = url  # for the processes that the runs start in
        with warehouse_lock(warehouse):  # no run is alive, so what says Running is not
            asyncio.run(_crash_stale_runs(name))
        limit = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
        print(f"serving {name} on {url} ({cron}); stop with Ctrl-C", file=sys.stderr, flush=True)
        serve(
            daily.to_deployment(name, cron=cron, parameters=parameters, concurrency_limit=limit),  # type: ignore[arg-type]
            limit=1,
            print_starting_message=False,
        )


async def _crash_stale_runs(deployment_name: str) -> None:
    """A run whose process was killed stays Running on the server and would hold the only slot."""
    stale = FlowRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}})
    async with get_client() as client:
        for flow_run in await client.read_flow_runs(flow_run_filter=stale):
            if flow_run.deployment_id is None:
                continue
            deployment = await client.read_deployment(flow_run.deployment_id)
            if deployment.name == deployment_name:
                state: State[Any] = Crashed(message="its process ended without a word")
                await client.set_flow_run_state(flow_run.id, state, force=True)


@contextmanager
def _server() -> Iterator[str]:
    """The address of the Prefect server to use: the user's, else one that lives as long as the block."""
    given = os.environ.get("PREFECT_API_URL")
    if given:
        yield given
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    log = Path(os.environ["PREFECT_HOME"]) / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603
        try:
            if not _answers(f"http://127.0.0.1:{port}/api/health", server):
                raise RuntimeError(f"the local Prefect server did not start; {log} says why")
            yield f"http://127.0.0.1:{port}/api"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _answers(url: str, server: subprocess.Popen[bytes], seconds: float = 180) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return True
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    return False
