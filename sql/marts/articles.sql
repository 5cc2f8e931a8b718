-- One article, its latest version; one that its sender took back is a row of `rejections` instead.
select
    article_facts.article_id, -- Key: the article's address, else its sender's id, else its path and record number, digested.
    articles.file_path, -- The file it came from, as found.
    articles.record_number, -- Which record of that file, from 1; 1 for a file of one article.
    articles.format_code, -- Format of the file.
    articles.title, -- Title, without a wire's markers (see headline_flags); null when none is known.
    coalesce(articles.headline_flags, []) as headline_flags, -- Marks cut off the title or before it: update, correction, lead ...
    coalesce(article_texts.cut_text, articles.text) as text, -- Clean body, paragraphs parted by a blank line.
    articles.published_on, -- Date of publication; null when not known.
    articles.published_basis, -- Where the date comes from: metadata, url, dateline, text or none.
    articles.language_code, -- Language, ISO 639-1; null when not known.
    coalesce(texts.is_annotated, false) as is_annotated, -- Whether it was annotated; false for an unsupported language.
    articles.authors, -- Names in the byline, in its order.
    articles.url, -- Address of the article.
    article_facts.outlet_id, -- Who published it: key of `sources` with role outlet; null when not known.
    article_facts.outlet_name, -- Name of the outlet.
    article_facts.agency_id, -- News agency that is credited; null when none is.
    article_facts.agency_name, -- Name of the agency.
    articles.dateline_place, -- Place in the dateline, as written.
    articles.slugline, -- The desk's short name of the story; null when its feed gives none.
    articles.urgency, -- Urgency that its feed gives: 1 most urgent, 5 normal, 8 least (IPTC); null when none.
    coalesce(articles.is_summary, false) as is_summary, -- Whether the text is a feed's summary, not the whole.
    coalesce(articles.is_correction, false) as is_correction, -- Whether its feed or title says that it corrects.
    articles.item_id, -- Id that its wire or feed gives it; null when none.
    articles.version_number, -- Which version of the item this is, as its wire counts; null when it does not.
    articles.updated_at, -- When this version was made, as its feed says; UTC where it names no zone.
    articles.crawled_at, -- When the page was fetched, as its archive says; never taken for the date of publication.
    coalesce(articles.feed_topic_ids, []) as feed_topic_ids, -- Media topics its feed gave, also those that `topics` does not have.
    article_facts.word_count, -- Words in title and text, parted by white space.
    article_facts.text_group_id, -- One value per set of copies of the same text.
    article_facts.is_original, -- The copy that counts when copies count once: exactly one per text group.
    article_facts.original_reason, -- Why this copy is the original: only, earliest, agency, longest or first_id; null for the others.
    article_facts.origin_id, -- Who stands behind the text: its agency, else the original's outlet, else the text itself.
    article_facts.story_id, -- One value per news event.
    article_facts.text_hash, -- Digest of title and text: equal for equal texts.
    articles.run_id -- The run that read this version.
from staging.article_facts
inner join raw.articles
    on
        article_facts.batch_id = articles.batch_id
        and article_facts.file_key = articles.file_key
        and article_facts.record_number = articles.record_number
inner join staging.article_texts on article_facts.article_id = article_texts.article_id
left join raw.texts on article_facts.text_hash = texts.text_hash
