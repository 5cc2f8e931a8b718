-- One entity in one article.
with text_counts as (
    select
        text_names.text_number,
        entity_numbers.entity_number,
        sum(text_names.mention_count)::bigint as mention_count
    from staging.text_names
    inner join staging.entity_names on text_names.name_number = entity_names.name_number
    left join staging.text_entities
        on
            text_names.text_number = text_entities.text_number
            and text_names.name_number = text_entities.name_number
    inner join staging.entity_numbers
        on coalesce(text_entities.entity_id, entity_names.entity_id) = entity_numbers.entity_id
    group by text_names.text_number, entity_numbers.entity_number
)

select
    entity_numbers.entity_id,
    text_counts.entity_number,
    article_facts.article_id,
    article_facts.article_number,
    article_facts.group_number,
    article_facts.origin_number,
    article_facts.has_copies,
    article_facts.published_on,
    text_counts.mention_count
from text_counts
inner join staging.article_facts on text_counts.text_number = article_facts.text_number
inner join staging.entity_numbers on text_counts.entity_number = entity_numbers.entity_number
