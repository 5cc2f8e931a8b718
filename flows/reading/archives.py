"""What zip and tar archives have in common: members with cleaned names, and what is refused of them.

Nothing is written to disk; a member's name only becomes a part of `file_path`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flows.records import Reason

_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_NAME_CHARS = 500


class Member(NamedTuple):
    """A file in an archive: its cleaned name, and its bytes, to be read before the next is asked for."""

    name: str
    chunks: Iterator[bytes]


class RefusedMember(NamedTuple):
    """An entry that is not read: its cleaned name, the reason and the detail of its rejection."""

    name: str
    reason: Reason
    detail: str


def clean_name(name: str) -> str:
    """The name without what leads out of the folder: no root, no drive, no `..`, nothing unprintable."""
    parts = _DRIVE.sub("", name, count=1).replace("\\", "/").split("/") if name else []
    kept = "/".join(part for part in parts if part not in ("", ".", ".."))
    shown = "".join(char if char.isprintable() else "\ufffd" for char in kept[:_MAX_NAME_CHARS])
    return shown or "unnamed"


def leads_out(name: str) -> bool:
    """Whether the name is one an honest archive does not have: with `..` in it or a zero byte."""
    return "\0" in name or ".." in name.replace("\\", "/").split("/")


def is_hidden(name: str) -> bool:
    """Whether the name is hidden, as in folders, or the system's own note (`__MACOSX`)."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def refused_path(name: str) -> RefusedMember:
    """The refusal of a member whose name leads out of its folder."""
    return RefusedMember(clean_name(name), Reason.UNSAFE_PATH, "its name leads out of the archive")
