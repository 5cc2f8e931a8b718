-- One entity that is a place of the gazetteer.
select
    'place:' || replace(entity_key, ' ', '-') as entity_id,
    min_by(entity_name, place_id) as entity_name,
    min_by(country_code, place_id) as country_code,
    min_by(latitude, place_id) as latitude,
    min_by(longitude, place_id) as longitude,
    min_by(geonames_id, place_id) as geonames_id,
    min_by(wikidata_id, place_id) as wikidata_id
from staging.places
group by entity_key
