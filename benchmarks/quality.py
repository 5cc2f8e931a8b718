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
RULES = PROJECT / "docs" / "entity_rules.json"  # written by benchmarks.entity_rules

HEAD = """# Quality

Measured through the command that users type, against gold made by others; `make quality SCORE=score.py`
rewrites this page. Figures are shares between 0 and 1 unless they are counts. The gold is not part of
this project.

| set | articles | figures |
| --- | ---: | --- |
"""

RULES_HEAD = """
## What each rule of the entities gains

F1 with all rules less F1 without this one, measured by `python -m benchmarks.entity_rules FOLDER`. Rules
that gain nothing on these sets are kept for the tables: `complete_hyphens`, `complete_initials` and
`extend_particles` make names whole that would otherwise be counted as others (Moon Jae, Mary L, Santos);
`trim_party_tags`, `drop_currency` and `storms` keep out what is no name, or a person's (D-Ohio, US $20,
Katrina).

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
    PAGE.write_text(HEAD + "".join(_row(name, figures[name]) for name in sorted(figures)) + rules_section())


def rules_section() -> str:
    """The part of the page on the rules of the entities; nothing where they were not measured."""
    if not RULES.exists():
        return ""
    rules: dict[str, dict[str, float]] = json.loads(RULES.read_text())
    sets = list(rules["all rules"])
    section = RULES_HEAD + f"| rule | {' | '.join(sets)} |\n| --- |{' ---: |' * len(sets)}\n"
    for rule, gains in rules.items():
        style = "{:.4f}" if rule in ("all rules", "no rule") else "{:+.4f}"
        section += f"| {rule} | {' | '.join(style.format(gains[name]) for name in sets)} |\n"
    return section


def _row(name: str, figures: dict[str, Any]) -> str:
    shown = ", ".join(
        f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}"
        for key, value in figures.items()
        if key not in ("cases", "articles", "seconds")
    )
    return f"| {name} | {figures['articles']:,} | {shown} |\n"


if __name__ == "__main__":
    main()
