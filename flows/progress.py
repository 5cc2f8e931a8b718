"""How far the run is: a bar on a terminal, a plain line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

LINE_SECONDS = 10.0


class Stage:
    """One stage's count of things done. `advance` is called from one thread."""

    def __init__(self, name: str, total: int, unit: str, bar: Progress | None) -> None:
        self._name, self._total, self._unit, self._bar = name, total, unit, bar
        self._began = self._last_line = time.monotonic()
        self.done = self._said = 0
        self._task = bar.add_task(name, total=total) if bar else None

    def advance(self, count: int) -> None:
        """`count` more are done."""
        self.done += count
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=min(self.done, self._total))
        elif time.monotonic() - self._last_line >= LINE_SECONDS:
            self._last_line = time.monotonic()
            self.say()

    def say(self) -> None:
        """Print the state as one line, once."""
        if self._said == self.done > 0:
            return
        self._said = self.done
        seconds = time.monotonic() - self._began
        print(
            f"{self._name}: {self.done:,} of {self._total:,} {self._unit}, {seconds:.0f} s",
            file=sys.stderr,
            flush=True,
        )


@contextmanager
def stage(name: str, total: int, unit: str) -> Iterator[Stage]:
    """Show the progress of one stage while the block runs; `total` in `unit`s."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TextColumn(unit), TimeElapsedColumn(), console=Console(stderr=True)) as bar:
            yield Stage(name, total, unit, bar)
    else:
        shown = Stage(name, total, unit, None)
        yield shown
        shown.say()
