-- Every text of a current article was seen by the annotator, if only to say that it cannot read it.
select
    article_texts.article_id,
    article_texts.text_hash
from staging.article_texts
anti join raw.texts on article_texts.text_hash = texts.text_hash
