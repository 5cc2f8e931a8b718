"""Read the hostile files of the tests at full size in one run, and put its figures into docs/quality.md.

    python -m benchmarks.hostile

Takes a few minutes, 3 GB of disk, and fails when a file comes to anything but what is expected of it.
"""

from __future__ import annotations

import json
import resource
import tempfile
from pathlib import Path

from benchmarks.performance import run_command
from benchmarks.quality import HOSTILE, write_page
from tests.hostile_files import FULL, build, outcomes


def main() -> None:
    """Build the files, run the command over them, compare and write the page."""
    with tempfile.TemporaryDirectory() as place:
        folder, warehouse = Path(place) / "files", Path(place) / "warehouse"
        folder.mkdir()
        expected = build(folder, FULL)
        ran = run_command(["run", str(folder), "--warehouse", str(warehouse)])
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = outcomes(warehouse, folder)
        size = sum(path.lstat().st_size for path in folder.glob("*") if path.is_file())
    wrong = {
        name: (found.get(name), outcome) for name, outcome in expected.items() if found.get(name) != outcome
    }
    if wrong or found.keys() - expected.keys():
        raise SystemExit(
            f"hostile: (found, expected): {wrong}, not expected: {found.keys() - expected.keys()}"
        )
    total = sum(found.values(), start=type(next(iter(found.values())))())
    figures = {
        "files": len(found),
        "file_gigabytes": round(size / 1e9, 1),
        "records": sum(total.values()),
        "outcomes": dict(sorted(total.items())),
        "seconds": round(ran.seconds),
        "processor_seconds": round(used.ru_utime + used.ru_stime),
        "peak_megabytes": round(ran.together),
    }
    HOSTILE.write_text(json.dumps(figures, indent=1) + "\n")
    write_page()


if __name__ == "__main__":
    main()
