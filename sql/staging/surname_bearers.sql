-- One surname in an outlet's articles of one year, and who bears it there most.
with bearers as (
    select
        short_names.name_key,
        short_names.base_key,
        coalesce(article_texts.outlet_name, article_texts.outlet_domain, '') as outlet,
        year(article_texts.published_on) as published_year,
        count(distinct short_names.text_hash) as text_count
    from staging.short_names
    inner join staging.article_texts on short_names.text_hash = article_texts.text_hash
    where short_names.entity_type = 'person'
    group by all
),

shared as (
    select
        *,
        text_count / sum(text_count) over (partition by name_key, outlet, published_year) as share
    from bearers
)

select
    name_key,
    base_key,
    outlet,
    published_year,
    text_count,
    share
from shared
where text_count >= 3
qualify
    row_number() over (
        partition by name_key, outlet, published_year order by text_count desc, base_key asc
    ) = 1
