"""Articles to sets of articles: copies of one text, reports of one event.

Both look at the whole collection, from what the annotator kept of each text, but compare only what the
last run did not: what it found is kept in Parquet. From nothing the outcome is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import pyarrow as pa

    from flows.grouping.copies import CopyState
    from flows.grouping.stories import StoryState
    from warehouse.load import GroupingInput, Groups


def group(given: GroupingInput) -> Groups:
    """The copies and the stories of a collection; copies belong to the story of their earliest text."""
    from concurrent.futures import ThreadPoolExecutor

    from flows.grouping.copies import find_copies
    from flows.grouping.stories import StoryItem, find_stories
    from warehouse.load import Groups

    items = list(map(StoryItem, given.text_hash, given.published_on, given.story_terms))
    with ThreadPoolExecutor(1) as beside:  # neither needs the other, and arrays are computed side by side
        telling = beside.submit(find_stories, items, _story_state(given.known))
        group_ids, copies = find_copies(
            given.text_hash,
            given.shingles,
            given.published_on,
            _copy_state(given.known),
            given.gone,
            facts=given.facts,
        )
        found = telling.result()
    title_of = dict(zip(given.text_hash, given.title, strict=True))
    leaders = set(group_ids)
    told = [
        (key, story.story_id, title_of[story.central_key] or None)
        for story in found.stories
        for key in story.keys
        if key in leaders
    ]
    return Groups(
        text_groups={"text_hash": given.text_hash, "text_group_id": group_ids},
        story_groups=_columns(("text_group_id", "story_id", "headline"), told),
        story_merges=_columns(("old_story_id", "new_story_id", "merged_on"), found.merges),
        state=_tables(copies, found.state),
    )


def _tables(copies: CopyState, stories: StoryState) -> dict[str, dict[str, Any]]:
    """Both states as the tables of `warehouse.parquet.GROUPED`; `_copy_state` and `_story_state` undo it."""
    return {
        "prints": {
            "print": copies.prints,
            "text_hash": copies.text_hash,
            "telling_count": copies.telling,
        },
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
            "story_id": stories.joined,
            "is_echo": stories.echo,
        },
        "story_pairs": {"first": stories.first, "second": stories.second, "nearness": stories.nearness},
        "story_merges": _columns(("old_story_id", "new_story_id", "merged_on"), stories.merges),
    }


def _copy_state(known: Mapping[str, pa.Table]) -> CopyState:
    import numpy as np

    from flows.grouping.copies import CopyState

    prints, pairs = known["prints"], known["print_pairs"]
    return CopyState(
        prints=prints["print"].to_pylist(),
        text_hash=prints["text_hash"].to_pylist(),
        telling=prints["telling_count"].to_numpy().astype(np.int64),
        first=pairs["first"].to_numpy().astype(np.int64),
        second=pairs["second"].to_numpy().astype(np.int64),
        common=pairs["common_count"].to_numpy().astype(np.int64),
        shared=pairs["shared_count"].to_numpy().astype(np.int64),
        apart=pairs["is_apart"].to_numpy().astype(bool),
        boilerplate=known["boilerplate"]["shingle"].to_numpy(),
    )


def _story_state(known: Mapping[str, pa.Table]) -> StoryState:
    import numpy as np

    from flows.grouping.stories import StoryMerge, StoryState

    texts, pairs = known["story_texts"], known["story_pairs"]
    return StoryState(
        keys=texts["text_hash"].to_pylist(),
        days=texts["day"].to_numpy().astype(np.int64),
        joined=texts["story_id"].to_pylist(),
        echo=texts["is_echo"].to_numpy().astype(bool),
        merges=[StoryMerge(**row) for row in known["story_merges"].to_pylist()],
        first=pairs["first"].to_numpy().astype(np.int64),
        second=pairs["second"].to_numpy().astype(np.int64),
        nearness=pairs["nearness"].to_numpy(),
    )


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
