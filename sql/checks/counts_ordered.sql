-- Origins are no more than texts, texts no more than articles, articles no more than mentions.
with counted as (
    select
        'entities' as table_name,
        entity_id as key,
        origin_count,
        text_count,
        article_count,
        mention_count as occurrence_count
    from marts.entities
    union all by name
    select
        'entity_days' as table_name,
        entity_id || ' ' || published_on as key,
        origin_count,
        text_count,
        article_count,
        mention_count as occurrence_count
    from marts.entity_days
    union all by name
    select
        'topics' as table_name,
        topic_id as key,
        origin_count,
        text_count,
        article_count
    from marts.topics
    where article_count > 0
    union all by name
    select
        'topic_days' as table_name,
        topic_id || ' ' || published_on as key,
        origin_count,
        text_count,
        article_count
    from marts.topic_days
    union all by name
    select
        'sources' as table_name,
        source_id as key,
        origin_count,
        text_count,
        article_count,
        if(source_role = 'cited', citation_count, null) as occurrence_count
    from marts.sources
    union all by name
    select
        'source_days' as table_name,
        source_id || ' ' || published_on as key,
        origin_count,
        text_count,
        article_count
    from marts.source_days
    union all by name
    select
        'outlet_sources' as table_name,
        outlet_id || ' ' || topic_id || ' ' || source_id as key,
        origin_count,
        text_count,
        article_count,
        citation_count as occurrence_count
    from marts.outlet_sources
    union all by name
    select
        'stories' as table_name,
        story_id as key,
        origin_count,
        text_count,
        article_count
    from marts.stories
    union all by name
    select
        'entity_pairs' as table_name,
        entity_id_a || ' ' || entity_id_b as key,
        1 as origin_count,
        text_count,
        article_count
    from marts.entity_pairs
    union all by name
    select
        'entity_trends' as table_name,
        entity_id || ' ' || published_on as key,
        1 as origin_count,
        text_count,
        article_count
    from marts.entity_trends
    union all by name
    select
        'topic_trends' as table_name,
        topic_id || ' ' || published_on as key,
        1 as origin_count,
        text_count,
        article_count
    from marts.topic_trends
    union all by name
    select
        'entity_pair_months' as table_name,
        entity_id_a || ' ' || entity_id_b || ' ' || month_on as key,
        1 as origin_count,
        text_count,
        article_count
    from marts.entity_pair_months
    union all by name
    select
        'entity_pair_topics' as table_name,
        entity_id_a || ' ' || entity_id_b || ' ' || topic_id as key,
        1 as origin_count,
        text_count,
        article_count
    from marts.entity_pair_topics
    union all by name
    select
        'entity_topics' as table_name,
        entity_id || ' ' || topic_id as key,
        origin_count,
        text_count,
        article_count
    from marts.entity_topics
    union all by name
    select
        'outlet_entities' as table_name,
        outlet_id || ' ' || entity_id as key,
        origin_count,
        text_count,
        article_count,
        mention_count as occurrence_count
    from marts.outlet_entities
)

select *
from counted
where
    not coalesce(
        origin_count >= 1
        and origin_count <= text_count
        and text_count <= article_count
        and article_count <= coalesce(occurrence_count, article_count),
        false
    )
