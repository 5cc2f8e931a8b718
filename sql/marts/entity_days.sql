-- One entity on one day; articles without a date are left out. Built by day.
select
    any_value(entity_articles.entity_id) as entity_id, -- The entity.
    days.published_on, -- The day.
    sum(entity_articles.mention_count)::bigint as mention_count, -- Occurrences on that day.
    count(*) as article_count, -- Articles of that day, every copy as it was published.
    count(*) filter (not entity_articles.has_copies)
    + count(distinct entity_articles.group_number) filter (entity_articles.has_copies) as text_count, -- Copies of one text once.
    count(distinct entity_articles.origin_number) as origin_count, -- Independent origins.
    count(*) / days.article_count as article_share -- Part of all articles of that day, 0-1.
from staging.entity_articles
inner join staging.days on entity_articles.published_on = days.published_on
group by entity_articles.entity_number, days.published_on, days.article_count
