-- One name in one text that means another entity there than elsewhere, or a place with what decided on it.
select
    text_hash,
    name,
    entity_type,
    entity_id,
    place_reason
from staging.text_places
union all by name
select
    text_hash,
    name,
    'person' as entity_type,
    entity_id,
    null as place_reason
from staging.namesakes
union all by name
select
    text_hash,
    name,
    'organization' as entity_type,
    entity_id,
    null as place_reason
from staging.text_bodies
