"""The flow under Prefect gives what the pipeline gives without it."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from flows.pipeline import Request, here, plan_run, run_pipeline
from tests.marts import all_rows

STORIES = {
    "harbour.txt": "Harbour reopens\n\nThe harbour of Varna reopened, port director Elena Petrova said.\n",
    "bridge.txt": "Bridge opens\n\nA bridge over the Danube opened, mayor Ana Pop told reporters.\n",
    "broken.json": '{"title": "Cut',
}
FLOW = """
import sys
from pathlib import Path
from flows.daily import run_planned
from flows.pipeline import Request, plan_run
from flows.summary import print_outcome

request = Request((sys.argv[1],), Path(sys.argv[2]))
print_outcome(run_planned(request, plan_run(request)), 0)
"""


def test_a_run_under_prefect_publishes_what_the_pipeline_alone_does(tmp_path: Path) -> None:
    inbox, home, plain = tmp_path / "inbox", tmp_path / "home", tmp_path / "plain"
    inbox.mkdir()
    for name, text in STORIES.items():
        (inbox / name).write_text(text)
    request = Request((str(inbox),), plain)
    run_pipeline(request, plan_run(request), here)

    environment = os.environ | {"HOME": str(home), "PREFECT_HOME": str(tmp_path / "prefect")}
    for command in (
        ["-m", "flows", "run", str(inbox), "--warehouse", str(tmp_path / "alone")],
        ["-c", FLOW, str(inbox), str(tmp_path / "flow")],
    ):
        done = subprocess.run(
            [sys.executable, *command], capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == 0, done.stderr
        assert "2 in the warehouse" in done.stdout
        assert "bad_json" in done.stdout
        assert not home.exists()  # nothing is kept outside the warehouse
    assert all_rows(tmp_path / "alone") == all_rows(tmp_path / "flow") == all_rows(plain)
    with contextlib.closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as history:
        assert history.execute("select state_type from flow_run").fetchall() == [("COMPLETED",)]
