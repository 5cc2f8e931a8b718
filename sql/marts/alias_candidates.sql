-- One pair of entities that may be one; no rule was sure and nobody has decided yet.
with own_names as (
    -- A spelling that has the entity's own key, so that a decision on it moves the whole entity.
    select
        names.key_number,
        any_value(entity_names.entity_id) as entity_id,
        min_by(names.name, (-names.mention_count, names.name)) as name
    from staging.names
    inner join staging.entity_names on names.name_number = entity_names.name_number
    where
        names.name_key = names.base_key
        and entity_names.entity_id = names.entity_type || ':' || replace(names.base_key, ' ', '-')
    group by names.key_number
),

open_pairs as (
    select
        aliases.entity_id as alias_entity_id,
        aliases.name as alias_name,
        own_names.entity_id,
        own_names.name as entity_name,
        alias_pairs.entity_type,
        alias_pairs.reason as candidate_reason,
        alias_pairs.shared_count
    from staging.alias_pairs
    inner join own_names as aliases on alias_pairs.alias_number = aliases.key_number
    inner join own_names on alias_pairs.key_number = own_names.key_number
    anti join staging.names_told_apart as told_apart
        on
            alias_pairs.entity_type = told_apart.entity_type
            and alias_pairs.alias_key = told_apart.name_key
            and alias_pairs.base_key = told_apart.other_key
    where not alias_pairs.is_merged and not alias_pairs.is_other_company
),

-- The thousand that would move most.
ranked as (
    select
        open_pairs.*,
        entities.article_count as moved_article_count,
        entities.mention_count as moved_mention_count,
        entities.mention_count + targets.mention_count as merged_mention_count,
        targets.article_count
    from open_pairs
    inner join marts.entities on open_pairs.alias_entity_id = entities.entity_id
    inner join marts.entities as targets on open_pairs.entity_id = targets.entity_id
    qualify
        row_number() over (
            order by entities.article_count desc, targets.article_count desc, open_pairs.alias_entity_id asc, open_pairs.entity_id asc
        ) <= 1000
),

either as (
    select
        *,
        unnest([alias_entity_id, entity_id]) as either_id
    from ranked
),

united as (
    select
        either.alias_entity_id,
        either.entity_id,
        count(distinct entity_articles.article_number) as merged_article_count,
        count(distinct entity_articles.group_number) as merged_text_count,
        count(distinct entity_articles.origin_number) as merged_origin_count
    from either
    inner join staging.entity_articles on either.either_id = entity_articles.entity_id
    group by either.alias_entity_id, either.entity_id
)

select
    ranked.alias_entity_id, -- The entity that would go into the other.
    ranked.alias_name, -- How it is written.
    ranked.entity_id, -- The entity that it may be.
    ranked.entity_name, -- How that is written.
    ranked.entity_type, -- Type of both.
    ranked.candidate_reason, -- What their names share: initials, legal form, spelling, one letter, acronym, surname and so on.
    ranked.shared_count, -- Other entities that both are named with.
    ranked.moved_article_count, -- Articles that name the alias: what the decision moves.
    ranked.moved_mention_count, -- Occurrences that it moves.
    united.merged_article_count, -- Articles of the entity if they are one; an article that names both counts once.
    united.merged_text_count, -- Texts of the entity if they are one.
    united.merged_origin_count, -- Origins of the entity if they are one.
    ranked.merged_mention_count -- Occurrences of the entity if they are one.
from ranked
inner join united on ranked.alias_entity_id = united.alias_entity_id and ranked.entity_id = united.entity_id
