-- One key of one type, the words it is made of and how they sound: what names are compared by.
with keys as (
    select
        entity_type,
        base_key,
        count(distinct text_hash) as text_count,
        bool_or(is_listed) as is_listed
    from staging.text_names
    where entity_type in ('person', 'organization')
    group by all
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
