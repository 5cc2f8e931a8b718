-- One topic on one day; articles without a date are left out. Built by day.
select
    topic_articles.topic_id, -- The topic, or unclassified.
    days.published_on, -- The day.
    count(*) as article_count, -- Articles of that day, every copy as it was published.
    count(distinct article_facts.text_group_id) as text_count, -- Copies of one text once.
    count(distinct article_facts.origin_id) as origin_count, -- Independent origins.
    count(*) / days.article_count as article_share -- Part of all articles of that day, 0-1.
from staging.topic_articles
inner join staging.article_facts on topic_articles.article_id = article_facts.article_id
inner join staging.days on article_facts.published_on = days.published_on
group by topic_articles.topic_id, days.published_on, days.article_count
