-- One day, and a digest of every row that counts on it: the rows of a model that is built by day stay as they are
-- from one warehouse to the next as long as the digest of their day does.
with counted as (
    select
        published_on,
        md5_number(article_facts::varchar) as digest
    from staging.article_facts
    union all
    select
        published_on,
        md5_number(entity_articles::varchar) as digest
    from staging.entity_articles
    union all
    select
        published_on,
        md5_number(source_articles::varchar) as digest
    from staging.source_articles
    union all
    select
        article_facts.published_on,
        md5_number(article_topics::varchar) as digest
    from marts.article_topics
    inner join staging.article_facts on article_topics.article_id = article_facts.article_id
)

select
    published_on,
    count(*) as row_count,
    bit_xor(digest) as digest
from counted
where published_on is not null
group by published_on
