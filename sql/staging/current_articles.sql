-- One article, its latest version: where it stands in `raw.articles`, without its title and text.
with counted as (
    select
        articles.*,
        file_slices.file_hash
    from raw.articles
    inner join staging.file_slices
        on
            articles.batch_id = file_slices.batch_id
            and articles.file_key = file_slices.file_key
            and articles.record_number between file_slices.first_record and file_slices.last_record
    where file_slices.is_counted
),

-- An address that three or more texts of one file bear is that of a page which lists them, not theirs.
list_pages as (
    select
        file_key,
        file_hash,
        url
    from counted
    where url is not null
    group by file_key, file_hash, url
    having count(distinct text_hash) > 2
),

identified as (
    select
        counted.* exclude (article_id),
        -- the same digest as of a record without an address, see `article_id` in flows/batches.py
        if(
            list_pages.url is null,
            counted.article_id,
            left(sha256(concat_ws(chr(31), 'record', counted.file_key, counted.record_number::varchar)), 32)
        ) as article_id
    from counted
    left join list_pages
        on
            counted.file_key = list_pages.file_key
            and counted.file_hash = list_pages.file_hash
            and counted.url = list_pages.url
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
from identified
qualify
    row_number() over (
        partition by article_id
        order by run_id desc, file_key desc, record_number desc, batch_id desc
    ) = 1
