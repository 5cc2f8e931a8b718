-- A mention's text is what stands in the article at its place.
with fields as (
    select
        article_id,
        'title' as field,
        title as content
    from marts.articles
    union all
    select
        article_id,
        'text' as field,
        text as content
    from marts.articles
),

-- Pieces as in `evidence_citations`: to cut from a long text thousands of times takes minutes.
numbered as (
    select
        article_id,
        field,
        content,
        unnest(range(length(content) // 10000 + 1)) as piece_number
    from fields
),

pieces as (
    select
        article_id,
        field,
        piece_number,
        substring(content, piece_number * 10000 + 1, 20000) as piece
    from numbered
)

select
    mentions.mention_id,
    mentions.article_id,
    mentions.field,
    mentions.start_char,
    mentions.end_char,
    mentions.mention_text
from marts.mentions
left join fields on mentions.article_id = fields.article_id and mentions.field = fields.field
left join pieces
    on
        mentions.article_id = pieces.article_id
        and mentions.field = pieces.field
        and mentions.start_char // 10000 = pieces.piece_number
where
    mentions.start_char < 0
    or mentions.start_char >= mentions.end_char
    or mentions.mention_text is distinct from if(
        mentions.end_char - mentions.start_char <= 10000,
        substring(pieces.piece, mentions.start_char % 10000 + 1, mentions.end_char - mentions.start_char),
        substring(fields.content, mentions.start_char + 1, mentions.end_char - mentions.start_char)
    )
