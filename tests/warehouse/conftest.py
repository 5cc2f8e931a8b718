from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.newsroom import Newsroom, day, open_newsroom


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return open_newsroom(tmp_path)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A published warehouse in which every mart has a row."""
    newsroom = open_newsroom(tmp_path_factory.mktemp("full"))
    # Nine days with one article of the BBC each, then four on one day: the tenth day is a rise.
    hashes = [
        newsroom.article(f"bbc{number}", f"Lee said so {number}.", **BBC, published_on=day(number))
        for number in range(1, 10)
    ]
    for number in range(10, 14):
        text = f"Moon said so in Seoul {number}."
        hashes.append(newsroom.article(f"moon{number}", text, title="Moon", **BBC, published_on=day(10)))
        newsroom.mention(hashes[-1], "Moon", "person")
        newsroom.mention(hashes[-1], "Moon", "person", field="title")
        newsroom.mention(hashes[-1], "Seoul", "place", start=16)
        newsroom.citation(hashes[-1], "Moon", "person", "Moon")
        newsroom.topic(hashes[-1], "medtop:20000346")
        newsroom.annotated["key_phrases"].append((hashes[-1], "so in Seoul", 1.0))
    text = "Trade talks: Jon Tarrel, Jon Tarrell.\n\nMore soon."
    hashes.append(newsroom.article("ap", text, agency_id="ap", agency_name="AP", **BBC))
    newsroom.mention(hashes[-1], "Jon Tarrel", "person", start=13)
    newsroom.mention(hashes[-1], "Jon Tarrell", "person", start=25)
    newsroom.article("ap2", text, outlet_name="Herald")
    newsroom.story_groups = dict.fromkeys(hashes[:2], (hashes[0], "Lee"))
    newsroom.story_merges.append((hashes[1], hashes[0], day(2)))
    newsroom.rejection("/inbox/empty.txt", "empty")
    newsroom.build()
    return newsroom


BBC = {"outlet_name": "BBC", "outlet_domain": "www.bbc.co.uk"}


@pytest.fixture
def planted(full: Newsroom, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the full warehouse, to plant bad rows in."""
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes((full.root / "news.duckdb").read_bytes())
    with duckdb.connect(str(copy)) as con:
        yield con
