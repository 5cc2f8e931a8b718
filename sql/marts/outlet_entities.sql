-- One outlet and one entity that its articles name; articles without a known outlet are left out.
with outlets as (
    select
        outlet_id,
        (row_number() over (order by outlet_id))::integer as outlet_number,
        count(*) as article_count
    from staging.article_facts
    where outlet_id is not null
    group by outlet_id
),

published as (
    select
        article_facts.article_number,
        outlets.outlet_number
    from staging.article_facts
    inner join outlets on article_facts.outlet_id = outlets.outlet_id
),

counted as (
    select
        published.outlet_number,
        entity_articles.entity_number,
        sum(entity_articles.mention_count)::bigint as mention_count,
        count(*) as article_count,
        count(*) filter (not entity_articles.has_copies)
        + count(distinct entity_articles.group_number) filter (entity_articles.has_copies) as text_count,
        count(distinct entity_articles.origin_number) as origin_count
    from staging.entity_articles
    inner join published on entity_articles.article_number = published.article_number
    group by published.outlet_number, entity_articles.entity_number
)

select
    outlets.outlet_id, -- The outlet.
    entity_numbers.entity_id, -- The entity.
    counted.mention_count, -- Occurrences in the outlet's articles.
    counted.article_count, -- Its articles that name the entity, every copy as it was published.
    counted.text_count, -- Copies of one text once.
    counted.origin_count, -- Independent origins: many mean that it carries what others wrote.
    counted.article_count / outlets.article_count as article_share -- Part of all articles of the outlet, 0-1.
from counted
inner join outlets on counted.outlet_number = outlets.outlet_number
inner join staging.entity_numbers on counted.entity_number = entity_numbers.entity_number
