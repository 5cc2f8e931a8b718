-- An entity's counts are the numbers of mentions, articles and texts that there are. Counted by number, which takes a
-- fraction of the memory of names.
with named as (
    select
        entity_numbers.entity_number,
        article_facts.article_number,
        any_value(article_facts.group_number) as group_number,
        count(*) as mention_count
    from marts.mentions
    inner join staging.entity_numbers on mentions.entity_id = entity_numbers.entity_id
    inner join staging.article_facts on mentions.article_id = article_facts.article_id
    group by entity_numbers.entity_number, article_facts.article_number
),

found_entities as (
    select
        entity_number,
        sum(mention_count)::bigint as mention_count,
        count(*) as article_count,
        count(distinct group_number) as text_count
    from named
    group by entity_number
)

select
    entities.entity_id,
    (entities.mention_count, entities.article_count, entities.text_count) as told,
    (found_entities.mention_count, found_entities.article_count, found_entities.text_count) as found
from marts.entities
left join staging.entity_numbers on entities.entity_id = entity_numbers.entity_id
left join found_entities on entity_numbers.entity_number = found_entities.entity_number
where told is distinct from found
