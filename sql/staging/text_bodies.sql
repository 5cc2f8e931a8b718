-- One name of a body in one text that leaves open whose it is, "Senate" or "Budget Committee", and the body meant there.
with body_of_name as (
    select
        names.name_number,
        names.base_key,
        names.is_listed,
        body_names.body_key,
        body_names.country_code,
        body_names.owner_key
    from staging.names
    left join staging.entity_merges
        on names.entity_type = entity_merges.entity_type and names.base_key = entity_merges.base_key
    -- an acronym of a body is the body
    inner join staging.body_names
        on
            body_names.name_key = if(
                names.name_key = names.base_key, coalesce(entity_merges.entity_key, names.name_key), names.name_key
            )
    where names.entity_type = 'organization'
),

named as (
    select
        text_names.text_number,
        body_of_name.*
    from staging.text_names
    inner join body_of_name on text_names.name_number = body_of_name.name_number
),

-- The name that most texts have for a body, lists first.
keyed as (
    select
        body_names.body_key,
        body_names.country_code,
        body_names.owner_key,
        body_names.base_key,
        coalesce(bool_or(named.is_listed), false) as is_listed,
        count(distinct named.text_number) as text_count
    from staging.body_names
    left join named on body_names.base_key = named.base_key
    group by all
),

bodies as (
    select
        body_key,
        country_code,
        owner_key,
        base_key,
        sum(text_count) over (partition by body_key, country_code) as text_count
    from keyed
    qualify
        row_number() over (
            partition by body_key, country_code order by is_listed desc, text_count desc, base_key asc
        ) = 1
),

-- Whose it can be: every country, and every chamber, that some text or list names it with.
national as (
    select *
    from bodies
    where country_code is not null
),

chambers as (
    select
        body_key,
        owner_key,
        substr(body_key, length(owner_key) + 2) as short_key,
        sum(text_count) as text_count
    from bodies
    where
        owner_key is not null
        and regexp_matches(
            body_key, '(committee|bureau|commission|presidium|secretariat|politburo|headquarters|council|caucus)$'
        )
    group by all
),

-- A committee alone is the chamber's that the text names it with, else the one's that nearly always has it.
same_text as (
    select
        open_names.text_number,
        open_names.name_number,
        min(chambers.body_key) as body_key
    from named as open_names
    inner join chambers on open_names.body_key = chambers.short_key
    inner join named as full_names
        on open_names.text_number = full_names.text_number and chambers.body_key = full_names.body_key
    group by all
    having count(distinct chambers.body_key) = 1
),

chamber_shares as (
    select
        short_key,
        body_key,
        owner_key,
        text_count >= 20 and text_count >= 0.9 * sum(text_count) over (partition by short_key) as is_plain
    from chambers
    qualify text_count >= 0.8 * sum(text_count) over (partition by short_key)
),

text_owners as (
    select
        text_names.text_number,
        names.base_key as owner_key
    from staging.text_names
    inner join staging.names on text_names.name_number = names.name_number
    semi join chamber_shares on names.base_key = chamber_shares.owner_key
    where names.entity_type = 'organization'
    union
    select
        text_number,
        unnest([body_key, owner_key]) as owner_key
    from named
),

-- a text that names the owner, and not the other one's committee
usual as (
    select distinct
        open_names.text_number,
        open_names.name_number,
        chamber_shares.body_key
    from named as open_names
    inner join chamber_shares on open_names.body_key = chamber_shares.short_key
    left join text_owners as owners
        on
            open_names.text_number = owners.text_number
            and chamber_shares.owner_key = owners.owner_key
    where
        (owners.text_number is not null or chamber_shares.is_plain)
        and not exists (
            select 1
            from named as others
            inner join chambers on others.body_key = chambers.body_key
            where others.text_number = open_names.text_number and chambers.short_key = open_names.body_key
        )
),

chambered as (
    select
        named.text_number,
        named.name_number,
        named.base_key,
        coalesce(same_text.body_key, usual.body_key, named.body_key) as body_key,
        coalesce(same_text.body_key, usual.body_key) is not null as has_chamber
    from named
    left join same_text on named.text_number = same_text.text_number and named.name_number = same_text.name_number
    left join usual on named.text_number = usual.text_number and named.name_number = usual.name_number
    where named.country_code is null and not named.is_listed
),

open_texts as (
    select distinct text_number
    from chambered
),

-- How often a text names each country: itself, its people, its cities, its bodies.
country_mentions as (
    select
        text_names.text_number,
        entity_names.country_code,
        text_names.mention_count
    from staging.text_names
    inner join staging.entity_names on text_names.name_number = entity_names.name_number
    semi join open_texts on text_names.text_number = open_texts.text_number
    where entity_names.entity_type = 'nationality'
    union all
    select
        text_names.text_number,
        places.country_code,
        text_names.mention_count
    from staging.text_names
    inner join staging.text_places
        on text_names.text_number = text_places.text_number and text_names.name_number = text_places.name_number
    inner join staging.places on text_places.place_number = places.place_number
    semi join open_texts on text_names.text_number = open_texts.text_number
    union all
    select
        text_names.text_number,
        body_names.country_code,
        text_names.mention_count
    from staging.text_names
    inner join staging.names on text_names.name_number = names.name_number
    inner join staging.body_names on names.base_key = body_names.name_key
    semi join open_texts on text_names.text_number = open_texts.text_number
    where names.entity_type = 'organization'
),

text_countries as (
    select
        text_number,
        country_code,
        sum(mention_count) / sum(sum(mention_count)) over (partition by text_number) as share
    from country_mentions
    where country_code is not null
    group by text_number, country_code
),

-- A longer name in the text, "Texas Senate", may be what the short one means.
place_keys as (
    select distinct base_key
    from staging.names
    where entity_type in ('place', 'nationality')
),

-- every end of a longer name, and what stands before it
tails as (
    select distinct
        base_key,
        body_key,
        string_split(body_key, ' ') as words,
        unnest(range(1, len(string_split(body_key, ' ')))) as word_count
    from body_of_name
    where country_code is null and body_key like '% %'
),

local_names as (
    select
        tails.base_key,
        tails.body_key,
        array_to_string(tails.words[tails.word_count + 1:], ' ') as short_key
    from tails
    semi join place_keys on array_to_string(tails.words[:tails.word_count], ' ') = place_keys.base_key
),

local_bodies as (
    select
        named.text_number,
        local_names.base_key,
        local_names.short_key as body_key
    from named
    inner join local_names on named.base_key = local_names.base_key and named.body_key = local_names.body_key
    where named.country_code is null
),

local as (
    select
        chambered.text_number,
        chambered.name_number,
        min(local_bodies.base_key) as base_key,
        count(distinct local_bodies.base_key) as meaning_count
    from chambered
    inner join local_bodies
        on chambered.text_number = local_bodies.text_number and chambered.body_key = local_bodies.body_key
    where not chambered.has_chamber
    group by all
),

full_names as (
    select distinct
        text_number,
        body_key,
        country_code
    from named
    where country_code is not null
),

-- the country whose body of this name the text has, else the one that the text is about
by_text as (
    select
        chambered.text_number,
        chambered.name_number,
        national.body_key,
        national.country_code,
        national.base_key,
        -- a body that hardly any text names is hardly meant
        text_countries.share * national.text_count / (national.text_count + 10) as score
    from chambered
    inner join national on chambered.body_key = national.body_key
    left join text_countries
        on chambered.text_number = text_countries.text_number and national.country_code = text_countries.country_code
    left join full_names
        on
            chambered.text_number = full_names.text_number
            and national.body_key = full_names.body_key
            and national.country_code = full_names.country_code
    where
        full_names.text_number is not null
        or (text_countries.share >= 0.1 and text_countries.share * national.text_count / (national.text_count + 10) >= 0.1)
    qualify
        row_number() over (
            partition by chambered.text_number, chambered.name_number
            order by full_names.text_number is null asc, score desc nulls last, national.country_code asc
        ) = 1
),

-- In a text without any country it is the body that it nearly always is; in one without a country that has such a body
-- too, where it hardly ever is another.
usual_countries as (
    select
        body_key,
        country_code,
        base_key,
        count(*) >= 500 and count(*) >= 0.98 * sum(count(*)) over (partition by body_key) as is_plain
    from by_text
    group by body_key, country_code, base_key
    qualify count(*) >= 0.9 * sum(count(*)) over (partition by body_key)
),

placed_texts as (
    select distinct text_number
    from text_countries
),

usually as (
    select
        chambered.text_number,
        chambered.name_number,
        usual_countries.base_key
    from chambered
    inner join usual_countries on chambered.body_key = usual_countries.body_key
    left join placed_texts on chambered.text_number = placed_texts.text_number
    anti join by_text on chambered.text_number = by_text.text_number and chambered.name_number = by_text.name_number
    where placed_texts.text_number is null or usual_countries.is_plain
),

-- a chamber's committee of which no text says the country
chamber_keys as (
    select
        body_key,
        base_key
    from bodies
    where country_code is null and owner_key is not null
),

placed as (
    select
        chambered.text_number,
        chambered.name_number,
        chambered.base_key,
        coalesce(
            if(local.meaning_count = 1, local.base_key, null),
            by_text.base_key,
            usually.base_key,
            if(chambered.has_chamber, chamber_keys.base_key, null)
        ) as body_base_key
    from chambered
    left join by_text on chambered.text_number = by_text.text_number and chambered.name_number = by_text.name_number
    left join usually on chambered.text_number = usually.text_number and chambered.name_number = usually.name_number
    left join chamber_keys on chambered.body_key = chamber_keys.body_key
    left join local on chambered.text_number = local.text_number and chambered.name_number = local.name_number
),

entity_keys as (
    select
        names.base_key,
        min(entity_names.entity_id) as entity_id
    from staging.names
    inner join staging.entity_names on names.name_number = entity_names.name_number
    where names.entity_type = 'organization'
    group by names.base_key
)

select
    placed.text_number,
    placed.name_number,
    entity_keys.entity_id
from placed
inner join entity_keys on placed.body_base_key = entity_keys.base_key
anti join staging.names_told_apart as told_apart
    on
        told_apart.entity_type = 'organization'
        and placed.base_key = told_apart.name_key
        and placed.body_base_key = told_apart.other_key
where placed.base_key != placed.body_base_key
