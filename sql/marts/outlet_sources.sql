-- One source that one outlet cites in its articles on one topic. It counts who is given the word, not who is believed: the
-- outlet may cite to contradict. A wire story's sources are the agency's choice, and articles without an outlet are left out.
select
    outlet_id, -- Who published it: key of `sources` with role outlet.
    topic_id, -- Top topic of the articles, or unclassified.
    source_id, -- Who is cited: key of `sources` with role cited.
    count(*) as citation_count, -- Attributions, in every copy as it was published.
    count(*) filter (where is_counted_once) as text_citation_count, -- Attributions, copies of one text in this outlet once.
    count(distinct article_id) as article_count, -- Articles, every copy as it was published.
    count(distinct text_group_id) as text_count, -- Copies of one text once.
    count(distinct origin_id) as origin_count -- Independent origins: 1 when all came from one agency.
from staging.outlet_citations
where source_id is not null
group by outlet_id, topic_id, source_id
