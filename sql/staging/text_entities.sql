-- One name in one text that means another entity there than elsewhere, or a place with what decided on it.
select
    text_hash,
    name,
    entity_type,
    entity_id,
    place_reason,
    null as decided_by
from staging.text_places
union all by name
select
    text_hash,
    name,
    'person' as entity_type,
    entity_id,
    'company' as decided_by
from staging.namesakes
union all by name
select
    text_hash,
    name,
    'person' as entity_type,
    entity_id,
    'surname' as decided_by
from staging.surnames
