-- Two entities named in one article. Asked for: both among its 60 most named, and together in one text, in
-- two from 1,000 texts in all, in three from 10,000 and so on; each alone in one text of 50,000.
select
    a.entity_id as entity_id_a, -- One entity; its key sorts before the other's.
    b.entity_id as entity_id_b, -- The other entity.
    pairs.article_count, -- Articles that name both, every copy as it was published.
    pairs.text_count, -- Copies of one text once.
    -- Bouma (2009), Normalized (Pointwise) Mutual Information in Collocation Extraction
    case
        when pairs.text_count = pair_limits.text_count then 1
        else
            ln(pairs.text_count * pair_limits.text_count / (a.text_count * b.text_count))
            / -ln(pairs.text_count / pair_limits.text_count)
    end as association_score -- How much more often together than by chance, from texts: -1 never, 0 by chance, 1 always (NPMI).
from staging.pairs
inner join staging.paired_entities as a on pairs.number_a = a.entity_number
inner join staging.paired_entities as b on pairs.number_b = b.entity_number
cross join staging.pair_limits
