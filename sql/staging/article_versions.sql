-- One version of one article, as one record has it: where it stands in `raw.articles`, without its title and text.
with counted as (
    select
        articles.article_id,
        articles.batch_id,
        articles.run_id,
        articles.file_key,
        articles.record_number,
        articles.format_code,
        articles.text_hash,
        articles.published_on,
        articles.outlet_name,
        articles.outlet_domain,
        articles.agency_id,
        articles.agency_name,
        articles.word_count,
        articles.url,
        articles.item_key,
        articles.version_number,
        articles.updated_at,
        coalesce(articles.is_correction, false) as is_correction,
        coalesce(articles.is_summary, false) as is_summary,
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
    where url is not null and version_number is null
    group by file_key, file_hash, url
    having count(distinct text_hash) > 2
),

-- So is an id that three or more texts of one file bear, or several addresses, unless it counts its versions.
list_items as (
    select
        file_key,
        file_hash,
        item_key
    from counted
    where item_key is not null and version_number is null
    group by file_key, file_hash, item_key
    having count(distinct text_hash) > 2 or count(distinct url) > 1
),

own as (
    select
        counted.* exclude (url, item_key),
        if(list_pages.url is null, counted.url, null) as url,
        if(list_items.item_key is null, counted.item_key, null) as item_key,
        list_pages.url is not null or list_items.item_key is not null as is_renamed
    from counted
    left join list_pages
        on
            counted.file_key = list_pages.file_key
            and counted.file_hash = list_pages.file_hash
            and counted.url = list_pages.url
    left join list_items
        on
            counted.file_key = list_items.file_key
            and counted.file_hash = list_items.file_hash
            and counted.item_key = list_items.item_key
),

identified as (
    select
        own.* exclude (article_id, is_renamed),
        -- the same digests as of a record without that address or id, see `article_id` in flows/batches.py
        case
            when own.url is not null or not own.is_renamed then own.article_id
            when own.item_key is not null
                then left(sha256(concat_ws(chr(31), 'item', own.format_code, own.item_key)), 32)
            else left(sha256(concat_ws(chr(31), 'record', own.file_key, own.record_number::varchar)), 32)
        end as article_id
    from own
),

-- An item that moved from one address to another is one article, and so is all that either address had.
items as (
    select
        format_code,
        item_key,
        min(article_id) as article_id
    from identified
    where item_key is not null and url is not null
    group by format_code, item_key
),

moved as (
    select
        identified.article_id,
        min(items.article_id) as first_article_id
    from identified
    inner join items on identified.format_code = items.format_code and identified.item_key = items.item_key
    group by identified.article_id
)

select
    coalesce(moved.first_article_id, identified.article_id) as article_id,
    identified.batch_id,
    identified.run_id,
    identified.file_key,
    identified.record_number,
    identified.format_code,
    identified.text_hash,
    identified.published_on,
    identified.outlet_name,
    identified.outlet_domain,
    identified.agency_id,
    identified.agency_name,
    identified.word_count,
    identified.url,
    identified.item_key,
    identified.version_number,
    identified.updated_at,
    identified.is_correction,
    identified.is_summary
from identified
left join moved on identified.article_id = moved.article_id
