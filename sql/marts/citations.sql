-- One attribution: somebody says something. All places are in the article's text.
select
    md5(
        concat_ws(
            '|',
            article_facts.article_id,
            citations.source_start_char,
            citations.source_end_char,
            citations.cue_start_char,
            citations.cue_end_char,
            citations.content_start_char,
            citations.content_end_char
        )
    ) as citation_id, -- Key: digest of the article and the places in it.
    article_facts.article_id, -- The article.
    citations.source_text, -- Who says it, as written.
    citations.source_start_char, -- First character of the source, from 0, in code points.
    citations.source_end_char, -- One past its last character.
    citations.cue_text, -- The word that says that it is said.
    citations.cue_start_char, -- First character of the cue.
    citations.cue_end_char, -- One past its last character.
    citations.content_text, -- What is said, as written.
    citations.content_start_char, -- First character of what is said.
    citations.content_end_char, -- One past its last character.
    citations.quote_type, -- direct, indirect or mixed.
    citations.source_type, -- person, organization, place, document or anonymous.
    coalesce(text_entities.entity_id, entity_names.entity_id) as entity_id, -- The entity that is cited; null when it names nobody.
    citations.role, -- Office or function as the text says it, here or at the name ("Foreign Minister"); null when it says none.
    citations.is_anonymous, -- Whether unnamed people speak ("sources", "a senior official", "critics"); false for pronouns.
    citations.is_official, -- Whether an office or a body of a state speaks, or a country; `seeds/official_words.csv` has the words.
    citations.is_resolved_pronoun, -- Whether a pronoun stands for the source: its place is the pronoun's, `entity_id` whom it means.
    case
        when coalesce(text_entities.entity_id, entity_names.entity_id) is not null
            then 'cited:' || coalesce(text_entities.entity_id, entity_names.entity_id)
        when name_keys.name_key not in (
            'he', 'she', 'it', 'they', 'we', 'i', 'you', 'who', 'which', 'that', 'this', 'these', 'those',
            'his', 'her', 'their', 'its', 'him', 'them', 'us', 'me', 'one', 'some', 'others', 'many'
        ) then 'cited:' || citations.source_type || ':' || replace(name_keys.name_key, ' ', '-')
    end as source_id -- Key of `sources`: the entity, else the words; null for a pronoun that names nobody known.
from staging.article_facts
inner join raw.citations on article_facts.text_hash = citations.text_hash
left join staging.entity_names
    on citations.entity_name = entity_names.name and citations.entity_type = entity_names.entity_type
left join staging.name_keys on citations.source_text = name_keys.name
left join staging.text_entities
    on
        article_facts.text_number = text_entities.text_number
        and entity_names.name_number = text_entities.name_number
