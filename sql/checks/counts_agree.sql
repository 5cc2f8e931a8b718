-- A count is the number of rows that it counts; of entities, see `mentions_counted`.
with counted as (
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
