-- One entity in one article.
select
    mentions.entity_id,
    mentions.article_id,
    any_value(article_facts.published_on) as published_on,
    any_value(article_facts.text_group_id) as text_group_id,
    any_value(article_facts.origin_id) as origin_id,
    count(*) as mention_count
from marts.mentions
inner join staging.article_facts on mentions.article_id = article_facts.article_id
group by mentions.entity_id, mentions.article_id
