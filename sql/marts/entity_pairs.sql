-- Two entities named in one article. Asked for: both among its 60 most named, and together in one text, in
-- two from 1,000 texts in all, in three from 10,000 and so on; each alone in one text of 50,000.
with totals as (
    select
        count(distinct text_group_id) as text_count,
        greatest(1, floor(log10(greatest(1, count(distinct text_group_id)))) - 1) as least_together,
        count(distinct text_group_id) // 50000 as least_alone
    from staging.article_facts
),

entity_numbers as (
    select
        entities.entity_id,
        entities.text_count,
        row_number() over (order by entities.entity_id) as entity_number
    from marts.entities
    cross join totals
    where entities.text_count >= greatest(totals.least_together, totals.least_alone)
),

article_numbers as (
    select
        article_id,
        row_number() over (order by article_id) as article_number,
        dense_rank() over (order by text_group_id) as text_number
    from staging.article_facts
),

named as (
    select
        entity_numbers.entity_number,
        article_numbers.article_number,
        article_numbers.text_number
    from staging.entity_articles
    inner join entity_numbers on entity_articles.entity_id = entity_numbers.entity_id
    inner join article_numbers on entity_articles.article_id = article_numbers.article_id
    qualify
        row_number() over (
            partition by entity_articles.article_id
            order by entity_articles.mention_count desc, entity_articles.entity_id asc
        ) <= 60
),

pairs as (
    select
        a.entity_number as number_a,
        b.entity_number as number_b,
        count(*) as article_count,
        count(distinct a.text_number) as text_count
    from named as a
    inner join named as b on a.article_number = b.article_number and a.entity_number < b.entity_number
    group by all
)

select
    a.entity_id as entity_id_a, -- One entity; its key sorts before the other's.
    b.entity_id as entity_id_b, -- The other entity.
    pairs.article_count, -- Articles that name both, every copy as it was published.
    pairs.text_count, -- Copies of one text once.
    -- Bouma (2009), Normalized (Pointwise) Mutual Information in Collocation Extraction
    case
        when pairs.text_count = totals.text_count then 1
        else
            ln(pairs.text_count * totals.text_count / (a.text_count * b.text_count))
            / -ln(pairs.text_count / totals.text_count)
    end as association_score -- How much more often together than by chance, from texts: -1 never, 0 by chance, 1 always (NPMI).
from pairs
inner join entity_numbers as a on pairs.number_a = a.entity_number
inner join entity_numbers as b on pairs.number_b = b.entity_number
cross join totals
where pairs.text_count >= totals.least_together
