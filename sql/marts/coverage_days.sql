-- One outlet on one day: each day with articles, and each day without on which at least 3 were expected.
-- Days run from the outlet's first to 28 after its last, but not beyond the last day of all.
with outlet_days as (
    select
        outlet_id,
        published_on,
        count(*) as article_count
    from staging.article_facts
    where outlet_id is not null and published_on is not null
    group by all
),

outlets as (
    select
        outlet_id,
        min(published_on) as first_on,
        least(max(published_on) + 28, (select max(days.published_on) from staging.days)) as last_on
    from outlet_days
    group by outlet_id
    having sum(article_count) >= 21 and max(published_on) - min(published_on) < 20000
),

-- Only an outlet with 3 articles a day over a week can have a gap, so only those get every day.
calendar as (
    select
        outlet_id,
        first_on,
        unnest(range(first_on, last_on + 1, interval 1 day))::date as published_on
    from outlets
),

counted as (
    select
        calendar.outlet_id,
        calendar.published_on,
        calendar.first_on,
        coalesce(outlet_days.article_count, 0) as article_count
    from calendar
    left join outlet_days
        on calendar.outlet_id = outlet_days.outlet_id and calendar.published_on = outlet_days.published_on
),

-- Medians: one day out of the ordinary does not change what is usual.
expected as (
    select
        outlet_id,
        published_on,
        article_count,
        case
            when published_on - first_on < 7 then null
            when count(*) over weeks_back >= 3 then median(article_count) over weeks_back
            else median(article_count) over days_back
        end as expected_count
    from counted
    window
        days_back as (
            partition by outlet_id
            order by published_on
            rows between 28 preceding and 1 preceding
        ),
        weeks_back as (
            partition by outlet_id, dayofweek(published_on)
            order by published_on
            rows between 4 preceding and 1 preceding
        )
),

compared as (
    select
        outlet_id,
        published_on,
        article_count,
        expected_count,
        case
            when expected_count is null then 'new'
            when expected_count >= 3 and article_count < expected_count / 3 then 'silent'
            when
                expected_count >= 3
                and article_count >= 2 * expected_count
                and article_count > expected_count + 2 * sqrt(expected_count)
                then 'doubled'
            else 'usual'
        end as coverage_code
    from expected
),

listed as (
    select
        outlet_days.outlet_id,
        outlet_days.published_on,
        outlet_days.article_count,
        compared.expected_count,
        coalesce(compared.coverage_code, 'usual') as coverage_code
    from outlet_days
    left join compared
        on outlet_days.outlet_id = compared.outlet_id and outlet_days.published_on = compared.published_on
    union all
    select
        outlet_id,
        published_on,
        article_count,
        expected_count,
        coverage_code
    from compared
    where article_count = 0 and coverage_code = 'silent'
)

select
    outlet_id, -- The outlet.
    published_on, -- The day.
    article_count, -- Articles it published, every copy; 0 when none was read.
    expected_count, -- Median of the last 4 such weekdays, else of the days before; null in its first week and with few articles.
    coverage_code, -- silent: under a third of at least 3 expected; doubled: at least twice, beyond chance; new: its first week; else usual.
    coverage_code in ('silent', 'doubled') as is_gap -- Silent or doubled: what was read changed, which need not be what was published.
from listed
