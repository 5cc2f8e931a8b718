"""Fuzz the read stage: no bytes may make a reader raise, hang, or leave a file without a record.

Atheris is not among the locked packages, since only this script needs it. In an environment of its own:

    python3.12 -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install --require-hashes -r requirements.lock
    /tmp/fuzz/bin/pip install atheris
    /tmp/fuzz/bin/python -m benchmarks.fuzz_readers FORMAT [SECONDS]

FORMAT is one of those below. Starts from the samples of the tests; an input that fails is written to
`crash-*` in the working directory and belongs into tests/reading_formats/test_hostile.py.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import atheris

with atheris.instrument_imports(include=["flows", "zipfile", "email"]):
    from flows.reading import Limits, read_documents
    from flows.reading.inputs import InputFile
from tests.reading_formats import samples

LIMITS = Limits(20_000, 100_000, 20, max_nested_bytes=50_000, max_members=100)
SEEDS: dict[str, tuple[str, list[bytes | str]]] = {
    "newsml_g2": ("a.xml", [samples.G2, samples.g2_message(samples.g2_item("T", samples.INLINE_NITF))]),
    "newsml": ("a.xml", [samples.NEWSML1]),
    "nitf": ("a.xml", [samples.NITF]),
    "feed": ("a.xml", [samples.RSS, samples.ATOM]),
    "iptc7901": ("a.iptc", [samples.IPTC]),
    "ninjs": ("a.json", [samples.NINJS_FILE]),
    "mhtml": ("a.mhtml", [samples.MHTML]),
    "warc": ("a.warc", [samples.WARC, samples.WARC_GZ]),
    "parquet": ("a.parquet", [samples.parquet([samples.CORE] * 2)]),
    "zip": ("a.zip", [samples.zipped(("a.txt", samples.TEXT), ("b.xml", samples.RSS))]),
    "tar": (
        "a.tar",
        [samples.tarred(("a.txt", samples.TEXT), ("b.zip", samples.zipped(("c.txt", "Words"))))],
    ),
    "any": ("a", [samples.RSS, samples.IPTC, samples.WARC, samples.MHTML, samples.NINJS_FILE]),
}


class Held(InputFile):
    """A file whose bytes are in memory."""

    __slots__ = ("data",)

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)  # type: ignore[attr-defined]


def check(name: str, data: bytes) -> None:
    """Read the bytes as a file of that name; the records must be there and numbered from 1."""
    file = Held(name, name, len(data), 0)
    object.__setattr__(file, "data", data)
    numbers = [item.record_number for item in read_documents(file, limits=LIMITS)]
    assert numbers == list(range(1, len(numbers) + 1)) and numbers


def main() -> None:
    """Run the fuzzer on the format named for so many seconds (default 120)."""
    if len(sys.argv) < 2 or sys.argv[1] not in SEEDS:
        raise SystemExit(f"fuzz_readers: name a format: {', '.join(SEEDS)}")
    name, seeds = SEEDS[sys.argv[1]]
    seconds = sys.argv[2] if len(sys.argv) > 2 else "120"
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            data = seed.encode() if isinstance(seed, str) else seed
            Path(corpus, f"seed{number}").write_bytes(data)
        options: list[Any] = [
            *(sys.argv[0], corpus, f"-max_total_time={seconds}", "-max_len=30000"),
            *("-timeout=10", "-rss_limit_mb=2000", "-print_final_stats=1"),
        ]
        atheris.Setup(options, lambda data: check(name, data))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
