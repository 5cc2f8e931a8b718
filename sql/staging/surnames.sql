-- One surname alone in one text, and who is meant: who bears it in articles of that outlet and year. Only surnames that
-- mean different people in different outlets or years; the others are merged as a whole, see `alias_pairs`.
with disputed as (
    select distinct alias_key as name_key
    from staging.name_pairs
    where reason = 'surname' and is_disputed
    -- what a person decided on goes before
    except
    select base_key as name_key
    from staging.entity_merges
    where entity_type = 'person'
),

meant as (
    select
        text_names.name,
        text_names.name_key,
        text_names.text_hash,
        min(surname_bearers.base_key) as base_key
    from staging.text_names
    inner join disputed on text_names.name_key = disputed.name_key
    inner join staging.article_texts on text_names.text_hash = article_texts.text_hash
    inner join staging.surname_bearers
        on
            text_names.name_key = surname_bearers.name_key
            and coalesce(article_texts.outlet_name, article_texts.outlet_domain, '') = surname_bearers.outlet
            and year(article_texts.published_on) = surname_bearers.published_year
    where text_names.entity_type = 'person' and surname_bearers.share >= 0.8
    group by all
    -- copies in two outlets may speak of two
    having count(distinct surname_bearers.base_key) = 1
),

entities as (
    select
        text_names.base_key,
        min(entity_names.entity_id) as entity_id,
        min(entity_names.entity_name) as entity_name
    from staging.text_names
    inner join staging.entity_names
        on text_names.name = entity_names.name and text_names.entity_type = entity_names.entity_type
    where text_names.entity_type = 'person'
    group by all
)

select
    meant.text_hash,
    meant.name,
    entities.entity_id,
    entities.entity_name
from meant
inner join entities on meant.base_key = entities.base_key
where not exists (
    select 1
    from staging.alias_decisions
    where
        alias_decisions.entity_type = 'person'
        and not alias_decisions.is_same
        and (
            (alias_decisions.name_key, alias_decisions.entity_key) = (meant.name_key, meant.base_key)
            or (alias_decisions.entity_key, alias_decisions.name_key) = (meant.name_key, meant.base_key)
        )
)
