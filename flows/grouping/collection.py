"""What the annotator kept of all texts to their groups, and what is kept of that in Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from flows.grouping.copies import CopyState, find_copies
from flows.grouping.rows import Rows
from flows.grouping.stories import UNDATED, StoryMerge, StoryState, find_stories
from warehouse.load import GroupingInput, Groups


def group(given: GroupingInput) -> Groups:
    """The copies and the stories of a collection; copies belong to the story of their earliest text."""
    texts = given.texts
    keys = _one(texts["text_hash"])
    days = _days(texts["published_on"])
    story_terms, told_before = Rows.of_column(texts["story_terms"]), _story_state(given.known)
    with ThreadPoolExecutor(1) as beside:  # neither needs the other, and arrays are computed side by side
        telling = beside.submit(find_stories, keys, days, story_terms, told_before)
        group_of, copies = find_copies(
            keys,
            Rows.of_column(texts["shingles"]),
            np.where(days < UNDATED, days, np.inf),
            Rows.of_column(texts["facts"]),
            _copy_state(given.known),
            (_one(given.gone["text_hash"]), Rows.of_column(given.gone["shingles"])),
        )
        found = telling.result()
    leaders = np.unique(group_of)
    headlines = _one(texts["title"]).take(pa.array(found.central[leaders]))
    return Groups(
        text_groups={"text_hash": keys, "text_group_id": keys.take(pa.array(group_of))},
        story_groups={
            "text_group_id": keys.take(pa.array(leaders)),
            "story_id": keys.take(pa.array(found.story[leaders])),
            "headline": pc.if_else(pc.equal(headlines, ""), None, headlines),
        },
        story_merges=_merge_columns(found.merges),
        state=_tables(copies, found.state),
    )


def _tables(copies: CopyState, stories: StoryState) -> dict[str, dict[str, Any]]:
    """Both states as the tables of `warehouse.parquet.GROUPED`; `_copy_state` and `_story_state` undo it."""
    return {
        "prints": {"print": copies.prints, "text_hash": copies.keys, "telling_count": copies.telling},
        "print_pairs": {
            "first": copies.first,
            "second": copies.second,
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


def _copy_state(known: Mapping[str, pa.Table]) -> CopyState:
    prints, pairs = known["prints"], known["print_pairs"]
    return CopyState(
        prints=prints["print"].to_numpy(),
        keys=_one(prints["text_hash"]),
        telling=_whole(prints["telling_count"]),
        first=_whole(pairs["first"]),
        second=_whole(pairs["second"]),
        common=_whole(pairs["common_count"]),
        shared=_whole(pairs["shared_count"]),
        apart=pairs["is_apart"].to_numpy(),
        boilerplate=known["boilerplate"]["shingle"].to_numpy(),
    )


def _story_state(known: Mapping[str, pa.Table]) -> StoryState:
    texts, pairs = known["story_texts"], known["story_pairs"]
    return StoryState(
        keys=_one(texts["text_hash"]),
        days=_whole(texts["day"]),
        lengths=texts["term_length"].to_numpy(),
        joined=_whole(texts["joined"]),
        echo=texts["is_echo"].to_numpy(),
        merges=[StoryMerge(**row) for row in known["story_merges"].to_pylist()],
        first=_whole(pairs["first"]),
        second=_whole(pairs["second"]),
        nearness=_whole(pairs["nearness"]),
    )


def _merge_columns(merges: Sequence[StoryMerge]) -> dict[str, list[Any]]:
    names = ("old_story_id", "new_story_id", "merged_on")
    return {name: [getattr(merge, name) for merge in merges] for name in names}


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Dates as ordinals, UNDATED for null."""
    since_1970 = _one(column).cast("int32").fill_null(UNDATED).to_numpy()
    return np.where(since_1970 < UNDATED, since_1970 + date(1970, 1, 1).toordinal(), UNDATED)


def _whole(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    whole: npt.NDArray[np.int64] = column.to_numpy().astype(np.int64)
    return whole


def _one(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece."""
    return column.combine_chunks()
