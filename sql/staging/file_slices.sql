-- One slice of one file's content, as it counts: what a later reading of the same content replaced is out.
with readings as (
    select
        batch_id,
        run_id,
        file_path,
        file_key,
        file_hash,
        file_size,
        modified_ns,
        parser_version,
        first_record,
        last_record,
        is_last,
        article_count,
        rejection_count,
        lag(file_hash) over by_time as last_hash,
        lag(parser_version) over by_time as last_parser
    from raw.files
    window by_time as (partition by file_key order by batch_id, first_record)
),

-- A generation is a time during which a file had one content, read by one parser.
generations as (
    select
        *,
        count(*) filter (where last_hash is null or file_hash != last_hash or parser_version != last_parser) over (
            partition by file_key
            order by batch_id, first_record
            rows unbounded preceding
        ) as generation
    from readings
),

kept as (
    select *
    from generations
    where not exists (
        select 1
        from generations as later
        where
            later.file_key = generations.file_key
            and later.generation = generations.generation
            and later.batch_id > generations.batch_id
            and later.first_record <= generations.last_record
            and later.last_record >= generations.first_record
    )
),

measured as (
    select
        *,
        min(first_record) over (partition by file_key, generation) = 1
        and sum(last_record - first_record + 1) over (partition by file_key, generation)
        = max(last_record) over (partition by file_key, generation)
        and bool_or(is_last) over (partition by file_key, generation) as is_complete,
        max(generation) over (partition by file_key) as last_generation
    from kept
)

select
    batch_id,
    run_id,
    file_path,
    file_key,
    file_hash,
    file_size,
    modified_ns,
    parser_version,
    first_record,
    last_record,
    is_last,
    article_count,
    rejection_count,
    generation,
    last_generation,
    is_complete,
    -- of one content, the newest complete reading counts, else the newest
    generation = coalesce(
        max(generation) filter (where is_complete) over (partition by file_key, file_hash),
        max(generation) over (partition by file_key, file_hash)
    ) as is_counted,
    file_hash = arg_max(file_hash, generation) over (partition by file_key) as is_latest_content
from measured
