-- One current article with what it counts as: its text, its origin, its outlet and its day.
with placed as (
    select
        article_texts.article_id,
        article_texts.batch_id,
        article_texts.file_key,
        article_texts.record_number,
        article_texts.text_hash,
        article_texts.published_on,
        article_texts.word_count,
        article_outlets.outlet_id,
        article_outlets.outlet_name,
        coalesce(
            article_texts.agency_id, replace(name_keys.name_key, ' ', '-')
        ) as agency_id,
        coalesce(agencies.agency_name, article_texts.agency_name) as agency_name,
        coalesce(text_groups.text_group_id, article_texts.text_hash) as text_group_id
    from staging.article_texts
    left join raw.text_groups on article_texts.text_hash = text_groups.text_hash
    left join staging.article_outlets
        on
            article_texts.outlet_name is not distinct from article_outlets.given_name
            and article_texts.outlet_domain is not distinct from article_outlets.given_domain
    left join staging.name_keys on article_texts.agency_name = name_keys.name
    left join seeds.agencies on article_texts.agency_id = agencies.agency_id
),

ordered as (
    select
        *,
        row_number() over by_precedence as place,
        lead(published_on) over by_precedence as next_published_on,
        lead(agency_id is not null) over by_precedence as next_has_agency,
        lead(word_count) over by_precedence as next_word_count,
        count(*) over (partition by text_group_id) as copy_count,
        min(agency_id) over (partition by text_group_id) as group_agency_id,
        first_value(outlet_id) over by_precedence as group_outlet_id
    from placed
    window
        by_precedence as (
            partition by text_group_id
            order by published_on asc nulls last, (agency_id is not null) desc, word_count desc, article_id asc
        )
),

ranked as (
    select
        *,
        case
            when group_agency_id is not null then 'agency:' || group_agency_id
            when group_outlet_id is not null then 'outlet:' || group_outlet_id
            else 'text:' || text_group_id
        end as origin_id
    from ordered
)

select
    ranked.article_id,
    -- null for a text that is not annotated yet
    texts.text_number,
    ranked.batch_id,
    ranked.file_key,
    ranked.record_number,
    ranked.text_hash,
    ranked.published_on,
    ranked.word_count,
    ranked.outlet_id,
    ranked.outlet_name,
    ranked.agency_id,
    ranked.agency_name,
    ranked.text_group_id,
    ranked.origin_id,
    (row_number() over (order by ranked.article_id))::integer as article_number,
    (dense_rank() over (order by ranked.text_group_id))::integer as group_number,
    (dense_rank() over (order by ranked.origin_id))::integer as origin_number,
    -- most have none: their texts need not be told apart
    ranked.copy_count > 1 as has_copies,
    coalesce(story_groups.story_id, ranked.text_group_id) as story_id,
    ranked.place = 1 as is_original,
    case
        when ranked.place > 1 then null
        when ranked.copy_count = 1 then 'only'
        when coalesce(ranked.published_on != ranked.next_published_on, ranked.published_on is not null) then 'earliest'
        when (ranked.agency_id is not null) != ranked.next_has_agency then 'agency'
        when ranked.word_count != ranked.next_word_count then 'longest'
        else 'first_id'
    end as original_reason
from ranked
left join raw.story_groups on ranked.text_group_id = story_groups.text_group_id
left join staging.texts on ranked.text_hash = texts.text_hash
