-- Source, cue and content of a citation are what stands in the article's text at their places.
with spans as (
    select
        citation_id,
        article_id,
        unnest(
            [
                struct_pack(part := 'source', first := source_start_char, past := source_end_char, words := source_text),
                struct_pack(part := 'cue', first := cue_start_char, past := cue_end_char, words := cue_text),
                struct_pack(part := 'content', first := content_start_char, past := content_end_char, words := content_text)
            ]
        ) as span
    from marts.citations
),

-- To cut from a text is to count from its start: from a long one, thousands of times, it takes minutes. So it
-- is cut from pieces of 2,000 characters and the 500 behind, which are cut from blocks of 100,000.
numbered_blocks as (
    select
        article_id,
        text,
        unnest(range(length(text) // 100000 + 1)) as block_number
    from marts.articles
),

blocks as (
    select
        article_id,
        block_number,
        substring(text, block_number * 100000 + 1, 100500) as block
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
        block_number * 50 + piece_number as piece_number,
        substring(block, piece_number * 2000 + 1, 2500) as piece
    from numbered
    where piece_number < 50
)

select
    spans.citation_id,
    spans.article_id,
    spans.span
from spans
left join pieces on spans.article_id = pieces.article_id and spans.span.first // 2000 = pieces.piece_number
where
    spans.span.past - spans.span.first <= 500
    and (
        spans.span.first < 0
        or spans.span.first >= spans.span.past
        or spans.span.words is distinct from
        substring(pieces.piece, spans.span.first % 2000 + 1, spans.span.past - spans.span.first)
    )
union all
select
    spans.citation_id,
    spans.article_id,
    spans.span
from spans
left join marts.articles on spans.article_id = articles.article_id
where
    spans.span.past - spans.span.first > 500
    and (
        spans.span.first < 0
        or spans.span.words is distinct from
        substring(articles.text, spans.span.first + 1, spans.span.past - spans.span.first)
    )
