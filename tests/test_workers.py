"""A killed worker costs its batch a second try, and one bad item costs nobody else anything."""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.workers import ClosedError, WorkerError, Workers


@dataclass(frozen=True)
class Numbers:
    """Numbers to double; 13 kills whoever touches it, unless given up."""

    numbers: tuple[int, ...]
    is_given_up: bool = False

    def parts(self) -> tuple["Numbers", ...]:
        half = len(self.numbers) // 2
        if not half:
            return (Numbers(self.numbers, is_given_up=True),)
        return Numbers(self.numbers[:half]), Numbers(self.numbers[half:])


def double(batch: Numbers) -> list[int]:
    if 13 in batch.numbers and not batch.is_given_up:
        os.kill(os.getpid(), signal.SIGKILL)
    return [0 if batch.is_given_up else 2 * number for number in batch.numbers]


def die_once(marker: str) -> str:
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def refuse(_: str) -> str:
    raise ValueError("the batch itself is wrong")


def test_a_batch_whose_worker_is_killed_is_done_again(tmp_path: Path) -> None:
    workers = Workers(1)
    assert workers.run_whole(die_once, str(tmp_path / "marker")) == "done"
    workers.close()


def test_an_item_that_always_kills_its_worker_is_given_up_alone() -> None:
    workers = Workers(1)
    with pytest.raises(WorkerError, match="took its worker process down 3 times"):
        workers.run_whole(double, Numbers((13,)))
    assert workers.run(double, Numbers((1, 13, 3))) == [[2], [0], [6]]
    workers.close()


def test_an_error_of_the_function_is_not_tried_again() -> None:
    workers = Workers(1)
    with pytest.raises(ValueError, match="the batch itself is wrong"):
        workers.run_whole(refuse, "x")
    workers.close()


def preloaded(_: str) -> bool:
    return "this" in sys.modules


def test_workers_are_forked_from_a_server_that_has_loaded_what_they_share() -> None:
    workers = Workers(2, preloaded="this")  # a module that nothing else imports
    workers.warm_up()
    assert workers.run_whole(preloaded, "x")
    workers.close()


def test_a_forked_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    workers = Workers(1, preloaded="this")
    assert workers.run_whole(die_once, str(tmp_path / "marker")) == "done"
    workers.close()


def kill_server_once(marker: str) -> str:
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(5)
    return "done"


def test_a_killed_server_is_started_again(tmp_path: Path) -> None:
    workers = Workers(1, preloaded="this")
    assert workers.run_whole(kill_server_once, str(tmp_path / "marker")) == "done"
    workers.close()


def test_who_waits_for_a_process_when_the_run_ends_is_told() -> None:
    workers = Workers(1)
    with ThreadPoolExecutor(3) as threads:
        under_way = threads.submit(workers.run_whole, time.sleep, 3.0)
        while workers._idle.qsize():
            time.sleep(0.01)
        waiting = [threads.submit(workers.run, double, Numbers((1,))) for _ in range(2)]
        workers.close()
        for late in waiting:
            with pytest.raises(ClosedError):
                late.result(timeout=60)
        assert under_way.result() is None
