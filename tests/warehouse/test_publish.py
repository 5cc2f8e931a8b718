"""What people see is always a whole, checked warehouse, and what they hold stays as it was."""

import os
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.newsroom import Newsroom, run_row
from warehouse.checks import CheckFailed
from warehouse.parquet import read_runs
from warehouse.publish import build_fingerprint, publish_warehouse, published_fingerprint
from warehouse.query import QueryError, connect, query

RUNS = [f"20261123T1{n}0000Z-aaaa" for n in range(4)]


def test_an_open_reader_keeps_its_snapshot_and_a_new_one_sees_the_new(newsroom: Newsroom) -> None:
    link = newsroom.root / "news.duckdb"
    newsroom.article("a")
    newsroom.build(run_row(RUNS[0]))
    count = "select count(*) from marts.articles"
    with connect(link) as old:
        newsroom.article("b", "More.")
        published = newsroom.build(run_row(RUNS[1]))
        assert old.execute(count).fetchone() == (1,)
        assert query(link, count) == (["count_star()"], [(2,)])
    assert published.link == link
    assert link.resolve() == published.path == newsroom.root / "versions" / f"news-{RUNS[1]}.duckdb"
    assert not link.readlink().is_absolute()  # the folder can be moved
    assert [run.run_state for run in read_runs(newsroom.root)] == ["published", "published"]


def test_the_newest_versions_stay_and_always_the_published_one(newsroom: Newsroom) -> None:
    newsroom.article("a")
    for run_id in reversed(RUNS):  # the last published has the smallest id: a clock was set back
        newsroom.build(run_row(run_id), keep=2)
    kept = sorted(path.name for path in (newsroom.root / "versions").iterdir())
    assert kept == [f"news-{run_id}.duckdb" for run_id in (RUNS[0], RUNS[2], RUNS[3])]
    assert newsroom.rows("select count(*) from marts.articles") == [(1,)]


def test_a_failed_check_publishes_nothing_and_leaves_nothing_behind(newsroom: Newsroom) -> None:
    text = newsroom.article("a", "Moon rises.")
    newsroom.mention(text, "Moon", "person")
    newsroom.build(run_row(RUNS[0]))
    before = sorted(path.name for path in newsroom.root.rglob("*.duckdb*"))
    bad = newsroom.article("b", "Moon sets.")
    newsroom.mention(bad, "Moon", "person", start=1)  # "oon " stands there
    with pytest.raises(CheckFailed, match="evidence_mentions: 1 row"):
        newsroom.build(run_row(RUNS[1]))
    assert sorted(path.name for path in newsroom.root.rglob("*.duckdb*")) == before
    assert newsroom.rows("select count(*) from marts.articles") == [(1,)]
    assert list((newsroom.root / "versions").glob(".*")) == []


def test_a_model_that_breaks_says_which(newsroom: Newsroom) -> None:
    sql = newsroom.project / "sql"
    original = sql.resolve()
    sql.unlink()
    for path in original.glob("*/*.sql"):
        (sql / path.parent.name).mkdir(parents=True, exist_ok=True)
        (sql / path.parent.name / path.name).write_text(path.read_text())
    (sql / "marts" / "topics.sql").write_text("select nothing from staging.article_facts")
    newsroom.article("a")
    with pytest.raises(duckdb.Error) as caught:
        newsroom.build()
    assert caught.value.__notes__ == ["in sql/marts/topics.sql"]
    assert not (newsroom.root / "news.duckdb").exists()


def test_a_database_that_was_not_closed_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    building = tmp_path / "versions" / ".building-x.duckdb"
    with duckdb.connect(str(building)) as con:
        con.execute("create table t as select 1 as x")
        with pytest.raises(RuntimeError, match="write-ahead log"):
            publish_warehouse(tmp_path, building, "x")
    assert not (tmp_path / "news.duckdb").exists()


def test_the_fingerprint_knows_whether_there_is_work(newsroom: Newsroom) -> None:
    def fresh(annotator: str = "md-test") -> bool:
        made = build_fingerprint(newsroom.root, newsroom.project, annotator)
        return published_fingerprint(newsroom.root) == made

    newsroom.article("a")
    assert published_fingerprint(newsroom.root) is None
    published = newsroom.build()
    assert fresh()
    assert not fresh("md-other")
    seeds = newsroom.project / "seeds" / "outlets.csv"
    text = seeds.read_text()
    seeds.write_text(text + "new,New,new.example,,,,\n")
    assert not fresh()
    seeds.write_text(text)
    os.utime(seeds)
    assert fresh()
    newsroom.article("b")
    newsroom.write()
    assert not fresh()
    published.path.write_bytes(b"not a database")
    assert published_fingerprint(newsroom.root) is None


@pytest.mark.parametrize(
    "sql",
    [
        "delete from marts.articles",
        "create table marts.mine as select 1 as x",
        "copy marts.articles to '{folder}/out.csv'",
        "attach '{folder}/other.duckdb' as other",
        "select * from read_text('{folder}/secret.txt')",
        "set enable_external_access = true",
        "set memory_limit = '1GB'",
        "install httpfs",
    ],
)
def test_a_query_can_look_and_nothing_else(full: Newsroom, tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    with pytest.raises(QueryError):
        query(full.root / "news.duckdb", sql.format(folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


def test_times_come_in_utc_whatever_the_clock_says(full: Newsroom) -> None:
    names, rows = query(full.root / "news.duckdb", "select started_at from marts.runs")
    assert (names, str(rows[0][0])) == (["started_at"], "2026-11-23 12:00:00+00:00")


def test_no_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="newsmill run INPUT"):
        query(tmp_path / "news.duckdb", "select 1")
