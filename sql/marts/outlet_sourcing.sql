-- One outlet and how it sources what it publishes; copies of one text count once. A share says how the sources are worded, not
-- how good they are: an unnamed source may be right, an official one may not be. Compare outlets that write of the same topics
-- and have some hundred citations: with few, any outlet looks one-sided. What an agency wrote has the agency's sources.
with published as (
    select
        article_facts.outlet_id,
        count(*) as article_count,
        count(distinct article_facts.text_group_id) as text_count,
        count(distinct if(article_facts.agency_id is not null, article_facts.text_group_id, null)) as agency_text_count
    from staging.article_facts
    inner join staging.primary_topics on article_facts.article_id = primary_topics.article_id
    where article_facts.outlet_id is not null
    group by article_facts.outlet_id
),

cited as (
    select
        outlet_id,
        count(*) as citation_count,
        count(distinct text_group_id) as citing_text_count,
        count(*) filter (where is_named) as named_count,
        count(*) filter (where is_anonymous) as anonymous_count,
        count(*) filter (where is_official) as official_count
    from staging.outlet_citations
    where is_counted_once
    group by outlet_id
),

by_source as (
    select
        outlet_id,
        source_id,
        count(*) as citation_count,
        count(*) / sum(count(*)) over (partition by outlet_id) as citation_share
    from staging.outlet_citations
    where is_counted_once and is_named
    group by outlet_id, source_id
),

concentrated as (
    select
        outlet_id,
        count(*) as source_count,
        min_by(source_id, (-citation_count, source_id)) as top_source_id,
        max(citation_share) as top_source_share,
        sum(citation_count * citation_count) / (sum(citation_count) * sum(citation_count)) as concentration_score
    from by_source
    group by outlet_id
)

select
    published.outlet_id, -- Who published it: key of `sources` with role outlet.
    published.article_count, -- Annotated articles, every copy as it was published.
    published.text_count, -- Annotated articles, copies of one text once.
    published.agency_text_count / published.text_count as agency_text_share, -- Part of its texts that is credited to an agency.
    coalesce(cited.citation_count, 0) as text_citation_count, -- Attributions in those texts.
    coalesce(cited.citing_text_count, 0) / published.text_count as citing_text_share, -- Part of its texts that cites somebody.
    cited.named_count / cited.citation_count as named_share, -- Part of the attributions that names somebody; null without any.
    cited.anonymous_count / cited.citation_count as anonymous_share, -- Part to unnamed people; the rest: documents, offices.
    cited.official_count / cited.citation_count as official_share, -- Part to offices and bodies of states, named or not.
    coalesce(concentrated.source_count, 0) as source_count, -- Named sources, each once.
    concentrated.top_source_id, -- The named source it cites most; null without any.
    concentrated.top_source_share, -- Part of the attributions to named sources that this one has.
    concentrated.concentration_score, -- Herfindahl index of the named sources: 1 when there is one only, near 0 when many share evenly.
    1 / concentrated.concentration_score as effective_source_count -- As many sources with even shares would be as concentrated.
from published
left join cited on published.outlet_id = cited.outlet_id
left join concentrated on published.outlet_id = concentrated.outlet_id
