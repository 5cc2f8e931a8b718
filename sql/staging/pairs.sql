-- One pair of entities, as numbers, that is listed (see `staging.pair_limits`).
select
    a.entity_number as number_a,
    b.entity_number as number_b,
    count(*) as article_count,
    count(*) filter (not a.has_copies) + count(distinct a.group_number) filter (a.has_copies) as text_count
from staging.named_entities as a
inner join staging.named_entities as b
    on a.article_number = b.article_number and a.entity_number < b.entity_number
group by all
having text_count >= any_value((select pair_limits.least_together from staging.pair_limits))
