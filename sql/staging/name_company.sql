-- One other entity that a person or organization is named with, in up to 200 texts of each.
with frequent as (
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
        entity_type,
        base_key,
        text_hash
    from staging.text_names
    where entity_type in ('person', 'organization')
    group by entity_type, base_key, text_hash
    qualify row_number() over (partition by entity_type, base_key order by text_hash) <= 200
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

select
    sampled.entity_type,
    sampled.base_key,
    companions.entity_type as other_type,
    companions.base_key as other_key,
    count(*) as text_count
from sampled
inner join companions on sampled.text_hash = companions.text_hash
where sampled.base_key != companions.base_key
group by all
