-- One name of a person in one text that means another bearer of the name: other country, other company.
with persons as (
    select
        names.name_number,
        entity_names.entity_id,
        (dense_rank() over (order by entity_names.entity_id))::integer as person_number
    from staging.names
    inner join staging.entity_names on names.name_number = entity_names.name_number
    where
        names.entity_type = 'person'
        and names.base_key like '% %'
        and entity_names.wikidata_id is null
        -- "the same as itself" says that they are one
        and not exists (
            select 1
            from staging.alias_decisions
            where
                alias_decisions.entity_type = 'person'
                and alias_decisions.is_same
                and alias_decisions.name_key = names.base_key
                and alias_decisions.entity_key = names.base_key
        )
),

all_text_persons as (
    select distinct
        persons.person_number,
        text_names.text_number
    from persons
    inner join staging.text_names on persons.name_number = text_names.name_number
),

-- Fewer texts give no two bearers, and more are of somebody known.
compared as (
    select person_number
    from all_text_persons
    group by person_number
    having count(*) between 3 and 1000
),

text_persons as (
    select all_text_persons.*
    from all_text_persons
    semi join compared on all_text_persons.person_number = compared.person_number
),

text_countries as (
    select distinct
        text_names.text_number,
        entity_names.country_code
    from staging.text_names
    inner join staging.entity_names on text_names.name_number = entity_names.name_number
    semi join text_persons on text_names.text_number = text_persons.text_number
    where entity_names.country_code is not null
),

-- The country that most texts with the name give.
main_countries as (
    select
        text_persons.person_number,
        text_countries.country_code
    from text_persons
    inner join text_countries on text_persons.text_number = text_countries.text_number
    group by text_persons.person_number, text_countries.country_code
    qualify
        row_number() over (
            partition by text_persons.person_number order by count(*) desc, text_countries.country_code asc
        ) = 1
),

placed as (
    select
        text_persons.person_number,
        text_persons.text_number,
        bool_or(text_countries.country_code = main_countries.country_code) as is_main
    from text_persons
    inner join main_countries on text_persons.person_number = main_countries.person_number
    left join text_countries on text_persons.text_number = text_countries.text_number
    group by text_persons.person_number, text_persons.text_number
),

-- Names with two texts or more that give other countries only; a text without a country says nothing.
doubtful as (
    select person_number
    from placed
    group by person_number
    having count(*) filter (where not is_main) >= 2
),

doubtful_texts as (
    select placed.*
    from placed
    semi join doubtful on placed.person_number = doubtful.person_number
),

-- A person is no company of itself.
companions as (
    select distinct
        doubtful_texts.person_number,
        doubtful_texts.text_number,
        text_names.key_number,
        coalesce(doubtful_texts.is_main, true) as is_main
    from doubtful_texts
    inner join staging.text_names on doubtful_texts.text_number = text_names.text_number
    left join persons
        on doubtful_texts.person_number = persons.person_number and text_names.name_number = persons.name_number
    where
        text_names.entity_type in ('organization', 'place', 'nationality')
        or (text_names.entity_type = 'person' and persons.person_number is null)
),

main_company as (
    select distinct
        person_number,
        key_number
    from companions
    where is_main
),

-- Texts of other countries that share company with the main ones, and those that share some with these.
near as (
    select distinct
        companions.person_number,
        companions.text_number
    from companions
    semi join main_company
        on companions.person_number = main_company.person_number and companions.key_number = main_company.key_number
    where not companions.is_main
),

near_company as (
    select distinct
        companions.person_number,
        companions.key_number
    from companions
    semi join near
        on companions.person_number = near.person_number and companions.text_number = near.text_number
),

reached as (
    select
        person_number,
        text_number
    from near
    union
    select
        companions.person_number,
        companions.text_number
    from companions
    semi join near_company
        on companions.person_number = near_company.person_number and companions.key_number = near_company.key_number
    where not companions.is_main
),

apart as (
    select distinct
        companions.person_number,
        companions.text_number,
        coalesce(text_groups.text_group_id, texts.text_hash) as text_group_id
    from companions
    anti join reached
        on companions.person_number = reached.person_number and companions.text_number = reached.text_number
    inner join staging.texts on companions.text_number = texts.text_number
    left join raw.text_groups on texts.text_hash = text_groups.text_hash
    where not companions.is_main
),

-- The country of the other bearer, in two texts that are no copies.
others as (
    select
        apart.person_number,
        text_countries.country_code
    from apart
    inner join text_countries on apart.text_number = text_countries.text_number
    group by apart.person_number, text_countries.country_code
    having count(distinct apart.text_group_id) >= 2
    qualify
        row_number() over (
            partition by apart.person_number
            order by count(distinct apart.text_group_id) desc, text_countries.country_code asc
        ) = 1
)

select
    apart.text_number,
    text_names.name_number,
    persons.entity_id || '-' || lower(others.country_code) as entity_id,
    entity_names.entity_name
from apart
inner join others on apart.person_number = others.person_number
semi join text_countries
    on apart.text_number = text_countries.text_number and others.country_code = text_countries.country_code
inner join persons on apart.person_number = persons.person_number
inner join staging.text_names
    on apart.text_number = text_names.text_number and persons.name_number = text_names.name_number
inner join staging.entity_names on persons.name_number = entity_names.name_number
