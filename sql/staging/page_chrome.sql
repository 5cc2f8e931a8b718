-- One line at the ends of the texts of one outlet, else of one folder, that is page chrome, or of which a person said so.
with scopes as (
    select
        scope_name,
        count(distinct text_hash) as text_count
    from staging.chrome_scopes
    group by scope_name
),

decisions as (
    select
        nullif(trim(scope_name), '') as scope_name,
        ('0x' || left(sha256(trim(line)), 16))::ubigint as line_hash,
        is_chrome::boolean as is_chrome
    from seeds.page_chrome_decisions
),

often as (
    select
        chrome_scopes.scope_name,
        edge_lines.line_hash
    from raw.edge_lines
    inner join staging.chrome_scopes
        on
            edge_lines.batch_id = chrome_scopes.batch_id
            and edge_lines.file_key = chrome_scopes.file_key
            and edge_lines.record_number = chrome_scopes.record_number
    group by chrome_scopes.scope_name, edge_lines.line_hash
    having count(*) > 3 or edge_lines.line_hash in (select decisions.line_hash from decisions)
),

repeated as (
    select
        chrome_scopes.scope_name,
        edge_lines.line_hash,
        max(edge_lines.needed_share) as needed_share,
        count(distinct chrome_scopes.article_id) as article_count,
        count(distinct chrome_scopes.text_hash) as text_count,
        -- copies and corrections of one story share its words, and are one witness
        count(distinct edge_lines.telling_word) as story_count,
        min(
            struct_pack(
                article_id := chrome_scopes.article_id,
                batch_id := chrome_scopes.batch_id,
                file_key := chrome_scopes.file_key,
                record_number := chrome_scopes.record_number,
                place := edge_lines.place
            )
        ) as example
    from raw.edge_lines
    inner join staging.chrome_scopes
        on
            edge_lines.batch_id = chrome_scopes.batch_id
            and edge_lines.file_key = chrome_scopes.file_key
            and edge_lines.record_number = chrome_scopes.record_number
    semi join often on chrome_scopes.scope_name = often.scope_name and edge_lines.line_hash = often.line_hash
    group by chrome_scopes.scope_name, edge_lines.line_hash
),

decided as (
    select
        repeated.scope_name,
        repeated.line_hash,
        -- what is said of the narrowest scope counts; of two that contradict each other, the objection
        arg_max(
            decisions.is_chrome, (length(coalesce(decisions.scope_name, '')), not decisions.is_chrome)
        ) as is_chrome
    from repeated
    inner join decisions on repeated.line_hash = decisions.line_hash
    where
        decisions.scope_name is null
        or repeated.scope_name = decisions.scope_name
        or ends_with(repeated.scope_name, '/' || decisions.scope_name)
        or ends_with(repeated.scope_name, '.' || decisions.scope_name)
    group by repeated.scope_name, repeated.line_hash
)

select
    repeated.scope_name,
    repeated.line_hash,
    coalesce(decided.is_chrome, true) as is_chrome,
    if(decided.is_chrome is null, 'learned', 'seeds.page_chrome_decisions') as decided_by,
    repeated.article_count,
    repeated.text_count / scopes.text_count as text_share,
    repeated.example
from repeated
inner join scopes on repeated.scope_name = scopes.scope_name
left join decided on repeated.scope_name = decided.scope_name and repeated.line_hash = decided.line_hash
where
    decided.is_chrome is not null
    or (repeated.story_count > 3 and repeated.text_count / scopes.text_count >= repeated.needed_share)
