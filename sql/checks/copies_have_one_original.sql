-- Copies of one text have one original and one origin.
select
    text_group_id,
    count(*) as article_count,
    count(*) filter (where is_original) as original_count,
    count(distinct origin_id) as origin_count
from marts.articles
group by text_group_id
having original_count != 1 or origin_count != 1
