-- One entity that is a place of the gazetteer, and that an article names.
select
    'place:' || replace(places.entity_key, ' ', '-') as entity_id,
    min_by(places.entity_name, places.place_id) as entity_name,
    min_by(places.country_code, places.place_id) as country_code,
    min_by(places.latitude, places.place_id) as latitude,
    min_by(places.longitude, places.place_id) as longitude,
    min_by(places.geonames_id, places.place_id) as geonames_id,
    min_by(places.wikidata_id, places.place_id) as wikidata_id
from staging.places
semi join staging.text_places on places.place_id = text_places.place_id
group by places.entity_key
