-- One name of a person in one text that means another bearer of the name: other country, other company.
with persons as (
    select distinct
        text_names.text_hash,
        text_names.name,
        text_names.base_key,
        entity_names.entity_id,
        entity_names.entity_name
    from staging.text_names
    inner join staging.entity_names
        on text_names.name = entity_names.name and text_names.entity_type = entity_names.entity_type
    where
        text_names.entity_type = 'person'
        and text_names.base_key like '% %'
        and entity_names.wikidata_id is null
        -- "the same as itself" says that they are one
        and not exists (
            select 1
            from staging.alias_decisions
            where
                alias_decisions.entity_type = 'person'
                and alias_decisions.is_same
                and alias_decisions.name_key = text_names.base_key
                and alias_decisions.entity_key = text_names.base_key
        )
),

text_countries as (
    select distinct
        text_names.text_hash,
        entity_names.country_code
    from staging.text_names
    inner join staging.entity_names
        on text_names.name = entity_names.name and text_names.entity_type = entity_names.entity_type
    where entity_names.country_code is not null
),

-- The country that most texts with the name give.
main_countries as (
    select
        persons.entity_id,
        text_countries.country_code
    from persons
    inner join text_countries on persons.text_hash = text_countries.text_hash
    group by persons.entity_id, text_countries.country_code
    qualify
        row_number() over (
            partition by persons.entity_id order by count(distinct persons.text_hash) desc, text_countries.country_code asc
        ) = 1
),

placed as (
    select
        persons.entity_id,
        persons.text_hash,
        bool_or(text_countries.country_code = main_countries.country_code) as is_main
    from persons
    inner join main_countries on persons.entity_id = main_countries.entity_id
    left join text_countries on persons.text_hash = text_countries.text_hash
    group by persons.entity_id, persons.text_hash
),

-- Names with two texts or more that give other countries only; a text without a country says nothing.
doubtful as (
    select entity_id
    from placed
    group by entity_id
    having count(*) filter (where not is_main) >= 2 and count(*) <= 1000
),

companions as (
    select distinct
        placed.entity_id,
        placed.text_hash,
        text_names.entity_type,
        text_names.base_key,
        coalesce(placed.is_main, true) as is_main
    from placed
    semi join doubtful on placed.entity_id = doubtful.entity_id
    inner join staging.text_names on placed.text_hash = text_names.text_hash
    anti join persons
        on
            placed.entity_id = persons.entity_id
            and text_names.text_hash = persons.text_hash
            and text_names.name = persons.name
            and text_names.entity_type = 'person'
    where text_names.entity_type in ('person', 'organization', 'place', 'nationality')
),

main_company as (
    select distinct
        entity_id,
        entity_type,
        base_key
    from companions
    where is_main
),

-- Texts of other countries that share company with the main ones, and those that share some with these.
near as (
    select distinct
        companions.entity_id,
        companions.text_hash
    from companions
    inner join main_company
        on
            companions.entity_id = main_company.entity_id
            and companions.entity_type = main_company.entity_type
            and companions.base_key = main_company.base_key
    where not companions.is_main
),

near_company as (
    select distinct
        companions.entity_id,
        companions.entity_type,
        companions.base_key
    from companions
    semi join near on companions.entity_id = near.entity_id and companions.text_hash = near.text_hash
),

reached as (
    select
        entity_id,
        text_hash
    from near
    union
    select
        companions.entity_id,
        companions.text_hash
    from companions
    inner join near_company
        on
            companions.entity_id = near_company.entity_id
            and companions.entity_type = near_company.entity_type
            and companions.base_key = near_company.base_key
    where not companions.is_main
),

apart as (
    select distinct
        companions.entity_id,
        companions.text_hash,
        coalesce(text_groups.text_group_id, companions.text_hash) as text_group_id
    from companions
    anti join reached on companions.entity_id = reached.entity_id and companions.text_hash = reached.text_hash
    left join raw.text_groups on companions.text_hash = text_groups.text_hash
    where not companions.is_main
),

-- The country of the other bearer, in two texts that are no copies.
others as (
    select
        apart.entity_id,
        text_countries.country_code
    from apart
    inner join text_countries on apart.text_hash = text_countries.text_hash
    group by apart.entity_id, text_countries.country_code
    having count(distinct apart.text_group_id) >= 2
    qualify
        row_number() over (
            partition by apart.entity_id
            order by count(distinct apart.text_group_id) desc, text_countries.country_code asc
        ) = 1
)

select
    persons.text_hash,
    persons.name,
    persons.entity_id || '-' || lower(others.country_code) as entity_id,
    persons.entity_name
from persons
inner join apart on persons.entity_id = apart.entity_id and persons.text_hash = apart.text_hash
inner join others on persons.entity_id = others.entity_id
semi join text_countries
    on persons.text_hash = text_countries.text_hash and others.country_code = text_countries.country_code
