"""The command as people type it, also wrongly: one plain line and the right exit code."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from flows.cli import LIMIT_FLAGS
from flows.lock import warehouse_lock
from flows.reading.limits import Limits


def newsmill(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("words", "exit_code", "message"),
    [
        (("run", "no/such/folder"), 2, "no/such/folder"),
        (("run", "no-match-*.txt"), 2, "no-match-*.txt"),
        (("run", ".", "--map", "headline"), 2, "headline"),
        (("run", ".", "--warehouse", __file__), 2, "is not a folder"),
        (("run", ".", "--max-members", "0"), 2, "--max-members"),
        (("run", "ftp://a.example/x"), 2, "ftp:// is not read"),
        (
            ("schedule", "https://a.example/x?token=f00", "--cron", "0 * * * *"),
            2,
            "https://a.example/x: a sched",
        ),
        (("sql", "select 1", "--warehouse", "nowhere"), 1, "newsmill run INPUT"),
        (("status", "--warehouse", "nowhere"), 1, "newsmill run INPUT"),
        (("grind",), 2, "grind"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(words: tuple[str, ...], exit_code: int, message: str) -> None:
    done = newsmill(*words)
    assert (done.returncode, message in done.stderr) == (exit_code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_cannot_command_the_terminal() -> None:
    done = newsmill("run", "no/such/\x1b[2J\u202efolder")
    assert (done.returncode, "no/such/ [2J folder" in done.stderr) == (2, True), done.stderr


def test_the_flags_have_the_defaults_of_the_limits() -> None:
    assert Limits(**{flag.bound: int(flag.default * flag.unit) for flag in LIMIT_FLAGS.values()}) == Limits()
    assert len(LIMIT_FLAGS) == len(fields(Limits))


def test_a_limit_reaches_reading_and_parsing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The harbour of Varna reopened on Tuesday after a storm.")
    arguments = ["run", str(tmp_path / "a.txt"), "--warehouse", str(tmp_path), "--max-text-chars", "20"]
    done = newsmill(*arguments)
    assert (done.returncode, "too_large" in done.stdout) == (0, True), done.stderr


def test_a_folder_without_files_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    done = newsmill("run", str(tmp_path / "inbox"), "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, "no files in" in done.stderr) == (2, True)


def test_a_second_run_at_once_is_refused(tmp_path: Path) -> None:
    with warehouse_lock(tmp_path):
        done = newsmill("run", ".", "--warehouse", str(tmp_path))
    assert done.returncode == 1
    assert "another run" in done.stderr
