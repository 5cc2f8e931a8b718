"""Inputs as found beside the record they must give: one pair of files per kind of source."""

import json
from datetime import date
from pathlib import Path

import pytest

from flows.parsing import parse_document
from flows.records import Article, Document

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 1, 1)


@pytest.mark.parametrize("expected_file", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_input_gives_its_record(expected_file: Path) -> None:
    page = expected_file.with_suffix(".html")
    fields = (
        {"html": page.read_bytes()}
        if page.exists()
        else {"text": expected_file.with_suffix(".txt").read_text("utf-8")}
    )
    article = parse_document(Document("copy", 1, "txt", fields), TODAY)
    assert isinstance(article, Article)
    expected = json.loads(expected_file.read_text("utf-8"))
    paragraphs = article.text.split("\n\n")
    assert "\n" not in "".join(paragraphs)
    assert len(paragraphs) == expected.pop("paragraphs"), paragraphs
    assert article.text.startswith(expected.pop("starts"))
    assert article.text.endswith(expected.pop("ends"))
    found = {name: getattr(article, name) for name in expected}
    found["published_on"] = article.published_on and article.published_on.isoformat()
    found["authors"] = list(article.authors)
    assert found == expected
