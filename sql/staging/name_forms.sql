-- One key of one type, the words it is made of and how they sound: what names are compared by.
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
)

select
    *,
    array_to_string([sound for sound, spot in sounds if spot = 1 or sound != sounds[spot - 1]], '') as sound_key
from folded
