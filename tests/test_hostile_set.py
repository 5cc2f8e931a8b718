"""All the hostile files at once, through the command that users type."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile_files import SMALL, STORY, Outcome, build, outcomes
from tests.marts import value
from warehouse.query import query


@dataclass
class Run:
    folder: Path
    warehouse: Path
    expected: dict[str, Outcome]
    printed: str


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder, warehouse = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("warehouse")
    expected = build(folder, SMALL)
    command = [sys.executable, "-m", "flows", "run", str(folder), "--warehouse", str(warehouse)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Run(folder, warehouse, expected, done.stdout + done.stderr)


def test_every_file_is_accounted_for_with_its_reasons(run: Run) -> None:
    assert outcomes(run.warehouse, run.folder) == run.expected


def test_nothing_was_expanded_or_fetched_into_a_text(run: Run) -> None:
    words = "select string_agg(distinct text, ' ') from marts.articles where file_path like '%.xml'"
    assert set(value(run.warehouse, words).replace("é", "").split()) == {*STORY.split()}


def test_a_date_that_cannot_be_is_none(run: Run) -> None:
    dated = """
        select count(*), count(published_on) from marts.articles
        where regexp_matches(file_path, '/(days|year)[^/]*$')
    """
    assert query(run.warehouse / "news.duckdb", dated)[1] == [(9, 0)]


def test_what_is_printed_cannot_command_a_terminal(run: Run) -> None:
    assert "[2J" in run.printed  # no file of that name would prove nothing
    assert all(c.isprintable() or c == "\n" for c in run.printed)
