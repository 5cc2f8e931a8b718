-- One entity in one article.
with usual as (
    select
        entity_names.name_number,
        entity_numbers.entity_number
    from staging.entity_names
    inner join staging.entity_numbers on entity_names.entity_id = entity_numbers.entity_id
),

meant as (
    select
        text_entities.text_number,
        text_entities.name_number,
        entity_numbers.entity_number
    from staging.text_entities
    inner join staging.entity_numbers on text_entities.entity_id = entity_numbers.entity_id
),

text_counts as (
    select
        text_names.text_number,
        coalesce(meant.entity_number, usual.entity_number) as entity_number,
        sum(text_names.mention_count)::bigint as mention_count
    from staging.text_names
    inner join usual on text_names.name_number = usual.name_number
    left join meant
        on text_names.text_number = meant.text_number and text_names.name_number = meant.name_number
    group by all
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
