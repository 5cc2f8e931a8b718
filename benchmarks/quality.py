"""Score the pipeline against gold and rewrite docs/quality.md.

The scorer is a script outside this project that writes its cases as files, types `newsmill run` and
compares the published tables with the gold; it needs `--json FILE` to keep its figures.

    python -m benchmarks.quality path/to/score.py [set ...]

Sets that are named replace their rows; the others keep what the last run found.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from warehouse.query import query

PROJECT = Path(__file__).resolve().parents[1]
COVERAGE = 0.7  # of the articles, the surest first
PAGE = PROJECT / "docs" / "quality.md"
FIGURES = PROJECT / "docs" / "quality.json"
FUZZING = PROJECT / "docs" / "fuzzing.json"
HOSTILE = PROJECT / "docs" / "hostile.json"
RULES = PROJECT / "docs" / "entity_rules.json"  # written by benchmarks.entity_rules

HEAD = """# Quality

Measured through the command that users type, against gold made by others; `make quality SCORE=score.py`
rewrites this page. Figures are shares between 0 and 1 unless they are counts. The gold is not part of
this project.

| set | articles | figures |
| --- | ---: | --- |
"""

PAGES_AND_AGENCIES = """
Other extractors on the pages of the two html sets, text alone, in one run on a busy machine: trafilatura's
defaults 0.948 (text_f1) and 0.923 (segments_f1) at 43 to 52 pages/s, readability-lxml 0.927 and 0.875 at 43
to 46, newspaper4k 0.897 at 9, boilerpy3 0.841 and 0.813 at 91 to 104, justext 0.713 at 54 to 63,
resiliparse 0.919 and 0.841 at 447 to 483. None that is faster is as good.

Of the 18 agencies in the gold of citations-polnear 12 are the word "NA" (not applicable, all of one
outlet), which is why its `agency_r` can be no higher than 0.333. Of the 6 that name one all are found; of
the 69 of its training part 65, and there is one credit ("- Reuters." as the last line) that the gold has
not.
"""

TOPIC_SCORES = """
How often the first topic of an article is right, by its score (the mean of a row should be the score).
Two figures in `flows/annotating/topics.py` make the score; they fit the three sets together. Whole articles
(BBC) are right more often than their score says, two-line teasers with one label each (HuffPost) less often.
`accuracy_at_70` is the accuracy on the 70% of the articles with the highest scores. Articles below the lowest
score have no topic: they are counted as `unclassified`.

"""

READ_BY_EYE = """

100 citations drawn at random from articles of which there is no gold (50 of KCNA 2011, 50 of Wikinews,
many of them interviews), read by eye: the source is right in 92, the cue in 95, what is said in 84. Five
are no citations (a noun taken for its verb, "found itself", "if anyone asked"). Three sources have a word
too many or one side of an "and" too few. What is said is cut short at an abbreviation or a colon, is the
wrong side of the cue, or only points to it ("says this in an article") in eleven more. Of 19 pronouns
that were given a person, 12 have the right one; the others mean somebody whom the text does not name.

The 200 names that most articles have, of 30,449 articles of three newsrooms (KCNA 2011, US Senate releases,
Wikinews), read by eye: a wrong type, no entity, or a second row of one that is there. Persons: 1 (two
senators run together, "Alexander Frist"). Places: 6 (New York for the city, Gulf beside the Gulf of Mexico,
Lincoln and Montgomery, of which several are meant, Earth, Capital Region). Organizations: 4: two short names
of which some texts do not decide whose they are (Cabinet, National Assembly: 58 and 62 articles), a disease
whose articles do not spell it out (BSE), and Marine.
"""

GROUPS_READ_BY_EYE = """
## Copies read by eye

50 groups of copies whose texts differ, read by eye: all 14 of KCNA 2011, and of 18,000 press releases of
senators the 5 largest and 31 drawn at random (53 more groups of KCNA are one text twice). 45 are right. Wrong
are three announcements that a work was posted or printed somewhere, and four of the senate: lists of pupils
in one mould, grants and projects for different towns or regions in one text. Before names and numbers were
compared at their places, 16 of 50 such groups were wrong, the six largest among them; of 26 pairs that were
parted by that, 4 were one release in two spellings ("Sens.", "Senators"), for which the rule was then
loosened. Missed on KCNA among the 22 most alike pairs of three days: 12 flashes of a sentence or two whose
full report came the same day (a text under 15% of another is taken for a brief in a round-up), no reprint.
Six that count as right are a release that came again days later with the next step of its bill.
Between different outlets' own reports of one event (events-giveme5w1h) there is no false pair: all 22 copies
found there are of one agency's or one institute's text, and none joins two events.
"""

RULES_HEAD = """
## What each rule of the entities gains

F1 with all rules less F1 without this one, measured by `python -m benchmarks.entity_rules FOLDER`. Rules
that gain nothing on these sets are kept for the tables, whose 200 most frequent names of each type were read
by eye: `complete_` and `extend_` make names whole that would otherwise be counted as others (Moon Jae,
Santos, a committee's first subject), `part_` and `split_` tell apart what a text runs together, `drop_` and
`trim_` keep out what is no name (D-Ohio, US $20), and `storms`, `politicians`, `name_bodies` and
`name_commonwealths` say who or what is meant. `persons_named_like_places` costs geo-lgl 0.002 of its recall
(Shelby is a senator more often than a county) and stays for the persons.

"""

HOSTILE_HEAD = """
## Hostile input

`make hostile` reads {files} files at once that were made to break a reader (tests/hostile_files.py): a
200 MB line, a million-entry tar, 10 GB packed into 15 MB, a hundred thousand brackets, and their like.

| what | figure |
| --- | ---: |
| files, GB of them | {files}, {file_gigabytes} |
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
Found by these runs, by what they check and by the hostile files, each now a test:

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
            run = Path(folder) / name
            command = [sys.executable, scorer, name, "--json", str(kept), "--keep", str(run)]
            subprocess.run(command, env=environment, check=True)
            figures |= json.loads(kept.read_text())
            gold, database = (
                Path(scorer).parent / "sets" / f"{name}.jsonl.gz",
                run / "warehouse" / "news.duckdb",
            )
            if name.startswith("topics-"):
                figures[name] |= _topic_scores(gold, database)
            if name.startswith("events-"):
                figures[name] |= _copies_of_events(gold, database)
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    write_page()


def write_page() -> None:
    """Write docs/quality.md from the figures that this script and its neighbours have left in docs."""
    figures = json.loads(FIGURES.read_text())
    rows = "".join(_row(name, figures[name]) for name in sorted(figures))
    page = (
        HEAD
        + rows
        + PAGES_AND_AGENCIES
        + TOPIC_SCORES
        + _reliability(figures)
        + rules_section()
        + READ_BY_EYE
    )
    page += GROUPS_READ_BY_EYE
    PAGE.write_text(page + _hostile_section())


def _hostile_section() -> str:
    hostile, fuzzing = json.loads(HOSTILE.read_text()), json.loads(FUZZING.read_text())
    shown = ", ".join(f"{count:,} {name}" for name, count in hostile["outcomes"].items())
    section = HOSTILE_HEAD.format(shown=shown, **hostile) + FUZZING_HEAD
    for name, row in sorted(fuzzing["readers"].items()):
        section += f"| {name} | {row['inputs']:,} | {row['seconds']:,} |\n"
    return section + FINDINGS_HEAD + "".join(f"- {finding}\n" for finding in fuzzing["findings"])


def _topic_scores(gold: Path, database: Path) -> dict[str, Any]:
    """How often the first topic is right, by its score: [bin, articles, mean score, share right] per tenth.

    An article without a topic is never right; for the accuracy at some coverage it comes last.
    """
    with gzip.open(gold, "rt", encoding="utf-8") as file:
        accepted = {case["file_name"]: case["gold"]["topics"] for case in map(json.loads, file)}
    _, rows = query(
        database,
        """select parse_filename(file_path), topic_id, topic_score from marts.article_topics
        join marts.articles using (article_id) where is_primary order by topic_score desc, file_path""",
    )
    answers = [(score, topic_id in accepted[name]) for name, topic_id, score in rows]
    table = []
    for tenth in range(10):
        found = [answer for answer in answers if min(int(answer[0] * 10), 9) == tenth]
        if found:
            means = (statistics.mean(score for score, _ in found), statistics.mean(hit for _, hit in found))
            table.append([tenth / 10, len(found), *(round(mean, 4) for mean in means)])
    surest = answers[: round(COVERAGE * len(accepted))]
    return {"accuracy_at_70": statistics.mean(hit for _, hit in surest), "reliability": table}


def _copies_of_events(gold: Path, database: Path) -> dict[str, Any]:
    """How many copies were found, and how many of them join reports of two events, which no copy does."""
    with gzip.open(gold, "rt", encoding="utf-8") as file:
        event_of = {case["file_name"]: case["gold"]["event"] for case in map(json.loads, file)}
    _, rows = query(
        database,
        """select parse_filename(originals.file_path), parse_filename(copies.file_path)
        from marts.copy_pairs as pairs
        inner join marts.articles as originals on pairs.article_id_a = originals.article_id
        inner join marts.articles as copies on pairs.article_id_b = copies.article_id""",
    )
    across = sum(event_of[original] != event_of[copy] for original, copy in rows)
    return {"copies": len(rows), "copies_across_events": across}


def _reliability(figures: dict[str, Any]) -> str:
    """One row per tenth of the score and one column per set."""
    names = [name for name in sorted(figures) if "reliability" in figures[name]]
    lines = ["| score | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for tenth in range(10):
        cells = []
        for name in names:
            found = [row for row in figures[name]["reliability"] if round(row[0] * 10) == tenth]
            cells += [f"{row[3]:.2f} of {row[1]:,}" for row in found] or [""]
        if any(cells):
            lines.append(f"| {tenth / 10:.1f}-{(tenth + 1) / 10:.1f} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


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
        if key not in ("cases", "articles", "seconds", "reliability")
    )
    return f"| {name} | {figures['articles']:,} | {shown} |\n"


if __name__ == "__main__":
    main()
