-- One name of one type in one text, and the key that the lists or its spelling give it.
with named as (
    select
        mentions.text_hash,
        mentions.entity_name as name,
        mentions.entity_type,
        name_keys.name_key,
        count(*) as mention_count
    from raw.mentions
    inner join staging.name_keys on mentions.entity_name = name_keys.name
    group by all
)

select
    named.text_hash,
    named.name,
    named.entity_type,
    named.name_key,
    named.mention_count,
    case
        -- what a person decides is applied to keys, see entity_merges
        when gazetteer.entity_key is not null and gazetteer.decided_by != 'seeds.entity_aliases'
            then gazetteer.entity_key
        -- a people that no list knows: "Asians" are "Asian"
        when named.entity_type = 'nationality' then regexp_replace(named.name_key, '([^s])s$', '\1')
        else named.name_key
    end as base_key,
    coalesce(gazetteer.decided_by != 'seeds.entity_aliases', false) as is_listed
from named
left join staging.gazetteer
    on named.name_key = gazetteer.name_key and named.entity_type = gazetteer.entity_type
