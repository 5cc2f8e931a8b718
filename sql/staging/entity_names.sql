-- One name of one type, as an article has it, and the entity that it is.
with keyed as (
    select
        names.*,
        gazetteer.entity_name as known_name,
        gazetteer.country_code,
        gazetteer.latitude,
        gazetteer.longitude,
        gazetteer.geonames_id,
        gazetteer.wikidata_id,
        gazetteer.decided_by,
        -- an alias that somebody decided on leaves the list that had it
        if(gazetteer.decided_by = 'seeds.entity_aliases', names.name_key, null) as decided_key
    from staging.names
    left join staging.gazetteer
        on names.name_key = gazetteer.name_key and names.entity_type = gazetteer.entity_type
),

resolved as (
    select
        keyed.name_number,
        keyed.name,
        keyed.entity_type,
        keyed.mention_count,
        coalesce(
            name_merges.entity_key,
            key_merges.entity_key,
            keyed.base_key
        ) as entity_key,
        keyed.known_name,
        keyed.country_code,
        keyed.latitude,
        keyed.longitude,
        keyed.geonames_id,
        keyed.wikidata_id,
        coalesce(name_merges.decided_by, key_merges.decided_by, keyed.decided_by) as decided_by,
        coalesce(name_merges.entity_key, key_merges.entity_key) is not null as is_merged
    from keyed
    left join staging.entity_merges as key_merges
        on keyed.entity_type = key_merges.entity_type and keyed.base_key = key_merges.base_key
    left join staging.entity_merges as name_merges
        on keyed.entity_type = name_merges.entity_type and keyed.decided_key = name_merges.base_key
)

-- All spellings of an entity say the same of it, so that one of them known makes all of them known.
select
    name_number,
    name,
    entity_type,
    entity_type || ':' || replace(entity_key, ' ', '-') as entity_id,
    first_value(coalesce(known_name, name)) over (
        partition by entity_type, entity_key
        -- an entity bears its own name, not that of who was merged into it
        order by known_name is null asc, is_merged asc, mention_count desc, name asc
    ) as entity_name,
    max(country_code) over (partition by entity_type, entity_key) as country_code,
    max(latitude) over (partition by entity_type, entity_key) as latitude,
    max(longitude) over (partition by entity_type, entity_key) as longitude,
    max(geonames_id) over (partition by entity_type, entity_key) as geonames_id,
    max(wikidata_id) over (partition by entity_type, entity_key) as wikidata_id,
    decided_by
from resolved
