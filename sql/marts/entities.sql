-- One entity, copies and aliases merged.
with described as (
    select
        entity_id,
        any_value(entity_name) as entity_name,
        any_value(entity_type) as entity_type,
        any_value(country_code) as country_code,
        any_value(latitude) as latitude,
        any_value(longitude) as longitude,
        any_value(geonames_id) as geonames_id,
        any_value(wikidata_id) as wikidata_id
    from staging.entity_names
    group by entity_id
    union all by name
    -- a place that an article means by a name which means another one elsewhere
    select
        place_entities.entity_id,
        place_entities.entity_name,
        'place' as entity_type,
        place_entities.country_code,
        place_entities.latitude,
        place_entities.longitude,
        place_entities.geonames_id,
        place_entities.wikidata_id
    from staging.place_entities
    anti join staging.entity_names on place_entities.entity_id = entity_names.entity_id
    union all by name
    -- another person of a name that somebody else bears
    select distinct
        entity_id,
        entity_name,
        'person' as entity_type
    from staging.namesakes
),

counted as (
    select
        entity_number,
        sum(mention_count)::bigint as mention_count,
        count(*) as article_count,
        count(*) filter (not has_copies) + count(distinct group_number) filter (has_copies) as text_count,
        count(distinct origin_number) as origin_count,
        min(published_on) as first_seen_on,
        max(published_on) as last_seen_on
    from staging.entity_articles
    group by entity_number
)

select
    described.entity_id, -- Key: type and name, place:south-korea; with its place where the name alone is another: place:athens-us-ga.
    described.entity_name, -- Name of the seeds, else the spelling most used.
    described.entity_type, -- person, organization, place, facility, nationality, event, law, product or work.
    described.country_code, -- Country it is, lies in or belongs to, ISO 3166-1 alpha-2; null when not known.
    described.latitude, -- Degrees north, of a nationality its country's; null when not resolved.
    described.longitude, -- Degrees east, of a nationality its country's; null when not resolved.
    described.geonames_id::varchar as geonames_id, -- Number in GeoNames, of a country, city or state of the US; null when not known.
    described.wikidata_id, -- Wikidata item; null when not known.
    counted.mention_count, -- Occurrences in all articles.
    counted.article_count, -- Articles that name it, every copy as it was published.
    counted.text_count, -- Articles that name it, copies of one text once.
    counted.origin_count, -- Independent origins: all copies credited to one agency are one.
    counted.first_seen_on, -- First day on which it was named; null when no date is known.
    counted.last_seen_on -- Last day on which it was named.
from counted
inner join staging.entity_numbers on counted.entity_number = entity_numbers.entity_number
inner join described on entity_numbers.entity_id = described.entity_id
