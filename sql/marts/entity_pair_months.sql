-- One pair of `entity_pairs` in one month; articles without a date are left out.
with listed as (
    select
        entity_pairs.entity_id_a,
        entity_pairs.entity_id_b,
        a.article_number,
        a.text_number,
        a.month_on
    from staging.named_entities as a
    inner join staging.named_entities as b
        on a.article_number = b.article_number and a.entity_number < b.entity_number
    inner join marts.entity_pairs
        on a.entity_id = entity_pairs.entity_id_a and b.entity_id = entity_pairs.entity_id_b
    where a.month_on is not null
)

select
    entity_id_a, -- One entity; its key sorts before the other's.
    entity_id_b, -- The other entity.
    month_on, -- The month, as its first day.
    count(*) as article_count, -- Articles that name both, every copy as it was published.
    count(distinct text_number) as text_count -- Copies of one text once.
from listed
group by entity_id_a, entity_id_b, month_on
