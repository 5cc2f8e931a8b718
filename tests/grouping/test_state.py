"""What grouping keeps in Parquet spares it work and changes nothing; losing it loses nothing."""

from datetime import date
from pathlib import Path

from flows.grouping import group
from flows.grouping.shingles import fact_hashes, shingle_hashes
from flows.grouping.terms import story_terms
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
    days, titles, texts = zip(*(TEXTS[key] for key in keys), strict=True)
    shingles = {key: shingle_hashes(*TEXTS[key][1:]) for key in keys + gone}
    groups = group(
        GroupingInput(
            text_hash=list(keys),
            title=list(titles),
            published_on=list(days),
            shingles=[shingles[key] for key in keys],
            facts=[fact_hashes(title, text) for title, text in zip(titles, texts, strict=True)],
            story_terms=[story_terms(title, text) for title, text in zip(titles, texts, strict=True)],
            known=read_groups(root, "v"),
            gone={key: shingles[key] for key in gone},
        )
    )
    write_groups(root, "v", run_id, groups.state)
    return groups


def test_in_batches_or_at_once_the_groups_are_the_same(tmp_path: Path) -> None:
    once = grouped(tmp_path / "once", "1", "abcde")
    assert once.text_groups["text_group_id"] == ["a", "a", "c", "d", "e"]
    assert len(set(once.story_groups["story_id"])) == 2
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
