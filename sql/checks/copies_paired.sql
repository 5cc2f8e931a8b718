-- Each copy is paired with its original, and no original is a copy.
select
    articles.article_id,
    articles.is_original,
    copy_pairs.article_id_a
from marts.articles
left join marts.copy_pairs on articles.article_id = copy_pairs.article_id_b
where articles.is_original = (copy_pairs.article_id_b is not null)
union all
select
    copy_pairs.article_id_b as article_id,
    originals.is_original,
    copy_pairs.article_id_a
from marts.copy_pairs
left join marts.articles as originals on copy_pairs.article_id_a = originals.article_id
where originals.is_original is distinct from true or originals.text_group_id != copy_pairs.text_group_id
