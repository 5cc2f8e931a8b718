-- One source in one role in one article.
with named as (
    select
        source_id,
        article_id,
        source_text as given_name,
        'cited' as source_role,
        entity_id,
        1 as citation_count
    from marts.citations
    where source_id is not null
    union all
    select
        'outlet:' || outlet_id as source_id,
        article_id,
        outlet_name as given_name,
        'outlet' as source_role,
        null as entity_id,
        0 as citation_count
    from staging.article_facts
    where outlet_id is not null
    union all
    select
        'agency:' || agency_id as source_id,
        article_id,
        coalesce(agency_name, agency_id) as given_name,
        'agency' as source_role,
        null as entity_id,
        0 as citation_count
    from staging.article_facts
    where agency_id is not null
)

select
    named.source_id,
    named.article_id,
    any_value(named.source_role) as source_role,
    min(named.given_name) as given_name,
    any_value(named.entity_id) as entity_id,
    any_value(article_facts.published_on) as published_on,
    any_value(article_facts.text_group_id) as text_group_id,
    any_value(article_facts.origin_id) as origin_id,
    sum(named.citation_count)::bigint as citation_count
from named
inner join staging.article_facts on named.article_id = article_facts.article_id
group by named.source_id, named.article_id
