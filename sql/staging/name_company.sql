-- One other entity that a name of `name_pairs` is named with, in up to 200 texts of each.
with paired as (
    select
        entity_type,
        alias_key as base_key
    from staging.name_pairs
    union
    select
        entity_type,
        base_key
    from staging.name_pairs
),

frequent as (
    select
        entity_type,
        base_key
    from staging.text_names
    group by entity_type, base_key
    -- who is named everywhere is no company
    having count(distinct text_hash) > greatest(50, 0.05 * (select count(*) from raw.texts))
),

sampled as (
    select
        text_names.entity_type,
        text_names.base_key,
        text_names.text_hash
    from staging.text_names
    semi join paired
        on text_names.entity_type = paired.entity_type and text_names.base_key = paired.base_key
    group by text_names.entity_type, text_names.base_key, text_names.text_hash
    qualify
        row_number() over (
            partition by text_names.entity_type, text_names.base_key order by text_names.text_hash
        ) <= 200
),

companions as (
    select
        text_names.text_hash,
        text_names.entity_type,
        text_names.base_key
    from staging.text_names
    anti join frequent
        on text_names.entity_type = frequent.entity_type and text_names.base_key = frequent.base_key
    where text_names.entity_type in ('person', 'organization', 'place', 'nationality')
    group by all
)

select distinct
    sampled.entity_type,
    sampled.base_key,
    companions.entity_type as other_type,
    companions.base_key as other_key
from sampled
inner join companions on sampled.text_hash = companions.text_hash
where sampled.base_key != companions.base_key
