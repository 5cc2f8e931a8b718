-- One annotated article and its one top topic, or `unclassified`.
select
    article_facts.article_id,
    coalesce(topic_list.top_topic_id, article_topics.topic_id, 'unclassified') as topic_id
from staging.article_facts
inner join raw.texts on article_facts.text_hash = texts.text_hash
left join marts.article_topics
    on article_facts.article_id = article_topics.article_id and article_topics.is_primary
left join seeds.topics as topic_list on article_topics.topic_id = topic_list.topic_id
where texts.is_annotated
