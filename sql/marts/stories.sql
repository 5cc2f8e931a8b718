-- One news event.
with told as (
    select
        article_facts.story_id,
        article_facts.article_id,
        article_facts.text_group_id,
        article_facts.origin_id,
        article_facts.outlet_id,
        article_facts.published_on,
        articles.title,
        story_groups.headline
    from staging.article_facts
    inner join raw.articles
        on
            article_facts.batch_id = articles.batch_id
            and article_facts.file_key = articles.file_key
            and article_facts.record_number = articles.record_number
    left join raw.story_groups on article_facts.text_group_id = story_groups.text_group_id
)

select
    story_id, -- Key: one value per news event.
    coalesce(
        min(headline),
        -- the first title, by day
        min_by(title, (coalesce(published_on, '9999-12-31'::date), article_id)) filter (where title is not null)
    ) as headline, -- Title of the article that stands for the story; null when none has a title.
    min(published_on) as first_published_on, -- First day of its articles; null when no date is known.
    max(published_on) as last_published_on, -- Last day of its articles.
    count(*) as article_count, -- Articles, every copy as it was published.
    count(distinct text_group_id) as text_count, -- Copies of one text once.
    count(distinct origin_id) as origin_count, -- Independent origins.
    count(distinct outlet_id) as outlet_count -- Outlets that told it.
from told
group by story_id
