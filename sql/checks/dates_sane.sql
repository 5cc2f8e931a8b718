-- A date lies between the first newspapers and tomorrow, and has a basis exactly when it is known.
select
    articles.article_id,
    articles.published_on,
    articles.published_basis
from marts.articles
cross join raw.build
where
    articles.published_on < '1600-01-01'
    or articles.published_on > build.built_at::date + 1
    or (articles.published_on is null) != (articles.published_basis is not distinct from 'none')
