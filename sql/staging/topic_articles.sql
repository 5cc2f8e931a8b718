-- One topic of one article, or `unclassified` for an annotated one without a top topic.
select
    topic_id,
    article_id
from marts.article_topics
union all
select
    topic_id,
    article_id
from staging.primary_topics
where topic_id = 'unclassified'
