-- One entity or topic in one outlet on one day. Built by day.
with counted as (
    select
        entity_articles.entity_number,
        article_facts.outlet_id,
        article_facts.published_on,
        count(*) as article_count
    from staging.entity_articles
    inner join staging.article_facts on entity_articles.article_number = article_facts.article_number
    where article_facts.outlet_id is not null and article_facts.published_on is not null
    group by entity_articles.entity_number, article_facts.outlet_id, article_facts.published_on
)

select
    'entity' as subject_kind,
    entity_numbers.entity_id as subject_id,
    counted.outlet_id,
    counted.published_on,
    counted.article_count
from counted
inner join staging.entity_numbers on counted.entity_number = entity_numbers.entity_number
union all
select
    'topic' as subject_kind,
    article_topics.topic_id as subject_id,
    article_facts.outlet_id,
    article_facts.published_on,
    count(*) as article_count
from marts.article_topics
inner join staging.article_facts on article_topics.article_id = article_facts.article_id
where article_facts.outlet_id is not null and article_facts.published_on is not null
group by all
