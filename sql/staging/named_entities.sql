-- One of the 60 most named entities of an article, by number: what pairs are counted from. Left out are
-- entities that too few texts name for a pair of theirs to be listed (see `staging.paired_entities`).
with paired as not materialized (
    select entity_articles.*
    from staging.entity_articles
    semi join staging.paired_entities on entity_articles.entity_number = paired_entities.entity_number
),

-- Few articles name more, and only those need to be put in order.
long_articles as (
    select article_number
    from paired
    group by article_number
    having count(*) > 60
),

left_out as (
    select
        paired.article_number,
        paired.entity_number
    from paired
    semi join long_articles on paired.article_number = long_articles.article_number
    qualify
        row_number() over (
            partition by paired.article_number
            -- by number is by id
            order by paired.mention_count desc, paired.entity_number asc
        ) > 60
),

primary_topics as (
    select
        article_facts.article_number,
        article_topics.topic_id
    from marts.article_topics
    inner join staging.article_facts on article_topics.article_id = article_facts.article_id
    where article_topics.is_primary
)

select
    paired.entity_number,
    paired.article_number,
    paired.group_number,
    paired.has_copies,
    date_trunc('month', paired.published_on)::date as month_on,
    primary_topics.topic_id
from paired
anti join left_out
    on paired.article_number = left_out.article_number and paired.entity_number = left_out.entity_number
left join primary_topics on paired.article_number = primary_topics.article_number
