-- One topic of one article.
select
    article_facts.article_id, -- The article.
    topics.topic_id, -- IPTC media topic, medtop:NNNNNNNN.
    topic_list.topic_name, -- Its name.
    topic_list.topic_level::integer as topic_level, -- 1 for the 17 top topics.
    topics.topic_score, -- How sure, 0-1.
    topics.is_primary -- The one top topic that fits best.
from staging.article_facts
inner join raw.topics on article_facts.text_hash = topics.text_hash
left join seeds.topics as topic_list on topics.topic_id = topic_list.topic_id
