-- One article, its latest version: where it stands in `raw.articles`, without its title and text.
with standing as (
    select *
    from staging.article_versions
    where not exists (
        select 1
        from staging.withdrawals
        where
            withdrawals.article_batch_id = article_versions.batch_id
            and withdrawals.article_file_key = article_versions.file_key
            and withdrawals.article_record_number = article_versions.record_number
    )
),

-- Within a format its own version numbers and times say which is the latest, before the run that read it.
latest_of_format as (
    select *
    from standing
    qualify
        row_number() over (
            partition by article_id, format_code
            order by
                is_summary asc,
                version_number desc nulls last,
                updated_at desc nulls last,
                (item_key is not null and is_correction) desc,
                run_id desc,
                is_correction desc,
                file_key desc,
                record_number desc,
                batch_id desc
        ) = 1
)

select
    article_id,
    batch_id,
    run_id,
    file_key,
    record_number,
    text_hash,
    published_on,
    outlet_name,
    outlet_domain,
    agency_id,
    agency_name,
    word_count
from latest_of_format
qualify
    row_number() over (
        partition by article_id
        order by
            is_summary asc, run_id desc, is_correction desc, file_key desc, record_number desc, batch_id desc
    ) = 1
