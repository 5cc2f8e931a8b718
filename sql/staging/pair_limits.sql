-- One row: what is asked of a pair to be listed, from the number of texts in all: together in one text, in two
-- from 1,000 texts, in three from 10,000 and so on; each of the two in one text of 50,000.
with totals as (
    select count(distinct text_group_id) as text_count from staging.article_facts
),

together as (
    select
        text_count,
        greatest(1, floor(log10(greatest(1, text_count))) - 1) as least_together
    from totals
)

select
    text_count,
    least_together,
    greatest(least_together, text_count // 50000) as least_alone
from together
