-- One other key that a key of `name_pairs` is named with, in up to 200 texts of each.
with paired as (
    select alias_number as key_number
    from staging.name_pairs
    union
    select key_number
    from staging.name_pairs
),

key_texts as (
    select distinct
        text_number,
        key_number,
        base_number,
        entity_type
    from staging.text_names
),

frequent as (
    select key_number
    from key_texts
    group by key_number
    -- who is named everywhere is no company
    having count(*) > greatest(50, 0.05 * (select count(*) from staging.texts))
),

sampled as (
    select
        key_texts.key_number,
        key_texts.base_number,
        key_texts.text_number
    from key_texts
    semi join paired on key_texts.key_number = paired.key_number
    qualify row_number() over (partition by key_texts.key_number order by key_texts.text_number) <= 200
),

companions as (
    select key_texts.*
    from key_texts
    anti join frequent on key_texts.key_number = frequent.key_number
    where key_texts.entity_type in ('person', 'organization', 'place', 'nationality')
)

select distinct
    sampled.key_number,
    companions.key_number as other_number
from sampled
inner join companions on sampled.text_number = companions.text_number
where sampled.base_number != companions.base_number
