"""Worker processes that survive one of them being killed: its batch is done again, the rest go on.

Every worker is a pool of its own, so that a death breaks one batch and not all of them, which is
what `concurrent.futures` does with a shared pool. A batch's output is one folder that appears by
rename, so doing a batch again never doubles it.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any, Protocol, Self

TRIES = 3
RETRY_SECONDS = 1.0
BATCH_SECONDS = 600.0

# One thread each for the maths libraries (processes are the parallelism), and no returning of large
# blocks to the system between batches: both measured to matter for spaCy.
_WORKER_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "67108864",
}


class WorkerError(Exception):
    """A batch killed its worker in every try, or outlasted its time."""


class ClosedError(Exception):
    """A batch came when no process is there any more: the run has ended, by an error of another batch."""


class Divisible(Protocol):
    """A batch that can be done in parts, down to one item that is given up."""

    def parts(self) -> Sequence[Self]:
        """Smaller batches that do the same together; a batch of one item gives itself up."""


class Waiting(Protocol):
    """A result that is not there yet, as `concurrent.futures` and Prefect have it."""

    def result(self) -> Any:
        """The result, once it is there; raises what the work raised."""


class Workers:
    """`count` processes; `run` may be called from that many threads at once.

    With `preloaded`, a module, they are forked from one server process that has imported it: what that loads
    is loaded once, and shared.
    """

    def __init__(self, count: int, preloaded: str | None = None) -> None:
        self.count = count
        self._is_closed = False
        self._context: BaseContext = multiprocessing.get_context("forkserver" if preloaded else "spawn")
        if preloaded:
            self._context.set_forkserver_preload([preloaded])
        # who worked last goes first: what it loaded is there
        self._idle: queue.LifoQueue[ProcessPoolExecutor | None] = queue.LifoQueue()
        for _ in range(count):
            self._idle.put(None)  # started when first needed

    def warm_up(self) -> None:
        """Start the server that workers are forked from, if they are; it is not waited for."""
        _set_environment()
        if self._context.get_start_method() == "forkserver":
            forkserver.ensure_running()

    def run[B: Divisible, R](self, function: Callable[[B], R], batch: B) -> list[R]:
        """`[function(batch)]`, computed in a worker.

        A batch that no worker survives is done in parts, so that what comes back is one result a part
        and one bad item costs nobody else anything. Raises what `function` raises.
        """
        try:
            return [self.run_whole(function, batch)]
        except WorkerError:
            return [result for part in batch.parts() for result in self.run(function, part)]

    def run_whole[B, R](self, function: Callable[[B], R], batch: B) -> R:
        """`function(batch)`, computed in a worker.

        Raises WorkerError when the batch killed its worker three times or took over ten minutes,
        ClosedError after `close`, and whatever `function` itself raises.
        """
        for _ in range(TRIES):
            executor = self._idle.get()
            if self._is_closed:
                self._idle.put(executor)  # who comes next must not wait for ever
                raise ClosedError("the run has ended")
            executor = executor or self._start()
            healthy = False
            try:
                result = _submitted(executor, function, batch).result(timeout=BATCH_SECONDS)
                healthy = True
                return result
            except BrokenProcessPool:
                _kill(executor)
            except TimeoutError:
                _kill(executor)
                raise WorkerError(f"{batch} took more than {BATCH_SECONDS:.0f} s") from None
            except BaseException:
                healthy = True
                raise
            finally:
                self._idle.put(executor if healthy else None)
        raise WorkerError(f"{batch} took its worker process down {TRIES} times")

    def close(self) -> None:
        """End the processes; waits for none of them. Who still wants one gets a ClosedError."""
        self._is_closed = True
        while not self._idle.empty():
            executor = self._idle.get_nowait()
            if executor is not None:
                executor.shutdown(wait=False, cancel_futures=True)
        self._idle.put(None)  # for who waits for a process

    def _start(self) -> ProcessPoolExecutor:
        _set_environment()
        return ProcessPoolExecutor(max_workers=1, mp_context=self._context, initializer=_die_with_parent)


def in_order[B](batches: Iterable[B], submit: Callable[[B], Waiting], ahead: int) -> Iterator[Any]:
    """What comes of the batches that `submit` starts, in their order.

    A batch is drawn and started only when at most `ahead` others are under way.
    """
    under_way: deque[Waiting] = deque()
    for batch in batches:
        under_way.append(submit(batch))
        if len(under_way) > ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def run_patiently[B: Divisible, R](workers: Workers, function: Callable[[B], R], batch: B) -> list[R]:
    """`workers.run`, tried three times where the disk or the system refuses."""
    for _ in range(TRIES - 1):
        try:
            return workers.run(function, batch)
        except OSError:
            time.sleep(RETRY_SECONDS)
    return workers.run(function, batch)


def _set_environment() -> None:
    os.environ.update({k: v for k, v in _WORKER_ENVIRONMENT.items() if k not in os.environ})


def _die_with_parent() -> None:
    """In a worker: exit at once when the run is killed, so that no orphan writes a batch later."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _submitted[B, R](executor: ProcessPoolExecutor, function: Callable[[B], R], batch: B) -> Future[R]:
    try:
        return executor.submit(function, batch)
    except OSError as error:  # the server that workers are forked from has just died
        time.sleep(RETRY_SECONDS)
        raise BrokenProcessPool from error


def _kill(executor: ProcessPoolExecutor) -> None:
    for process in list((executor._processes or {}).values()):
        process.kill()
    executor.shutdown(wait=False, cancel_futures=True)


def default_worker_count() -> int:
    """One worker per usable core."""
    return max(1, len(os.sched_getaffinity(0)))
