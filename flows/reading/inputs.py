"""What the user typed to the files that are meant: files, folders, globs and addresses.

Folders are walked in sorted order, hidden names are skipped, and a file reached twice appears once.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from flows.reading.limits import Limits
from flows.reading.remote import STORES, WEB, Gone, Seen, Unreachable, protocol_of, shown_address
from flows.reading.streams import StreamError, chunks_of, stream_of
from flows.records import Reason

LOOKS_AT_ONCE = 8
_MAGIC = re.compile(r"[*?\[]")


class InputError(Exception):
    """The call was wrong; the message says what to do. Becomes exit 2."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    `file_path` is the path as found: the input as typed, joined with the way from there.
    `file_key` is the file's identity: its absolute path, symbolic links resolved. `size` is in bytes,
    `modified_ns` in nanoseconds since 1970; both are 0 for a file that cannot be looked at.
    `raw_path` is set only for a name that is not text (the other two then have its bytes as `\\xNN`).

    A remote file has its `address`, secrets and all, which is never stored: `file_path` and `file_key` are
    what may be shown of it. `size` is 0 where the server does not say, `modified_ns` stands for the
    version the server gives it (negative when it gives none). It is read from its `local_copy`; `fault`
    is the reason and the detail of why there is none, or why it is not whole.
    """

    file_path: str
    file_key: str
    size: int
    modified_ns: int
    raw_path: bytes = b""
    address: str = field(default="", repr=False)
    version: str = ""
    local_copy: str = ""
    fault: tuple[Reason, str] | None = None

    def open(self) -> BinaryIO:
        """The file, opened for reading. Raises OSError, and StreamError for a remote file with a fault.

        One that arrived in part raises it where it is cut off.
        """
        if self.fault and not self.local_copy:
            raise StreamError(*self.fault)
        path = self.local_copy or self.raw_path or self.file_key
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            raise OSError("not a regular file")
        opened = open(path, "rb", buffering=0)  # noqa: PTH123, SIM115
        return stream_of(_cut_off(opened, StreamError(*self.fault))) if self.fault else opened

    def is_known_as(self, size: int, modified_ns: int) -> bool:
        """Whether a file of that size and time is this one, unchanged, without a look at its bytes."""
        if self.address:
            return self.modified_ns == modified_ns >= 0
        return (self.size, self.modified_ns) == (size, modified_ns)


def version_number(version: str) -> int:
    """A server's version of a file as a number that fits `modified_ns`; -1 when there is none."""
    return int(hashlib.sha256(version.encode("utf-8", "replace")).hexdigest()[:15], 16) if version else -1


def _cut_off(opened: BinaryIO, error: StreamError) -> Iterator[bytes]:
    with opened:
        yield from chunks_of(opened)
    raise error


def find_files(inputs: Sequence[str], limits: Limits | None = None) -> list[InputFile]:
    """The files behind what was typed, in the order typed, each folder and glob sorted.

    Raises InputError for a path that does not exist, a glob that matches nothing and an address that is
    not read. A web address that leads nowhere is a file with a fault, unless there are no other files.
    """
    walk = _Walk()
    limits = limits or Limits()
    web_files = _web_files(inputs, limits)
    found: dict[str, InputFile] = {}
    for typed in inputs:
        protocol = protocol_of(typed)
        if protocol in WEB:
            found.setdefault(web_files[typed][0].file_key, web_files[typed][0])
        elif protocol in STORES:
            found |= {file.file_key: file for file in _stored_files(typed, limits)} | found
        else:
            for path in walk.files(typed):
                key = os.path.realpath(path)
                if key not in found:
                    found[key] = _input_file(path, key)
    gone = [file for file, is_gone in web_files.values() if is_gone]
    if gone and len({file.file_key for file in gone}) == len(found):
        detail = gone[0].fault[1] if gone[0].fault else ""
        raise InputError(f"{gone[0].file_path}: {detail}. Check the address.")
    return list(found.values())


def file_hash(file: InputFile | str) -> str:
    """SHA-256 of a local file's bytes, 64 hex digits. Raises OSError when it cannot be read."""
    with file.open() if isinstance(file, InputFile) else Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _input_file(path: str, key: str) -> InputFile:
    try:
        state = os.stat(path)  # noqa: PTH116
        size, modified_ns = state.st_size, state.st_mtime_ns
    except OSError:
        size = modified_ns = 0
    shown_path, shown_key = _shown(os.path.normpath(path)), _shown(key)
    raw_path = os.fsencode(key) if shown_key != key else b""
    return InputFile(shown_path, shown_key, size, modified_ns, raw_path)


def _web_files(inputs: Sequence[str], limits: Limits) -> dict[str, tuple[InputFile, bool]]:
    """By address, what the web servers say, several asked at once; and whether there is no such file."""
    addresses = list(dict.fromkeys(typed for typed in inputs if protocol_of(typed) in WEB))
    if not addresses:
        return {}
    with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
        looks = pool.map(lambda address: _web_file(address, limits), addresses)
        return dict(zip(addresses, looks, strict=True))


def _web_file(address: str, limits: Limits) -> tuple[InputFile, bool]:
    from flows.reading import web  # not loaded for local files

    try:
        return _remote_file(address, web.look(address, limits)), False
    except Unreachable as error:
        file = _remote_file(address, Seen(None, ""), (Reason.UNREADABLE, str(error)))
        return file, isinstance(error, Gone)


def _stored_files(typed: str, limits: Limits) -> Iterator[InputFile]:
    from flows.reading import stores

    try:
        for address, seen in stores.find(typed, limits):
            yield _remote_file(address, seen)
    except Gone as error:
        raise InputError(f"{typed}: {error}. Check the address.") from error
    except Unreachable as error:
        raise InputError(f"{typed}: cannot be listed: {error}. Check its rights and yours.") from error
    except stores.MissingPackageError as error:
        raise InputError(str(error)) from error


def _remote_file(address: str, seen: Seen, fault: tuple[Reason, str] | None = None) -> InputFile:
    shown = shown_address(address)
    number = version_number(seen.version)
    return InputFile(shown, shown, seen.size or 0, number, address=address, version=seen.version, fault=fault)


def _shown(path: str) -> str:
    """The path with bytes that are not UTF-8 written as `\\xNN`, so that it can be stored as text."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Walk:
    """Walks each real folder once, however often it is reached, so a loop of links ends."""

    def __init__(self) -> None:
        self._walked: set[str] = set()

    def files(self, typed: str) -> Iterator[str]:
        if not typed.strip():
            raise InputError("An input is empty. Name a file, a folder or a glob such as 'articles/*.html'.")
        if protocol := protocol_of(typed):
            raise InputError(
                f"{protocol}:// is not read. Name a path, or an address with s3://, gs://, https:// or http://."
            )
        if os.path.lexists(typed):
            paths = [typed]
        elif _MAGIC.search(typed):
            paths = list(_expand(typed))
            if not paths:
                raise InputError(f"{typed}: no file matches. Check the pattern and its folder.")
        else:
            raise InputError(f"{typed}: no such file or folder. Check the path (now in {Path.cwd()}).")
        for path in paths:
            if Path(path).is_dir():
                if path == typed:
                    _list(path, must=True)
                yield from self._below(path)
            elif Path(path).exists() and not Path(path).is_file():
                if path == typed:
                    raise InputError(f"{typed}: neither a file nor a folder. Name a file or a folder.")
            else:
                yield path

    def _below(self, folder: str) -> Iterator[str]:
        # A stack, not recursion: folders can be nested deeper than Python's stack. Each entry of the
        # stack is a path and whether it is a folder.
        stack = [(folder, True)]
        while stack:
            path, is_folder = stack.pop()
            if not is_folder:
                yield path
                continue
            real = os.path.realpath(path)
            if real in self._walked:
                continue
            self._walked.add(real)
            entries = _list(path)
            if entries is None:
                yield path  # counted, and rejected as unreadable when it is read
            else:
                stack.extend((os.path.join(path, name), is_dir) for name, is_dir in reversed(entries))  # noqa: PTH118


def _list(folder: str, *, must: bool = False) -> list[tuple[str, bool]] | None:
    """Names that are not hidden in a folder and whether each is a folder, sorted; None if not allowed."""
    try:
        with os.scandir(folder) as entries:
            visible = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        if must:
            raise InputError(f"{folder}: cannot be listed ({error.strerror}). Check its rights.") from error
        return None
    # Sockets, pipes and devices are no files; a link to nothing is one that cannot be read.
    return sorted(
        (entry.name, _is_folder(entry)) for entry in visible if _is_folder(entry) or _is_file(entry)
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file() or (entry.is_symlink() and not Path(entry.path).exists())
    except OSError:
        return True


def _expand(pattern: str) -> Iterator[str]:
    """The paths a glob matches, sorted; `**` stands for any number of folders. Hidden names need a dot.

    Not `glob.glob`: its `**` follows loops of symbolic links.
    """
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    roots = [os.sep] if pattern.startswith(os.sep) else [""]
    for index, part in enumerate(parts):
        if part == "**":
            roots = [folder for root in roots for folder in _folders(root)]
        elif _MAGIC.search(part):
            roots = [path for root in roots for path in _matches(root, part)]
        else:
            roots = [path for root in roots if os.path.lexists(path := os.path.join(root, part))]  # noqa: PTH118
        if index < len(parts) - 1:
            roots = [root for root in roots if not root or Path(root).is_dir()]
    yield from sorted(dict.fromkeys(root or "." for root in roots), key=lambda path: path.split("/"))


def _matches(root: str, part: str) -> Iterator[str]:
    match = re.compile(fnmatch.translate(part)).match
    if part.startswith("."):
        try:
            names = sorted(name for name in os.listdir(root or ".") if name.startswith("."))  # noqa: PTH208
        except OSError:
            names = []
    else:
        names = [name for name, _ in _list(root or ".") or []]
    return (os.path.join(root, name) for name in names if match(name))  # noqa: PTH118


def _folders(root: str) -> Iterator[str]:
    """The folder and all folders below it, each real folder once."""
    walked: set[str] = set()
    stack = [root]
    while stack:
        folder = stack.pop()
        real = os.path.realpath(folder or ".")
        if real in walked:
            continue
        walked.add(real)
        yield folder
        below = [os.path.join(folder, name) for name, is_dir in _list(folder or ".") or [] if is_dir]  # noqa: PTH118
        stack.extend(reversed(below))
