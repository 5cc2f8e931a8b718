-- One input that gave no article, of the latest content of its file; also of earlier content while it withdraws.
with withdrawn as (
    select
        batch_id,
        file_key,
        record_number,
        min(article_id) as article_id
    from staging.withdrawals
    group by batch_id, file_key, record_number
)

select
    rejections.file_path, -- The file, as found.
    rejections.record_number, -- Which record of that file, from 1.
    rejections.reason_code, -- Why, of a closed list.
    rejections.detail, -- What exactly was wrong.
    withdrawn.article_id, -- The article that was taken back; null for other reasons, and when none was read.
    rejections.item_id, -- Id of the item that was taken back, as its wire gives it.
    rejections.run_id, -- The run that rejected it.
    rejections.rejected_at -- When.
from raw.rejections
inner join staging.file_slices
    on
        rejections.batch_id = file_slices.batch_id
        and rejections.file_key = file_slices.file_key
        and rejections.record_number between file_slices.first_record and file_slices.last_record
left join withdrawn
    on
        rejections.batch_id = withdrawn.batch_id
        and rejections.file_key = withdrawn.file_key
        and rejections.record_number = withdrawn.record_number
where file_slices.is_counted and (file_slices.is_latest_content or withdrawn.article_id is not null)
qualify
    file_slices.is_latest_content
    or row_number() over (
        partition by withdrawn.article_id
        order by
            file_slices.is_latest_content desc,
            rejections.run_id desc,
            rejections.file_key desc,
            rejections.record_number desc,
            rejections.batch_id desc
    ) = 1
