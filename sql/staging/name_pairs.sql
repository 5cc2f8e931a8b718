-- Two keys of one type that may be one entity, by what their names share, the best reason first.
with surnames_first as (
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
    from staging.name_forms
    where entity_type = 'person' and word_count between 2 and 3 and length(last_word) between 5 and 20
),

-- Every rule gives keys that meet in one value.
meeting as (
    select
        key_number,
        entity_type,
        'spacing' as reason,
        replace(base_key, ' ', '') as meeting_key
    from staging.name_forms
    where len(words) > 1 or length(base_key) > 5
    union all by name
    select
        key_number,
        entity_type,
        'initials' as reason,
        short_key as meeting_key
    from staging.name_forms
    where entity_type = 'person' and word_count > 1
    union all by name
    select
        key_number,
        entity_type,
        'word order' as reason,
        array_to_string(list_sort(words), ' ') as meeting_key
    from staging.name_forms
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
    from staging.name_forms
    where entity_type = 'organization'
    union all by name
    select
        name_forms.key_number,
        name_forms.entity_type,
        'spelling' as reason,
        -- Mario is not Maria, and short names differ by less
        name_forms.sound_key || ' '
        || if(length(name_forms.first_word) < 5, name_forms.first_word, right(name_forms.first_word, 1)) as meeting_key
    from staging.name_forms
    anti join surnames_first on name_forms.first_word = surnames_first.word
    where name_forms.entity_type = 'person' and name_forms.word_count between 2 and 4 and length(name_forms.sound_key) > 5
    union all by name
    select
        name_forms.key_number,
        name_forms.entity_type,
        'middle name' as reason,
        name_forms.first_word || ' ' || name_forms.last_word as meeting_key
    from staging.name_forms
    anti join surnames_first on name_forms.first_word = surnames_first.word
    where name_forms.entity_type = 'person' and name_forms.word_count between 2 and 3 and length(name_forms.first_word) > 2
    union all by name
    select
        name_forms.key_number,
        name_forms.entity_type,
        'nickname' as reason,
        coalesce(given_names.given_name, name_forms.first_word) || ' ' || name_forms.last_word as meeting_key
    from staging.name_forms
    left join given_names on name_forms.first_word = given_names.nickname
    where name_forms.entity_type = 'person' and name_forms.word_count = 2
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
    inner join staging.name_forms as keys on body_names.base_key = keys.base_key and keys.entity_type = 'organization'
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
    from staging.name_forms
    where entity_type = 'organization' and (len(words) between 3 and 9 or (len(words) = 1 and length(base_key) between 3 and 7))
),

-- A key in a meeting with very many is no clue.
small as (
    select
        entity_type,
        reason,
        meeting_key
    from meeting
    group by all
    having count(*) between 2 and 20
),

small_meetings as (
    select meeting.*
    from meeting
    semi join small
        on
            meeting.entity_type = small.entity_type
            and meeting.reason = small.reason
            and meeting.meeting_key = small.meeting_key
),

short_bearers as (
    select
        key_number,
        bearer_number as other_number,
        any_value(entity_type) as entity_type,
        count(*) as text_count
    from staging.short_names
    group by key_number, bearer_number
),

-- What is one body under two names is one meaning.
meanings as (
    select
        keys.key_number,
        min(body_names.body_key) as body_key
    from staging.body_names
    inner join staging.name_forms as keys on body_names.base_key = keys.base_key and keys.entity_type = 'organization'
    group by keys.key_number
),

short_shares as (
    select
        short_bearers.*,
        sum(short_bearers.text_count) over (
            partition by short_bearers.key_number, coalesce(meanings.body_key, short_bearers.other_number::varchar)
        ) / sum(short_bearers.text_count) over (partition by short_bearers.key_number) as share,
        coalesce(lead(short_bearers.text_count) over by_text_count, 0) as rival_count
    from short_bearers
    left join meanings on short_bearers.other_number = meanings.key_number
    window by_text_count as (
        partition by short_bearers.key_number order by short_bearers.text_count desc, short_bearers.other_number asc
    )
),

disputed_names as (
    select key_number
    from staging.surname_bearers
    group by key_number
    having count(distinct bearer_number) > 1
),

proposed as (
    select
        one.reason,
        one.key_number,
        other.key_number as other_number,
        null as share,
        null as short_count,
        null as rival_count,
        false as is_disputed
    from small_meetings as one
    inner join small_meetings as other
        on
            one.entity_type = other.entity_type
            and one.reason = other.reason
            and one.meeting_key = other.meeting_key
            and one.key_number < other.key_number
    union all by name
    select
        if(short_shares.entity_type = 'person', 'surname', 'acronym') as reason,
        short_shares.key_number,
        short_shares.other_number,
        short_shares.share,
        short_shares.text_count as short_count,
        short_shares.rival_count,
        disputed_names.key_number is not null as is_disputed
    from short_shares
    left join disputed_names on short_shares.key_number = disputed_names.key_number
    where short_shares.share >= 0.5 and short_shares.text_count >= 2
    union all by name
    select
        'short name' as reason,
        aliases.key_number,
        keys.key_number as other_number,
        null as share,
        false as is_disputed
    from staging.committee_names
    inner join staging.name_forms as aliases on committee_names.alias_key = aliases.base_key and aliases.entity_type = 'organization'
    inner join staging.name_forms as keys on committee_names.base_key = keys.base_key and keys.entity_type = 'organization'
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
        proposed.short_count,
        proposed.rival_count,
        proposed.is_disputed,
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
    inner join staging.name_forms as one on proposed.key_number = one.key_number
    inner join staging.name_forms as other on proposed.other_number = other.key_number
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
    short_count,
    rival_count,
    is_disputed,
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
