-- One entity on one day; articles without a date are left out. Built by day.
with counted as (
    select
        entity_number,
        published_on,
        sum(mention_count)::bigint as mention_count,
        count(*) as article_count,
        count(*) filter (not has_copies) + count(distinct group_number) filter (has_copies) as text_count,
        count(distinct origin_number) as origin_count
    from staging.entity_articles
    group by entity_number, published_on
)

select
    entity_numbers.entity_id, -- The entity.
    days.published_on, -- The day.
    counted.mention_count, -- Occurrences on that day.
    counted.article_count, -- Articles of that day, every copy as it was published.
    counted.text_count, -- Copies of one text once.
    counted.origin_count, -- Independent origins.
    counted.article_count / days.article_count as article_share -- Part of all articles of that day, 0-1.
from counted
inner join staging.days on counted.published_on = days.published_on
inner join staging.entity_numbers on counted.entity_number = entity_numbers.entity_number
