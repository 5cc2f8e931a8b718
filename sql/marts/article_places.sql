-- One of up to three places that an article is about.
with placed as (
    select
        mentions.article_id,
        mentions.entity_id,
        -- a title counts three times, the opening of the text twice
        sum(
            case
                when mentions.field = 'title' then 3
                when mentions.start_char < 400 then 2
                else 1
            end
        ) as weight,
        min(mentions.place_reason) as place_reason
    from marts.mentions
    inner join marts.entities on mentions.entity_id = entities.entity_id
    where mentions.entity_type = 'place' and entities.latitude is not null
    group by mentions.article_id, mentions.entity_id
),

shared as (
    select
        article_id,
        entity_id,
        place_reason,
        weight / sum(weight) over (partition by article_id) as place_score,
        weight / max(weight) over (partition by article_id) as part_of_best,
        row_number() over (partition by article_id order by weight desc, entity_id asc) as place_rank
    from placed
)

select
    article_id, -- The article.
    entity_id, -- The place, one whose point is known.
    place_rank::tinyint as place_rank, -- 1 for the place that it is most about, up to 3.
    place_score, -- Part of the article's mentions of known places, 0-1; in the title they count three times, in the opening twice.
    place_reason -- What decides that this place is meant, as in mentions.
from shared
where place_rank <= 3 and (place_rank = 1 or part_of_best >= 0.34)
