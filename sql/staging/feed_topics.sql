-- One topic that its feed gave to a current article, or the top topic above it; codes that `seeds.topics` lacks are out.
with given as (
    select
        article_facts.article_id,
        unnest(articles.feed_topic_ids) as topic_id,
        generate_subscripts(articles.feed_topic_ids, 1) as place
    from staging.article_facts
    inner join raw.articles
        on
            article_facts.batch_id = articles.batch_id
            and article_facts.file_key = articles.file_key
            and article_facts.record_number = articles.record_number
),

known as (
    select
        given.article_id,
        given.topic_id,
        given.place,
        coalesce(topics.top_topic_id, topics.topic_id) as top_topic_id
    from given
    inner join seeds.topics on given.topic_id = topics.topic_id
),

-- The top topic that most of the codes are under, else the one named first.
tops as (
    select
        article_id,
        top_topic_id as topic_id,
        row_number() over (partition by article_id order by count(*) desc, min(place) asc) = 1 as is_primary
    from known
    group by article_id, top_topic_id
)

select
    article_id,
    topic_id,
    is_primary
from tops
union all
select distinct
    article_id,
    topic_id,
    false as is_primary
from known
where topic_id != top_topic_id
