"""Articles to sets of articles: copies of one text, reports of one event.

Both look at the whole collection at every build, from what the annotator kept of each text.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.load import GroupingInput, Groups


def group(given: GroupingInput) -> Groups:
    """The copies and the stories of a collection; a story counts each set of copies as one text."""
    from flows.grouping.copies import group_copies
    from flows.grouping.stories import StoryItem, find_stories
    from warehouse.load import Groups

    group_ids = group_copies(given.text_hash, given.shingles, given.published_on)
    first_day: dict[str, date | None] = {}
    for group_id, day in zip(group_ids, given.published_on, strict=True):
        known = first_day.setdefault(group_id, day)
        if day is not None and (known is None or day < known):
            first_day[group_id] = day
    place = {text_hash: i for i, text_hash in enumerate(given.text_hash)}
    items = [StoryItem(key, first_day[key], given.story_terms[place[key]]) for key in sorted(first_day)]
    stories = find_stories(items)
    told = [(key, s.story_id, given.title[place[s.central_key]] or None) for s in stories for key in s.keys]
    return Groups(
        text_groups={"text_hash": given.text_hash, "text_group_id": group_ids},
        story_groups={
            "text_group_id": [key for key, _, _ in told],
            "story_id": [story for _, story, _ in told],
            "headline": [title for _, _, title in told],
        },
    )
