-- One source in one role: an outlet that publishes, an agency that is credited, or somebody who is cited.
with counted as (
    select
        source_id,
        any_value(source_role) as source_role,
        any_value(entity_id) as entity_id,
        count(*) as article_count,
        count(distinct text_group_id) as text_count,
        count(distinct origin_id) as origin_count,
        sum(citation_count)::bigint as citation_count,
        min(published_on) as first_seen_on,
        max(published_on) as last_seen_on
    from staging.source_articles
    group by source_id
),

-- The spelling that most articles use.
spelled as (
    select
        source_id,
        given_name
    from staging.source_articles
    group by source_id, given_name
    qualify row_number() over (partition by source_id order by count(*) desc, given_name) = 1
),

publishers as (
    select
        'outlet:' || outlet_id as source_id,
        outlet_name as source_name,
        country_code,
        is_known
    from staging.article_outlets
    group by all
    union all
    select
        'agency:' || agency_id as source_id,
        agency_name as source_name,
        country_code,
        true as is_known
    from seeds.agencies
),

named_publishers as (
    select
        counted.source_id,
        entities.entity_id
    from counted
    inner join spelled on counted.source_id = spelled.source_id
    left join publishers on counted.source_id = publishers.source_id
    inner join staging.name_keys on coalesce(publishers.source_name, spelled.given_name) = name_keys.name
    left join staging.gazetteer
        on name_keys.name_key = gazetteer.name_key and gazetteer.entity_type = 'organization'
    inner join marts.entities
        on 'organization:' || replace(coalesce(gazetteer.entity_key, name_keys.name_key), ' ', '-') = entities.entity_id
    where counted.source_role != 'cited'
),

named as (
    select
        counted.source_id,
        coalesce(entities.entity_name, publishers.source_name, spelled.given_name) as source_name,
        counted.source_role,
        -- an outlet or an agency is also an organization that articles name
        coalesce(counted.entity_id, named_publishers.entity_id) as entity_id,
        coalesce(entities.country_code, publishers.country_code) as country_code,
        if(counted.source_role = 'cited', counted.entity_id is not null, coalesce(publishers.is_known, false))
            as is_known,
        counted.article_count,
        counted.text_count,
        counted.origin_count,
        counted.citation_count,
        counted.first_seen_on,
        counted.last_seen_on
    from counted
    inner join spelled on counted.source_id = spelled.source_id
    left join publishers on counted.source_id = publishers.source_id
    left join marts.entities on counted.entity_id = entities.entity_id
    left join named_publishers on counted.source_id = named_publishers.source_id
)

select
    source_id, -- Key: the role, and the outlet, the agency, the entity or the words.
    source_name, -- Name for people.
    source_role, -- outlet (published it), agency (credited for it) or cited (somebody says something in it).
    entity_id, -- The entity that it is; null when articles do not name it.
    country_code, -- Its country, ISO 3166-1 alpha-2; null when not known.
    is_known, -- Outlets and agencies: whether the seeds list it. Cited: whether it names an entity.
    article_count, -- Articles published, credited or citing, every copy as it was published.
    text_count, -- Copies of one text once.
    origin_count, -- Independent origins.
    citation_count, -- Attributions to it; 0 for outlets and agencies.
    first_seen_on, -- First day; null when no date is known.
    last_seen_on -- Last day.
from named
