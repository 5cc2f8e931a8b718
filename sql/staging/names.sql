-- One name of one type, as articles have it, the key that the lists or its spelling give it, and their numbers: of the
-- name, of the key within its type, and of the key in whatever type.
with named as (
    select
        entity_name as name,
        entity_type,
        count(*) as mention_count
    from raw.mentions
    group by all
),

keyed as (
    select
        named.name,
        named.entity_type,
        named.mention_count,
        name_keys.name_key,
        case
            -- what a person decides is applied to keys, see entity_merges
            when gazetteer.entity_key is not null and gazetteer.decided_by != 'seeds.entity_aliases'
                then gazetteer.entity_key
            -- a people that no list knows: "Asians" are "Asian"
            when named.entity_type = 'nationality' then regexp_replace(name_keys.name_key, '([^s])s$', '\1')
            else name_keys.name_key
        end as base_key,
        coalesce(gazetteer.decided_by != 'seeds.entity_aliases', false) as is_listed
    from named
    inner join staging.name_keys on named.name = name_keys.name
    left join staging.gazetteer
        on name_keys.name_key = gazetteer.name_key and named.entity_type = gazetteer.entity_type
)

select
    *,
    (row_number() over (order by entity_type, name))::integer as name_number,
    (dense_rank() over (order by entity_type, base_key))::integer as key_number,
    (dense_rank() over (order by base_key))::integer as base_number
from keyed
