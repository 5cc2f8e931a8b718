-- One name of one type of entity that the seeds know, and the entity that it means.
with listed as (
    -- a people: named by its first demonym, and placed where its country is
    select
        unnest(string_split(demonyms, '|')) as name,
        'nationality' as entity_type,
        string_split(demonyms, '|')[1] as entity_name,
        country_code,
        try_cast(latitude as double) as latitude,
        try_cast(longitude as double) as longitude,
        'seeds.countries' as decided_by,
        1 as list_rank
    from seeds.countries
    union all by name
    select
        unnest(string_split(demonyms, '|')) as name,
        'nationality' as entity_type,
        string_split(demonyms, '|')[1] as entity_name,
        country_code,
        try_cast(latitude as double) as latitude,
        try_cast(longitude as double) as longitude,
        'seeds.places' as decided_by,
        2 as list_rank
    from seeds.places
    union all by name
    select
        unnest([entity_name] || string_split(coalesce(aliases, ''), '|')) as name,
        entity_type,
        entity_name,
        wikidata_id,
        'seeds.organizations' as decided_by,
        1 as list_rank
    from seeds.organizations
    union all by name
    select
        unnest([person_name] || string_split(coalesce(aliases, ''), '|')) as name,
        'person' as entity_type,
        person_name as entity_name,
        wikidata_id,
        'seeds.people' as decided_by,
        1 as list_rank
    from seeds.people
    union all by name
    select
        unnest(
            [agency_name] || string_split(coalesce(codes, ''), '|') || string_split(coalesce(aliases, ''), '|')
        ) as name,
        'organization' as entity_type,
        agency_name as entity_name,
        wikidata_id,
        'seeds.agencies' as decided_by,
        2 as list_rank
    from seeds.agencies
    union all by name
    select
        unnest([outlet_name] || string_split(coalesce(aliases, ''), '|')) as name,
        'organization' as entity_type,
        outlet_name as entity_name,
        wikidata_id,
        'seeds.outlets' as decided_by,
        3 as list_rank
    from seeds.outlets
),

keyed as (
    select
        name_keys.name_key,
        listed.entity_type,
        listed.entity_name,
        listed.country_code,
        listed.latitude,
        listed.longitude,
        listed.wikidata_id,
        listed.decided_by,
        listed.list_rank
    from listed
    inner join staging.name_keys on listed.name = name_keys.name
),

-- "SEC" is not only the Securities and Exchange Commission: no list decides on such a name alone.
shared_names as (
    select unnest(string_split(shared_aliases, '|')) as name
    from seeds.organizations
),

shared as (
    select distinct name_keys.name_key
    from shared_names
    inner join staging.name_keys on shared_names.name = name_keys.name
),

-- What the first list that knows a name says of it.
first_listed as (
    select
        keyed.*,
        name_keys.name_key as entity_key
    from keyed
    inner join staging.name_keys on keyed.entity_name = name_keys.name
    anti join shared on keyed.name_key = shared.name_key and keyed.entity_type = 'organization'
    qualify keyed.list_rank = min(keyed.list_rank) over (partition by keyed.name_key, keyed.entity_type)
),

-- A name that means two things there means neither.
known as (
    select
        name_key,
        entity_type,
        min(entity_key) as entity_key,
        min(entity_name) as entity_name,
        min(country_code) as country_code,
        min(latitude) as latitude,
        min(longitude) as longitude,
        null::bigint as geonames_id,
        min(wikidata_id) as wikidata_id,
        min(decided_by) as decided_by
    from first_listed
    group by name_key, entity_type
    having min(entity_key) = max(entity_key) and min(country_code) is not distinct from max(country_code)
    union all
    select
        name_key,
        'place' as entity_type,
        entity_key,
        entity_name,
        country_code,
        latitude,
        longitude,
        geonames_id,
        wikidata_id,
        decided_by
    from staging.places
    where is_likely
),

decided as (
    select
        name_key,
        entity_type,
        entity_key,
        entity_name,
        is_same
    from staging.alias_decisions
)

select
    decided.name_key,
    decided.entity_type,
    coalesce(known.entity_key, decided.entity_key) as entity_key,
    coalesce(known.entity_name, decided.entity_name) as entity_name,
    known.country_code,
    known.latitude,
    known.longitude,
    known.geonames_id,
    known.wikidata_id,
    'seeds.entity_aliases' as decided_by
from decided
left join known
    on decided.entity_key = known.name_key and decided.entity_type = known.entity_type
where decided.is_same
union all
select
    known.name_key,
    known.entity_type,
    known.entity_key,
    known.entity_name,
    known.country_code,
    known.latitude,
    known.longitude,
    known.geonames_id,
    known.wikidata_id,
    known.decided_by
from known
-- a person's decision goes before every list, also the decision that two names are not the same
where
    not exists (
        select 1
        from decided
        where
            decided.name_key = known.name_key
            and decided.entity_type = known.entity_type
            and (decided.is_same or decided.entity_key = known.entity_key)
    )
