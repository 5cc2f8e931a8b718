-- One name in one text that means another entity there than elsewhere, or a place with what decided on it.
select
    text_number,
    name_number,
    entity_id,
    place_reason,
    null as decided_by
from staging.text_places
union all
select
    text_number,
    name_number,
    entity_id,
    null as place_reason,
    'company' as decided_by
from staging.namesakes
union all
select
    text_number,
    name_number,
    entity_id,
    null as place_reason,
    'surname' as decided_by
from staging.surnames
union all
select
    text_number,
    name_number,
    entity_id,
    null as place_reason,
    'body of the country' as decided_by
from staging.text_bodies
