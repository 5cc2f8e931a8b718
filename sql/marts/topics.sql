-- One topic that occurs, or is one of the 17 top topics.
select
    topic_list.topic_id, -- IPTC media topic, medtop:NNNNNNNN (IPTC, CC BY 4.0).
    topic_list.topic_name, -- Its name.
    topic_list.topic_level::integer as topic_level, -- 1 for the 17 top topics.
    topic_list.parent_topic_id, -- The topic above; null for a top topic.
    count(article_facts.article_id) as article_count, -- Articles with this topic itself, every copy as it was published.
    count(distinct article_facts.text_group_id) as text_count, -- Copies of one text once.
    count(distinct article_facts.origin_id) as origin_count -- Independent origins.
from seeds.topics as topic_list
left join marts.article_topics on topic_list.topic_id = article_topics.topic_id
left join staging.article_facts on article_topics.article_id = article_facts.article_id
where article_topics.topic_id is not null or topic_list.topic_level = '1'
group by all
