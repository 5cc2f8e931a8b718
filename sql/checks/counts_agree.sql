-- A count is the number of rows that it counts.
with counted as (
    select
        'entities' as table_name,
        entities.entity_id as key,
        (entities.mention_count, entities.article_count, entities.text_count) as told,
        (
            count(mentions.mention_id),
            count(distinct mentions.article_id),
            count(distinct articles.text_group_id)
        ) as found
    from marts.entities
    left join marts.mentions on entities.entity_id = mentions.entity_id
    left join marts.articles on mentions.article_id = articles.article_id
    group by all
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
