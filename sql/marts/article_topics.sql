-- One topic of one article.
with modelled as (
    select
        article_facts.article_id,
        topics.topic_id,
        topics.topic_score,
        topics.is_primary
    from staging.article_facts
    inner join raw.topics on article_facts.text_hash = topics.text_hash
),

-- What an editor said goes before what the model thinks of the text.
decided as (
    select
        article_id,
        topic_id,
        1.0::double as topic_score,
        is_primary,
        'feed' as decided_by
    from staging.feed_topics
    union all
    select
        modelled.article_id,
        modelled.topic_id,
        modelled.topic_score,
        modelled.is_primary and led.article_id is null as is_primary,
        'model' as decided_by
    from modelled
    left join staging.feed_topics as led on modelled.article_id = led.article_id and led.is_primary
    anti join staging.feed_topics as same
        on modelled.article_id = same.article_id and modelled.topic_id = same.topic_id
)

select
    decided.article_id, -- The article.
    decided.topic_id, -- IPTC media topic, medtop:NNNNNNNN.
    topic_list.topic_name, -- Its name.
    topic_list.topic_level::integer as topic_level, -- 1 for the 17 top topics.
    decided.topic_score, -- How sure, 0-1; 1 where its feed says so.
    decided.is_primary, -- The one top topic that fits best; its feed's, where the feed gives one.
    decided.decided_by -- feed: a code that came with the article, or the top topic above it; model: read off the text.
from decided
left join seeds.topics as topic_list on decided.topic_id = topic_list.topic_id
