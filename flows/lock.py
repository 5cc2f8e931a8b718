"""One run at a time per warehouse: a file lock that the kernel releases when its process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: set[Path] = set()


class LockedError(Exception):
    """Another run works on this warehouse."""


@contextmanager
def warehouse_lock(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse's lock; entering again in the same process is allowed.

    Raises LockedError, at once, when another process holds it.
    """
    path = warehouse.resolve() / "run.lock"
    if path in _held:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise LockedError(
                f"another run (process {holder}) is working on {warehouse}; wait for it to end, "
                "or give this run its own --warehouse"
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
