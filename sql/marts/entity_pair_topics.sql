-- One pair of `entity_pairs` on one topic: the primary topic of the articles that name both.
with listed as (
    select
        entity_pairs.entity_id_a,
        entity_pairs.entity_id_b,
        a.article_number,
        a.text_number,
        a.topic_id
    from staging.named_entities as a
    inner join staging.named_entities as b
        on a.article_number = b.article_number and a.entity_number < b.entity_number
    inner join marts.entity_pairs
        on a.entity_id = entity_pairs.entity_id_a and b.entity_id = entity_pairs.entity_id_b
    where a.topic_id is not null
)

select
    entity_id_a, -- One entity; its key sorts before the other's.
    entity_id_b, -- The other entity.
    topic_id, -- Primary topic of those articles; those without one are left out.
    count(*) as article_count, -- Articles that name both, every copy as it was published.
    count(distinct text_number) as text_count -- Copies of one text once.
from listed
group by entity_id_a, entity_id_b, topic_id
