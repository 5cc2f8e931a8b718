-- One topic that rose or fell on one day, against what the 28 days before and their weekdays let expect. Asked for:
-- 3 different texts, so that neither small numbers nor one text that all carry make a trend.
select
    subject_id as topic_id, -- The topic.
    published_on, -- The day.
    article_count, -- Articles of that day on it, every copy as it was published.
    text_count, -- Copies of one text once.
    expected_count, -- Its part of the 28 days before but its peak day, or of such weekdays if nearer, times the articles of this day.
    trend_score, -- (article_count - expected_count) / sqrt(expected_count + 1): above 0 rose, below 0 fell; beyond 3 rarely chance.
    is_affected -- Whether a fifth of its articles are of outlets that were silent, new or doubled that day.
from staging.trends
where subject_kind = 'topic'
