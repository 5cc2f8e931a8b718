-- One day on which at least one article was published.
select
    published_on,
    count(*) as article_count
from staging.article_facts
where published_on is not null
group by published_on
