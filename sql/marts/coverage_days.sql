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

averaged as (
    select
        outlet_id,
        published_on,
        article_count,
        if(
            published_on - first_on < 7,
            null,
            least(
                avg(article_count) over (
                    partition by outlet_id
                    order by published_on
                    rows between 28 preceding and 1 preceding
                ),
                avg(article_count) over (
                    partition by outlet_id, dayofweek(published_on)
                    order by published_on
                    rows between 4 preceding and 1 preceding
                )
            )
        ) as expected_count
    from counted
)

select
    outlet_days.outlet_id, -- The outlet.
    outlet_days.published_on, -- The day.
    outlet_days.article_count, -- Articles it published, every copy; 0 when none was read.
    averaged.expected_count, -- The lower of its means over 28 days and over 4 such weekdays; null in its first week.
    coalesce(
        averaged.expected_count >= 3 and outlet_days.article_count < averaged.expected_count / 3, false
    ) as is_gap -- Fewer than a third of at least 3 expected: a hole in what was read, or a day off.
from outlet_days
left join averaged
    on outlet_days.outlet_id = averaged.outlet_id and outlet_days.published_on = averaged.published_on
union all
select
    outlet_id,
    published_on,
    article_count,
    expected_count,
    true as is_gap
from averaged
where article_count = 0 and expected_count >= 3
