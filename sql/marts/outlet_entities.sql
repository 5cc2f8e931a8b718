-- One outlet and one entity that its articles name; articles without a known outlet are left out.
with outlets as (
    select
        outlet_id,
        count(*) as article_count
    from staging.article_facts
    where outlet_id is not null
    group by outlet_id
)

select
    outlets.outlet_id, -- The outlet.
    any_value(entity_articles.entity_id) as entity_id, -- The entity.
    sum(entity_articles.mention_count)::bigint as mention_count, -- Occurrences in the outlet's articles.
    count(*) as article_count, -- Its articles that name the entity, every copy as it was published.
    count(*) filter (not entity_articles.has_copies)
    + count(distinct entity_articles.group_number) filter (entity_articles.has_copies) as text_count, -- Copies of one text once.
    count(distinct entity_articles.origin_number) as origin_count, -- Independent origins: many mean that it mostly carries what others wrote.
    count(*) / outlets.article_count as article_share -- Part of all articles of the outlet, 0-1.
from staging.entity_articles
inner join staging.article_facts on entity_articles.article_number = article_facts.article_number
inner join outlets on article_facts.outlet_id = outlets.outlet_id
group by outlets.outlet_id, entity_articles.entity_number, outlets.article_count
