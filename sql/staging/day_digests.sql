-- One day, and a digest of all that counts on it: the rows of a model that is built by day stay as they are from one
-- warehouse to the next as long as the digest of their day does. Text group, origin and outlet are the article's.
with counted as (
    select
        published_on,
        concat_ws(chr(31), 'article', article_id, text_group_id, origin_id, outlet_id) as counted_as
    from staging.article_facts
    union all
    select
        published_on,
        concat_ws(chr(31), 'entity', article_id, entity_id, mention_count) as counted_as
    from staging.entity_articles
    union all
    select
        published_on,
        concat_ws(chr(31), 'source', article_id, source_id, citation_count) as counted_as
    from staging.source_articles
    union all
    select
        article_facts.published_on,
        concat_ws(chr(31), 'topic', article_facts.article_id, topic_articles.topic_id) as counted_as
    from staging.topic_articles
    inner join staging.article_facts on topic_articles.article_id = article_facts.article_id
    union all
    select
        article_facts.published_on,
        concat_ws(chr(31), 'listed topic', article_facts.article_id, article_topics.topic_id) as counted_as
    from marts.article_topics
    inner join staging.article_facts on article_topics.article_id = article_facts.article_id
)

select
    published_on,
    count(*) as row_count,
    bit_xor(md5_number(counted_as)) as digest
from counted
where published_on is not null
group by published_on
