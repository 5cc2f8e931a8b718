-- One place that a name may mean, with how often the name means it where nothing else is said. Names of towns that
-- neither a text nor a list says are left out.
with said as (
    select distinct name_key
    from staging.name_keys
    where not is_town_only
),

capitals as (
    select
        name_keys.name_key,
        countries.country_code
    from seeds.countries
    inner join staging.name_keys on countries.capital = name_keys.name
),

-- One city of a name in a region: the largest.
cities as (
    select
        cities.*,
        name_keys.name_key as own_key
    from seeds.cities
    inner join staging.name_keys on cities.city_name = name_keys.name
    semi join said on name_keys.name_key = said.name_key
    qualify
        row_number() over (
            partition by name_keys.name_key, cities.country_code, cities.admin1_code
            order by cities.population desc, cities.city_id asc
        ) = 1
),

-- What people say of a city: the largest of that name in that country.
known_cities as (
    select
        cities.city_id,
        places.aliases,
        places.wikidata_id
    from seeds.places
    inner join cities on places.place_name = cities.city_name and places.country_code = cities.country_code
    where places.latitude is null
    qualify
        row_number() over (
            partition by places.place_name, places.country_code order by cities.population desc, cities.city_id asc
        ) = 1
),

-- All names of a city, and what people call it.
named_cities as (
    select
        city_id,
        city_name as name,
        false as is_known_name
    from cities
    union all
    select
        city_names.city_id,
        city_names.name,
        false as is_known_name
    from seeds.city_names
    union all
    select
        city_id,
        unnest(string_split(aliases, '|')) as name,
        true as is_known_name
    from known_cities
),

known_regions as (
    select distinct
        region_name,
        country_code
    from seeds.regions
    where wikidata_id is not null
),

listed as (
    select
        'country:' || countries.country_code as place_id,
        'country' as place_kind,
        countries.entity_name as place_name,
        unnest([countries.entity_name] || string_split(coalesce(countries.aliases, ''), '|')) as name,
        countries.country_code,
        try_cast(countries.latitude as double) as latitude,
        try_cast(countries.longitude as double) as longitude,
        country_ids.geonames_id,
        countries.wikidata_id,
        -- whatever its size, a country is meant more often than any city of its name; Georgia is also a state
        if(known_regions.region_name is null, 200000000, 1500000) as weight,
        'seeds.countries' as decided_by
    from seeds.countries
    left join known_regions
        on countries.entity_name = known_regions.region_name and countries.country_code != known_regions.country_code
    left join seeds.country_ids on countries.country_code = country_ids.country_code
    union all by name
    select
        'area:' || place_name as place_id,
        'area' as place_kind,
        place_name,
        unnest([place_name] || string_split(coalesce(aliases, ''), '|')) as name,
        country_code,
        try_cast(latitude as double) as latitude,
        try_cast(longitude as double) as longitude,
        wikidata_id,
        20000000 as weight,
        'seeds.places' as decided_by
    from seeds.places
    where latitude is not null
    union all by name
    select
        concat_ws('.', region_kind, country_code, admin1_code, region_name) as place_id,
        region_kind as place_kind,
        region_name as place_name,
        unnest([region_name] || string_split(coalesce(aliases, ''), '|')) as name,
        country_code,
        admin1_code,
        try_cast(latitude as double) as latitude,
        try_cast(longitude as double) as longitude,
        try_cast(geonames_id as bigint) as geonames_id,
        wikidata_id,
        -- of a region and a city of one name, the city is meant unless it is small in it or the region well known
        greatest(0.15 * try_cast(population as bigint), if(wikidata_id is null, 0, 500000)) as weight,
        'seeds.regions' as decided_by
    from seeds.regions
    union all by name
    select
        'city:' || cities.city_id as place_id,
        'city' as place_kind,
        cities.city_name as place_name,
        named_cities.name,
        cities.country_code,
        cities.admin1_code,
        cities.latitude,
        cities.longitude,
        cities.city_id as geonames_id,
        known_cities.wikidata_id,
        cities.population as weight,
        named_cities.is_known_name,
        'geonames' as decided_by
    from cities
    inner join named_cities on cities.city_id = named_cities.city_id
    left join known_cities on cities.city_id = known_cities.city_id
),

keyed as (
    select
        name_keys.name_key,
        own_keys.name_key as own_key,
        listed.* exclude (weight),
        -- a capital is meant five times as often as its size says, another name a fifth as often
        listed.weight
        * if(capitals.name_key is null or listed.place_kind != 'city', 1, 5)
        * if(
            listed.place_kind != 'city'
            or listed.name in (listed.place_name, regexp_replace(listed.place_name, ' City$', ''))
            or listed.is_known_name,
            1,
            0.2
        ) as weight
    from listed
    inner join staging.name_keys on listed.name = name_keys.name
    inner join staging.name_keys as own_keys on listed.place_name = own_keys.name
    left join capitals on own_keys.name_key = capitals.name_key and listed.country_code = capitals.country_code
),

unique_places as (
    select *
    from keyed
    qualify row_number() over (partition by name_key, place_id order by weight desc) = 1
),

-- The forty weightiest meanings of a name.
ranked as (
    select
        *,
        row_number() over by_weight as place_rank,
        first_value(country_code) over by_weight as first_country_code,
        first_value(admin1_code) over by_weight as first_admin1_code
    from unique_places
    window by_weight as (partition by name_key order by weight desc, place_id asc)
    qualify place_rank <= 40
),

weighed as (
    select
        *,
        -- of places without a population one is as likely as another
        coalesce(weight / nullif(sum(weight) over by_name, 0), 1 / count(*) over by_name) as share,
        count(*) over by_name as meaning_count,
        -- a region and its town of the same name are no rivals
        max(weight) filter (
            where
            country_code is distinct from first_country_code
            or admin1_code is distinct from first_admin1_code
            or admin1_code is null
        ) over rivals as rival_weight
    from ranked
    window
        -- in one order, since what is added up in another differs in its last digit
        by_name as (
            partition by name_key order by place_rank asc rows between unbounded preceding and unbounded following
        ),
        rivals as (
            partition by name_key order by place_rank asc rows between 1 following and unbounded following
        )
),

-- What a name means to a reader who is told nothing else: twice the weight of every rival.
likely as (
    select
        *,
        -- what a name says of a region and of a country, as far as it says it aloud; decimals, since the
        -- last digit of doubles depends on the order in which they are added up
        sum(if(share >= 0.05, share, 0)::decimal(18, 12)) over (
            partition by name_key, country_code, admin1_code
        )::double as own_region_share,
        sum(if(share >= 0.05, share, 0)::decimal(18, 12)) over (
            partition by name_key, country_code
        )::double as own_country_share,
        place_rank = 1 and weight >= 15000 and weight >= 2 * coalesce(rival_weight, 0) as is_likely
    from weighed
)

select
    likely.name_key,
    likely.place_id,
    likely.place_kind,
    -- the best known bears the bare name; a city goes with its region, a region with its country
    if(
        best_known.place_id is not null,
        likely.own_key,
        concat_ws(
            ' ',
            likely.own_key,
            lower(likely.country_code),
            if(likely.place_kind = 'region', null, lower(likely.admin1_code))
        )
    ) as entity_key,
    likely.place_name as entity_name,
    likely.country_code,
    likely.admin1_code,
    likely.latitude,
    likely.longitude,
    likely.geonames_id,
    likely.wikidata_id,
    likely.weight,
    likely.share,
    likely.own_region_share,
    likely.own_country_share,
    likely.meaning_count,
    likely.is_likely,
    likely.decided_by,
    -- of the name, and of the name and the place: they order as names and ids do
    (dense_rank() over (order by likely.name_key))::integer as place_name_number,
    (row_number() over (order by likely.name_key, likely.place_id))::integer as place_number
from likely
left join likely as best_known
    on likely.own_key = best_known.name_key and likely.place_id = best_known.place_id and best_known.is_likely
