-- One surface form of one entity.
with spelled as (
    select
        coalesce(text_entities.entity_id, entity_names.entity_id) as entity_id,
        mentions.mention_text as alias,
        case
            when text_entities.entity_id != entity_names.entity_id and mentions.entity_type = 'person' then 'company'
            when text_entities.entity_id != entity_names.entity_id and mentions.entity_type = 'organization' then 'body of the country'
            else coalesce(entity_names.decided_by, mentions.decided_by)
        end as decided_by,
        count(*) as mention_count
    from staging.article_facts
    inner join raw.mentions on article_facts.text_hash = mentions.text_hash
    inner join staging.entity_names
        on mentions.entity_name = entity_names.name and mentions.entity_type = entity_names.entity_type
    left join staging.text_entities
        on
            mentions.text_hash = text_entities.text_hash
            and mentions.entity_name = text_entities.name
            and mentions.entity_type = text_entities.entity_type
    group by all
)

select
    entity_id, -- The entity.
    alias, -- How it is written in articles.
    sum(mention_count)::bigint as mention_count, -- Occurrences of this form for this entity.
    min_by(decided_by, (-mention_count, decided_by)) as decided_by -- Who says so: a person, a list, a rule, or the model.
from spelled
group by entity_id, alias
