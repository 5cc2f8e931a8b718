-- One entity that a name may mean, and its number (see `staging.texts`).
with meant as (
    select entity_id
    from staging.entity_names
    union
    select entity_id
    from staging.text_entities
)

select
    entity_id,
    (row_number() over (order by entity_id))::integer as entity_number
from meant
