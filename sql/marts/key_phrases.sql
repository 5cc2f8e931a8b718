-- One key phrase of one article.
select
    article_facts.article_id, -- The article.
    key_phrases.phrase, -- Words of the article that are telling of it.
    key_phrases.phrase_score -- How telling; comparable within an article.
from staging.article_facts
inner join raw.key_phrases on article_facts.text_hash = key_phrases.text_hash
