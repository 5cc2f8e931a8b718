-- One name of a body of a state or party, and what it says: which body, whose.
with organizations as (
    select
        name_key,
        base_key
    from staging.names
    where entity_type = 'organization'
    union
    -- the names of the lists, of bodies that some text names
    select
        gazetteer.name_key,
        gazetteer.entity_key as base_key
    from staging.gazetteer
    semi join staging.names
        on gazetteer.entity_type = names.entity_type and gazetteer.entity_key = names.base_key
    where gazetteer.entity_type = 'organization' and gazetteer.decided_by != 'seeds.entity_aliases'
),

listed_countries as (
    select
        country_code,
        unnest([entity_name] || string_split(coalesce(aliases, ''), '|') || string_split(coalesce(demonyms, ''), '|')) as name
    from seeds.countries
),

-- "Korean" says neither which Korea
countries as (
    select
        name_keys.name_key as country_key,
        min(listed_countries.country_code) as country_code
    from listed_countries
    inner join staging.name_keys on listed_countries.name = name_keys.name
    group by name_keys.name_key
    having count(distinct listed_countries.country_code) = 1
),

worded as (
    select
        name_key,
        base_key,
        -- "C.C." of a party
        regexp_replace(name_key, '\bcc\b', 'central committee') as spelling
    from organizations
    where name_key like '% %' or length(name_key) > 3
),

-- "US Senate", "Senate of the US": the longest country at either end.
ends as (
    select
        name_key,
        unnest(range(1, 5)) as word_count,
        string_split(spelling, ' ') as words
    from worded
),

placed as (
    select
        ends.name_key,
        countries.country_code,
        ends.word_count,
        'before' as position
    from ends
    inner join countries on array_to_string(ends.words[:ends.word_count], ' ') = countries.country_key
    where len(ends.words) > ends.word_count
    union all
    select
        ends.name_key,
        countries.country_code,
        ends.word_count + if(ends.words[-ends.word_count - 1] = 'the', 2, 1) as word_count,
        'behind' as position
    from ends
    inner join countries on array_to_string(ends.words[-ends.word_count:], ' ') = countries.country_key
    where
        len(ends.words) > ends.word_count + 1
        and (
            ends.words[-ends.word_count - 1] = 'of'
            or (ends.words[-ends.word_count - 1] = 'the' and ends.words[-ends.word_count - 2] = 'of')
        )
),

first_placed as (
    select *
    from placed
    qualify row_number() over (partition by name_key order by word_count desc, position asc) = 1
),

bare as (
    select
        worded.name_key,
        worded.base_key,
        first_placed.country_code,
        case first_placed.position
            when 'before' then array_to_string(string_split(worded.spelling, ' ')[first_placed.word_count + 1:], ' ')
            when 'behind' then array_to_string(string_split(worded.spelling, ' ')[:-first_placed.word_count - 1], ' ')
            else worded.spelling
        end as spelling
    from worded
    left join first_placed on worded.name_key = first_placed.name_key
),

-- "Department of Trade" is the Trade Department, "Senate Select Committee on Trade" the Senate Trade Committee.
turned as (
    select
        name_key,
        base_key,
        country_code,
        regexp_replace(
            regexp_replace(
                replace(replace(spelling, 'defence', 'defense'), 'labour', 'labor'),
                '^(.*?)\b(?:(?:select|special|standing|permanent) )?(committee|subcommittee) (?:on|for) (?:the )?(.+)$',
                '\1\3 \2'
            ),
            '^(.*?)\b(department|ministry) (?:of|for) (?:the )?(.+)$',
            '\1\3 \2'
        ) as spelling
    from bare
),

-- "Presidium of the Assembly" is the Assembly's, and so is "Assembly Presidium"; a politburo is its party's.
parted as (
    select
        name_key,
        base_key,
        country_code,
        spelling,
        regexp_extract(spelling, '^(.+?) of (?:the )?', 1) as organ,
        regexp_replace(
            regexp_extract(spelling, ' of (?:the )?(.+)$', 1), '^central committee of (the )?| central committee$', ''
        ) as owner
    from turned
    where
        regexp_matches(
            spelling,
            '^([^ ]+ ){0,3}(committee|bureau|commission|presidium|secretariat|politburo|headquarters|council|assembly) of '
        )
    union all
    select
        turned.name_key,
        turned.base_key,
        turned.country_code,
        turned.spelling,
        regexp_replace(turned.spelling, '^[^ ]+ (central committee (political bureau|politburo))?', '\2') as organ,
        split_part(turned.spelling, ' ', 1) as owner
    from turned
    inner join staging.gazetteer
        on
            split_part(turned.spelling, ' ', 1) = gazetteer.name_key
            and gazetteer.entity_type = 'organization'
            and turned.base_key != gazetteer.entity_key
    where turned.spelling like '% %'
),

-- the owner by its full name, without its country
owned as (
    select
        parted.name_key,
        parted.organ,
        coalesce(owners.spelling, gazetteer.entity_key, parted.owner) as owner,
        owners.country_code
    from parted
    left join staging.gazetteer on parted.owner = gazetteer.name_key and gazetteer.entity_type = 'organization'
    left join bare as owners on coalesce(gazetteer.entity_key, parted.owner) = owners.name_key
    qualify row_number() over (partition by parted.name_key order by length(parted.organ) desc, parted.owner asc) = 1
),

described as (
    select
        turned.name_key,
        turned.base_key,
        coalesce(turned.country_code, owned.country_code) as country_code,
        coalesce(owned.owner || ' ' || owned.organ, turned.spelling) as body_key,
        coalesce(
            owned.owner,
            nullif(regexp_extract(turned.spelling, '^(senate|house) .*(?:committee|subcommittee|caucus)$', 1), '')
        ) as owner_key
    from turned
    left join owned on turned.name_key = owned.name_key
),

state_bodies as (
    select lower(word) as word
    from seeds.name_words
    where word_role = 'state_body'
)

select
    described.name_key,
    described.base_key,
    -- a chamber's committee needs no country where one country alone has it
    if(
        described.owner_key in ('senate', 'house')
        and min(described.country_code) over (partition by described.body_key)
        = max(described.country_code) over (partition by described.body_key),
        null,
        described.country_code
    ) as country_code,
    described.body_key,
    described.owner_key
from described
where
    array_to_string(string_split(described.body_key, ' ')[-1:], ' ') in (select state_bodies.word from state_bodies)
    or array_to_string(string_split(described.body_key, ' ')[-2:], ' ') in (select state_bodies.word from state_bodies)
    or array_to_string(string_split(described.body_key, ' ')[-3:], ' ') in (select state_bodies.word from state_bodies)
