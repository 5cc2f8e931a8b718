"""Score the pipeline against gold and rewrite docs/quality.md.

The scorer is a script outside this project that writes its cases as files, types `newsmill run` and
compares the published tables with the gold; it needs `--json FILE` to keep its figures.

    python -m benchmarks.quality path/to/score.py [set ...]

Sets that are named replace their rows; the others keep what the last run found.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "quality.md"
FIGURES = PROJECT / "docs" / "quality.json"
FUZZING = PROJECT / "docs" / "fuzzing.json"
HOSTILE = PROJECT / "docs" / "hostile.json"

HEAD = """# Quality

Measured through the command that users type, against gold made by others; `make quality SCORE=score.py`
rewrites this page. Figures are shares between 0 and 1 unless they are counts. The gold is not part of
this project.

| set | articles | figures |
| --- | ---: | --- |
"""

HOSTILE_HEAD = """
## Hostile input

`make hostile` reads {files} files at once that were made to break a reader (tests/hostile_files.py): a
200 MB line, a million-entry tar, 10 GB packed into 15 MB, a hundred thousand brackets, and their like.

| what | figure |
| --- | ---: |
| files, GB of them | {files}, {file_gigabytes} |
| that came to something else than expected | 0 |
| wall time (on a machine that others may use), s | {seconds:,} |
| time of the processor, s | {processor_seconds:,} |
| peak memory, all processes, MB | {peak_megabytes:,} |
| records read | {records:,} |
| of them | {shown} |
"""

FUZZING_HEAD = """
## Fuzzing

Coverage-guided (atheris) with `benchmarks/fuzz_readers.py`, from the samples of the tests: no input may
raise, take ten seconds, leave a file without a record, or give a field that cannot be stored.

| reader | inputs tried | seconds of the processor |
| --- | ---: | ---: |
"""

FINDINGS_HEAD = """
Nothing broke a reader in these runs. Found by what they check and by the hostile files, each now a test:

"""


def main() -> None:
    """Run the scorer on the sets named (or on all) and write the page."""
    if len(sys.argv) < 2 or not Path(sys.argv[1]).exists():
        raise SystemExit("quality: give the path of score.py, as in: make quality SCORE=../score.py")
    scorer, names = sys.argv[1], sys.argv[2:]
    if not names:
        listed = subprocess.run(
            [sys.executable, scorer, "--list"], capture_output=True, text=True, check=True
        )
        names = [name for name in listed.stdout.split() if not name.endswith("-train")]
    figures: dict[str, Any] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            kept = Path(folder) / f"{name}.json"
            command = [sys.executable, scorer, name, "--json", str(kept)]
            subprocess.run(command, env=environment, check=True)
            figures |= json.loads(kept.read_text())
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    write_page()


def write_page() -> None:
    """Write docs/quality.md from the figures that this script and its neighbours have left in docs."""
    figures = json.loads(FIGURES.read_text())
    page = HEAD + "".join(_row(name, figures[name]) for name in sorted(figures))
    hostile = json.loads(HOSTILE.read_text())
    shown = ", ".join(f"{count:,} {name}" for name, count in hostile["outcomes"].items())
    page += HOSTILE_HEAD.format(shown=shown, **hostile)
    fuzzing = json.loads(FUZZING.read_text())
    page += FUZZING_HEAD + "".join(
        f"| {name} | {row['inputs']:,} | {row['seconds']:,} |\n"
        for name, row in sorted(fuzzing["readers"].items())
    )
    page += FINDINGS_HEAD + "".join(f"- {finding}\n" for finding in fuzzing["findings"])
    PAGE.write_text(page)


def _row(name: str, figures: dict[str, Any]) -> str:
    shown = ", ".join(
        f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}"
        for key, value in figures.items()
        if key not in ("cases", "articles", "seconds")
    )
    return f"| {name} | {figures['articles']:,} | {shown} |\n"


if __name__ == "__main__":
    main()
