-- One article, its latest version: where it stands in `raw.articles`, without its title and text.
select
    articles.article_id,
    articles.batch_id,
    articles.run_id,
    articles.file_key,
    articles.record_number,
    articles.text_hash,
    articles.published_on,
    articles.outlet_name,
    articles.outlet_domain,
    articles.agency_id,
    articles.agency_name,
    articles.word_count
from raw.articles
inner join staging.file_slices
    on
        articles.batch_id = file_slices.batch_id
        and articles.file_key = file_slices.file_key
        and articles.record_number between file_slices.first_record and file_slices.last_record
where file_slices.is_counted
qualify
    row_number() over (
        partition by articles.article_id
        order by articles.run_id desc, articles.file_key desc, articles.record_number desc, articles.batch_id desc
    ) = 1
