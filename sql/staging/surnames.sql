-- One surname alone in one text, and who is meant: who bears it in articles of that outlet and year. Only surnames that
-- mean different people in different outlets or years; the others are merged as a whole, see `alias_pairs`.
with disputed as (
    select distinct
        name_pairs.alias_number as key_number,
        name_pairs.alias_key
    from staging.name_pairs
    -- what a person decided on goes before
    anti join staging.entity_merges
        on name_pairs.entity_type = entity_merges.entity_type and name_pairs.alias_key = entity_merges.base_key
    where name_pairs.reason = 'surname' and name_pairs.is_disputed
),

meant as (
    select
        text_names.text_number,
        text_names.name_number,
        disputed.alias_key,
        min(surname_bearers.bearer_number) as bearer_number
    from staging.text_names
    inner join disputed on text_names.key_number = disputed.key_number
    inner join staging.texts on text_names.text_number = texts.text_number
    inner join staging.article_texts on texts.text_hash = article_texts.text_hash
    inner join staging.surname_bearers
        on
            text_names.key_number = surname_bearers.key_number
            and coalesce(article_texts.outlet_name, article_texts.outlet_domain, '') = surname_bearers.outlet
            and year(article_texts.published_on) = surname_bearers.published_year
    where surname_bearers.share >= 0.8
    group by all
    -- copies in two outlets may speak of two
    having count(distinct surname_bearers.bearer_number) = 1
),

entities as (
    select
        names.key_number,
        any_value(names.base_key) as base_key,
        min(entity_names.entity_id) as entity_id
    from staging.names
    inner join staging.entity_names on names.name_number = entity_names.name_number
    where names.entity_type = 'person'
    group by names.key_number
)

select
    meant.text_number,
    meant.name_number,
    entities.entity_id
from meant
inner join entities on meant.bearer_number = entities.key_number
anti join staging.names_told_apart as told_apart
    on
        told_apart.entity_type = 'person'
        and meant.alias_key = told_apart.name_key
        and entities.base_key = told_apart.other_key
