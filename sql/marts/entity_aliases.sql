-- One surface form of one entity.
with spelled as (
    select
        coalesce(text_entities.entity_id, entity_names.entity_id) as entity_id,
        mentions.mention_text as alias,
        coalesce(
            if(text_entities.entity_id != entity_names.entity_id, text_entities.decided_by, null),
            entity_names.decided_by,
            mentions.decided_by
        ) as decided_by,
        count(*) as mention_count
    from staging.article_facts
    inner join raw.mentions on article_facts.text_hash = mentions.text_hash
    inner join staging.entity_names
        on mentions.entity_name = entity_names.name and mentions.entity_type = entity_names.entity_type
    left join staging.text_entities
        on
            article_facts.text_number = text_entities.text_number
            and entity_names.name_number = text_entities.name_number
    group by all
)

select
    entity_id, -- The entity.
    alias, -- How it is written in articles.
    sum(mention_count)::bigint as mention_count, -- Occurrences of this form for this entity.
    min_by(decided_by, (-mention_count, decided_by)) as decided_by -- Who says so: a person, a list, a rule, or the model.
from spelled
group by entity_id, alias
