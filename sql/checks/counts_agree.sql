-- A count is the number of rows that it counts.
with numbered_articles as (
    select
        article_id,
        (row_number() over ())::integer as article_number,
        (dense_rank() over (order by text_group_id))::integer as group_number
    from marts.articles
),

numbered_entities as (
    select
        entity_id,
        (row_number() over ())::integer as entity_number
    from marts.entities
),

-- by numbers, which take a fraction of the memory of names
named as (
    select
        numbered_entities.entity_number,
        numbered_articles.article_number,
        any_value(numbered_articles.group_number) as group_number,
        count(*) as mention_count
    from marts.mentions
    inner join numbered_entities on mentions.entity_id = numbered_entities.entity_id
    left join numbered_articles on mentions.article_id = numbered_articles.article_id
    group by numbered_entities.entity_number, numbered_articles.article_number
),

found_entities as (
    select
        entity_number,
        sum(mention_count)::bigint as mention_count,
        count(article_number) as article_count,
        count(distinct group_number) as text_count
    from named
    group by entity_number
),

counted as (
    select
        'entities' as table_name,
        entities.entity_id as key,
        (entities.mention_count, entities.article_count, entities.text_count) as told,
        (found_entities.mention_count, found_entities.article_count, found_entities.text_count) as found
    from marts.entities
    inner join numbered_entities on entities.entity_id = numbered_entities.entity_id
    left join found_entities on numbered_entities.entity_number = found_entities.entity_number
    union all
    select
        'entity_aliases' as table_name,
        entity_id as key,
        (sum(alias_count), 0, 0) as told,
        (sum(mention_count), 0, 0) as found
    from (
        select
            entity_id,
            mention_count as alias_count,
            0 as mention_count
        from marts.entity_aliases
        union all
        select
            entity_id,
            0 as alias_count,
            mention_count
        from marts.entities
    ) as both_counts
    group by entity_id
    union all
    select
        'stories' as table_name,
        stories.story_id as key,
        (stories.article_count, stories.text_count, stories.outlet_count) as told,
        (
            count(articles.article_id),
            count(distinct articles.text_group_id),
            count(distinct articles.outlet_id)
        ) as found
    from marts.stories
    left join marts.articles on stories.story_id = articles.story_id
    group by all
    union all
    select
        'files' as table_name,
        file_key as key,
        (record_count, 0, 0) as told,
        (article_count + rejection_count, 0, 0) as found
    from marts.files
)

select *
from counted
where told is distinct from found
