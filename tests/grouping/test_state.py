"""What grouping keeps in Parquet spares it work and changes nothing; losing it loses nothing."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from flows.grouping.collection import group
from flows.grouping.hashes import hash_texts
from flows.grouping.rows import Hashes, Rows
from warehouse.columns import Lists
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
    days, titles, *hashes = texts(keys)
    gone_shingles = texts(gone)[2]
    groups = group(
        GroupingInput(
            text_hashes=np.array(list(keys), dtype="S1"),
            titles=titles,
            days=np.array(days, dtype="datetime64[D]"),
            shingles=lists(hashes[0]),
            facts=lists(hashes[1]),
            story_terms=lists(hashes[2]),
            known=read_groups(root, "v"),
            gone_hashes=np.array(list(gone), dtype="S1"),
            gone_shingles=lists(gone_shingles),
        )
    )
    write_groups(root, "v", run_id, groups.state)
    return groups


def texts(keys: str) -> list[list[Any]]:
    """The days, titles, shingles, facts and story terms of some texts."""
    hashed = list(hash_texts([TEXTS[key][1:] for key in keys])) if keys else []
    told = ([TEXTS[key][i] for key in keys] for i in range(2))
    return [*told, *([hashes[i] for hashes in hashed] for i in range(3))]


def lists(rows: list[Hashes]) -> Lists:
    joined = Rows.of(rows)
    return Lists(joined.values, joined.sizes)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_in_batches_or_at_once_the_groups_are_the_same(tmp_path: Path) -> None:
    once = grouped(tmp_path / "once", "1", "abcde")
    assert np.array(once.text_groups["text_group_id"]).tolist() == [b"a", b"a", b"c", b"d", b"e"]
    assert len(set(np.array(once.story_groups["story_id"]).tolist())) == 2
    for number, (keys, gone) in enumerate([("bd", ""), ("bcde", ""), ("ace", "bd"), ("abcde", "")]):
        last = grouped(tmp_path / "more", str(number), keys, gone)
    assert same(last.text_groups, once.text_groups)
    assert same(last.story_groups, once.story_groups)
    assert last.story_merges == once.story_merges
    for name, table in read_groups(tmp_path / "once", "v").items():
        assert same(table, read_groups(tmp_path / "more", "v")[name])
    assert len(batch_ids(tmp_path / "more", "grouped/v")) == 1


def test_of_another_version_nothing_is_known(tmp_path: Path) -> None:
    grouped(tmp_path, "1", "ab")
    assert read_groups(tmp_path, "v")["prints"]["print"].size == 2
    assert read_groups(tmp_path, "w")["prints"]["print"].size == 0
