-- One pair of `entity_pairs` on one topic: the primary topic of the articles that name both.
with counted as (
    select
        a.entity_number as number_a,
        b.entity_number as number_b,
        a.topic_id,
        count(*) as article_count,
        count(*) filter (not a.has_copies) + count(distinct a.group_number) filter (a.has_copies) as text_count
    from staging.named_entities as a
    inner join staging.named_entities as b
        on a.article_number = b.article_number and a.entity_number < b.entity_number
    -- an inner join here makes DuckDB start from the pairs, which takes ten times as long
    semi join staging.pairs on a.entity_number = pairs.number_a and b.entity_number = pairs.number_b
    where a.topic_id is not null
    group by all
)

select
    a.entity_id as entity_id_a, -- One entity; its key sorts before the other's.
    b.entity_id as entity_id_b, -- The other entity.
    counted.topic_id, -- Primary topic of those articles; those without one are left out.
    counted.article_count, -- Articles that name both, every copy as it was published.
    counted.text_count -- Copies of one text once.
from counted
inner join staging.paired_entities as a on counted.number_a = a.entity_number
inner join staging.paired_entities as b on counted.number_b = b.entity_number
