"""One run at a time per warehouse, whatever becomes of the process that holds the lock."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.lock import LockedError, warehouse_lock

HOLDER = """
import sys, time
from pathlib import Path
from flows.lock import warehouse_lock
with warehouse_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_keeps_others_out_and_dies_with_its_holder(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"process {holder.pid}"), warehouse_lock(tmp_path):
            pass
        holder.kill()
    with warehouse_lock(tmp_path), warehouse_lock(tmp_path):
        pass  # free again at once, and re-entrant within a process
