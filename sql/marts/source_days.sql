-- One source on one day; articles without a date are left out. Built by day.
select
    source_articles.source_id, -- The source, in one role.
    days.published_on, -- The day.
    sum(source_articles.citation_count)::bigint as citation_count, -- Attributions on that day; 0 for outlets and agencies.
    count(*) as article_count, -- Articles of that day, every copy as it was published.
    count(distinct source_articles.text_group_id) as text_count, -- Copies of one text once.
    count(distinct source_articles.origin_id) as origin_count, -- Independent origins.
    count(*) / days.article_count as article_share -- Part of all articles of that day, 0-1.
from staging.source_articles
inner join staging.days on source_articles.published_on = days.published_on
group by source_articles.source_id, days.published_on, days.article_count
