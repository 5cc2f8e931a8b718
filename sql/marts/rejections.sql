-- One input that gave no article, of the latest content of its file.
select
    rejections.file_path, -- The file, as found.
    rejections.record_number, -- Which record of that file, from 1.
    rejections.reason_code, -- Why, of a closed list.
    rejections.detail, -- What exactly was wrong.
    rejections.run_id, -- The run that rejected it.
    rejections.rejected_at -- When.
from raw.rejections
inner join staging.file_slices
    on
        rejections.batch_id = file_slices.batch_id
        and rejections.file_key = file_slices.file_key
        and rejections.record_number between file_slices.first_record and file_slices.last_record
where file_slices.is_counted and file_slices.is_latest_content
