-- A column with a closed list of values has no other.
with listed as (
    select
        'rejections.reason_code' as column_name,
        reason_code as found,
        [
            'empty', 'unreadable', 'truncated', 'binary', 'unsupported_format', 'too_large', 'bad_json',
            'bad_csv', 'bad_xml', 'unsafe_path', 'withdrawn', 'no_text_field', 'no_article', 'too_short',
            'parser_failed'
        ] as allowed
    from marts.rejections
    union all
    select
        'entities.entity_type' as column_name,
        entity_type as found,
        [
            'person', 'organization', 'place', 'facility', 'nationality', 'event', 'law', 'product', 'work'
        ] as allowed
    from marts.entities
    union all
    select
        'alias_candidates.candidate_reason' as column_name,
        candidate_reason as found,
        [
            'spacing', 'initials', 'body', 'legal form', 'word order', 'nickname', 'middle name', 'spelling',
            'short name', 'acronym', 'surname', 'one letter'
        ] as allowed
    from marts.alias_candidates
    union all
    select
        'page_chrome.decided_by' as column_name,
        decided_by as found,
        ['learned', 'seeds.page_chrome_decisions'] as allowed
    from marts.page_chrome
    union all
    select
        'mentions.field' as column_name,
        field as found,
        ['title', 'text'] as allowed
    from marts.mentions
    union all
    select
        'mentions.place_reason' as column_name,
        place_reason as found,
        [
            'qualifier', 'dateline', 'region', 'country', 'outlet', 'usage', 'population', 'only', 'listed', 'unclear'
        ] as allowed
    from marts.mentions
    where place_reason is not null
    union all
    select
        'articles.published_basis' as column_name,
        published_basis as found,
        ['metadata', 'url', 'dateline', 'text', 'none'] as allowed
    from marts.articles
    union all
    select
        'coverage_days.coverage_code' as column_name,
        coverage_code as found,
        ['usual', 'silent', 'doubled', 'new'] as allowed
    from marts.coverage_days
    union all
    select
        'citations.quote_type' as column_name,
        quote_type as found,
        ['direct', 'indirect', 'mixed'] as allowed
    from marts.citations
    union all
    select
        'citations.source_type' as column_name,
        source_type as found,
        ['person', 'organization', 'place', 'document', 'anonymous'] as allowed
    from marts.citations
    union all
    select
        'article_topics.decided_by' as column_name,
        decided_by as found,
        ['feed', 'model'] as allowed
    from marts.article_topics
    union all
    select
        'sources.source_role' as column_name,
        source_role as found,
        ['outlet', 'agency', 'cited'] as allowed
    from marts.sources
    union all
    select
        'copy_pairs.change_code' as column_name,
        change_code as found,
        ['same', 'headline', 'cut', 'edited'] as allowed
    from marts.copy_pairs
    union all
    select
        'runs.run_state' as column_name,
        run_state as found,
        ['started', 'published', 'failed', 'interrupted'] as allowed
    from marts.runs
)

select
    column_name,
    found,
    count(*) as found_count
from listed
where not coalesce(list_contains(allowed, found), false)
group by all
