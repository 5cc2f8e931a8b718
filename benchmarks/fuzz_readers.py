"""Fuzz readers and parsers: no bytes may make one raise, hang, or leave a file without a record.

Atheris is not among the locked packages, since only this script needs it. In an environment of its own:

    python3.12 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install --require-hashes -r requirements.lock
    /tmp/fuzz/bin/pip install atheris
    /tmp/fuzz/bin/python -m benchmarks.fuzz_readers FORMAT [SECONDS]

FORMAT is one of those below, SECONDS (120) are of the processor, so that busy neighbours make no difference.
Starts from the samples of the tests; an input that fails is written to `crash-*` in the working directory
and belongs into tests/reading_formats/test_hostile.py. What was done is added to docs/fuzzing.json.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import json
import lzma
import os
import pkgutil
import re
import shutil
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import atheris

with atheris.instrument_imports(include=["flows", "zipfile", "email"]):
    import flows.parsing
    import flows.reading
    from flows.parsing import parse_document
    from flows.reading import Limits, read_documents
    from flows.reading.inputs import InputFile
    from flows.records import Article, Document, Reason, Rejection

    for package in (flows.reading, flows.parsing):  # else those that wait until needed go uncovered
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)

import zstandard

from tests.reading_formats import samples

LIMITS = Limits(20_000, 100_000, 20, max_nested_bytes=50_000, max_members=100)
SLOW_SECONDS = 10  # of the processor, for at most 30 KB; not of the clock, since others may be busy
TODAY = date(2026, 10, 10)
PROJECT = Path(__file__).resolve().parents[1]
FIGURES = PROJECT / "docs" / "fuzzing.json"
PAGES = PROJECT / "seeds" / "articles"

COPY = (
    f"{samples.TITLE}\n\nBy Ottilie Brandt and Jan Muster\nOctober 5, 2026\n\n"
    f"LISBON, Oct. 5 (AFP) -- {samples.TEXT}\n\n© 2026 Tagus Wire. All rights reserved.\nSubscribe"
)
RECORDS = [samples.CORE | {"date": "2026-10-05", "authors": ["A B", "C D"], "url": "https://a.example/b"}] * 2
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)
TABLE = 'title,text,date\n"One, two","He said ""no""\nand left.",2026-10-05\nThree,Four words are here,\n'
PACKED: list[bytes | str] = [
    pack(COPY.encode()) for pack in (gzip.compress, bz2.compress, lzma.compress, zstandard.compress)
]

SEEDS: dict[str, tuple[str, list[bytes | str]]] = {
    "text": ("a.txt", [COPY, samples.TEXT, COPY.encode("utf-16"), COPY.encode("cp1252")]),
    "html": ("a.html", [samples.PAGE, *(page.read_bytes() for page in sorted(PAGES.glob("*/*.html"))[:4])]),
    "json": ("a.json", [json.dumps(RECORDS), json.dumps({"articles": RECORDS}), json.dumps(RECORDS[0])]),
    "jsonl": ("a.jsonl", [LINES]),
    "csv": ("a.csv", [TABLE, "sep=;\r\n" + TABLE.replace(",", ";"), TABLE.replace('""', '\\"')]),
    "tsv": ("a.tsv", [TABLE.replace(",", "\t")]),
    "newsml_g2": ("a.xml", [samples.G2, samples.g2_message(samples.g2_item("T", samples.INLINE_NITF))]),
    "newsml": ("a.xml", [samples.NEWSML1]),
    "nitf": ("a.xml", [samples.NITF]),
    "feed": ("a.xml", [samples.RSS, samples.ATOM]),
    "iptc7901": ("a.iptc", [samples.IPTC]),
    "ninjs": ("a.json", [samples.NINJS_FILE, json.dumps(samples.NINJS2)]),
    "mhtml": ("a.mhtml", [samples.MHTML]),
    "warc": ("a.warc", [samples.WARC, samples.WARC_GZ]),
    "parquet": ("a.parquet", [samples.parquet([samples.CORE] * 2)]),
    "zip": ("a.zip", [samples.zipped(("a.txt", samples.TEXT), ("b.xml", samples.RSS))]),
    "tar": (
        "a.tar",
        [samples.tarred(("a.txt", samples.TEXT), ("b.zip", samples.zipped(("c.txt", "Words"))))],
    ),
    "compression": ("a.txt", PACKED),
    "any": (
        "a",
        [samples.RSS, samples.IPTC, samples.WARC, samples.MHTML, samples.NINJS_FILE, TABLE, LINES, *PACKED],
    ),
}
READ_ONLY = {"mhtml", "warc", "parquet", "zip", "tar", "compression", "any"}
"""Not parsed as well: what is in them is what the other formats hold, and parsing takes most of the time."""


class Held(InputFile):
    """A file whose bytes are in memory."""

    __slots__ = ("data",)

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)  # type: ignore[attr-defined]


def check(name: str, data: bytes, *, is_parsed: bool) -> None:
    """Read the bytes as a file of that name, parse what was read, and look at what came of it."""
    began = time.process_time()
    file = Held(name, name, len(data), 0)
    object.__setattr__(file, "data", data)
    number = 0
    for number, item in enumerate(read_documents(file, limits=LIMITS), 1):
        assert item.record_number == number
        if isinstance(item, Rejection):
            check_rejection(item)
        elif is_parsed:
            check_outcome(parse_document(item, TODAY), item)
        else:
            assert type(item) is Document
    assert number
    assert time.process_time() - began < SLOW_SECONDS


def check_rejection(rejection: Rejection) -> None:
    """A reason of the closed list, and a detail that can be stored."""
    assert type(rejection) is Rejection and type(rejection.reason) is Reason and rejection.detail
    rejection.detail.encode()
    rejection.file_path.encode()


def check_outcome(outcome: Article | Rejection, document: Document) -> None:
    """An article whose fields can be stored and have one form, or a rejection."""
    assert outcome.record_number == document.record_number
    if isinstance(outcome, Rejection):
        check_rejection(outcome)
        return
    for value in _strings(outcome):
        value.encode()
        assert "\0" not in value, value
    for value in (outcome.title or "", outcome.text):
        assert unicodedata.is_normalized("NFC", value), value
        assert value == value.strip(), value
    assert outcome.published_on is None or 1600 <= outcome.published_on.year <= TODAY.year, outcome
    assert (outcome.published_on is None) == (outcome.published_basis == "none"), outcome
    assert outcome.title != "" and outcome.word_count, outcome


def _strings(article: Article) -> Iterator[str]:
    for name in article.__slots__:
        value = getattr(article, name)
        if isinstance(value, tuple):
            yield from value
        elif isinstance(value, str):
            yield value


def finish(chosen: str, inputs: int) -> NoReturn:
    """Add the inputs to the figures and end the process, which libFuzzer would never do."""
    figures = json.loads(FIGURES.read_text())
    row = figures["readers"].setdefault(chosen, {"inputs": 0, "seconds": 0})
    row["inputs"] += inputs
    row["seconds"] += round(time.process_time())
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    os._exit(0)


def main() -> None:
    """Run the fuzzer on the format named."""
    if len(sys.argv) < 2 or sys.argv[1] not in SEEDS:
        raise SystemExit(f"fuzz_readers: name a format: {', '.join(SEEDS)}")
    chosen = sys.argv[1]
    name, seeds = SEEDS[chosen]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 120.0
    inputs = 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        words: set[bytes] = set()
        for number, seed in enumerate(seeds):
            data = seed.encode() if isinstance(seed, str) else seed
            (corpus / f"seed{number}").write_bytes(data)
            words |= set(re.findall(rb"[<\"@]?[\w:.-]{3,30}[=>\":]?", data[:20_000]))
        dictionary = Path(folder, "words")
        quoted = (word.replace(b'"', b'\\"') for word in sorted(words)[:500])
        dictionary.write_bytes(b"".join(b'"%s"\n' % word for word in quoted if word.isascii()))
        options: list[Any] = [
            *(sys.argv[0], str(corpus), "-max_len=30000", "-timeout=1000"),
            *("-rss_limit_mb=2000", f"-dict={dictionary}"),
        ]

        def try_input(data: bytes) -> None:
            nonlocal inputs
            check(name, data, is_parsed=chosen not in READ_ONLY)
            inputs += 1
            if time.process_time() > seconds:
                shutil.rmtree(folder)
                finish(chosen, inputs)

        atheris.Setup(options, try_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
