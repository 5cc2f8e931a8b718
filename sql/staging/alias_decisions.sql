-- One decision of a person about two names, in seeds/entity_aliases.csv: one entity, or two.
with keyed as (
    select
        entity_aliases.entity_type,
        alias_keys.name_key,
        entity_keys.name_key as entity_key,
        entity_aliases.entity_name,
        lower(entity_aliases.is_same) in ('true', '1', 'yes') as is_same,
        coalesce(entity_aliases.decided_by, 'seeds.entity_aliases') as decided_by,
        try_cast(entity_aliases.decided_on as date) as decided_on
    from seeds.entity_aliases
    inner join staging.name_keys as alias_keys on entity_aliases.alias = alias_keys.name
    inner join staging.name_keys as entity_keys on entity_aliases.entity_name = entity_keys.name
),

-- of two decisions about one pair the later counts
latest as (
    select *
    from keyed
    qualify
        row_number() over (
            partition by entity_type, least(name_key, entity_key), greatest(name_key, entity_key)
            order by decided_on desc nulls last, is_same asc, decided_by asc, entity_name asc
        ) = 1
)

select
    entity_type,
    name_key,
    entity_key,
    entity_name,
    is_same,
    decided_by
from latest
-- a name is an alias of one entity
qualify
    not is_same
    or row_number() over (
        partition by entity_type, name_key, is_same order by decided_on desc nulls last, entity_key asc
    ) = 1
