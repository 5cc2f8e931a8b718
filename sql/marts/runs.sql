-- One run.
with undated as (
    select
        run_id,
        count(*) as undated_count
    from raw.articles
    where published_on is null
    group by run_id
)

select
    runs.run_id, -- Key: when it started, UTC, and four letters.
    runs.started_at, -- When it started.
    runs.ended_at, -- When it ended; null while it runs.
    runs.run_state, -- started, published, failed or interrupted.
    runs.files_seen_count, -- Files of its input.
    runs.files_new_count, -- Files that it read: new ones, and those with new content.
    runs.article_count, -- Articles that it read.
    runs.rejection_count, -- Records that gave no article.
    coalesce(undated.undated_count, 0) as undated_article_count, -- Its articles without a date: in totals, not in days and trends.
    runs.annotator_version, -- Which code, rules and model annotated.
    runs.parser_version, -- Which code and rules read and parsed.
    runs.detail -- What went wrong, if anything did.
from raw.runs
left join undated on runs.run_id = undated.run_id
