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
numbered_blocks as (
    select
        article_id,
        field,
        content,
        unnest(range(length(content) // 100000 + 1)) as block_number
    from fields
),

blocks as (
    select
        article_id,
        field,
        block_number,
        substring(content, block_number * 100000 + 1, 100500) as block
    from numbered_blocks
),

numbered as (
    select
        *,
        unnest(range(length(block) // 2000 + 1)) as piece_number
    from blocks
),

pieces as (
    select
        article_id,
        field,
        block_number * 50 + piece_number as piece_number,
        substring(block, piece_number * 2000 + 1, 2500) as piece
    from numbered
    where piece_number < 50
)

select
    mentions.mention_id,
    mentions.article_id,
    mentions.field,
    mentions.start_char,
    mentions.end_char,
    mentions.mention_text
from marts.mentions
left join pieces
    on
        mentions.article_id = pieces.article_id
        and mentions.field = pieces.field
        and mentions.start_char // 2000 = pieces.piece_number
where
    mentions.end_char - mentions.start_char <= 500
    and (
        mentions.start_char < 0
        or mentions.start_char >= mentions.end_char
        or mentions.mention_text is distinct from
        substring(pieces.piece, mentions.start_char % 2000 + 1, mentions.end_char - mentions.start_char)
    )
union all
select
    mentions.mention_id,
    mentions.article_id,
    mentions.field,
    mentions.start_char,
    mentions.end_char,
    mentions.mention_text
from marts.mentions
left join fields on mentions.article_id = fields.article_id and mentions.field = fields.field
where
    mentions.end_char - mentions.start_char > 500
    and (
        mentions.start_char < 0
        or mentions.mention_text is distinct from
        substring(fields.content, mentions.start_char + 1, mentions.end_char - mentions.start_char)
    )
