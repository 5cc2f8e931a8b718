-- One entity in one article.
with numbered as (
    select
        entity_numbers.entity_number,
        article_facts.article_number,
        count(*) as mention_count
    from marts.mentions
    inner join staging.entity_numbers on mentions.entity_id = entity_numbers.entity_id
    inner join staging.article_facts on mentions.article_id = article_facts.article_id
    group by entity_numbers.entity_number, article_facts.article_number
)

select
    entity_numbers.entity_id,
    numbered.entity_number,
    article_facts.article_id,
    numbered.article_number,
    article_facts.group_number,
    article_facts.origin_number,
    article_facts.has_copies,
    article_facts.published_on,
    numbered.mention_count
from numbered
inner join staging.entity_numbers on numbered.entity_number = entity_numbers.entity_number
inner join staging.article_facts on numbered.article_number = article_facts.article_number
