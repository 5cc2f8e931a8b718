-- A key is there, and there once.
with keys as (
    select
        'articles' as table_name,
        article_id as key
    from marts.articles
    union all
    select
        'mentions' as table_name,
        mention_id as key
    from marts.mentions
    union all
    select
        'entities' as table_name,
        entity_id as key
    from marts.entities
    union all
    select
        'entity_aliases' as table_name,
        entity_id || ' ' || alias as key
    from marts.entity_aliases
    union all
    select
        'alias_candidates' as table_name,
        alias_entity_id || ' ' || entity_id as key
    from marts.alias_candidates
    union all
    select
        'page_chrome' as table_name,
        chrome_id as key
    from marts.page_chrome
    union all
    select
        'article_topics' as table_name,
        article_id || ' ' || topic_id as key
    from marts.article_topics
    union all
    select
        'article_places' as table_name,
        article_id || ' ' || entity_id as key
    from marts.article_places
    union all
    select
        'topics' as table_name,
        topic_id as key
    from marts.topics
    union all
    select
        'key_phrases' as table_name,
        article_id || ' ' || phrase as key
    from marts.key_phrases
    union all
    select
        'citations' as table_name,
        citation_id as key
    from marts.citations
    union all
    select
        'sources' as table_name,
        source_id as key
    from marts.sources
    union all
    select
        'entity_days' as table_name,
        entity_id || ' ' || published_on as key
    from marts.entity_days
    union all
    select
        'topic_days' as table_name,
        topic_id || ' ' || published_on as key
    from marts.topic_days
    union all
    select
        'source_days' as table_name,
        source_id || ' ' || published_on as key
    from marts.source_days
    union all
    select
        'outlet_sources' as table_name,
        outlet_id || ' ' || topic_id || ' ' || source_id as key
    from marts.outlet_sources
    union all
    select
        'outlet_sourcing' as table_name,
        outlet_id as key
    from marts.outlet_sourcing
    union all
    select
        'entity_pairs' as table_name,
        entity_id_a || ' ' || entity_id_b as key
    from marts.entity_pairs
    union all
    select
        'entity_trends' as table_name,
        entity_id || ' ' || published_on as key
    from marts.entity_trends
    union all
    select
        'coverage_days' as table_name,
        outlet_id || ' ' || published_on as key
    from marts.coverage_days
    union all
    select
        'topic_trends' as table_name,
        topic_id || ' ' || published_on as key
    from marts.topic_trends
    union all
    select
        'entity_pair_months' as table_name,
        entity_id_a || ' ' || entity_id_b || ' ' || month_on as key
    from marts.entity_pair_months
    union all
    select
        'entity_pair_topics' as table_name,
        entity_id_a || ' ' || entity_id_b || ' ' || topic_id as key
    from marts.entity_pair_topics
    union all
    select
        'entity_topics' as table_name,
        entity_id || ' ' || topic_id as key
    from marts.entity_topics
    union all
    select
        'outlet_entities' as table_name,
        outlet_id || ' ' || entity_id as key
    from marts.outlet_entities
    union all
    select
        'stories' as table_name,
        story_id as key
    from marts.stories
    union all
    select
        'copy_pairs' as table_name,
        article_id_b as key
    from marts.copy_pairs
    union all
    select
        'story_merges' as table_name,
        old_story_id as key
    from marts.story_merges
    union all
    select
        'rejections' as table_name,
        file_path || ' ' || record_number || ' ' || run_id as key
    from marts.rejections
    union all
    select
        'files' as table_name,
        file_key as key
    from marts.files
    union all
    select
        'runs' as table_name,
        run_id as key
    from marts.runs
)

select
    table_name,
    key,
    count(*) as row_count
from keys
group by all
having row_count > 1 or key is null
