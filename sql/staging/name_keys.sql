-- One name, as anybody writes it, and the key under which its spellings meet.
with listed as (
    select entity_name as name
    from raw.mentions
    union
    select source_text as name
    from raw.citations
    union
    select entity_name as name
    from raw.citations
    union
    select outlet_name as name
    from raw.articles
    union
    select agency_name as name
    from raw.articles
    union
    select unnest([alias, entity_name]) as name
    from seeds.entity_aliases
    union
    select
        unnest(
            [entity_name, capital]
            || string_split(coalesce(aliases, ''), '|')
            || string_split(coalesce(demonyms, ''), '|')
        ) as name
    from seeds.countries
    union
    select
        unnest(
            [entity_name]
            || string_split(coalesce(aliases, ''), '|')
            || string_split(coalesce(shared_aliases, ''), '|')
        ) as name
    from seeds.organizations
    union
    select unnest([person_name] || string_split(coalesce(aliases, ''), '|')) as name
    from seeds.people
    union
    -- "Trump" in an article that gives no first name
    select mention_text as name
    from raw.mentions
    where mention_text != entity_name
    union
    select
        unnest(
            [agency_name] || string_split(coalesce(codes, ''), '|') || string_split(coalesce(aliases, ''), '|')
        ) as name
    from seeds.agencies
    union
    select unnest([outlet_name] || string_split(coalesce(aliases, ''), '|')) as name
    from seeds.outlets
    union
    select name
    from seeds.city_names
    union
    select unnest([region_name] || string_split(coalesce(aliases, ''), '|')) as name
    from seeds.regions
    union
    select
        unnest(
            [place_name]
            || string_split(coalesce(aliases, ''), '|')
            || string_split(coalesce(demonyms, ''), '|')
        ) as name
    from seeds.places
    union
    -- "PARIS, Texas" is two places
    select unnest([trim(part) for part in string_split(dateline_place, ',')]) as name
    from raw.articles
),

-- Names of towns are many, and most of them nobody says.
towns as (
    select distinct city_name as name
    from seeds.cities
),

known as (
    select
        name,
        false as is_town_only
    from listed
    union all
    select
        towns.name,
        true as is_town_only
    from towns
    anti join listed on towns.name = listed.name
),

spelled as (
    select
        name,
        is_town_only,
        trim(
            regexp_replace(
                replace(lower(strip_accents(name)), '.', ''), '[^\p{L}\p{M}\p{N}]+', ' ', 'g'
            )
        ) as spelling
    from known
    where name != ''
),

-- "U S" and "J. K. Rowling" are "US" and "J.K. Rowling"
joined as (
    select
        name,
        is_town_only,
        regexp_replace(
            regexp_replace(spelling, '\b([a-z]) ([a-z]) ([a-z])\b', '\1\2\3', 'g'), '\b([a-z]) ([a-z])\b', '\1\2', 'g'
        ) as spelling
    from spelled
)

select
    name,
    -- a name made of signs alone is its own key
    coalesce(nullif(regexp_replace(spelling, '^the (.)', '\1'), ''), name) as name_key,
    is_town_only
from joined
