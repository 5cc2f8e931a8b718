-- One file, its latest content.
select
    file_key, -- Key of the file: stays when its content changes.
    arg_max(file_path, (batch_id, last_record)) as file_path, -- The file, as found.
    any_value(file_hash) as file_hash, -- Digest of its bytes.
    any_value(file_size) as file_size, -- Bytes.
    any_value(parser_version) as parser_version, -- Which code and rules read it.
    max(last_record) as record_count, -- Records in it; those read so far when it is not complete.
    sum(article_count)::bigint as article_count, -- Records that gave an article.
    sum(rejection_count)::bigint as rejection_count, -- Records that gave a rejection.
    bool_and(is_complete) as is_complete, -- Whether it was read to its end.
    max(run_id) as run_id -- The run that read it.
from staging.file_slices
where is_counted and is_latest_content
group by file_key
