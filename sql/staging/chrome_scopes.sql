-- One current article, and the outlet, else the folder, whose page furniture it may bear.
select
    article_id,
    batch_id,
    file_key,
    record_number,
    text_hash,
    coalesce(
        nullif(regexp_replace(lower(trim(outlet_domain)), '^www\.|:\d+$|\.+$', '', 'g'), ''),
        outlet_name,
        regexp_replace(file_key, '/[^/]*$', '')
    ) as scope_name
from staging.current_articles
