-- One occurrence of an entity in an article.
select
    md5(
        concat_ws(
            '|', article_facts.article_id, mentions.field, mentions.start_char, mentions.end_char, mentions.entity_type
        )
    ) as mention_id, -- Key: digest of the article, the place in it and the type.
    article_facts.article_id, -- The article.
    mentions.field, -- Where it stands: title or text.
    mentions.start_char, -- First character, from 0, in code points of that field.
    mentions.end_char, -- One past the last character.
    mentions.mention_text, -- What stands there: the field from start_char to end_char.
    coalesce(text_entities.entity_id, entity_names.entity_id) as entity_id, -- The entity that is meant, one per name and article.
    mentions.entity_type, -- Type of the entity.
    mentions.role, -- Title before a person's name, as written: Foreign Minister; null without one.
    coalesce(mentions.is_metonym, false) as is_metonym, -- Whether a country or capital stands for its government: "Tokyo insists".
    text_entities.place_reason, -- Why this place: qualifier, dateline, region, country, outlet, usage, population, only, listed, unclear.
    mentions.decided_by -- The model or the rule that found it.
from staging.article_facts
inner join raw.mentions on article_facts.text_hash = mentions.text_hash
inner join staging.entity_names
    on mentions.entity_name = entity_names.name and mentions.entity_type = entity_names.entity_type
left join staging.text_entities
    on
        article_facts.text_number = text_entities.text_number
        and entity_names.name_number = text_entities.name_number
