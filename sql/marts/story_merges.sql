-- One story that became part of an earlier one when later reports showed that both tell one event.
select
    story_merges.old_story_id, -- Key: what the story was called until then.
    story_groups.story_id as new_story_id, -- The story that its articles belong to now.
    story_merges.merged_on -- Day of the reports that joined them; null when reports without a date did.
from raw.story_merges
inner join raw.story_groups on story_merges.old_story_id = story_groups.text_group_id
