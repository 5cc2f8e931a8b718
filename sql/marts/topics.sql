-- One topic that occurs, or is one of the 17 top topics, or `unclassified`: annotated articles without a clear top topic.
with listed as (
    select
        topic_id,
        topic_name,
        topic_level::integer as topic_level,
        parent_topic_id
    from seeds.topics
    union all
    select
        'unclassified' as topic_id,
        'unclassified' as topic_name,
        null as topic_level,
        null as parent_topic_id
)

select
    listed.topic_id, -- IPTC media topic, medtop:NNNNNNNN (IPTC, CC BY 4.0), the id of your own topic, or unclassified.
    listed.topic_name, -- Its name.
    listed.topic_level, -- 1 for the 17 top topics; null for unclassified.
    listed.parent_topic_id, -- The topic above; null for a top topic.
    count(article_facts.article_id) as article_count, -- Articles with this topic itself, every copy as it was published.
    count(distinct article_facts.text_group_id) as text_count, -- Copies of one text once.
    count(distinct article_facts.origin_id) as origin_count -- Independent origins.
from listed
left join staging.topic_articles on listed.topic_id = topic_articles.topic_id
left join staging.article_facts on topic_articles.article_id = article_facts.article_id
where topic_articles.topic_id is not null or listed.topic_level = 1 or listed.topic_id = 'unclassified'
group by all
