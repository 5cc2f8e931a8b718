-- Every text of a current article was seen by the annotator, if only to say that it cannot read it.
select
    current_articles.article_id,
    current_articles.text_hash
from staging.current_articles
anti join raw.texts on current_articles.text_hash = texts.text_hash
