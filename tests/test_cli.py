"""The command as people type it, also wrongly: one plain line and the right exit code."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.lock import warehouse_lock


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


def test_a_folder_without_files_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    done = newsmill("run", str(tmp_path / "inbox"), "--warehouse", str(tmp_path / "warehouse"))
    assert (done.returncode, "no files in" in done.stderr) == (2, True)


def test_a_second_run_at_once_is_refused(tmp_path: Path) -> None:
    with warehouse_lock(tmp_path):
        done = newsmill("run", ".", "--warehouse", str(tmp_path))
    assert done.returncode == 1
    assert "another run" in done.stderr
