-- One entity that enough texts name for a pair of its to be listed (see `staging.pair_limits`), and its number.
select
    entities.entity_id,
    entity_numbers.entity_number,
    entities.text_count
from marts.entities
inner join staging.entity_numbers on entities.entity_id = entity_numbers.entity_id
cross join staging.pair_limits
where entities.text_count >= greatest(pair_limits.least_alone, pair_limits.least_together)
