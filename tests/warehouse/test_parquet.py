"""What is committed is whole, counted once, and known to the next run."""

import os
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tests.warehouse.newsroom import NOW, Newsroom, day, run_row
from warehouse import parquet
from warehouse.parquet import (
    batch_ids,
    close_stale_runs,
    columns_of,
    known_files,
    pending_texts,
    read_runs,
    read_texts,
    sweep,
    write_batch,
    write_run,
)

FIRST, SECOND, THIRD = (f"20261123T1{n}0000Z-aaaa" for n in range(3))


def topics(batch_id: str, root: Path, *text_hashes: str) -> None:
    rows = [(text_hash, "medtop:04000000", 0.5, True) for text_hash in text_hashes]
    write_batch(root, "annotated/v", batch_id, {"topics": columns_of("annotated/v", "topics", rows)})


def test_a_batch_that_was_cut_off_is_not_there_and_is_swept(newsroom: Newsroom) -> None:
    newsroom.article("a")
    newsroom.write()
    folder = newsroom.root / "parquet" / "parsed"
    (folder / ".tmp-20261123T120000Z-aaaa-00002").mkdir()
    (newsroom.root / "parquet" / "runs").mkdir()
    (newsroom.root / "parquet" / "runs" / ".tmp-x.parquet").touch()
    (newsroom.root / "versions").mkdir()
    (newsroom.root / "versions" / ".building-x.duckdb").touch()
    assert batch_ids(newsroom.root, "parsed") == ["20261123T120000Z-aaaa-00001"]
    sweep(newsroom.root)
    assert sorted(path.name for path in newsroom.root.rglob("*") if path.is_file()) == [
        "articles.parquet",
        "files.parquet",
    ]
    assert [path.name for path in newsroom.root.rglob(".*")] == []


def test_the_same_batch_twice_is_there_once(tmp_path: Path) -> None:
    topics("r-1", tmp_path, "h1")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    topics("r-1", tmp_path, "h2")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_columns_must_be_those_of_the_schema(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\['is_primary', 'topic_score', 'topic_sure'\]"):
        write_batch(
            tmp_path,
            "annotated/v",
            "r-1",
            {"topics": {"text_hash": ["h"], "topic_id": ["t"], "topic_sure": [1]}},
        )
    assert batch_ids(tmp_path, "annotated/v") == []


def test_half_a_surrogate_pair_keeps_the_offsets(newsroom: Newsroom) -> None:
    newsroom.article("a", "So \ud800 it goes", authors=["J\udfffn"], file_path=os.fsdecode(b"inbox/\xff.txt"))
    newsroom.write()
    ((path, rows, cuts),) = pending_texts(newsroom.root, "md-test")
    assert read_texts(path, rows, cuts)[0][2] == "So ? it goes"


def test_texts_to_annotate_come_once_and_from_current_articles(newsroom: Newsroom) -> None:
    newsroom.article("a", "One.", text_hash="h1")
    newsroom.article("b", "Two.", text_hash="h2", language_code=None)
    newsroom.article("c", "One.", text_hash="h1")  # a copy costs nothing
    newsroom.write(FIRST)
    newsroom.article("d", "Two.", text_hash="h2")
    newsroom.article("a", "Three.", text_hash="h3")  # a newer a: but c still has the first text
    newsroom.write(SECOND)
    found = [
        (path.parent.name, read_texts(path, *texts)) for path, *texts in pending_texts(newsroom.root, "v")
    ]
    # "a" changed, so the first place of h1 in a current article is c
    assert found == [
        (f"{FIRST}-00001", [("h2", "", "Two.", None), ("h1", "", "One.", "en")]),
        (f"{SECOND}-00002", [("h3", "", "Three.", "en")]),
    ]
    newsroom.annotate(["h1", "h2", "h3"], version="v")
    assert pending_texts(newsroom.root, "v") == []
    assert len(pending_texts(newsroom.root, "w")) == 2


def test_batches_from_before_a_column_was_known_still_count(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    young = {"slugline", "urgency", "version_number", "updated_at", "item_key", "headline_flags"}
    for table in ("articles", "rejections"):
        schema = parquet.PARSED[table]
        old = pa.schema([column for column in schema if column.name not in young])
        with monkeypatch.context() as patch:
            patch.setattr(parquet, "PARSED", {**parquet.PARSED, table: old})
            key = f"/old {table}"
            if table == "articles":
                newsroom.article("old", file_key=key, file_path="old")
            else:
                newsroom.rejection(key, "withdrawn")
            newsroom.parsed[table] = {n: v for n, v in newsroom.parsed[table].items() if n not in young}
            newsroom.write(FIRST)
    ((path, *_),) = pending_texts(newsroom.root, "md-test")
    assert path.name == "articles.parquet"
    newsroom.annotate(["hash of Nothing new."])
    newsroom.article("new", slugline="Nothing-new")
    newsroom.build(run_row(SECOND))
    assert newsroom.rows("select article_id, slugline, headline_flags from marts.articles order by 1") == [
        *(("new", "Nothing-new", []), ("old", None, [])),
    ]


def records(newsroom: Newsroom, *numbers: int, text: str = "old") -> None:
    for number in numbers:
        newsroom.article(
            f"feed#{number}", f"{text} {number}", file_key="/feed", file_path="feed", record_number=number
        )


def test_a_file_is_known_as_far_as_it_was_read(newsroom: Newsroom) -> None:
    assert known_files(newsroom.root) == {}
    records(newsroom, 1, 2)
    newsroom.write(FIRST, slices={"/feed": (1, 2, False)})
    records(newsroom, 5)
    newsroom.write(FIRST, slices={"/feed": (5, 5, True)})
    known = known_files(newsroom.root)["/feed"]
    assert (known.file_hash, known.parser_version, known.is_complete) == ("h1", "p1", False)
    assert known.ranges == ((1, 2), (5, 5))
    records(newsroom, 3, 4)  # the next run finishes the rest
    newsroom.write(SECOND, slices={"/feed": (3, 4, False)})
    known = known_files(newsroom.root)["/feed"]
    assert (known.is_complete, known.ranges, known.modified_ns) == (True, ((1, 2), (3, 4), (5, 5)), 3)


def test_content_that_comes_back_is_read_anew_and_counts(newsroom: Newsroom) -> None:
    records(newsroom, 1, 2, text="old")
    newsroom.write(FIRST, file_hash="old")
    records(newsroom, 1, text="new")
    newsroom.rejection("/feed", "too_short", 2)
    newsroom.write(SECOND, file_hash="new")
    assert known_files(newsroom.root)["/feed"].file_hash == "new"
    records(newsroom, 1, 2, text="old")
    newsroom.write(THIRD, file_hash="old")
    known = known_files(newsroom.root)["/feed"]
    assert (known.file_hash, known.ranges) == ("old", ((1, 2),))
    newsroom.annotate(["hash of old 1", "hash of old 2"])
    newsroom.build(run_row(THIRD))
    assert newsroom.rows("select text from marts.articles order by text") == [("old 1",), ("old 2",)]
    assert newsroom.rows("from marts.rejections") == []  # it was of the content in between
    assert newsroom.rows("select count(*) from raw.articles") == [(5,)]


def test_a_newer_parser_takes_back_what_the_older_one_made_of_the_same_bytes(newsroom: Newsroom) -> None:
    records(newsroom, 1, 2)
    newsroom.write(FIRST, parser_version="p1")
    records(newsroom, 1)
    newsroom.rejection("/feed", "too_short", 2)
    newsroom.write(SECOND, parser_version="p2")
    newsroom.annotate(["hash of old 1", "hash of old 2"])
    newsroom.build(run_row(SECOND))
    assert newsroom.rows("select article_id from marts.articles") == [("feed#1",)]
    assert newsroom.rows("select record_number, reason_code from marts.rejections") == [(2, "too_short")]
    assert newsroom.rows("select record_count, article_count, rejection_count from marts.files") == [
        (2, 1, 1)
    ]


def test_a_record_that_left_its_file_keeps_its_article(newsroom: Newsroom) -> None:
    records(newsroom, 1, 2)
    newsroom.write(FIRST, file_hash="long")
    records(newsroom, 1)
    newsroom.write(SECOND, file_hash="short")
    newsroom.annotate(["hash of old 1", "hash of old 2"])
    newsroom.build(run_row(SECOND))
    assert newsroom.rows("select article_id, run_id from marts.articles order by 1") == [
        ("feed#1", SECOND),
        ("feed#2", FIRST),
    ]


def test_runs_of_the_dead_are_closed(tmp_path: Path) -> None:
    write_run(tmp_path, run_row(FIRST))
    write_run(tmp_path, run_row(SECOND))
    write_run(tmp_path, run_row(THIRD, run_state="failed", ended_at=NOW, detail="a check failed"))
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / f"news-{SECOND}.duckdb").touch()  # killed after it had published
    assert close_stale_runs(tmp_path, NOW + timedelta(hours=1)) == [FIRST, SECOND]
    assert [run.run_state for run in read_runs(tmp_path)] == ["interrupted", "published", "failed"]
    assert day(23) == NOW.date()
