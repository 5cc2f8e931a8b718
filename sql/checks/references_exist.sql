-- What a row points to exists.
with lost as (
    select
        'mentions.article_id' as column_name,
        mentions.article_id as key
    from marts.mentions
    anti join marts.articles on mentions.article_id = articles.article_id
    union all
    select
        'mentions.entity_id' as column_name,
        mentions.entity_id as key
    from marts.mentions
    anti join marts.entities on mentions.entity_id = entities.entity_id
    union all
    select
        'entity_aliases.entity_id' as column_name,
        entity_aliases.entity_id as key
    from marts.entity_aliases
    anti join marts.entities on entity_aliases.entity_id = entities.entity_id
    union all
    select
        'alias_candidates.alias_entity_id' as column_name,
        alias_candidates.alias_entity_id as key
    from marts.alias_candidates
    anti join marts.entities on alias_candidates.alias_entity_id = entities.entity_id
    union all
    select
        'alias_candidates.entity_id' as column_name,
        alias_candidates.entity_id as key
    from marts.alias_candidates
    anti join marts.entities on alias_candidates.entity_id = entities.entity_id
    union all
    select
        'page_chrome.example_article_id' as column_name,
        page_chrome.example_article_id as key
    from marts.page_chrome
    anti join marts.articles on page_chrome.example_article_id = articles.article_id
    union all
    select
        'article_topics.article_id' as column_name,
        article_topics.article_id as key
    from marts.article_topics
    anti join marts.articles on article_topics.article_id = articles.article_id
    union all
    select
        'article_topics.topic_id' as column_name,
        article_topics.topic_id as key
    from marts.article_topics
    anti join marts.topics on article_topics.topic_id = topics.topic_id
    union all
    select
        'article_places.article_id' as column_name,
        article_places.article_id as key
    from marts.article_places
    anti join marts.articles on article_places.article_id = articles.article_id
    union all
    select
        'article_places.entity_id' as column_name,
        article_places.entity_id as key
    from marts.article_places
    anti join marts.entities on article_places.entity_id = entities.entity_id
    union all
    select
        'key_phrases.article_id' as column_name,
        key_phrases.article_id as key
    from marts.key_phrases
    anti join marts.articles on key_phrases.article_id = articles.article_id
    union all
    select
        'citations.article_id' as column_name,
        citations.article_id as key
    from marts.citations
    anti join marts.articles on citations.article_id = articles.article_id
    union all
    select
        'citations.entity_id' as column_name,
        citations.entity_id as key
    from marts.citations
    anti join marts.entities on citations.entity_id = entities.entity_id
    where citations.entity_id is not null
    union all
    select
        'sources.entity_id' as column_name,
        sources.entity_id as key
    from marts.sources
    anti join marts.entities on sources.entity_id = entities.entity_id
    where sources.entity_id is not null
    union all
    select
        'entity_days.entity_id' as column_name,
        entity_days.entity_id as key
    from marts.entity_days
    anti join marts.entities on entity_days.entity_id = entities.entity_id
    union all
    select
        'topic_days.topic_id' as column_name,
        topic_days.topic_id as key
    from marts.topic_days
    anti join marts.topics on topic_days.topic_id = topics.topic_id
    union all
    select
        'source_days.source_id' as column_name,
        source_days.source_id as key
    from marts.source_days
    anti join marts.sources on source_days.source_id = sources.source_id
    union all
    select
        'outlet_sources.source_id' as column_name,
        outlet_sources.source_id as key
    from marts.outlet_sources
    anti join marts.sources on outlet_sources.source_id = sources.source_id
    union all
    select
        'outlet_sources.outlet_id' as column_name,
        outlet_sources.outlet_id as key
    from marts.outlet_sources
    anti join marts.outlet_sourcing on outlet_sources.outlet_id = outlet_sourcing.outlet_id
    union all
    select
        'outlet_sources.topic_id' as column_name,
        outlet_sources.topic_id as key
    from marts.outlet_sources
    anti join marts.topics on outlet_sources.topic_id = topics.topic_id
    union all
    select
        'outlet_sourcing.outlet_id' as column_name,
        outlet_sourcing.outlet_id as key
    from marts.outlet_sourcing
    anti join marts.sources on 'outlet:' || outlet_sourcing.outlet_id = sources.source_id
    union all
    select
        'entity_pairs.entity_id_a' as column_name,
        entity_pairs.entity_id_a as key
    from marts.entity_pairs
    anti join marts.entities on entity_pairs.entity_id_a = entities.entity_id
    union all
    select
        'entity_pairs.entity_id_b' as column_name,
        entity_pairs.entity_id_b as key
    from marts.entity_pairs
    anti join marts.entities on entity_pairs.entity_id_b = entities.entity_id
    union all
    select
        'entity_trends.entity_id' as column_name,
        entity_trends.entity_id as key
    from marts.entity_trends
    anti join marts.entities on entity_trends.entity_id = entities.entity_id
    union all
    select
        'articles.story_id' as column_name,
        articles.story_id as key
    from marts.articles
    anti join marts.stories on articles.story_id = stories.story_id
    union all
    select
        'copy_pairs.article_id_b' as column_name,
        copy_pairs.article_id_b as key
    from marts.copy_pairs
    anti join marts.articles on copy_pairs.article_id_b = articles.article_id
    union all
    select
        'story_merges.new_story_id' as column_name,
        story_merges.new_story_id as key
    from marts.story_merges
    anti join marts.stories on story_merges.new_story_id = stories.story_id
    union all
    select
        'articles.outlet_id' as column_name,
        articles.outlet_id as key
    from marts.articles
    anti join marts.sources on 'outlet:' || articles.outlet_id = sources.source_id
    where articles.outlet_id is not null
    union all
    select
        'articles.agency_id' as column_name,
        articles.agency_id as key
    from marts.articles
    anti join marts.sources on 'agency:' || articles.agency_id = sources.source_id
    where articles.agency_id is not null
    union all
    select
        'coverage_days.outlet_id' as column_name,
        coverage_days.outlet_id as key
    from marts.coverage_days
    anti join marts.sources on 'outlet:' || coverage_days.outlet_id = sources.source_id
    union all
    select
        'topic_trends.topic_id' as column_name,
        topic_trends.topic_id as key
    from marts.topic_trends
    anti join marts.topics on topic_trends.topic_id = topics.topic_id
    union all
    select
        'entity_topics.entity_id' as column_name,
        entity_topics.entity_id as key
    from marts.entity_topics
    anti join marts.entities on entity_topics.entity_id = entities.entity_id
    union all
    select
        'entity_topics.topic_id' as column_name,
        entity_topics.topic_id as key
    from marts.entity_topics
    anti join marts.topics on entity_topics.topic_id = topics.topic_id
    union all
    select
        'outlet_entities.entity_id' as column_name,
        outlet_entities.entity_id as key
    from marts.outlet_entities
    anti join marts.entities on outlet_entities.entity_id = entities.entity_id
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
    union all
    select
        'outlet_entities.outlet_id' as column_name,
        outlet_entities.outlet_id as key
    from marts.outlet_entities
    anti join marts.sources on 'outlet:' || outlet_entities.outlet_id = sources.source_id
)

select
    column_name,
    key,
    count(*) as row_count
from lost
group by all
