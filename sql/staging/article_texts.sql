-- One current article with its text as it counts: without the page chrome of its outlet at either end.
with chrome_lines as (
    select
        edge_lines.batch_id,
        edge_lines.file_key,
        edge_lines.record_number,
        edge_lines.place,
        row_number() over (
            partition by
                edge_lines.batch_id, edge_lines.file_key, edge_lines.record_number, edge_lines.place > 0
            order by abs(edge_lines.place)
        ) as depth
    from raw.edge_lines
    inner join staging.chrome_scopes
        on
            edge_lines.batch_id = chrome_scopes.batch_id
            and edge_lines.file_key = chrome_scopes.file_key
            and edge_lines.record_number = chrome_scopes.record_number
    inner join staging.page_chrome
        on chrome_scopes.scope_name = page_chrome.scope_name and edge_lines.line_hash = page_chrome.line_hash
    where page_chrome.is_chrome
),

-- A line is cut where nothing but page chrome stands outside of it.
cuts as (
    select
        batch_id,
        file_key,
        record_number,
        count(*) filter (where place > 0) as top_cut_count,
        count(*) filter (where place < 0) as bottom_cut_count
    from chrome_lines
    where abs(place) = depth
    group by batch_id, file_key, record_number
),

cut as (
    select
        articles.batch_id,
        articles.file_key,
        articles.record_number,
        cuts.top_cut_count,
        cuts.bottom_cut_count,
        coalesce(articles.title, '') as title,
        array_to_string(
            string_split(articles.text, chr(10) || chr(10))[1 + cuts.top_cut_count:-1 - cuts.bottom_cut_count],
            chr(10) || chr(10)
        ) as text
    from cuts
    inner join raw.articles
        on
            cuts.batch_id = articles.batch_id
            and cuts.file_key = articles.file_key
            and cuts.record_number = articles.record_number
)

select
    current_articles.article_id,
    current_articles.batch_id,
    current_articles.file_key,
    current_articles.record_number,
    -- the same digest and count as of a text that was read without chrome, see flows/records.py
    coalesce(left(sha256(cut.title || chr(31) || cut.text), 32), current_articles.text_hash) as text_hash,
    coalesce(
        len(regexp_extract_all(cut.title || ' ' || cut.text, '\S+'))::integer, current_articles.word_count
    ) as word_count,
    current_articles.published_on,
    current_articles.outlet_name,
    current_articles.outlet_domain,
    current_articles.agency_id,
    current_articles.agency_name,
    cut.text as cut_text,
    coalesce(cut.top_cut_count, 0) as top_cut_count,
    coalesce(cut.bottom_cut_count, 0) as bottom_cut_count
from staging.current_articles
left join cut
    on
        current_articles.batch_id = cut.batch_id
        and current_articles.file_key = cut.file_key
        and current_articles.record_number = cut.record_number
