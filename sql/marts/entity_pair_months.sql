-- One pair of `entity_pairs` in one month; articles without a date are left out.
with counted as (
    select
        a.entity_number as number_a,
        b.entity_number as number_b,
        a.month_on,
        count(*) as article_count,
        count(*) filter (not a.has_copies) + count(distinct a.group_number) filter (a.has_copies) as text_count
    from staging.named_entities as a
    inner join staging.named_entities as b
        on a.article_number = b.article_number and a.entity_number < b.entity_number
    -- an inner join here makes DuckDB start from the pairs, which takes ten times as long
    semi join staging.pairs on a.entity_number = pairs.number_a and b.entity_number = pairs.number_b
    where a.month_on is not null
    group by all
)

select
    a.entity_id as entity_id_a, -- One entity; its key sorts before the other's.
    b.entity_id as entity_id_b, -- The other entity.
    counted.month_on, -- The month, as its first day.
    counted.article_count, -- Articles that name both, every copy as it was published.
    counted.text_count -- Copies of one text once.
from counted
inner join staging.paired_entities as a on counted.number_a = a.entity_number
inner join staging.paired_entities as b on counted.number_b = b.entity_number
