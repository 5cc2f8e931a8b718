-- One name of a body in one text that leaves open whose it is, "Senate" or "Budget Committee", and the body meant there.
with text_names as (
    select
        mentions.text_hash,
        names.name,
        names.entity_type,
        names.name_key,
        names.base_key,
        names.is_listed,
        count(*) as mention_count
    from raw.mentions
    inner join staging.names on mentions.entity_name = names.name and mentions.entity_type = names.entity_type
    where mentions.entity_type in ('organization', 'place', 'nationality')
    group by all
),

named as (
    select
        text_names.text_hash,
        text_names.name,
        text_names.base_key,
        text_names.is_listed,
        body_names.body_key,
        body_names.country_code,
        body_names.owner_key
    from text_names
    left join staging.entity_merges
        on text_names.entity_type = entity_merges.entity_type and text_names.base_key = entity_merges.base_key
    -- an acronym of a body is the body
    inner join staging.body_names
        on
            body_names.name_key = if(
                text_names.name_key = text_names.base_key,
                coalesce(entity_merges.entity_key, text_names.name_key),
                text_names.name_key
            )
    where text_names.entity_type = 'organization'
),

-- The name that most texts have for a body, lists first.
keyed as (
    select
        body_names.body_key,
        body_names.country_code,
        body_names.owner_key,
        body_names.base_key,
        coalesce(bool_or(named.is_listed), false) as is_listed,
        count(distinct named.text_hash) as text_count
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
        open_names.text_hash,
        open_names.name,
        min(chambers.body_key) as body_key
    from named as open_names
    inner join chambers on open_names.body_key = chambers.short_key
    inner join named as full_names
        on open_names.text_hash = full_names.text_hash and chambers.body_key = full_names.body_key
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
        text_hash,
        base_key as owner_key
    from text_names
    where entity_type = 'organization'
    union
    select
        text_hash,
        unnest([body_key, owner_key]) as owner_key
    from named
),

-- a text that names the owner, and not the other one's committee
usual as (
    select distinct
        open_names.text_hash,
        open_names.name,
        chamber_shares.body_key
    from named as open_names
    inner join chamber_shares on open_names.body_key = chamber_shares.short_key
    left join text_owners as owners
        on
            open_names.text_hash = owners.text_hash
            and chamber_shares.owner_key = owners.owner_key
    where
        (owners.text_hash is not null or chamber_shares.is_plain)
        and not exists (
            select 1
            from named as others
            inner join chambers on others.body_key = chambers.body_key
            where others.text_hash = open_names.text_hash and chambers.short_key = open_names.body_key
        )
),

chambered as (
    select
        named.text_hash,
        named.name,
        named.base_key,
        coalesce(same_text.body_key, usual.body_key, named.body_key) as body_key,
        coalesce(same_text.body_key, usual.body_key) is not null as has_chamber
    from named
    left join same_text on named.text_hash = same_text.text_hash and named.name = same_text.name
    left join usual on named.text_hash = usual.text_hash and named.name = usual.name
    where named.country_code is null and not named.is_listed
),

-- How often a text names each country: itself, its people, its cities, its bodies.
country_mentions as (
    select
        text_names.text_hash,
        entity_names.country_code,
        text_names.mention_count
    from text_names
    inner join staging.entity_names
        on text_names.name = entity_names.name and text_names.entity_type = entity_names.entity_type
    where text_names.entity_type = 'nationality'
    union all
    select
        text_names.text_hash,
        places.country_code,
        text_names.mention_count
    from text_names
    inner join staging.text_places
        on text_names.text_hash = text_places.text_hash and text_names.name = text_places.name
    inner join staging.places on text_places.place_id = places.place_id and text_names.name_key = places.name_key
    where text_names.entity_type = 'place'
    union all
    select
        text_names.text_hash,
        body_names.country_code,
        text_names.mention_count
    from text_names
    inner join staging.body_names on text_names.base_key = body_names.name_key
    where text_names.entity_type = 'organization'
),

text_countries as (
    select
        text_hash,
        country_code,
        sum(mention_count) / sum(sum(mention_count)) over (partition by text_hash) as share
    from country_mentions
    where country_code is not null
    group by text_hash, country_code
),

-- A longer name in the text, "Texas Senate", may be what the short one means.
place_keys as (
    select distinct base_key
    from text_names
    where entity_type in ('place', 'nationality')
),

-- every end of a longer name, and what stands before it
tails as (
    select
        text_hash,
        base_key,
        string_split(body_key, ' ') as words,
        unnest(range(1, len(string_split(body_key, ' ')))) as word_count
    from named
    where country_code is null and body_key like '% %'
),

local_bodies as (
    select
        tails.text_hash,
        tails.base_key,
        array_to_string(tails.words[tails.word_count + 1:], ' ') as body_key
    from tails
    semi join place_keys on array_to_string(tails.words[:tails.word_count], ' ') = place_keys.base_key
),

local as (
    select
        chambered.text_hash,
        chambered.name,
        min(local_bodies.base_key) as base_key,
        count(distinct local_bodies.base_key) as meaning_count
    from chambered
    inner join local_bodies
        on chambered.text_hash = local_bodies.text_hash and chambered.body_key = local_bodies.body_key
    where not chambered.has_chamber
    group by all
),

full_names as (
    select distinct
        text_hash,
        body_key,
        country_code
    from named
    where country_code is not null
),

-- the country whose body of this name the text has, else the one that the text is about
by_text as (
    select
        chambered.text_hash,
        chambered.name,
        national.body_key,
        national.country_code,
        national.base_key,
        -- a body that hardly any text names is hardly meant
        text_countries.share * national.text_count / (national.text_count + 10) as score
    from chambered
    inner join national on chambered.body_key = national.body_key
    left join text_countries
        on chambered.text_hash = text_countries.text_hash and national.country_code = text_countries.country_code
    left join full_names
        on
            chambered.text_hash = full_names.text_hash
            and national.body_key = full_names.body_key
            and national.country_code = full_names.country_code
    where
        full_names.text_hash is not null
        or (text_countries.share >= 0.1 and text_countries.share * national.text_count / (national.text_count + 10) >= 0.1)
    qualify
        row_number() over (
            partition by chambered.text_hash, chambered.name
            order by full_names.text_hash is null asc, score desc nulls last, national.country_code asc
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
    select distinct text_hash
    from text_countries
),

usually as (
    select
        chambered.text_hash,
        chambered.name,
        usual_countries.base_key
    from chambered
    inner join usual_countries on chambered.body_key = usual_countries.body_key
    left join placed_texts on chambered.text_hash = placed_texts.text_hash
    anti join by_text on chambered.text_hash = by_text.text_hash and chambered.name = by_text.name
    where placed_texts.text_hash is null or usual_countries.is_plain
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
        chambered.text_hash,
        chambered.name,
        chambered.base_key,
        coalesce(
            if(local.meaning_count = 1, local.base_key, null),
            by_text.base_key,
            usually.base_key,
            if(chambered.has_chamber, chamber_keys.base_key, null)
        ) as body_base_key
    from chambered
    left join by_text on chambered.text_hash = by_text.text_hash and chambered.name = by_text.name
    left join usually on chambered.text_hash = usually.text_hash and chambered.name = usually.name
    left join chamber_keys on chambered.body_key = chamber_keys.body_key
    left join local on chambered.text_hash = local.text_hash and chambered.name = local.name
),

entity_keys as (
    select
        text_names.base_key,
        min(entity_names.entity_id) as entity_id
    from text_names
    inner join staging.entity_names
        on text_names.name = entity_names.name and text_names.entity_type = entity_names.entity_type
    where text_names.entity_type = 'organization'
    group by text_names.base_key
)

select
    placed.text_hash,
    placed.name,
    entity_keys.entity_id
from placed
inner join entity_keys on placed.body_base_key = entity_keys.base_key
anti join staging.names_told_apart as told_apart
    on
        told_apart.entity_type = 'organization'
        and placed.base_key = told_apart.name_key
        and placed.body_base_key = told_apart.other_key
where placed.base_key != placed.body_base_key
