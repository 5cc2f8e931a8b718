-- One pair of outlet name and domain, as articles give them, and the outlet that it is.
with given as (
    select
        outlet_name as given_name,
        -- a port or a dot at the end is no part of a name
        nullif(regexp_replace(lower(trim(outlet_domain)), '^www\.|:\d+$|\.+$', '', 'g'), '') as domain,
        outlet_domain as given_domain
    from raw.articles
    where outlet_name is not null or outlet_domain is not null
    group by all
),

labelled as (
    select distinct
        domain,
        string_split(domain, '.') as labels
    from given
    where domain is not null
),

starts as (
    select
        domain,
        labels,
        unnest(range(1, len(labels) + 1)) as first_label
    from labelled
),

suffixes as (
    select
        domain,
        array_to_string(labels[first_label:], '.') as suffix,
        first_label
    from starts
),

known_domains as (
    select
        regexp_replace(lower(trim(unnest(string_split(domain, '|')))), '^www\.', '') as suffix,
        outlet_id
    from seeds.outlets
),

-- The longest known ending of a domain names the outlet.
by_domain as (
    select
        suffixes.domain,
        min_by(known_domains.outlet_id, (suffixes.first_label, known_domains.outlet_id)) as outlet_id
    from suffixes
    inner join known_domains on suffixes.suffix = known_domains.suffix
    group by suffixes.domain
),

listed as (
    select
        outlet_id,
        unnest([outlet_name] || string_split(coalesce(aliases, ''), '|')) as name
    from seeds.outlets
),

by_name as (
    select
        name_keys.name_key,
        min(listed.outlet_id) as outlet_id
    from listed
    inner join staging.name_keys on listed.name = name_keys.name
    group by name_keys.name_key
    having count(distinct listed.outlet_id) = 1
),

-- A name without a domain is that of the one domain that bears it elsewhere.
domain_of_name as (
    select
        name_keys.name_key,
        min(given.domain) as domain
    from given
    inner join staging.name_keys on given.given_name = name_keys.name
    where given.domain is not null
    group by name_keys.name_key
    having count(distinct given.domain) = 1
),

resolved as (
    select
        given.given_name,
        given.given_domain,
        given.domain,
        name_keys.name_key,
        coalesce(by_domain.outlet_id, by_name.outlet_id) as known_id,
        coalesce(
            by_domain.outlet_id,
            by_name.outlet_id,
            replace(coalesce(given.domain, domain_of_name.domain), '.', '-'),
            replace(name_keys.name_key, ' ', '-')
        ) as outlet_id
    from given
    left join by_domain on given.domain = by_domain.domain
    left join staging.name_keys on given.given_name = name_keys.name
    left join by_name on name_keys.name_key = by_name.name_key
    left join domain_of_name on name_keys.name_key = domain_of_name.name_key
)

select
    resolved.given_name,
    resolved.given_domain,
    resolved.outlet_id,
    coalesce(
        outlets.outlet_name,
        -- a domain that bears several names (a feed of feeds) has none of them
        if(
            count(distinct resolved.name_key) over (partition by resolved.outlet_id) = 1,
            max(resolved.given_name) over (partition by resolved.outlet_id),
            max(resolved.domain) over (partition by resolved.outlet_id)
        ),
        resolved.domain
    ) as outlet_name,
    outlets.country_code,
    resolved.known_id is not null as is_known
from resolved
left join seeds.outlets on resolved.known_id = outlets.outlet_id
