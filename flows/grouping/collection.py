"""What the annotator kept of all texts to their groups, and what is kept of that in Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from flows.grouping.copies import CopyState, find_copies
from flows.grouping.rows import Rows
from flows.grouping.stories import UNDATED, StoryMerge, StoryState, find_stories
from warehouse.load import GroupingInput, Groups

Columns = Mapping[str, npt.NDArray[Any]]


def group(given: GroupingInput) -> Groups:
    """The copies and the stories of a collection; copies belong to the story of their earliest text."""
    keys, days = given.text_hashes, _ordinals(given.days)
    story_terms, told_before = Rows.of_sizes(*given.story_terms), _story_state(given.known)
    with ThreadPoolExecutor(1) as beside:  # neither needs the other, and arrays are computed side by side
        telling = beside.submit(find_stories, keys, days, story_terms, told_before)
        group_of, copies = find_copies(
            keys,
            Rows.of_sizes(*given.shingles),
            np.where(days < UNDATED, days, np.inf),
            Rows.of_sizes(*given.facts),
            _copy_state(given.known),
            (given.gone_hashes, Rows.of_sizes(*given.gone_shingles)),
        )
        found = telling.result()
    is_leader = np.zeros(len(keys), dtype=bool)
    is_leader[group_of] = True
    leaders = np.flatnonzero(is_leader)
    return Groups(
        text_groups={"text_hash": keys, "text_group_id": keys[group_of]},
        story_groups={
            "text_group_id": keys[leaders],
            "story_id": keys[found.story[leaders]],
            "headline": [given.titles[text] or None for text in found.central[leaders].tolist()],
        },
        story_merges=_merge_columns(found.merges),
        state=_tables(copies, found.state),
    )


def _tables(copies: CopyState, stories: StoryState) -> dict[str, dict[str, Any]]:
    """Both states as the tables of `warehouse.parquet.GROUPED`; `_copy_state` and `_story_state` undo it."""
    return {
        "prints": {
            "print": copies.prints,
            "text_hash": copies.keys,
            "telling_count": copies.telling,
            "sampled_count": copies.sampled,
        },
        "print_pairs": {
            "first": copies.first,
            "second": copies.second,
            "met_count": copies.met,
            "common_count": copies.common,
            "shared_count": copies.shared,
            "is_apart": copies.apart,
        },
        "boilerplate": {"shingle": copies.boilerplate},
        "story_texts": {
            "text_hash": stories.keys,
            "day": stories.days,
            "term_length": stories.lengths,
            "joined": stories.joined,
            "is_echo": stories.echo,
        },
        "story_pairs": {"first": stories.first, "second": stories.second, "nearness": stories.nearness},
        "story_merges": _merge_columns(stories.merges),
    }


def _copy_state(known: Mapping[str, Columns]) -> CopyState:
    prints, pairs = known["prints"], known["print_pairs"]
    return CopyState(
        prints=prints["print"],
        keys=prints["text_hash"],
        telling=prints["telling_count"].astype(np.int64),
        sampled=prints["sampled_count"].astype(np.int64),
        first=pairs["first"].astype(np.int64),
        second=pairs["second"].astype(np.int64),
        met=pairs["met_count"].astype(np.int64),
        common=pairs["common_count"].astype(np.int64),
        shared=pairs["shared_count"].astype(np.int64),
        apart=pairs["is_apart"],
        boilerplate=known["boilerplate"]["shingle"],
    )


def _story_state(known: Mapping[str, Columns]) -> StoryState:
    texts, pairs = known["story_texts"], known["story_pairs"]
    return StoryState(
        keys=texts["text_hash"],
        days=texts["day"].astype(np.int64),
        lengths=texts["term_length"],
        joined=texts["joined"].astype(np.int64),
        echo=texts["is_echo"],
        merges=_merges(known["story_merges"]),
        first=pairs["first"],
        second=pairs["second"],
        nearness=pairs["nearness"],
    )


def _merge_columns(merges: Sequence[StoryMerge]) -> dict[str, list[Any]]:
    names = ("old_story_id", "new_story_id", "merged_on")
    return {name: [getattr(merge, name) for merge in merges] for name in names}


def _merges(columns: Columns) -> list[StoryMerge]:
    old, new = (columns[name].astype(str).tolist() for name in ("old_story_id", "new_story_id"))
    return list(map(StoryMerge, old, new, columns["merged_on"].tolist()))


def _ordinals(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Dates as ordinals, UNDATED for none."""
    ordinals = days.astype("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal()
    return np.where(np.isnat(days), UNDATED, ordinals)
