-- One of the 60 most named entities of an article, by number: what pairs are counted from. Left out are
-- entities that too few texts name for a pair of theirs to be listed (see `staging.paired_entities`).
select
    entity_articles.entity_number,
    entity_articles.article_number,
    entity_articles.group_number,
    entity_articles.has_copies,
    date_trunc('month', entity_articles.published_on)::date as month_on,
    article_topics.topic_id
from staging.entity_articles
inner join staging.paired_entities on entity_articles.entity_number = paired_entities.entity_number
left join marts.article_topics
    on entity_articles.article_id = article_topics.article_id and article_topics.is_primary
qualify
    row_number() over (
        partition by entity_articles.article_number
        -- by number is by id
        order by entity_articles.mention_count desc, entity_articles.entity_number asc
    ) <= 60
