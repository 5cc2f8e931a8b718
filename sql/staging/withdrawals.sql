-- One version of one article that its sender took back, and the rejected record that says so.
with taken_back as (
    select
        rejections.batch_id,
        rejections.file_key,
        rejections.record_number,
        rejections.url,
        rejections.item_key,
        rejections.version_number,
        rejections.updated_at
    from raw.rejections
    inner join staging.file_slices
        on
            rejections.batch_id = file_slices.batch_id
            and rejections.file_key = file_slices.file_key
            and rejections.record_number between file_slices.first_record and file_slices.last_record
    where file_slices.is_counted and rejections.reason_code = 'withdrawn'
),

-- The id counts in every format: what is taken back in one is taken back in all.
meant as (
    select
        taken_back.*,
        versions.article_id
    from taken_back
    inner join staging.article_versions as versions on taken_back.item_key = versions.item_key
    union
    select
        taken_back.*,
        versions.article_id
    from taken_back
    inner join staging.article_versions as versions on taken_back.url = versions.url
)

select
    meant.batch_id,
    meant.file_key,
    meant.record_number,
    versions.article_id,
    versions.batch_id as article_batch_id,
    versions.file_key as article_file_key,
    versions.record_number as article_record_number
from meant
inner join staging.article_versions as versions on meant.article_id = versions.article_id
where
    -- what was sent again later stands; where nothing says what was first, it is taken back
    case
        when meant.version_number != versions.version_number then meant.version_number > versions.version_number
        else coalesce(meant.updated_at >= versions.updated_at, true)
    end
