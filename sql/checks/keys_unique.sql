-- A key is there, and there once.
-- Of large tables, only keys whose hash is there twice are looked at: hashes take a fraction of the memory.
with mentions_twice as (
    select hash(mention_id) as key_hash
    from marts.mentions
    group by key_hash
    having count(*) > 1 or bool_or(mention_id is null)
),

article_topics_twice as (
    select hash(article_id, topic_id) as key_hash
    from marts.article_topics
    group by key_hash
    having count(*) > 1 or bool_or(article_id is null or topic_id is null)
),

key_phrases_twice as (
    select hash(article_id, phrase) as key_hash
    from marts.key_phrases
    group by key_hash
    having count(*) > 1 or bool_or(article_id is null or phrase is null)
),

entity_days_twice as (
    select hash(entity_id, published_on) as key_hash
    from marts.entity_days
    group by key_hash
    having count(*) > 1 or bool_or(entity_id is null or published_on is null)
),

entity_pairs_twice as (
    select hash(entity_id_a, entity_id_b) as key_hash
    from marts.entity_pairs
    group by key_hash
    having count(*) > 1 or bool_or(entity_id_a is null or entity_id_b is null)
),

entity_pair_months_twice as (
    select hash(entity_id_a, entity_id_b, month_on) as key_hash
    from marts.entity_pair_months
    group by key_hash
    having count(*) > 1 or bool_or(entity_id_a is null or entity_id_b is null or month_on is null)
),

entity_pair_topics_twice as (
    select hash(entity_id_a, entity_id_b, topic_id) as key_hash
    from marts.entity_pair_topics
    group by key_hash
    having count(*) > 1 or bool_or(entity_id_a is null or entity_id_b is null or topic_id is null)
),

entity_topics_twice as (
    select hash(entity_id, topic_id) as key_hash
    from marts.entity_topics
    group by key_hash
    having count(*) > 1 or bool_or(entity_id is null or topic_id is null)
),

outlet_entities_twice as (
    select hash(outlet_id, entity_id) as key_hash
    from marts.outlet_entities
    group by key_hash
    having count(*) > 1 or bool_or(outlet_id is null or entity_id is null)
)

select
    'articles' as table_name,
    article_id as key,
    count(*) as row_count
from marts.articles
group by article_id
having row_count > 1 or key is null
union all
select
    'mentions' as table_name,
    mentions.mention_id as key,
    count(*) as row_count
from marts.mentions
semi join mentions_twice on hash(mentions.mention_id) = mentions_twice.key_hash
group by mentions.mention_id
having row_count > 1 or key is null
union all
select
    'entities' as table_name,
    entity_id as key,
    count(*) as row_count
from marts.entities
group by entity_id
having row_count > 1 or key is null
union all
select
    'entity_aliases' as table_name,
    entity_id || ' ' || alias as key,
    count(*) as row_count
from marts.entity_aliases
group by entity_id, alias
having row_count > 1 or key is null
union all
select
    'alias_candidates' as table_name,
    alias_entity_id || ' ' || entity_id as key,
    count(*) as row_count
from marts.alias_candidates
group by alias_entity_id, entity_id
having row_count > 1 or key is null
union all
select
    'page_chrome' as table_name,
    chrome_id as key,
    count(*) as row_count
from marts.page_chrome
group by chrome_id
having row_count > 1 or key is null
union all
select
    'article_topics' as table_name,
    article_topics.article_id || ' ' || article_topics.topic_id as key,
    count(*) as row_count
from marts.article_topics
semi join article_topics_twice on hash(article_topics.article_id, article_topics.topic_id) = article_topics_twice.key_hash
group by article_topics.article_id, article_topics.topic_id
having row_count > 1 or key is null
union all
select
    'article_places' as table_name,
    article_id || ' ' || entity_id as key,
    count(*) as row_count
from marts.article_places
group by article_id, entity_id
having row_count > 1 or key is null
union all
select
    'topics' as table_name,
    topic_id as key,
    count(*) as row_count
from marts.topics
group by topic_id
having row_count > 1 or key is null
union all
select
    'key_phrases' as table_name,
    key_phrases.article_id || ' ' || key_phrases.phrase as key,
    count(*) as row_count
from marts.key_phrases
semi join key_phrases_twice on hash(key_phrases.article_id, key_phrases.phrase) = key_phrases_twice.key_hash
group by key_phrases.article_id, key_phrases.phrase
having row_count > 1 or key is null
union all
select
    'citations' as table_name,
    citation_id as key,
    count(*) as row_count
from marts.citations
group by citation_id
having row_count > 1 or key is null
union all
select
    'sources' as table_name,
    source_id as key,
    count(*) as row_count
from marts.sources
group by source_id
having row_count > 1 or key is null
union all
select
    'entity_days' as table_name,
    entity_days.entity_id || ' ' || entity_days.published_on as key,
    count(*) as row_count
from marts.entity_days
semi join entity_days_twice on hash(entity_days.entity_id, entity_days.published_on) = entity_days_twice.key_hash
group by entity_days.entity_id, entity_days.published_on
having row_count > 1 or key is null
union all
select
    'topic_days' as table_name,
    topic_id || ' ' || published_on as key,
    count(*) as row_count
from marts.topic_days
group by topic_id, published_on
having row_count > 1 or key is null
union all
select
    'source_days' as table_name,
    source_id || ' ' || published_on as key,
    count(*) as row_count
from marts.source_days
group by source_id, published_on
having row_count > 1 or key is null
union all
select
    'outlet_sources' as table_name,
    outlet_id || ' ' || topic_id || ' ' || source_id as key,
    count(*) as row_count
from marts.outlet_sources
group by outlet_id, topic_id, source_id
having row_count > 1 or key is null
union all
select
    'outlet_sourcing' as table_name,
    outlet_id as key,
    count(*) as row_count
from marts.outlet_sourcing
group by outlet_id
having row_count > 1 or key is null
union all
select
    'entity_pairs' as table_name,
    entity_pairs.entity_id_a || ' ' || entity_pairs.entity_id_b as key,
    count(*) as row_count
from marts.entity_pairs
semi join entity_pairs_twice on hash(entity_pairs.entity_id_a, entity_pairs.entity_id_b) = entity_pairs_twice.key_hash
group by entity_pairs.entity_id_a, entity_pairs.entity_id_b
having row_count > 1 or key is null
union all
select
    'entity_trends' as table_name,
    entity_id || ' ' || published_on as key,
    count(*) as row_count
from marts.entity_trends
group by entity_id, published_on
having row_count > 1 or key is null
union all
select
    'coverage_days' as table_name,
    outlet_id || ' ' || published_on as key,
    count(*) as row_count
from marts.coverage_days
group by outlet_id, published_on
having row_count > 1 or key is null
union all
select
    'topic_trends' as table_name,
    topic_id || ' ' || published_on as key,
    count(*) as row_count
from marts.topic_trends
group by topic_id, published_on
having row_count > 1 or key is null
union all
select
    'entity_pair_months' as table_name,
    entity_pair_months.entity_id_a || ' ' || entity_pair_months.entity_id_b || ' ' || entity_pair_months.month_on as key,
    count(*) as row_count
from marts.entity_pair_months
semi join entity_pair_months_twice
    on
        hash(entity_pair_months.entity_id_a, entity_pair_months.entity_id_b, entity_pair_months.month_on)
        = entity_pair_months_twice.key_hash
group by entity_pair_months.entity_id_a, entity_pair_months.entity_id_b, entity_pair_months.month_on
having row_count > 1 or key is null
union all
select
    'entity_pair_topics' as table_name,
    entity_pair_topics.entity_id_a || ' ' || entity_pair_topics.entity_id_b || ' ' || entity_pair_topics.topic_id as key,
    count(*) as row_count
from marts.entity_pair_topics
semi join entity_pair_topics_twice
    on
        hash(entity_pair_topics.entity_id_a, entity_pair_topics.entity_id_b, entity_pair_topics.topic_id)
        = entity_pair_topics_twice.key_hash
group by entity_pair_topics.entity_id_a, entity_pair_topics.entity_id_b, entity_pair_topics.topic_id
having row_count > 1 or key is null
union all
select
    'entity_topics' as table_name,
    entity_topics.entity_id || ' ' || entity_topics.topic_id as key,
    count(*) as row_count
from marts.entity_topics
semi join entity_topics_twice on hash(entity_topics.entity_id, entity_topics.topic_id) = entity_topics_twice.key_hash
group by entity_topics.entity_id, entity_topics.topic_id
having row_count > 1 or key is null
union all
select
    'outlet_entities' as table_name,
    outlet_entities.outlet_id || ' ' || outlet_entities.entity_id as key,
    count(*) as row_count
from marts.outlet_entities
semi join outlet_entities_twice on hash(outlet_entities.outlet_id, outlet_entities.entity_id) = outlet_entities_twice.key_hash
group by outlet_entities.outlet_id, outlet_entities.entity_id
having row_count > 1 or key is null
union all
select
    'stories' as table_name,
    story_id as key,
    count(*) as row_count
from marts.stories
group by story_id
having row_count > 1 or key is null
union all
select
    'copy_pairs' as table_name,
    article_id_b as key,
    count(*) as row_count
from marts.copy_pairs
group by article_id_b
having row_count > 1 or key is null
union all
select
    'story_merges' as table_name,
    old_story_id as key,
    count(*) as row_count
from marts.story_merges
group by old_story_id
having row_count > 1 or key is null
union all
select
    'rejections' as table_name,
    file_path || ' ' || record_number || ' ' || run_id as key,
    count(*) as row_count
from marts.rejections
group by file_path, record_number, run_id
having row_count > 1 or key is null
union all
select
    'files' as table_name,
    file_key as key,
    count(*) as row_count
from marts.files
group by file_key
having row_count > 1 or key is null
union all
select
    'runs' as table_name,
    run_id as key,
    count(*) as row_count
from marts.runs
group by run_id
having row_count > 1 or key is null
