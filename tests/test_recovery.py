"""kill -9 at any moment: the published warehouse stays whole, and the next run finishes the rest.

The run is killed at its n-th fsync, which are the moments before and after every rename: in the middle
of parsing, of annotating, of building and of publishing.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.marts import all_rows

SAMPLES = Path(__file__).parents[1] / "seeds" / "articles"

RUN = """
import os, signal, sys
from pathlib import Path
import flows.batches, flows.plan, flows.pipeline, warehouse.parquet, warehouse.publish

kill_at, warehouse_folder, *inputs = sys.argv[1:]
flows.plan.BATCH_DOCUMENTS = 12
flows.pipeline.TEXTS_PER_BATCH = 12
fsync, calls = warehouse.parquet.fsync, 0

def fsync_or_die(path):
    global calls
    calls += 1
    if calls == int(kill_at):
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(path)

warehouse.parquet.fsync = warehouse.publish.fsync = fsync_or_die
request = flows.pipeline.Request(tuple(inputs), Path(warehouse_folder))
plan = flows.pipeline.plan_run(request)
if plan.has_work:
    flows.pipeline.run_pipeline(request, plan, flows.pipeline.here)
print(calls)
"""


def run(kill_at: int, warehouse: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, str(kill_at), str(warehouse), str(SAMPLES)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    warehouse = tmp_path_factory.mktemp("undisturbed")
    done = run(0, warehouse)
    assert done.returncode == 0, done.stderr
    return warehouse, int(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("moment", [0.15, 0.4, 0.75, 0.95])
def test_a_killed_run_is_finished_by_the_next(
    undisturbed: tuple[Path, int], tmp_path: Path, moment: float
) -> None:
    expected, fsyncs = undisturbed
    killed = run(max(2, round(moment * fsyncs)), tmp_path)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "news.duckdb").exists() or all_rows(tmp_path)["articles"]
    finished = run(0, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert all_rows(tmp_path) == all_rows(expected)


def test_a_second_run_over_the_same_files_writes_nothing(undisturbed: tuple[Path, int]) -> None:
    warehouse, _ = undisturbed
    before = {path: path.stat().st_mtime_ns for path in warehouse.rglob("*")}
    again = run(0, warehouse)
    assert (again.returncode, again.stdout) == (0, "0\n")
    assert {path: path.stat().st_mtime_ns for path in warehouse.rglob("*")} == before
