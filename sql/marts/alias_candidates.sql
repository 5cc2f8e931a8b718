-- One pair of entities that may be one; no rule was sure and nobody has decided yet.
with text_names as (
    select
        entity_type,
        name,
        base_key,
        sum(mention_count) as mention_count
    from staging.text_names
    where name_key = base_key
    group by all
),

-- A spelling that has the entity's own key, so that a decision on it moves the whole entity.
names as (
    select
        entity_names.entity_type,
        text_names.base_key,
        entity_names.entity_id,
        min_by(entity_names.name, (-text_names.mention_count, entity_names.name)) as name
    from staging.entity_names
    inner join text_names
        on entity_names.name = text_names.name and entity_names.entity_type = text_names.entity_type
    where entity_names.entity_id = entity_names.entity_type || ':' || replace(text_names.base_key, ' ', '-')
    group by all
),

open_pairs as (
    select
        aliases.entity_id as alias_entity_id,
        aliases.name as alias_name,
        names.entity_id,
        names.name as entity_name,
        alias_pairs.entity_type,
        alias_pairs.reason as candidate_reason,
        alias_pairs.shared_count
    from staging.alias_pairs
    inner join names as aliases
        on alias_pairs.entity_type = aliases.entity_type and alias_pairs.alias_key = aliases.base_key
    inner join names
        on alias_pairs.entity_type = names.entity_type and alias_pairs.base_key = names.base_key
    where
        not alias_pairs.is_merged
        and not alias_pairs.is_other_company
        and not exists (
            select 1
            from staging.alias_decisions
            where
                alias_decisions.entity_type = alias_pairs.entity_type
                and not alias_decisions.is_same
                and (
                    (alias_decisions.name_key, alias_decisions.entity_key)
                    = (alias_pairs.alias_key, alias_pairs.base_key)
                    or (alias_decisions.entity_key, alias_decisions.name_key)
                    = (alias_pairs.alias_key, alias_pairs.base_key)
                )
        )
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

united as (
    select
        ranked.alias_entity_id,
        ranked.entity_id,
        count(distinct entity_articles.article_id) as merged_article_count,
        count(distinct entity_articles.text_group_id) as merged_text_count,
        count(distinct entity_articles.origin_id) as merged_origin_count
    from ranked
    inner join staging.entity_articles
        on entity_articles.entity_id in (ranked.alias_entity_id, ranked.entity_id)
    group by all
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
