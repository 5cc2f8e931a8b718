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
-- is cut from a piece of 10,000 characters and the 10,000 behind.
numbered as (
    select
        article_id,
        text,
        unnest(range(length(text) // 10000 + 1)) as piece_number
    from marts.articles
),

pieces as (
    select
        article_id,
        piece_number,
        substring(text, piece_number * 10000 + 1, 20000) as piece
    from numbered
)

select
    spans.citation_id,
    spans.article_id,
    spans.span
from spans
left join marts.articles on spans.article_id = articles.article_id
left join pieces on spans.article_id = pieces.article_id and spans.span.first // 10000 = pieces.piece_number
where
    spans.span.first < 0
    or spans.span.first >= spans.span.past
    or spans.span.words is distinct from if(
        spans.span.past - spans.span.first <= 10000,
        substring(pieces.piece, spans.span.first % 10000 + 1, spans.span.past - spans.span.first),
        substring(articles.text, spans.span.first + 1, spans.span.past - spans.span.first)
    )
