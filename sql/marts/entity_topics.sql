-- One entity on one topic: in articles that have both. It does not say that the entity has to do with the topic.
with topic_numbers as (
    select
        topic_id,
        (row_number() over (order by topic_id))::integer as topic_number
    from marts.topics
),

numbered as (
    select
        article_facts.article_number,
        topic_numbers.topic_number
    from marts.article_topics
    inner join staging.article_facts on article_topics.article_id = article_facts.article_id
    inner join topic_numbers on article_topics.topic_id = topic_numbers.topic_id
),

-- Copies have one origin, so that texts are counted by origin, and origins then by row.
by_origin as (
    select
        entity_articles.entity_number,
        numbered.topic_number,
        entity_articles.origin_number,
        count(*) as article_count,
        count(*) filter (not entity_articles.has_copies)
        + count(distinct entity_articles.group_number) filter (entity_articles.has_copies) as text_count
    from staging.entity_articles
    inner join numbered on entity_articles.article_number = numbered.article_number
    group by entity_articles.entity_number, numbered.topic_number, entity_articles.origin_number
),

counted as (
    select
        entity_number,
        topic_number,
        sum(article_count)::bigint as article_count,
        sum(text_count)::bigint as text_count,
        count(*) as origin_count
    from by_origin
    group by entity_number, topic_number
),

-- materialized, else the names go along with every row of the counts
named as materialized (
    select
        entity_numbers.entity_number,
        entities.entity_id,
        entities.article_count
    from staging.entity_numbers
    inner join marts.entities on entity_numbers.entity_id = entities.entity_id
)

select
    named.entity_id, -- The entity.
    topic_numbers.topic_id, -- The topic, of any level.
    counted.article_count, -- Articles on the topic that name it, every copy as it was published.
    counted.text_count, -- Copies of one text once.
    counted.origin_count, -- Independent origins.
    counted.article_count / named.article_count as article_share -- Part of all articles that name the entity, 0-1.
from counted
inner join named on counted.entity_number = named.entity_number
inner join topic_numbers on counted.topic_number = topic_numbers.topic_number
