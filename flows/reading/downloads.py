"""Remote files brought to disk one by one, so that every reader can seek and nothing is held in memory.

What arrived is known by its own bytes and by the version that its server gave with them, so a file that
changes between planning and reading is never taken for what it was.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from flows.reading import remote
from flows.reading.limits import Limits, size_text
from flows.reading.remote import WEB, Broken, Replaced, Seen, Unreachable, protocol_of
from flows.records import Reason

SLOWEST_BYTES_PER_SECOND = 10 * 2**10
_CUT = b"\0cut off here"  # keeps what is cut off from being known as the file that ends there


@dataclass(frozen=True, slots=True)
class Download:
    """What came of a remote file: `size` bytes, their SHA-256 (64 hex digits), and the server's version.

    `fault` says why it is not whole, as the reason and the detail of a rejection; `is_usable` says
    whether what stands on disk can be read up to there.
    """

    size: int
    digest: str
    version: str
    fault: tuple[Reason, str] | None = None
    is_usable: bool = True

    @property
    def is_out_of_reach(self) -> bool:
        """Whether another day may bring what did not come."""
        return self.fault is not None and self.fault[0] != Reason.TOO_LARGE


class _TooLargeError(Exception):
    """The file has more bytes than one may have."""


def download(address: str, seen: Seen, target: Path, limits: Limits, is_over: Event) -> Download:
    """Bring a remote file to `target`; never raises on what a server does.

    `seen` is what planning was told of it. A connection that breaks, and a file that is replaced while
    it comes, are tried again. Once the run `is_over`, it ends at the next piece.
    """
    expected: Seen | None = seen
    waits = iter(remote.RETRY_SECONDS)
    while True:
        digest = hashlib.sha256()
        size = 0
        version = ""
        try:
            with target.open("wb") as out:
                sent, pieces = _fetch(address, expected, limits)
                size, version = sent.size or 0, sent.version
                if size > limits.max_download_bytes:
                    raise _TooLargeError
                size = 0
                for piece in _in_time(pieces, limits):
                    if is_over.is_set():
                        raise Unreachable("the run is over")
                    size += len(piece)
                    if size > limits.max_download_bytes:
                        raise _TooLargeError
                    digest.update(piece)
                    out.write(piece)
            return Download(size, digest.hexdigest(), version)
        except (Unreachable, _TooLargeError, OSError) as error:
            is_transient = isinstance(error, (Broken, Replaced))
            if is_transient and (wait := next(waits, None)) is not None:
                time.sleep(wait)
                expected = None
                continue
            fault = _fault(error, limits)
            if fault[0] == Reason.TOO_LARGE:
                digest = hashlib.sha256()  # how much came before it was refused differs
            digest.update(_CUT)
            is_usable = size > 0 and isinstance(error, Unreachable) and not isinstance(error, Replaced)
            return Download(size, digest.hexdigest(), version, fault, is_usable)


def _fetch(address: str, expected: Seen | None, limits: Limits) -> tuple[Seen, Iterator[bytes]]:
    # The libraries of remote files are only loaded when such a file is named.
    if protocol_of(address) in WEB:
        from flows.reading import web

        return web.fetch(address, limits)
    from flows.reading import stores

    seen = expected or stores.look(address, limits)
    return seen, stores.fetch(address, seen, limits)


def _in_time(pieces: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """The pieces; raises Unreachable when they come too slowly, or for too long."""
    waited = 0.0
    size = 0
    while True:
        began = time.monotonic()
        piece = next(pieces, None)
        waited += time.monotonic() - began
        if piece is None:
            return
        size += len(piece)
        yield piece
        if waited > limits.max_download_seconds:
            raise Unreachable(f"it took more than {limits.max_download_seconds / 60:g} minutes")
        if waited > limits.timeout_seconds and size < waited * SLOWEST_BYTES_PER_SECOND:
            raise Unreachable(f"slower than {size_text(SLOWEST_BYTES_PER_SECOND)} a second")


def _fault(error: Exception, limits: Limits) -> tuple[Reason, str]:
    match error:
        case _TooLargeError():
            return Reason.TOO_LARGE, f"a remote file of more than {size_text(limits.max_download_bytes)}"
        case Broken() | Replaced():
            return Reason.TRUNCATED, str(error)
        case OSError():
            return Reason.UNREADABLE, f"it cannot be kept for reading ({error.strerror})"
        case _:
            return Reason.UNREADABLE, str(error)
