-- One copy: an article whose text another one had first, paired with that original. Any two copies of a
-- text group are copies by way of their original, so that a group of n articles has n - 1 pairs.
with pairs as (
    select
        originals.article_id as article_id_a,
        copies.article_id as article_id_b,
        copies.text_group_id,
        originals.text_hash as text_hash_a,
        copies.text_hash as text_hash_b
    from staging.article_facts as copies
    inner join staging.article_facts as originals on copies.text_group_id = originals.text_group_id
    where not copies.is_original and originals.is_original
),

paired as (
    select text_hash_a as text_hash from pairs
    union
    select text_hash_b as text_hash from pairs
),

-- without case, punctuation and spacing
texts as (
    select
        articles.text_hash,
        trim(regexp_replace(lower(coalesce(any_value(articles.title), '')), '[^\p{L}\p{N}]+', ' ', 'g')) as title,
        trim(regexp_replace(lower(any_value(articles.text)), '[^\p{L}\p{N}]+', ' ', 'g')) as text
    from marts.articles
    inner join paired on articles.text_hash = paired.text_hash
    group by articles.text_hash
),

different as (
    select distinct
        text_hash_a,
        text_hash_b
    from pairs
    where text_hash_a != text_hash_b
),

compared as (
    select
        different.text_hash_a,
        different.text_hash_b,
        texts_a.title = texts_b.title as is_same_title,
        texts_a.text = texts_b.text as is_same_text,
        len(list_intersect(shingles_a.shingles, shingles_b.shingles)) as shared_count,
        least(len(shingles_a.shingles), len(shingles_b.shingles)) as smaller_count,
        greatest(len(shingles_a.shingles), len(shingles_b.shingles)) as larger_count
    from different
    inner join texts as texts_a on different.text_hash_a = texts_a.text_hash
    inner join texts as texts_b on different.text_hash_b = texts_b.text_hash
    inner join raw.texts as shingles_a on different.text_hash_a = shingles_a.text_hash
    inner join raw.texts as shingles_b on different.text_hash_b = shingles_b.text_hash
)

select
    pairs.article_id_a, -- The original: the article of the group with `is_original`.
    pairs.article_id_b, -- Key: the copy; an article is a copy of one original at most.
    pairs.text_group_id, -- Their set of copies.
    coalesce(
        compared.shared_count / nullif(compared.smaller_count + compared.larger_count - compared.shared_count, 0), 1
    ) as shared_share, -- Part of the four-word sequences of either that both have, 0-1.
    coalesce(
        compared.shared_count / nullif(compared.smaller_count, 0), 1
    ) as contained_share, -- Part of the four-word sequences of the shorter that the longer has too, 0-1.
    case
        when pairs.text_hash_a = pairs.text_hash_b or (compared.is_same_text and compared.is_same_title) then 'same'
        when compared.is_same_text then 'headline'
        when
            compared.shared_count >= 0.9 * compared.smaller_count
            and compared.smaller_count <= 0.85 * compared.larger_count
            then 'cut'
        else 'edited'
    end as change_code -- What differs: same (at most case and punctuation), headline, cut (one is nearly all in the other), edited.
from pairs
left join compared
    on pairs.text_hash_a = compared.text_hash_a and pairs.text_hash_b = compared.text_hash_b
