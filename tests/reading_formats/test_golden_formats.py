"""What a file holds beside the records that must be read from it: one file of them per format module."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from flows import reading
from flows.records import Document
from tests.reading_formats import samples as s

GOLDEN = Path(__file__).parent / "golden"
FOUND: dict[str, tuple[str, str | bytes]] = {
    "csv_records": ("a.csv", f'Headline;Body;Published\n{s.SECOND_TITLE};"{s.SECOND}";2026-10-06\n;;\n'),
    "feeds": ("a.atom", s.ATOM),
    "html": ("a.html", s.PAGE),
    "iptc7901": ("a.iptc", s.IPTC),
    "json_records": ("a.jsonl", f'{json.dumps(s.CORE)}\n{{"title": 7}}\n{{broken\n'),
    "mhtml": ("a.mhtml", s.MHTML),
    "newsml1": ("a.xml", s.NEWSML1),
    "newsml_g2": ("a.xml", s.G2),
    "ninjs": ("a.json", json.dumps(s.NINJS)),
    "nitf": ("a.nitf", s.NITF),
    "parquet_records": ("a.parquet", s.parquet([s.CORE, {"title": s.SECOND_TITLE, "text": None}])),
    "tar_archive": ("a.tar", s.tarred(("one.txt", s.SECOND), ("empty.txt", ""))),
    "text": ("a.txt", f"\ufeff{s.SECOND_TITLE}\r\n\r\n{s.SECOND}\r\n"),
    "warc": ("a.warc.gz", s.WARC_GZ),
    "zip_archive": ("a.zip", s.zipped(("in/one.txt", s.SECOND), ("empty.txt", ""))),
}


def record(item: Any, folder: Path) -> dict[str, Any]:
    where = {"file": item.file_path.removeprefix(f"{folder}/"), "record": item.record_number}
    if not isinstance(item, Document):
        return where | {"reason": item.reason.value}
    fields = {k: v.decode() if isinstance(v, bytes) else v for k, v in item.fields.items()}
    return where | {"format": item.format_code, "fields": fields}


def test_every_format_module_has_its_pair() -> None:
    modules = {path.stem for path in Path(reading.__file__).parent.glob("[!_]*.py")}
    formats = {
        name
        for name in modules
        if {"read", "members"} & vars(importlib.import_module(f"flows.reading.{name}")).keys()
    }
    assert formats == set(FOUND) == {path.stem for path in GOLDEN.glob("*.json")}


@pytest.mark.parametrize("module", sorted(FOUND))
def test_what_is_found_gives_the_records_expected(tmp_path: Path, module: str) -> None:
    expected = json.loads((GOLDEN / f"{module}.json").read_text("utf-8"))
    assert [record(item, tmp_path) for item in s.found_in(tmp_path, *FOUND[module])] == expected
