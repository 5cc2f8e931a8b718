"""A warehouse built on the one before has the rows of one built from nothing."""

import random
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.marts import all_rows
from tests.warehouse.newsroom import Newsroom, day, run_row
from warehouse.models import BY_DAY, DIGESTS, read_models
from warehouse.side_by_side import side_by_side

SQL = Path(__file__).parents[2] / "sql"
NAMES = (
    ("Moon", "person"), ("Moon Jae-in", "person"), ("Paris", "place"), ("Texas", "place"), ("Seoul", "place"),
    ("S. Korea", "place"), ("UN", "organization"), ("Blue House", "organization"), ("Lee", "person"),
)  # fmt: skip
TOPICS = ("medtop:04000000", "medtop:11000000", "medtop:20000346")
RUNS = [f"20261123T12{n:02}00Z-aaaa" for n in range(20)]


def random_articles(newsroom: Newsroom, rng: random.Random, count: int, days: int) -> None:
    """Articles of few ids (so that some are corrected) on random days, or none."""
    for _ in range(count):
        number = rng.randrange(60)
        outlet = rng.choice([None, "BBC", "The Herald", "Echo"])
        names = rng.sample(NAMES, 3)
        lead, *others = names
        text = f"{lead[0]} said so {rng.randrange(40)}."
        starts = {lead: 0}
        for other in others:
            starts[other] = len(text) + 1
            text += f" {other[0]}"
        text_hash = newsroom.article(
            f"a{number}",
            text,
            file_key=f"/inbox/{number}-{rng.randrange(1 << 30)}.txt",
            published_on=rng.choice([None, *(day(1 + n) for n in range(days))]),
            outlet_name=outlet,
            agency_id=rng.choice([None, None, "ap", "yonhap"]),
            url=f"https://x.example/{number}",
        )
        if text_hash not in newsroom.seen:
            for (name, kind), start in starts.items():
                newsroom.mention(text_hash, name, kind, start=start)
            if lead[1] == "person":
                newsroom.citation(text_hash, lead[0], "person", lead[0])
            newsroom.topic(text_hash, rng.choice(TOPICS))
            newsroom.annotate([text_hash])


def events(newsroom: Newsroom, rng: random.Random) -> None:
    """One of the things that change what days hold, beside the articles that come."""
    seeds = newsroom.project / "seeds"
    what = rng.randrange(5)
    if what == 0:  # the same entity under another key
        path = seeds / "entity_aliases.csv"
        path.write_text(path.read_text() + f"Lee,person,Lee {rng.randrange(3)},true,,,\n")
    elif what == 1:  # texts become copies, or no longer
        texts = sorted(newsroom.seen)
        newsroom.text_groups = {text: min(texts) for text in rng.sample(texts, 5)}
    elif what == 2:
        url = f"https://x.example/{rng.randrange(60)}"
        newsroom.rejection(f"/inbox/gone{rng.randrange(1 << 30)}.txt", "withdrawn", url=url)
    elif what == 3:
        path = seeds / "agencies.csv"
        path.write_text(path.read_text().replace("Associated Press", "Associated Press Wire", 1))


@pytest.mark.parametrize("seed", range(2))
def test_built_on_the_one_before_or_from_nothing(newsroom: Newsroom, seed: int) -> None:
    rng = random.Random(seed)
    random_articles(newsroom, rng, 40, 12)
    newsroom.write(RUNS[0])
    newsroom.build(run_row(RUNS[0]))
    for number in (1, 2):
        random_articles(newsroom, rng, 3, 14)
        events(newsroom, rng)
        newsroom.write(RUNS[number])
        newsroom.build(run_row(RUNS[number]))
        increment = all_rows(newsroom.root), days(newsroom)
        for path in newsroom.root.rglob("*.duckdb"):
            path.unlink()  # Parquet is the truth
        newsroom.build(run_row(RUNS[number]))
        assert (all_rows(newsroom.root), days(newsroom)) == increment


def test_many_mentions_are_built_one_after_the_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = []

    def watched(*given: Any, **options: Any) -> None:
        at_once.append(given[3])
        side_by_side(*given, **options)

    random_articles(newsroom, random.Random(3), 40, 12)
    newsroom.write(RUNS[0])
    newsroom.build(run_row(RUNS[0]))
    few = all_rows(newsroom.root)
    for path in newsroom.root.rglob("*.duckdb"):
        path.unlink()
    monkeypatch.setattr("warehouse.build.MANY_MENTIONS", 0)
    monkeypatch.setattr("warehouse.models.side_by_side", watched)
    newsroom.build(run_row(RUNS[0]))
    assert (at_once[-1], all_rows(newsroom.root)) == (1, few)


def test_unchanged_days_are_taken_and_only_those(newsroom: Newsroom) -> None:
    """A published row that no build would give shows which days were taken over."""
    for number in range(1, 5):
        newsroom.article(f"a{number}", outlet_name="BBC", published_on=day(number))
    published = newsroom.build(run_row(RUNS[0]))
    with duckdb.connect(str(published.path)) as con:
        con.execute("update marts.source_days set citation_count = 7")
    newsroom.article("b", "More.", outlet_name="BBC", published_on=day(2))
    newsroom.build(run_row(RUNS[1]))
    sql = "select published_on, citation_count from marts.source_days order by all"
    assert newsroom.rows(sql) == [(day(1), 7), (day(2), 0), (day(3), 7), (day(4), 7)]
    # another SELECT builds every day anew
    (newsroom.project / "sql").unlink()
    shutil.copytree(SQL, newsroom.project / "sql")
    path = newsroom.project / "sql" / "marts" / "source_days.sql"
    path.write_text(path.read_text() + "order by all\n")
    newsroom.build(run_row(RUNS[2]))
    assert newsroom.rows(sql) == [(day(1), 0), (day(2), 0), (day(3), 0), (day(4), 0)]


@pytest.mark.parametrize("damage", ["no database", "no tables", "no mentions"])
def test_a_warehouse_that_cannot_be_read_is_built_from_nothing(newsroom: Newsroom, damage: str) -> None:
    newsroom.article("a", outlet_name="BBC", published_on=day(1))
    published = newsroom.build(run_row(RUNS[0]))
    before = all_rows(newsroom.root)
    if damage == "no database":
        published.path.write_bytes(b"not a database")
    else:
        with duckdb.connect(str(published.path)) as con:
            tables = {
                "no tables": ("marts.source_days", "staging.day_digests"),
                "no mentions": ("raw.mentions",),
            }
            con.execute(";".join(f"drop table {table}" for table in tables[damage]))
    newsroom.build(run_row(RUNS[1]))
    assert all_rows(newsroom.root) == before


def test_models_built_by_day_read_what_the_digests_cover() -> None:
    models = {model.name: model for model in read_models(SQL)}
    by_day = [model for model in models.values() if BY_DAY in model.comment]
    assert len(by_day) >= 4
    for model in by_day:
        assert model.reads <= models[DIGESTS].reads | {DIGESTS, "staging.days", "staging.entity_numbers"}, (
            model.name
        )


def test_batches_that_are_loaded_stay_while_they_come_first(newsroom: Newsroom) -> None:
    """A published row that no load would give shows which tables were kept."""
    newsroom.article("a", "Seoul said so.", file_key="/inbox/a.txt")
    newsroom.article("b", "Paris said so.", file_key="/inbox/b.txt")
    newsroom.build(run_row(RUNS[1]))

    def titles_after(run_id: str) -> list[str]:
        with duckdb.connect(str(newsroom.root / "news.duckdb")) as con:
            con.execute("update raw.articles set title = 'Planted'")
        newsroom.build(run_row(run_id))
        return sorted({str(title) for (title,) in newsroom.rows("select title from raw.articles")})

    newsroom.article("c", "Texas said so.", file_key="/inbox/c.txt")
    assert titles_after(RUNS[2]) == ["None", "Planted"]  # the new batch was added to what was there
    text_hash = newsroom.article("d", "Lee said so.", file_key="/inbox/d.txt")
    newsroom.write(RUNS[0])  # the clock went back: this batch comes first
    newsroom.annotate([text_hash])
    assert titles_after(RUNS[3]) == ["None"]
    shutil.rmtree(next((newsroom.root / "parquet" / "parsed").glob(f"{RUNS[2]}*")))
    assert titles_after(RUNS[4]) == ["None"]  # a batch was removed
    assert newsroom.rows("select count(*) from raw.articles") == [(3,)]


def test_a_text_that_is_annotated_again_later_counts_as_before(newsroom: Newsroom) -> None:
    text_hash = newsroom.article("a", "Seoul and Paris.", file_key="/inbox/a.txt")
    newsroom.mention(text_hash, "Seoul", "place", start=0)
    newsroom.build(run_row(RUNS[0]))
    newsroom.seen.clear()
    newsroom.mention(text_hash, "Paris", "place", start=10)
    newsroom.annotate([text_hash])
    newsroom.build(run_row(RUNS[1]))
    assert newsroom.rows("select mention_text from raw.mentions") == [("Seoul",)]
    assert newsroom.rows("select count(*) from raw.texts") == [(1,)]


def days(newsroom: Newsroom) -> list[str]:
    """Rows of the models of `staging` that are built by day."""
    return sorted(map(repr, newsroom.rows("from staging.outlet_subject_days")))
