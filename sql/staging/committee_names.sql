-- One short name of a chamber's committee and the long one it stands for: "Senate Energy Committee", "HELP Committee".
with named as (
    select
        body_names.body_key,
        body_names.base_key,
        body_names.owner_key,
        regexp_extract(body_names.body_key, '^(?:senate|house) (.+) committee$', 1) as subject,
        count(distinct text_names.text_number) as text_count
    from staging.body_names
    inner join staging.names on body_names.base_key = names.base_key and names.entity_type = 'organization'
    inner join staging.text_names on names.name_number = text_names.name_number
    where body_names.country_code is null and regexp_matches(body_names.body_key, '^(senate|house) (.+) committee$')
    group by all
),

committees as (
    select
        owner_key,
        subject,
        max_by(base_key, (text_count, base_key)) as base_key,
        sum(text_count) as text_count
    from named
    group by all
),

long_names as (
    select
        *,
        array_to_string([left(word, 1) for word in string_split(subject, ' ') if word != 'and'], '') as initials
    from committees
    where subject like '% and %' or subject like '% % %'
),

found as (
    select
        short_names.base_key as alias_key,
        long_names.base_key,
        long_names.text_count
    from committees as short_names
    inner join long_names
        on
            short_names.owner_key = long_names.owner_key
            and short_names.base_key != long_names.base_key
            and long_names.text_count >= greatest(2, 0.05 * short_names.text_count)
            and (
                starts_with(long_names.subject, short_names.subject || ' ')
                or (short_names.subject = long_names.initials and length(long_names.initials) > 2)
            )
)

-- the one that most texts name, where it is most of them
select
    alias_key,
    base_key
from found
qualify
    text_count > 0.5 * sum(text_count) over (partition by alias_key)
    and row_number() over (partition by alias_key order by text_count desc, base_key asc) = 1
