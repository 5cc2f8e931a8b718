-- One name in one text that is short for a longer one there, and who of the bearers of that one: "Biden" for
-- "Joe Biden", "NBG" for "National Bank of Ghana". Spellings of one bearer are one, "Ted Kennedy" and "Edward M Kennedy".
with short_texts as (
    select distinct
        short_keys.key_number,
        names.key_number as other_number,
        texts.text_number
    from raw.mentions
    inner join staging.texts on mentions.text_hash = texts.text_hash
    inner join staging.names on mentions.entity_name = names.name and mentions.entity_type = names.entity_type
    inner join staging.name_keys on mentions.mention_text = name_keys.name
    inner join staging.name_forms as short_keys
        on name_keys.name_key = short_keys.base_key and mentions.entity_type = short_keys.entity_type
    where
        short_keys.base_key not like '% %'
        and short_keys.key_number != names.key_number
        -- "House" and "Guard" are no acronyms
        and (names.entity_type != 'organization' or regexp_matches(mentions.mention_text, '[A-Z].*[A-Z]'))
),

counted as (
    select
        key_number,
        other_number,
        count(*) as text_count
    from short_texts
    group by key_number, other_number
),

surnames_first as (
    select lower(word) as word
    from seeds.name_words
    where word_role = 'surname_first'
),

-- One given name of a nickname that is short for several.
given_names as (
    select
        lower(nickname) as nickname,
        min(lower(given_name)) as given_name
    from seeds.nicknames
    group by all
),

-- Names that are said by their last word.
said_by_last as (
    select distinct counted.other_number
    from counted
    inner join staging.name_forms as short_keys on counted.key_number = short_keys.key_number
    inner join staging.name_forms as names on counted.other_number = names.key_number
    where short_keys.base_key = names.last_word
),

-- "Levin Announces" is no bearer of "Levin": nobody says "Announces" for short
spelled as (
    select
        counted.key_number,
        counted.other_number,
        counted.text_count,
        names.entity_type,
        names.initials,
        if(
            names.entity_type = 'person' and names.word_count > 1,
            coalesce(given_names.given_name, names.first_word) || ' ' || names.last_word,
            names.base_key
        ) as family_key
    from counted
    inner join staging.name_forms as names on counted.other_number = names.key_number
    left join said_by_last on counted.other_number = said_by_last.other_number
    left join surnames_first on names.first_word = surnames_first.word
    left join given_names on names.first_word = given_names.nickname
    where
        names.entity_type = 'organization'
        or names.word_count = 1
        or said_by_last.other_number is not null
        or surnames_first.word is not null
),

ranked as (
    select
        *,
        first_value(other_number) over by_text_count as first_number,
        first_value(initials) over by_text_count as first_initials
    from spelled
    window by_text_count as (partition by key_number, family_key order by text_count desc, other_number asc)
),

-- another initial is another person
bearers as (
    select
        key_number,
        other_number,
        entity_type,
        if(initials = '' or first_initials in ('', initials), first_number, other_number) as bearer_number
    from ranked
)

select distinct
    bearers.entity_type,
    short_texts.key_number,
    bearers.bearer_number,
    short_texts.text_number
from short_texts
inner join bearers
    on short_texts.key_number = bearers.key_number and short_texts.other_number = bearers.other_number
