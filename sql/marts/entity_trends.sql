-- One entity that rose or fell on one day, against what its part of the 28 days before lets expect. Days on
-- which it was not named, and days with articles on fewer than 7 of the 28 days before, are left out.
with day_windows as (
    select
        published_on,
        article_count,
        sum(article_count) over days_back as articles_before,
        count(*) over days_back as days_before
    from staging.days
    window days_back as (
        order by published_on
        range between interval 28 days preceding and interval 1 day preceding
    )
),

entity_windows as (
    select
        entity_id,
        published_on,
        article_count,
        text_count,
        coalesce(sum(article_count) over days_back, 0) as named_before
    from marts.entity_days
    window days_back as (
        partition by entity_id
        order by published_on
        range between interval 28 days preceding and interval 1 day preceding
    )
),

expected as (
    select
        entity_windows.entity_id,
        entity_windows.published_on,
        entity_windows.article_count,
        entity_windows.text_count,
        entity_windows.named_before / day_windows.articles_before * day_windows.article_count as expected_count
    from entity_windows
    inner join day_windows on entity_windows.published_on = day_windows.published_on
    where day_windows.days_before >= 7
),

scored as (
    select
        *,
        (article_count - expected_count) / sqrt(expected_count + 1) as trend_score
    from expected
)

select
    entity_id, -- The entity.
    published_on, -- The day.
    article_count, -- Articles of that day that name it, every copy as it was published.
    text_count, -- Copies of one text once: 1 says that one widely copied text is the whole rise.
    expected_count, -- Its part of the articles of the 28 days before, times the articles of this day.
    trend_score -- (article_count - expected_count) / sqrt(expected_count + 1): above 0 rose, below 0 fell; at least 2 either way.
from scored
where article_count >= 3 and abs(trend_score) >= 2
