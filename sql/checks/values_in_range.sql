-- Shares and scores are in their range, codes have their form, a point has both coordinates.
with measured as (
    select
        'articles' as table_name,
        article_id as key,
        'language_code' as column_name,
        language_code is null or regexp_full_match(language_code, '[a-z]{2,3}') as is_good
    from marts.articles
    union all
    select
        'articles' as table_name,
        article_id as key,
        'record_number' as column_name,
        record_number >= 1 as is_good
    from marts.articles
    union all
    select
        'article_topics' as table_name,
        article_id || ' ' || topic_id as key,
        'topic_score' as column_name,
        topic_score between 0 and 1 as is_good
    from marts.article_topics
    union all
    select
        'article_topics' as table_name,
        article_id as key,
        'is_primary' as column_name,
        count(*) filter (where is_primary) <= 1 as is_good
    from marts.article_topics
    group by article_id
    union all
    select
        'article_places' as table_name,
        article_id || ' ' || entity_id as key,
        'place_score' as column_name,
        place_score > 0 and place_score <= 1 and place_rank between 1 and 3 as is_good
    from marts.article_places
    union all
    select
        'entities' as table_name,
        entity_id as key,
        'country_code' as column_name,
        country_code is null or regexp_full_match(country_code, '[A-Z]{2}') as is_good
    from marts.entities
    union all
    select
        'entities' as table_name,
        entity_id as key,
        'latitude' as column_name,
        (latitude is null and longitude is null)
        or (latitude between -90 and 90 and longitude between -180 and 180) as is_good
    from marts.entities
    union all
    select
        'entities' as table_name,
        entity_id as key,
        'wikidata_id' as column_name,
        wikidata_id is null or regexp_full_match(wikidata_id, 'Q[0-9]+') as is_good
    from marts.entities
    union all
    select
        'page_chrome' as table_name,
        chrome_id as key,
        'text_share' as column_name,
        text_share > 0 and text_share <= 1 as is_good
    from marts.page_chrome
    union all
    select
        'page_chrome' as table_name,
        chrome_id as key,
        'cut_count' as column_name,
        cut_count <= article_count and (is_chrome or cut_count = 0) as is_good
    from marts.page_chrome
    union all
    select
        'entity_days' as table_name,
        entity_id || ' ' || published_on as key,
        'article_share' as column_name,
        article_share > 0 and article_share <= 1 as is_good
    from marts.entity_days
    union all
    select
        'topic_days' as table_name,
        topic_id || ' ' || published_on as key,
        'article_share' as column_name,
        article_share > 0 and article_share <= 1 as is_good
    from marts.topic_days
    union all
    select
        'source_days' as table_name,
        source_id || ' ' || published_on as key,
        'article_share' as column_name,
        article_share > 0 and article_share <= 1 as is_good
    from marts.source_days
    union all
    select
        'outlet_sources' as table_name,
        outlet_id || ' ' || topic_id || ' ' || source_id as key,
        'text_citation_count' as column_name,
        text_citation_count between 0 and citation_count as is_good
    from marts.outlet_sources
    union all
    select
        'outlet_sourcing' as table_name,
        outlet_id as key,
        'shares' as column_name,
        agency_text_share between 0 and 1
        and citing_text_share between 0 and 1
        and (text_citation_count = 0) = (named_share is null)
        and coalesce(named_share between 0 and 1, true)
        and coalesce(anonymous_share between 0 and 1 and named_share + anonymous_share < 1.000001, true)
        and coalesce(official_share between 0 and 1, true) as is_good
    from marts.outlet_sourcing
    union all
    select
        'outlet_sourcing' as table_name,
        outlet_id as key,
        'concentration_score' as column_name,
        case
            when source_count = 0 then concentration_score is null and top_source_id is null
            else
                top_source_share between 0 and 1
                and concentration_score between 0 and 1
                and effective_source_count between 1 and source_count + 0.000001
        end as is_good
    from marts.outlet_sourcing
    union all
    select
        'entity_topics' as table_name,
        entity_id || ' ' || topic_id as key,
        'article_share' as column_name,
        article_share > 0 and article_share <= 1 as is_good
    from marts.entity_topics
    union all
    select
        'outlet_entities' as table_name,
        outlet_id || ' ' || entity_id as key,
        'article_share' as column_name,
        article_share > 0 and article_share <= 1 as is_good
    from marts.outlet_entities
    union all
    select
        'copy_pairs' as table_name,
        article_id_b as key,
        'shared_share' as column_name,
        shared_share between 0 and 1 as is_good
    from marts.copy_pairs
    union all
    select
        'copy_pairs' as table_name,
        article_id_b as key,
        'contained_share' as column_name,
        contained_share between shared_share and 1 as is_good
    from marts.copy_pairs
    union all
    select
        'entity_pairs' as table_name,
        entity_id_a || ' ' || entity_id_b as key,
        'association_score' as column_name,
        -- the last digits of a logarithm are nobody's fault
        entity_id_a < entity_id_b and association_score between -1 and 1.000001 as is_good
    from marts.entity_pairs
)

select
    table_name,
    key,
    column_name
from measured
where not coalesce(is_good, false)
