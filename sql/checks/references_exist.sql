-- What a row points to exists.
with to_articles as (
    select
        'mentions.article_id' as column_name,
        article_id as key
    from marts.mentions
    union all
    select
        'page_chrome.example_article_id' as column_name,
        example_article_id as key
    from marts.page_chrome
    union all
    select
        'article_topics.article_id' as column_name,
        article_id as key
    from marts.article_topics
    union all
    select
        'article_places.article_id' as column_name,
        article_id as key
    from marts.article_places
    union all
    select
        'key_phrases.article_id' as column_name,
        article_id as key
    from marts.key_phrases
    union all
    select
        'citations.article_id' as column_name,
        article_id as key
    from marts.citations
    union all
    select
        'copy_pairs.article_id_b' as column_name,
        article_id_b as key
    from marts.copy_pairs
),

to_entities as (
    select
        'mentions.entity_id' as column_name,
        entity_id as key
    from marts.mentions
    union all
    select
        'entity_aliases.entity_id' as column_name,
        entity_id as key
    from marts.entity_aliases
    union all
    select
        'alias_candidates.alias_entity_id' as column_name,
        alias_entity_id as key
    from marts.alias_candidates
    union all
    select
        'alias_candidates.entity_id' as column_name,
        entity_id as key
    from marts.alias_candidates
    union all
    select
        'article_places.entity_id' as column_name,
        entity_id as key
    from marts.article_places
    union all
    select
        'citations.entity_id' as column_name,
        entity_id as key
    from marts.citations
    where entity_id is not null
    union all
    select
        'sources.entity_id' as column_name,
        entity_id as key
    from marts.sources
    where entity_id is not null
    union all
    select
        'entity_days.entity_id' as column_name,
        entity_id as key
    from marts.entity_days
    union all
    select
        'entity_pairs.entity_id_a' as column_name,
        entity_id_a as key
    from marts.entity_pairs
    union all
    select
        'entity_pairs.entity_id_b' as column_name,
        entity_id_b as key
    from marts.entity_pairs
    union all
    select
        'entity_trends.entity_id' as column_name,
        entity_id as key
    from marts.entity_trends
    union all
    select
        'entity_topics.entity_id' as column_name,
        entity_id as key
    from marts.entity_topics
    union all
    select
        'outlet_entities.entity_id' as column_name,
        entity_id as key
    from marts.outlet_entities
),

to_topics as (
    select
        'article_topics.topic_id' as column_name,
        topic_id as key
    from marts.article_topics
    union all
    select
        'topic_days.topic_id' as column_name,
        topic_id as key
    from marts.topic_days
    union all
    select
        'outlet_sources.topic_id' as column_name,
        topic_id as key
    from marts.outlet_sources
    union all
    select
        'topic_trends.topic_id' as column_name,
        topic_id as key
    from marts.topic_trends
    union all
    select
        'entity_topics.topic_id' as column_name,
        topic_id as key
    from marts.entity_topics
),

to_sources as (
    select
        'source_days.source_id' as column_name,
        source_id as key
    from marts.source_days
    union all
    select
        'outlet_sources.source_id' as column_name,
        source_id as key
    from marts.outlet_sources
    union all
    select
        'outlet_sourcing.outlet_id' as column_name,
        'outlet:' || outlet_id as key
    from marts.outlet_sourcing
    union all
    select
        'articles.outlet_id' as column_name,
        'outlet:' || outlet_id as key
    from marts.articles
    where outlet_id is not null
    union all
    select
        'articles.agency_id' as column_name,
        'agency:' || agency_id as key
    from marts.articles
    where agency_id is not null
    union all
    select
        'coverage_days.outlet_id' as column_name,
        'outlet:' || outlet_id as key
    from marts.coverage_days
    union all
    select
        'outlet_entities.outlet_id' as column_name,
        'outlet:' || outlet_id as key
    from marts.outlet_entities
),

to_outlet_sourcing as (
    select
        'outlet_sources.outlet_id' as column_name,
        outlet_id as key
    from marts.outlet_sources
),

to_stories as (
    select
        'articles.story_id' as column_name,
        story_id as key
    from marts.articles
    union all
    select
        'story_merges.new_story_id' as column_name,
        new_story_id as key
    from marts.story_merges
),

-- each table pointed to is put into memory once
lost as (
    select
        to_articles.column_name,
        to_articles.key
    from to_articles
    anti join marts.articles on to_articles.key = articles.article_id
    union all
    select
        to_entities.column_name,
        to_entities.key
    from to_entities
    anti join marts.entities on to_entities.key = entities.entity_id
    union all
    select
        to_topics.column_name,
        to_topics.key
    from to_topics
    anti join marts.topics on to_topics.key = topics.topic_id
    union all
    select
        to_sources.column_name,
        to_sources.key
    from to_sources
    anti join marts.sources on to_sources.key = sources.source_id
    union all
    select
        to_outlet_sourcing.column_name,
        to_outlet_sourcing.key
    from to_outlet_sourcing
    anti join marts.outlet_sourcing on to_outlet_sourcing.key = outlet_sourcing.outlet_id
    union all
    select
        to_stories.column_name,
        to_stories.key
    from to_stories
    anti join marts.stories on to_stories.key = stories.story_id
    union all
    select
        'entity_pair_months.entity_id_a' as column_name,
        entity_pair_months.entity_id_a as key
    from marts.entity_pair_months
    anti join marts.entity_pairs
        on
            entity_pair_months.entity_id_a = entity_pairs.entity_id_a
            and entity_pair_months.entity_id_b = entity_pairs.entity_id_b
    union all
    select
        'entity_pair_topics.entity_id_a' as column_name,
        entity_pair_topics.entity_id_a as key
    from marts.entity_pair_topics
    anti join marts.entity_pairs
        on
            entity_pair_topics.entity_id_a = entity_pairs.entity_id_a
            and entity_pair_topics.entity_id_b = entity_pairs.entity_id_b
)

select
    column_name,
    key,
    count(*) as row_count
from lost
group by all
