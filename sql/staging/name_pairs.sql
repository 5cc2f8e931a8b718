-- Two keys of one type that may be one entity, by what their names share, the best reason first.
with key_names as (
    select
        key_number,
        any_value(entity_type) as entity_type,
        any_value(base_key) as base_key,
        bool_or(is_listed) as is_listed
    from staging.names
    where entity_type in ('person', 'organization')
    group by key_number
),

key_texts as (
    select
        key_number,
        count(distinct text_number) as text_count
    from staging.text_names
    where entity_type in ('person', 'organization')
    group by key_number
),

keys as (
    select
        key_names.*,
        key_texts.text_count
    from key_names
    inner join key_texts on key_names.key_number = key_texts.key_number
),

worded as (
    select
        *,
        string_split(base_key, ' ') as words
    from keys
),

-- "joseph r biden jr" -> "joseph biden": without initials and what stands behind a name
shortened as (
    select
        *,
        [word for word in words if length(word) > 1 and word not in ('jr', 'sr', 'ii', 'iii', 'iv')] as long_words,
        array_to_string([word for word in words if length(word) = 1], '') as initials
    from worded
),

folded as (
    select
        *,
        len(long_words) as word_count,
        long_words[1] as first_word,
        long_words[len(long_words)] as last_word,
        array_to_string(long_words, ' ') as short_key,
        -- consonants as they are transcribed: Mohammed is Mohamed
        string_split(
            translate(
                array_to_string(
                    [left(word, 1) || regexp_replace(substr(word, 2), '[aeiouyhw]', '', 'g') for word in long_words], ' '
                ),
                'qcz',
                'kks'
            ),
            ''
        ) as sounds
    from shortened
),

sounded as (
    select
        *,
        array_to_string([sound for sound, spot in sounds if spot = 1 or sound != sounds[spot - 1]], '') as sound_key
    from folded
),

surnames_first as (
    select lower(word) as word
    from seeds.name_words
    where word_role = 'surname_first'
),

given_names as (
    select
        lower(nickname) as nickname,
        lower(given_name) as given_name
    from seeds.nicknames
),

letters as (
    select
        *,
        unnest(range(1, length(last_word) + 1)) as spot
    from sounded
    where entity_type = 'person' and word_count between 2 and 3 and length(last_word) between 5 and 20
),

-- Every rule gives keys that meet in one value.
meeting as (
    select
        key_number,
        entity_type,
        'spacing' as reason,
        replace(base_key, ' ', '') as meeting_key
    from sounded
    where len(words) > 1 or length(base_key) > 5
    union all by name
    select
        key_number,
        entity_type,
        'initials' as reason,
        short_key as meeting_key
    from sounded
    where entity_type = 'person' and word_count > 1
    union all by name
    select
        key_number,
        entity_type,
        'word order' as reason,
        array_to_string(list_sort(words), ' ') as meeting_key
    from sounded
    where entity_type = 'person' and len(words) between 2 and 3
    union all by name
    select
        key_number,
        entity_type,
        'legal form' as reason,
        regexp_replace(
            base_key,
            '( (inc|incorporated|corp|corporation|co|company|ltd|limited|plc|llc|llp|ag|sa|se|nv|gmbh|spa|bv|ab|asa|kk))+$', ''
        ) as meeting_key
    from sounded
    where entity_type = 'organization'
    union all by name
    select
        sounded.key_number,
        sounded.entity_type,
        'spelling' as reason,
        -- Mario is not Maria, and short names differ by less
        sounded.sound_key || ' '
        || if(length(sounded.first_word) < 5, sounded.first_word, right(sounded.first_word, 1)) as meeting_key
    from sounded
    anti join surnames_first on sounded.first_word = surnames_first.word
    where sounded.entity_type = 'person' and sounded.word_count between 2 and 4 and length(sounded.sound_key) > 5
    union all by name
    select
        sounded.key_number,
        sounded.entity_type,
        'middle name' as reason,
        sounded.first_word || ' ' || sounded.last_word as meeting_key
    from sounded
    anti join surnames_first on sounded.first_word = surnames_first.word
    where sounded.entity_type = 'person' and sounded.word_count between 2 and 3 and length(sounded.first_word) > 2
    union all by name
    select
        sounded.key_number,
        sounded.entity_type,
        'nickname' as reason,
        coalesce(given_names.given_name, sounded.first_word) || ' ' || sounded.last_word as meeting_key
    from sounded
    left join given_names on sounded.first_word = given_names.nickname
    where sounded.entity_type = 'person' and sounded.word_count = 2
    union all by name
    -- one letter more, less or other in the last word: without that letter both are the same
    select
        key_number,
        entity_type,
        'one letter' as reason,
        left(short_key, length(short_key) - length(last_word) + spot - 1)
        || substr(short_key, length(short_key) - length(last_word) + spot + 1) as meeting_key
    from letters
    union all by name
    -- "Department of Trade" is the Trade Department
    select distinct
        keys.key_number,
        keys.entity_type,
        'body' as reason,
        coalesce(body_names.country_code, '') || ' ' || body_names.body_key as meeting_key
    from staging.body_names
    inner join keys on body_names.base_key = keys.base_key and keys.entity_type = 'organization'
    union all by name
    select
        key_number,
        entity_type,
        'acronym' as reason,
        if(
            len(words) = 1,
            base_key,
            array_to_string([left(word, 1) for word in words if word not in ('of', 'the', 'and', 'for', 'in', 'on')], '')
        ) as meeting_key
    from sounded
    where entity_type = 'organization' and (len(words) between 3 and 9 or (len(words) = 1 and length(base_key) between 3 and 7))
),

-- A key in a meeting with very many is no clue.
small_meetings as (
    select *
    from meeting
    qualify count(*) over (partition by entity_type, reason, meeting_key) between 2 and 20
),

-- What articles that give both call it for short: "Biden" for "Joe Biden", "NBG" for "National Bank of Ghana".
short_forms as (
    select
        short_keys.key_number,
        names.key_number as other_number,
        any_value(names.entity_type) as entity_type,
        count(distinct texts.text_number) as text_count
    from raw.mentions
    inner join staging.texts on mentions.text_hash = texts.text_hash
    inner join staging.names on mentions.entity_name = names.name and mentions.entity_type = names.entity_type
    inner join staging.name_keys on mentions.mention_text = name_keys.name
    inner join keys as short_keys
        on name_keys.name_key = short_keys.base_key and mentions.entity_type = short_keys.entity_type
    where
        short_keys.base_key not like '% %'
        and short_keys.key_number != names.key_number
        -- "House" and "Guard" are no acronyms
        and (names.entity_type != 'organization' or regexp_matches(mentions.mention_text, '[A-Z].*[A-Z]'))
    group by short_keys.key_number, names.key_number
),

-- What is one body under two names is one meaning.
meanings as (
    select
        keys.key_number,
        min(body_names.body_key) as body_key
    from staging.body_names
    inner join keys on body_names.base_key = keys.base_key and keys.entity_type = 'organization'
    group by keys.key_number
),

short_shares as (
    select
        short_forms.*,
        sum(short_forms.text_count) over (
            partition by short_forms.key_number, coalesce(meanings.body_key, short_forms.other_number::varchar)
        ) / sum(short_forms.text_count) over (partition by short_forms.key_number) as share
    from short_forms
    left join meanings on short_forms.other_number = meanings.key_number
),

proposed as (
    select
        one.reason,
        one.key_number,
        other.key_number as other_number,
        null as share
    from small_meetings as one
    inner join small_meetings as other
        on
            one.entity_type = other.entity_type
            and one.reason = other.reason
            and one.meeting_key = other.meeting_key
            and one.key_number < other.key_number
    union all by name
    select
        if(entity_type = 'person', 'surname', 'acronym') as reason,
        key_number,
        other_number,
        share
    from short_shares
    where share >= 0.5 and text_count >= 2
    union all by name
    select
        'short name' as reason,
        aliases.key_number,
        keys.key_number as other_number,
        null as share
    from staging.committee_names
    inner join keys as aliases on committee_names.alias_key = aliases.base_key and aliases.entity_type = 'organization'
    inner join keys on committee_names.base_key = keys.base_key and keys.entity_type = 'organization'
),

-- The alias is the key that fewer texts have, and never one that a list knows if the other is none.
directed as (
    select
        case
            when proposed.reason in ('surname', 'acronym') then not contains(one.base_key, ' ')
            when proposed.reason = 'short name' then true
            else
                (one.is_listed, one.text_count, -length(one.base_key), one.base_key)
                < (other.is_listed, other.text_count, -length(other.base_key), other.base_key)
        end as is_alias,
        one.entity_type,
        proposed.reason,
        proposed.share,
        if(is_alias, one.key_number, other.key_number) as alias_number,
        if(is_alias, other.key_number, one.key_number) as key_number,
        if(is_alias, one.base_key, other.base_key) as alias_key,
        if(is_alias, other.base_key, one.base_key) as base_key,
        if(is_alias, one.text_count, other.text_count) as alias_text_count,
        if(is_alias, other.text_count, one.text_count) as text_count,
        if(is_alias, one.is_listed, other.is_listed) as is_alias_listed,
        if(is_alias, one.initials, other.initials) as alias_initials,
        if(is_alias, other.initials, one.initials) as initials
    from proposed
    inner join sounded as one on proposed.key_number = one.key_number
    inner join sounded as other on proposed.other_number = other.key_number
    where
        -- two that a list tells apart are two
        not (one.is_listed and other.is_listed)
        -- an acronym and what it stands for: one word and several
        and (
            proposed.reason != 'acronym'
            or proposed.share is not null
            or contains(one.base_key, ' ') != contains(other.base_key, ' ')
        )
)

-- The best reason of a pair.
select
    entity_type,
    alias_number,
    key_number,
    alias_key,
    base_key,
    reason,
    share,
    alias_text_count,
    text_count,
    alias_initials,
    initials
from directed
where not is_alias_listed
qualify
    row_number() over (
        partition by alias_number, key_number
        order by
            list_position(
                [
                    'spacing', 'initials', 'body', 'legal form', 'word order', 'nickname', 'middle name', 'spelling',
                    'short name', 'acronym', 'surname', 'one letter'
                ],
                reason
            ) asc,
            share desc nulls last
    ) = 1
