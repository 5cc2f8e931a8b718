-- One entity on one topic: in articles that have both. It does not say that the entity has to do with the topic.
select
    any_value(entity_articles.entity_id) as entity_id, -- The entity.
    article_topics.topic_id, -- The topic, of any level.
    count(*) as article_count, -- Articles on the topic that name it, every copy as it was published.
    count(*) filter (not entity_articles.has_copies)
    + count(distinct entity_articles.group_number) filter (entity_articles.has_copies) as text_count, -- Copies of one text once.
    count(distinct entity_articles.origin_number) as origin_count, -- Independent origins.
    count(*) / any_value(entities.article_count) as article_share -- Part of all articles that name the entity, 0-1.
from staging.entity_articles
inner join marts.article_topics on entity_articles.article_id = article_topics.article_id
inner join marts.entities on entity_articles.entity_id = entities.entity_id
group by entity_articles.entity_number, article_topics.topic_id
