-- One name of a place that means one city, or one region, to a reader who is told nothing else.
with capitals as (
    select
        name_keys.name_key,
        countries.country_code
    from seeds.countries
    inner join staging.name_keys on countries.capital = name_keys.name
),

spellings as (
    select
        city_id,
        unnest(names) as name
    from seeds.cities
),

candidates as (
    select
        name_keys.name_key,
        cities.city_id,
        cities.city_name,
        cities.country_code,
        cities.latitude,
        cities.longitude,
        spellings.name = cities.city_name as is_own_name,
        -- a capital is meant five times as often as its size says, another name a fifth as often
        cities.population
        * if(capitals.name_key is null, 1, 5)
        * if(spellings.name = cities.city_name, 1, 0.2) as weight
    from seeds.cities
    inner join spellings on cities.city_id = spellings.city_id
    inner join staging.name_keys on spellings.name = name_keys.name
    left join capitals
        on name_keys.name_key = capitals.name_key and cities.country_code = capitals.country_code
    -- one spelling per city and key: its own before others
    qualify
        row_number() over (
            partition by name_keys.name_key, cities.city_id
            order by spellings.name = cities.city_name desc, spellings.name asc
        ) = 1
),

ranked as (
    select
        *,
        row_number() over by_weight as place,
        lead(weight, 1, 0) over by_weight as next_weight
    from candidates
    window by_weight as (partition by name_key order by weight desc, city_id asc)
),

-- The city that most people mean: twice the weight of the next of its name.
likely_cities as (
    select *
    from ranked
    where place = 1 and weight >= 2 * next_weight
),

-- Cities too large to be passed over, and too equal to choose from.
contested as (
    select name_key
    from ranked
    where place = 1 and weight >= 1000000 and weight < 2 * next_weight
),

known_regions as (
    select
        name_keys.name_key,
        min(regions.region_name) as region_name,
        min(regions.country_code) as country_code,
        min(regions.latitude) as latitude,
        min(regions.longitude) as longitude
    from seeds.regions
    inner join staging.name_keys on regions.region_name = name_keys.name
    anti join contested on name_keys.name_key = contested.name_key
    group by name_keys.name_key
    having count(distinct regions.country_code) = 1
),

-- A region gives way to a large city of that very name, and in its own country to the city it is named after.
weighed as (
    select
        coalesce(likely_cities.name_key, known_regions.name_key) as name_key,
        likely_cities.city_name,
        likely_cities.country_code as city_country_code,
        likely_cities.latitude as city_latitude,
        likely_cities.longitude as city_longitude,
        known_regions.region_name,
        known_regions.country_code as region_country_code,
        known_regions.latitude as region_latitude,
        known_regions.longitude as region_longitude,
        known_regions.name_key is null
        or (likely_cities.is_own_name and likely_cities.weight >= 250000)
        or (
            likely_cities.country_code = known_regions.country_code
            and (known_regions.latitude is null or likely_cities.weight >= 1000000)
        ) as is_city
    from likely_cities
    full outer join known_regions on likely_cities.name_key = known_regions.name_key
)

select
    name_key,
    if(is_city, city_name, region_name) as entity_name,
    if(is_city, city_country_code, region_country_code) as country_code,
    if(is_city, city_latitude, region_latitude) as latitude,
    if(is_city, city_longitude, region_longitude) as longitude
from weighed
