-- One name of one type, as an article has it, and the entity that it is.
with named as (
    select
        mentions.entity_name as name,
        mentions.entity_type,
        name_keys.name_key,
        count(*) as mention_count
    from raw.mentions
    inner join staging.name_keys on mentions.entity_name = name_keys.name
    group by all
),

resolved as (
    select
        named.name,
        named.entity_type,
        named.mention_count,
        -- a people that no list knows: "Asians" are "Asian"
        coalesce(
            gazetteer.entity_key,
            if(named.entity_type = 'nationality', regexp_replace(named.name_key, '([^s])s$', '\1'), named.name_key)
        ) as entity_key,
        gazetteer.entity_name as known_name,
        gazetteer.country_code,
        gazetteer.latitude,
        gazetteer.longitude,
        gazetteer.geonames_id,
        gazetteer.wikidata_id,
        gazetteer.decided_by
    from named
    left join staging.gazetteer
        on named.name_key = gazetteer.name_key and named.entity_type = gazetteer.entity_type
)

-- All spellings of an entity say the same of it, so that one of them known makes all of them known.
select
    name,
    entity_type,
    entity_type || ':' || replace(entity_key, ' ', '-') as entity_id,
    first_value(coalesce(known_name, name)) over (
        partition by entity_type, entity_key
        order by known_name is null asc, mention_count desc, name asc
    ) as entity_name,
    max(country_code) over (partition by entity_type, entity_key) as country_code,
    max(latitude) over (partition by entity_type, entity_key) as latitude,
    max(longitude) over (partition by entity_type, entity_key) as longitude,
    max(geonames_id) over (partition by entity_type, entity_key) as geonames_id,
    max(wikidata_id) over (partition by entity_type, entity_key) as wikidata_id,
    decided_by
from resolved
