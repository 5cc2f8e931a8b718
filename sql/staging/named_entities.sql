-- One of the 60 most named entities of an article, as numbers: what pairs are counted from. Left out are
-- entities that too few texts name for a pair of theirs to be listed (see `staging.entity_numbers`).
with article_numbers as (
    select
        article_facts.article_id,
        (row_number() over (order by article_facts.article_id))::integer as article_number,
        (dense_rank() over (order by article_facts.text_group_id))::integer as text_number,
        -- most have none: their texts need not be told apart
        count(*) over (partition by article_facts.text_group_id) > 1 as has_copies,
        date_trunc('month', article_facts.published_on)::date as month_on,
        article_topics.topic_id
    from staging.article_facts
    left join marts.article_topics
        on article_facts.article_id = article_topics.article_id and article_topics.is_primary
)

select
    entity_numbers.entity_number,
    article_numbers.article_number,
    article_numbers.text_number,
    article_numbers.has_copies,
    article_numbers.month_on,
    article_numbers.topic_id
from staging.entity_articles
inner join staging.entity_numbers on entity_articles.entity_id = entity_numbers.entity_id
inner join article_numbers on entity_articles.article_id = article_numbers.article_id
qualify
    row_number() over (
        partition by entity_articles.article_id
        order by entity_articles.mention_count desc, entity_articles.entity_id asc
    ) <= 60
