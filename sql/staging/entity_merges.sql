-- One key that is merged into another of its type, the key at the end of the way, and who decided the first step.
with recursive decided as (
    select
        alias_decisions.entity_type,
        alias_decisions.name_key as alias_key,
        -- a name that a list knows stands for the entity of the list
        coalesce(gazetteer.entity_key, alias_decisions.entity_key) as base_key,
        alias_decisions.decided_by
    from staging.alias_decisions
    left join staging.gazetteer
        on
            alias_decisions.entity_key = gazetteer.name_key
            and alias_decisions.entity_type = gazetteer.entity_type
            and gazetteer.decided_by != 'seeds.entity_aliases'
    where alias_decisions.is_same and alias_decisions.name_key != coalesce(gazetteer.entity_key, alias_decisions.entity_key)
),

-- What people say goes before every rule; a rule takes the most frequent of those it is sure of.
automatic as (
    select
        alias_pairs.entity_type,
        alias_pairs.alias_key,
        alias_pairs.base_key,
        alias_pairs.reason as decided_by
    from staging.alias_pairs
    anti join staging.alias_decisions
        on
            alias_pairs.entity_type = alias_decisions.entity_type
            and alias_pairs.alias_key = alias_decisions.name_key
            and alias_decisions.is_same
    anti join staging.names_told_apart as told_apart
        on
            alias_pairs.entity_type = told_apart.entity_type
            and alias_pairs.alias_key = told_apart.name_key
            and alias_pairs.base_key = told_apart.other_key
    where alias_pairs.is_merged
    qualify
        row_number() over (
            partition by alias_pairs.entity_type, alias_pairs.alias_key
            order by alias_pairs.text_count desc, alias_pairs.base_key asc
        ) = 1
),

edges as (
    select *
    from decided
    union all
    select *
    from automatic
),

-- the way of each key, step by step; ten are enough, and end a circle that people decided
walk as (
    select
        entity_type,
        alias_key,
        base_key,
        1 as step
    from edges
    union all
    select
        walk.entity_type,
        walk.alias_key,
        edges.base_key,
        walk.step + 1 as step
    from walk
    inner join edges on walk.entity_type = edges.entity_type and walk.base_key = edges.alias_key
    where walk.step < 10 and edges.base_key != walk.alias_key
),

ends as (
    select
        entity_type,
        alias_key as name_key,
        max_by(base_key, step) as end_key
    from walk
    group by all
),

-- Two that somebody told apart and that rules brought together over others: their steps by rule are undone.
undone as (
    select
        alias_decisions.entity_type,
        unnest([alias_decisions.name_key, alias_decisions.entity_key]) as alias_key
    from staging.alias_decisions
    left join ends as one
        on alias_decisions.entity_type = one.entity_type and alias_decisions.name_key = one.name_key
    left join ends as other
        on alias_decisions.entity_type = other.entity_type and alias_decisions.entity_key = other.name_key
    where
        not alias_decisions.is_same
        and coalesce(one.end_key, alias_decisions.name_key) = coalesce(other.end_key, alias_decisions.entity_key)
),

kept as (
    select *
    from decided
    union all
    select automatic.*
    from automatic
    anti join undone
        on automatic.entity_type = undone.entity_type and automatic.alias_key = undone.alias_key
),

final_walk as (
    select
        entity_type,
        alias_key,
        base_key,
        decided_by,
        1 as step
    from kept
    union all
    select
        final_walk.entity_type,
        final_walk.alias_key,
        kept.base_key,
        final_walk.decided_by,
        final_walk.step + 1 as step
    from final_walk
    inner join kept on final_walk.entity_type = kept.entity_type and final_walk.base_key = kept.alias_key
    where final_walk.step < 10 and kept.base_key != final_walk.alias_key
)

select
    entity_type,
    alias_key as base_key,
    max_by(base_key, step) as entity_key,
    any_value(decided_by) as decided_by
from final_walk
group by all
