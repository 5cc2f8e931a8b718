-- A mention's text is what stands in the article at its place.
select
    mentions.mention_id,
    mentions.article_id,
    mentions.field,
    mentions.start_char,
    mentions.end_char,
    mentions.mention_text
from marts.mentions
left join marts.articles on mentions.article_id = articles.article_id
where
    mentions.start_char < 0
    or mentions.start_char >= mentions.end_char
    or mentions.mention_text is distinct from substring(
        case mentions.field when 'title' then articles.title when 'text' then articles.text end,
        mentions.start_char + 1,
        mentions.end_char - mentions.start_char
    )
