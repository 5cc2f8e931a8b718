-- One name and another that a person said is somebody else, both ways round.
select
    entity_type,
    name_key,
    entity_key as other_key
from staging.alias_decisions
where not is_same
union
select
    entity_type,
    entity_key as name_key,
    name_key as other_key
from staging.alias_decisions
where not is_same
