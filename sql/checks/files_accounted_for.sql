-- Every record of every file gave an article or a rejection, and what this run read it read to the end.
with found_articles as (
    select
        batch_id,
        file_key,
        record_number,
        1 as article_count,
        0 as rejection_count
    from raw.articles
    union all
    select
        batch_id,
        file_key,
        record_number,
        0 as article_count,
        1 as rejection_count
    from raw.rejections
),

accounts as (
    select
        file_slices.file_path,
        file_slices.run_id,
        file_slices.first_record,
        file_slices.last_record,
        file_slices.is_complete,
        file_slices.article_count,
        file_slices.rejection_count,
        coalesce(sum(found_articles.article_count), 0) as found_article_count,
        coalesce(sum(found_articles.rejection_count), 0) as found_rejection_count,
        count(distinct found_articles.record_number) as found_record_count
    from staging.file_slices
    left join found_articles
        on
            file_slices.batch_id = found_articles.batch_id
            and file_slices.file_key = found_articles.file_key
            and found_articles.record_number between file_slices.first_record and file_slices.last_record
    group by all
)

select accounts.*
from accounts
cross join raw.build
where
    accounts.article_count != accounts.found_article_count
    or accounts.rejection_count != accounts.found_rejection_count
    or accounts.last_record - accounts.first_record + 1 != accounts.found_record_count
    or accounts.found_article_count + accounts.found_rejection_count != accounts.found_record_count
    or (accounts.run_id = build.run_id and not accounts.is_complete)
