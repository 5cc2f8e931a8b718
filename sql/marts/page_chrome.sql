-- One line that the texts of one outlet, else of one folder, share at an end: page chrome, or said to be none.
with cuts as (
    select
        chrome_scopes.scope_name,
        edge_lines.line_hash,
        count(distinct article_texts.article_id) as cut_count
    from staging.article_texts
    inner join staging.chrome_scopes on article_texts.article_id = chrome_scopes.article_id
    inner join raw.edge_lines
        on
            article_texts.batch_id = edge_lines.batch_id
            and article_texts.file_key = edge_lines.file_key
            and article_texts.record_number = edge_lines.record_number
    where
        (edge_lines.place > 0 and edge_lines.place <= article_texts.top_cut_count)
        or (edge_lines.place < 0 and -edge_lines.place <= article_texts.bottom_cut_count)
    group by chrome_scopes.scope_name, edge_lines.line_hash
)

select
    md5(concat_ws('|', page_chrome.scope_name, page_chrome.line_hash)) as chrome_id, -- Key: digest of scope and line.
    page_chrome.scope_name, -- Whose pages bear it: the domain or name of the outlet, else the folder.
    article_facts.outlet_id, -- The outlet; null for a folder.
    string_split(articles.text, chr(10) || chr(10))[page_chrome.example.place] as line, -- What stands there.
    page_chrome.is_chrome, -- Whether it is cut; false where a person said that it belongs to the articles.
    page_chrome.decided_by, -- learned, or seeds.page_chrome_decisions.
    page_chrome.article_count, -- Articles that were read with it near an end of their text.
    page_chrome.text_share, -- Share of the distinct texts of that outlet or folder that have it there.
    coalesce(cuts.cut_count, 0) as cut_count, -- Articles that it was cut from: nothing but chrome stood outside of it.
    page_chrome.example.article_id as example_article_id -- One of the articles; raw.articles has its text as read.
from staging.page_chrome
inner join raw.articles
    on
        page_chrome.example.batch_id = articles.batch_id
        and page_chrome.example.file_key = articles.file_key
        and page_chrome.example.record_number = articles.record_number
inner join staging.article_facts on page_chrome.example.article_id = article_facts.article_id
left join cuts on page_chrome.scope_name = cuts.scope_name and page_chrome.line_hash = cuts.line_hash
