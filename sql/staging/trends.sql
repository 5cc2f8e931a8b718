-- One entity or topic on one day that stands out from the 28 days before. Days on which it was not named, and
-- days with articles on fewer than 7 of the 28 days before, are left out.
with subject_days as (
    select
        'entity' as subject_kind,
        entity_id as subject_id,
        published_on,
        article_count,
        text_count
    from marts.entity_days
    union all
    select
        'topic' as subject_kind,
        topic_id as subject_id,
        published_on,
        article_count,
        text_count
    from marts.topic_days
    where topic_id != 'unclassified'
),

day_windows as (
    select
        published_on,
        article_count,
        sum(article_count) over days_back as articles_before,
        count(*) over days_back as days_before,
        coalesce(sum(article_count) over weeks_back, 0) as weekday_articles_before
    from staging.days
    window
        days_back as (
            order by published_on
            range between interval 28 days preceding and interval 1 day preceding
        ),
        weeks_back as (
            partition by dayofweek(published_on)
            order by published_on
            range between interval 28 days preceding and interval 1 day preceding
        )
),

subject_windows as (
    select
        subject_days.*,
        day_windows.article_count as day_article_count,
        day_windows.articles_before,
        day_windows.weekday_articles_before,
        day_windows.days_before,
        coalesce(sum(subject_days.article_count) over days_back, 0) as named_before,
        coalesce(sum(subject_days.article_count) over weeks_back, 0) as weekday_named_before,
        -- the day of the 28 that had the greatest part of its articles
        coalesce(
            arg_max(subject_days.article_count, subject_days.article_count / day_windows.article_count)
                over days_back, 0
        ) as named_at_peak,
        coalesce(
            arg_max(day_windows.article_count, subject_days.article_count / day_windows.article_count)
                over days_back, 0
        ) as articles_at_peak
    from subject_days
    inner join day_windows on subject_days.published_on = day_windows.published_on
    window
        days_back as (
            partition by subject_days.subject_kind, subject_days.subject_id
            order by subject_days.published_on
            range between interval 28 days preceding and interval 1 day preceding
        ),
        weeks_back as (
            partition by
                subject_days.subject_kind, subject_days.subject_id, dayofweek(subject_days.published_on)
            order by subject_days.published_on
            range between interval 28 days preceding and interval 1 day preceding
        )
),

-- What is usual of all days, but the one of its peak, and what of such weekdays.
usual as (
    select
        *,
        (named_before - named_at_peak) / greatest(1, articles_before - articles_at_peak)
        * day_article_count as usual_count,
        weekday_named_before / nullif(weekday_articles_before, 0) * day_article_count as usual_weekday_count
    from subject_windows
    where days_before >= 7
),

-- A rise goes beyond both, a fall falls short of both; between them is nothing unexpected.
expected as (
    select
        *,
        greatest(
            least(usual_count, coalesce(usual_weekday_count, usual_count)),
            least(article_count, greatest(usual_count, usual_weekday_count))
        ) as expected_count
    from usual
),

scored as (
    select
        *,
        (article_count - expected_count) / sqrt(expected_count + 1) as trend_score
    from expected
),

-- Texts, not copies: one text that everybody carries is no trend.
listed as (
    select * from scored
    where text_count >= 3 and abs(trend_score) >= 2
),

unusual_outlets as (
    select
        outlet_id,
        published_on
    from marts.coverage_days
    where coverage_code != 'usual'
),

-- What the outlets that were silent, new or doubled on the day give to the subject in the 28 days and on it.
from_unusual as (
    select
        listed.subject_kind,
        listed.subject_id,
        listed.published_on,
        sum(outlet_subject_days.article_count) as article_count
    from listed
    inner join unusual_outlets on listed.published_on = unusual_outlets.published_on
    inner join staging.outlet_subject_days
        on
            unusual_outlets.outlet_id = outlet_subject_days.outlet_id
            and listed.subject_kind = outlet_subject_days.subject_kind
            and listed.subject_id = outlet_subject_days.subject_id
            and outlet_subject_days.published_on between listed.published_on - 28 and listed.published_on
    group by all
)

select
    listed.subject_kind,
    listed.subject_id,
    listed.published_on,
    listed.article_count,
    listed.text_count,
    listed.expected_count,
    listed.trend_score,
    coalesce(from_unusual.article_count, 0) >= (listed.named_before + listed.article_count) / 5 as is_affected
from listed
left join from_unusual
    on
        listed.subject_kind = from_unusual.subject_kind
        and listed.subject_id = from_unusual.subject_id
        and listed.published_on = from_unusual.published_on
