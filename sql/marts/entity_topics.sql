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

counted as (
    select
        entity_articles.entity_number,
        numbered.topic_number,
        count(*) as article_count,
        count(*) filter (not entity_articles.has_copies)
        + count(distinct entity_articles.group_number) filter (entity_articles.has_copies) as text_count,
        count(distinct entity_articles.origin_number) as origin_count
    from staging.entity_articles
    inner join numbered on entity_articles.article_number = numbered.article_number
    group by entity_articles.entity_number, numbered.topic_number
)

select
    entities.entity_id, -- The entity.
    topic_numbers.topic_id, -- The topic, of any level.
    counted.article_count, -- Articles on the topic that name it, every copy as it was published.
    counted.text_count, -- Copies of one text once.
    counted.origin_count, -- Independent origins.
    counted.article_count / entities.article_count as article_share -- Part of all articles that name the entity, 0-1.
from counted
inner join staging.entity_numbers on counted.entity_number = entity_numbers.entity_number
inner join marts.entities on entity_numbers.entity_id = entities.entity_id
inner join topic_numbers on counted.topic_number = topic_numbers.topic_number
