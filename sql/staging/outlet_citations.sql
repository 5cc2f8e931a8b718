-- One citation in an article of a known outlet, with the article's topic.
with copies as (
    select
        article_id,
        outlet_id,
        text_group_id,
        origin_id,
        row_number() over (
            partition by outlet_id, text_group_id
            order by is_original desc, published_on asc nulls last, article_id asc
        ) = 1 as is_counted_once
    from staging.article_facts
    where outlet_id is not null
)

select
    citations.citation_id,
    copies.outlet_id,
    copies.article_id,
    copies.text_group_id,
    copies.origin_id,
    copies.is_counted_once,
    primary_topics.topic_id,
    citations.source_id,
    citations.entity_id is not null and not citations.is_anonymous as is_named,
    citations.is_anonymous,
    citations.is_official
from copies
inner join marts.citations on copies.article_id = citations.article_id
inner join staging.primary_topics on copies.article_id = primary_topics.article_id
