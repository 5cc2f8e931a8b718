"""What a run has to do: which files are new or changed, cut into batches of documents.

A file is known by its path and the hash of its bytes. What an interrupted run has already written of
a file is left out, record by record, so that the next run finishes exactly the rest. A remote file is
fetched when its turn comes; one that cannot be fetched keeps what was read of it before.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from flows.reading import read_documents
from flows.reading.downloads import Download, download
from flows.reading.fields import FieldMap
from flows.reading.inputs import InputFile, file_hash, version_number
from flows.reading.limits import MEBIBYTE, Limits
from flows.reading.remote import Seen
from flows.records import Document, Reason, Rejection
from warehouse.parquet import KnownFile, batch_id_of

BATCH_DOCUMENTS = 400
BATCH_BYTES = 6_000_000
UNREADABLE = "unreadable"
FETCHED_AHEAD = 8
FETCHED_AHEAD_BYTES = 16 * MEBIBYTE  # larger files, and those of unknown size, come one at a time


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to read, and the record ranges (first, last) of it that an earlier run has written.

    `file_hash` is empty for a remote file until it has arrived. `is_known` says that there are
    rows of it already.
    """

    file: InputFile
    file_hash: str
    done: tuple[tuple[int, int], ...] = ()
    is_known: bool = False

    def is_done(self, record_number: int) -> bool:
        """Whether that record is already written."""
        return any(first <= record_number <= last for first, last in self.done)


@dataclass(slots=True)
class FileSlice:
    """Consecutive records of one file; `is_last` when the file ends with them."""

    new_file: NewFile
    first_record: int
    last_record: int
    is_last: bool
    items: list[Document | Rejection] = field(default_factory=list)

    def part(self, start: int, end: int) -> FileSlice:
        """The items from `start` to `end` as a slice of their own."""
        items = self.items[start:end]
        is_last = self.is_last and end >= len(self.items)
        first = items[0].record_number if items else self.last_record + 1
        last = items[-1].record_number if items else self.last_record
        return FileSlice(self.new_file, first, last, is_last, items)


@dataclass(frozen=True, slots=True)
class DocumentBatch:
    """A task's worth of documents."""

    batch_id: str
    slices: tuple[FileSlice, ...]

    def parts(self) -> tuple[DocumentBatch, ...]:
        """Two batches that make up this one; one document alone becomes a rejection."""
        count = sum(len(s.items) for s in self.slices)
        if count <= 1:
            return (DocumentBatch(f"{self.batch_id}x", tuple(_given_up(s) for s in self.slices)),)
        halves: tuple[list[FileSlice], list[FileSlice]] = ([], [])
        room = count // 2
        for whole in self.slices:
            cut = min(room, len(whole.items))
            room -= cut
            if cut:
                halves[0].append(whole.part(0, cut))
            if cut < len(whole.items) or not whole.items:
                halves[1].append(whole.part(cut, len(whole.items)))
        return tuple(
            DocumentBatch(f"{self.batch_id}{letter}", tuple(half))
            for letter, half in zip("ab", halves, strict=True)
        )

    def __str__(self) -> str:
        paths = [s.new_file.file.file_path for s in self.slices]
        return f"batch {self.batch_id} ({paths[0]}{f' and {len(paths) - 1} more' if len(paths) > 1 else ''})"


def new_files(
    files: Iterable[InputFile], known: dict[str, KnownFile], parser_version: str, limits: Limits | None = None
) -> Iterator[NewFile]:
    """The files whose bytes (or parser) differ from what the warehouse holds, in the order given.

    A file with the known size and modification time, or the known version on its server, is taken as
    unchanged without being read.
    """
    for file in files:
        before = known.get(file.file_key)
        is_known = before is not None
        if before is not None and before.parser_version != parser_version:
            before = None
        if (
            before is not None
            and before.is_complete
            and before.file_hash != UNREADABLE  # permissions change without the time of the file
            and file.is_known_as(before.file_size, before.modified_ns)
        ):
            continue
        digest = _remote_hash(file, before, limits or Limits()) if file.address else _file_hash(file)
        if file.address and digest == UNREADABLE and is_known:
            _warn_kept(file, file.fault)
        elif before is None or before.file_hash != digest:
            yield NewFile(file, digest, is_known=is_known)
        elif not before.is_complete:
            yield NewFile(file, digest, tuple(before.ranges), is_known)


def document_batches(
    run_id: str, files: Sequence[NewFile], fields: FieldMap, limits: Limits, folder: Path
) -> Iterator[DocumentBatch]:
    """The files' documents in batches of at most 400 documents or about 6 MB, streamed.

    Rejections count by their size alone: a million of them is no work. `folder` is where remote files lie
    while they are read; it is made if needed, and removed.
    """
    number = 0
    slices: list[FileSlice] = []
    documents = size = 0

    def batch() -> DocumentBatch:
        nonlocal number, slices, documents, size
        number += 1
        made = DocumentBatch(batch_id_of(run_id, number), tuple(slices))
        slices, documents, size = [], 0, 0
        return made

    for new_file, file in _arrivals(files, limits, folder):
        current: FileSlice | None = None
        last_seen = 0
        for item in _documents(file, fields, limits):
            last_seen = item.record_number
            if new_file.is_done(item.record_number):
                current = None
                continue
            if current is None:
                current = FileSlice(new_file, item.record_number, item.record_number, is_last=False)
                slices.append(current)
            current.items.append(item)
            current.last_record = item.record_number
            documents += isinstance(item, Document)
            size += _size(item)
            if documents >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
                # The end of the file is only known one record later: an empty slice may say it.
                yield batch()
                current = None
        if current is None:
            current = FileSlice(new_file, last_seen + 1, last_seen, is_last=True)
            slices.append(current)
        current.is_last = True
    if slices:
        yield batch()


def _given_up(part: FileSlice) -> FileSlice:
    detail = "reading this took the parser's process down, or more time than it may take"
    items: list[Document | Rejection] = [
        Rejection(i.file_path, i.record_number, Reason.PARSER_FAILED, detail) for i in part.items
    ]
    return FileSlice(part.new_file, part.first_record, part.last_record, part.is_last, items)


def _file_hash(file: InputFile) -> str:
    try:
        return file_hash(file)
    except OSError:
        return UNREADABLE


def _remote_hash(file: InputFile, before: KnownFile | None, limits: Limits) -> str:
    """The hash of a remote file, empty where nothing is known that it could be compared with."""
    if file.fault:
        return UNREADABLE
    if before is None or before.file_hash == UNREADABLE:
        return ""
    if file.is_known_as(before.file_size, before.modified_ns):
        return before.file_hash
    came = _fetched(file, Path(os.devnull), limits, Event())
    return UNREADABLE if came.is_out_of_reach else came.digest


def _arrivals(files: Sequence[NewFile], limits: Limits, folder: Path) -> Iterator[tuple[NewFile, InputFile]]:
    """Every file with what to read of it: itself, or its copy here, small ones fetched some at a time."""
    under_way: dict[int, Future[Download]] = {}
    is_over = Event()
    pool = ThreadPoolExecutor(FETCHED_AHEAD)
    try:
        for number, new_file in enumerate(files):
            if not new_file.file.address or new_file.file.fault:
                yield new_file, new_file.file
                continue
            folder.mkdir(parents=True, exist_ok=True)
            for ahead, other in enumerate(files[number : number + FETCHED_AHEAD], start=number):
                is_small = 0 < other.file.size <= FETCHED_AHEAD_BYTES
                if is_small and ahead not in under_way and other.file.address and not other.file.fault:
                    target = folder / str(ahead)
                    under_way[ahead] = pool.submit(_fetched, other.file, target, limits, is_over)
            copy = folder / str(number)
            if number in under_way:
                came = under_way.pop(number).result()
            else:
                came = _fetched(new_file.file, copy, limits, is_over)
            if came.is_out_of_reach and new_file.is_known:
                _warn_kept(new_file.file, came.fault)
            else:
                yield _arrived(new_file, came, copy)
            copy.unlink()
    finally:
        is_over.set()
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(folder, ignore_errors=True)


def _fetched(file: InputFile, target: Path, limits: Limits, is_over: Event) -> Download:
    return download(file.address, Seen(file.size, file.version), target, limits, is_over)


def _arrived(new_file: NewFile, came: Download, copy: Path) -> tuple[NewFile, InputFile]:
    """The file under the name of what arrived, which may be another content than was planned with."""
    number = -1 if came.is_out_of_reach else version_number(came.version)  # -1: fetched again next time
    file = replace(new_file.file, address="", size=came.size, modified_ns=number)
    digest = UNREADABLE if came.is_out_of_reach and not came.is_usable else came.digest
    done = new_file.done if digest == new_file.file_hash else ()
    local_copy = str(copy) if came.is_usable else ""
    opened = replace(file, local_copy=local_copy, fault=came.fault)
    return NewFile(file, digest, done), opened


def _warn_kept(file: InputFile, fault: tuple[Reason, str] | None) -> None:
    why = fault[1] if fault else "it cannot be fetched"
    print(f"warning: {file.file_path}: {why}; what was read of it before stays", file=sys.stderr)


def _documents(file: InputFile, fields: FieldMap, limits: Limits) -> Iterator[Document | Rejection]:
    last = 0
    try:
        for item in read_documents(file, fields, limits):
            last = item.record_number
            yield item
    except OSError as error:
        yield Rejection(file.file_path, last + 1, Reason.UNREADABLE, error.strerror or str(error))


def _size(item: Document | Rejection) -> int:
    if isinstance(item, Rejection):
        return len(item.file_path) + len(item.detail)
    return sum(len(value) for value in item.fields.values() if isinstance(value, (str, bytes)))
