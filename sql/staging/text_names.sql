-- One name of one type in one text: the numbers of `texts` and `names`.
select
    texts.text_number,
    names.name_number,
    any_value(names.key_number) as key_number,
    any_value(names.base_number) as base_number,
    any_value(names.entity_type) as entity_type,
    count(*) as mention_count
from raw.mentions
inner join staging.texts on mentions.text_hash = texts.text_hash
inner join staging.names on mentions.entity_name = names.name and mentions.entity_type = names.entity_type
group by texts.text_number, names.name_number
