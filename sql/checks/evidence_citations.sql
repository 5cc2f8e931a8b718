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
)

select
    spans.citation_id,
    spans.article_id,
    spans.span
from spans
left join marts.articles on spans.article_id = articles.article_id
where
    spans.span.first < 0
    or spans.span.first >= spans.span.past
    or spans.span.words is distinct from substring(
        articles.text, spans.span.first + 1, spans.span.past - spans.span.first
    )
