"""What grouping keeps in Parquet spares it work and changes nothing; losing it loses nothing."""

from datetime import date
from pathlib import Path

import pyarrow as pa

from flows.grouping.collection import group
from flows.grouping.hashes import hash_texts
from warehouse.load import GroupingInput, Groups
from warehouse.parquet import batch_ids, read_groups, write_groups

FERRY = "A ferry with 212 people aboard ran aground on a reef off Porto Verde, the coast guard there said."
TEXTS = {
    "a": (date(2024, 3, 4), "Ferry aground", FERRY + " Nobody was hurt. Fog hid the reef."),
    "b": (date(2024, 3, 4), "Ferry hits reef", FERRY + " Nobody was hurt."),
    "c": (date(2024, 3, 6), "Porto Verde ferry towed", "The ferry was towed off the reef near Porto Verde."),
    "d": (date(2024, 3, 6), "Rovers win", "Rovers beat Albion on penalties and reach the final of the cup."),
    "e": (None, "Porto Verde ferry in port", "The ferry that hit the reef off Porto Verde is back in port."),
}


def grouped(root: Path, run_id: str, keys: str, gone: str = "") -> Groups:
    groups = group(GroupingInput(texts(keys), read_groups(root, "v"), texts(gone)))
    write_groups(root, "v", run_id, groups.state)
    return groups


def texts(keys: str) -> pa.Table:
    days, titles, bodies = zip(*(TEXTS[key] for key in keys), strict=True) if keys else ((), (), ())
    shingles, facts, terms = (
        zip(*hash_texts(list(zip(titles, bodies, strict=True))), strict=True) if keys else ((), (), ())
    )
    hashes = pa.list_(pa.uint32())
    return pa.table(
        {
            "text_hash": pa.array(list(keys), pa.string()),
            "title": pa.array(titles, pa.string()),
            "published_on": pa.array(days, pa.date32()),
            "shingles": pa.array(shingles, hashes),
            "facts": pa.array(facts, hashes),
            "story_terms": pa.array(terms, hashes),
        }
    )


def test_in_batches_or_at_once_the_groups_are_the_same(tmp_path: Path) -> None:
    once = grouped(tmp_path / "once", "1", "abcde")
    assert pa.array(once.text_groups["text_group_id"]).to_pylist() == ["a", "a", "c", "d", "e"]
    assert len(set(pa.array(once.story_groups["story_id"]).to_pylist())) == 2
    for number, (keys, gone) in enumerate([("bd", ""), ("bcde", ""), ("ace", "bd"), ("abcde", "")]):
        last = grouped(tmp_path / "more", str(number), keys, gone)
    assert last.text_groups == once.text_groups
    assert last.story_groups == once.story_groups
    assert last.story_merges == once.story_merges
    for name, table in read_groups(tmp_path / "once", "v").items():
        assert table.equals(read_groups(tmp_path / "more", "v")[name])
    assert len(batch_ids(tmp_path / "more", "grouped/v")) == 1


def test_of_another_version_nothing_is_known(tmp_path: Path) -> None:
    grouped(tmp_path, "1", "ab")
    assert read_groups(tmp_path, "v")["prints"].num_rows == 2
    assert read_groups(tmp_path, "w")["prints"].num_rows == 0
