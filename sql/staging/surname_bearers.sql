-- One surname in an outlet's articles of one year, and who bears it there most.
with bearers as (
    select
        short_names.key_number,
        short_names.bearer_number,
        coalesce(article_texts.outlet_name, article_texts.outlet_domain, '') as outlet,
        year(article_texts.published_on) as published_year,
        count(distinct short_names.text_number) as text_count
    from staging.short_names
    inner join staging.texts on short_names.text_number = texts.text_number
    inner join staging.article_texts on texts.text_hash = article_texts.text_hash
    where short_names.entity_type = 'person'
    group by all
),

shared as (
    select
        *,
        text_count / sum(text_count) over (partition by key_number, outlet, published_year) as share
    from bearers
)

select
    key_number,
    bearer_number,
    outlet,
    published_year,
    text_count,
    share
from shared
where text_count >= 3
qualify
    row_number() over (
        partition by key_number, outlet, published_year order by text_count desc, bearer_number asc
    ) = 1
