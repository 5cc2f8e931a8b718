-- One name in one text that is short for a longer one there, and who of the bearers of that one: "Biden" for
-- "Joe Biden", "NBG" for "National Bank of Ghana". Spellings of one bearer are one, "Ted Kennedy" and "Edward M Kennedy".
with short_texts as (
    select distinct
        mentions.entity_type,
        short_keys.name_key,
        text_names.base_key,
        mentions.text_hash
    from raw.mentions
    inner join staging.name_keys as short_keys on mentions.mention_text = short_keys.name
    inner join staging.text_names
        on
            mentions.text_hash = text_names.text_hash
            and mentions.entity_name = text_names.name
            and mentions.entity_type = text_names.entity_type
    where
        mentions.entity_type in ('person', 'organization')
        and short_keys.name_key not like '% %'
        and short_keys.name_key != text_names.base_key
),

counted as (
    select
        entity_type,
        name_key,
        base_key,
        count(*) as text_count
    from short_texts
    group by all
),

-- One given name of a nickname that is short for several.
given_names as (
    select
        lower(nickname) as nickname,
        min(lower(given_name)) as given_name
    from seeds.nicknames
    group by all
),

surnames_first as (
    select lower(word) as word
    from seeds.name_words
    where word_role = 'surname_first'
),

-- "Levin Announces" is no bearer of "Levin": nobody says "Announces" for short
borne as (
    select
        counted.*,
        name_forms.first_word,
        name_forms.last_word,
        name_forms.word_count,
        name_forms.initials
    from counted
    inner join staging.name_forms
        on counted.entity_type = name_forms.entity_type and counted.base_key = name_forms.base_key
    where
        counted.entity_type = 'organization'
        or name_forms.word_count = 1
        or counted.name_key = name_forms.last_word
        or name_forms.first_word in (select surnames_first.word from surnames_first)
        or exists (
            select 1
            from counted as others
            where
                others.entity_type = counted.entity_type
                and others.base_key = counted.base_key
                and others.name_key = name_forms.last_word
        )
),

spelled as (
    select
        borne.entity_type,
        borne.name_key,
        borne.base_key,
        borne.text_count,
        borne.initials,
        if(
            borne.entity_type = 'person' and borne.word_count > 1,
            coalesce(given_names.given_name, borne.first_word) || ' ' || borne.last_word,
            borne.base_key
        ) as family_key
    from borne
    left join given_names on borne.first_word = given_names.nickname
),

ranked as (
    select
        *,
        first_value(base_key) over by_text_count as first_key,
        first_value(initials) over by_text_count as first_initials
    from spelled
    window
        by_text_count as (
            partition by entity_type, name_key, family_key
            order by text_count desc, base_key asc
        )
),

-- another initial is another person
bearers as (
    select
        entity_type,
        name_key,
        base_key,
        if(initials = '' or first_initials in ('', initials), first_key, base_key) as bearer_key
    from ranked
)

select distinct
    short_texts.entity_type,
    short_texts.name_key,
    bearers.bearer_key as base_key,
    short_texts.text_hash
from short_texts
inner join bearers
    on
        short_texts.entity_type = bearers.entity_type
        and short_texts.name_key = bearers.name_key
        and short_texts.base_key = bearers.base_key
