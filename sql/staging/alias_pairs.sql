-- Two keys of one type that may be one entity: what speaks for it, what against, and whether it is taken for granted.
with companies as (
    select
        key_number,
        count(*) as company_count
    from staging.name_company
    group by key_number
),

shared as (
    select
        name_pairs.alias_number,
        name_pairs.key_number,
        count(*) as shared_count
    from staging.name_pairs
    inner join staging.name_company as one on name_pairs.alias_number = one.key_number
    inner join staging.name_company as other
        on name_pairs.key_number = other.key_number and one.other_number = other.other_number
    group by name_pairs.alias_number, name_pairs.key_number
),

together as (
    select
        name_pairs.alias_number,
        name_pairs.key_number,
        count(distinct one.text_number) as together_count
    from staging.name_pairs
    inner join staging.text_names as one on name_pairs.alias_number = one.key_number
    inner join staging.text_names as other
        on name_pairs.key_number = other.key_number and one.text_number = other.text_number
    group by name_pairs.alias_number, name_pairs.key_number
),

weighed as (
    select
        name_pairs.*,
        coalesce(alias_companies.company_count, 0) as alias_company_count,
        coalesce(companies.company_count, 0) as company_count,
        coalesce(shared.shared_count, 0) as shared_count,
        coalesce(together.together_count, 0) as together_count,
        -- "John A Roe" and "John B Roe" are two; who of them "John Roe" is, their number says
        name_pairs.alias_initials != '' and name_pairs.initials != '' and name_pairs.alias_initials != name_pairs.initials as is_clash,
        row_number() over (
            partition by name_pairs.key_number, name_pairs.reason
            order by (name_pairs.alias_initials = '') asc, name_pairs.alias_text_count desc, name_pairs.alias_key asc
        ) as place
    from staging.name_pairs
    left join companies as alias_companies on name_pairs.alias_number = alias_companies.key_number
    left join companies on name_pairs.key_number = companies.key_number
    left join shared
        on name_pairs.alias_number = shared.alias_number and name_pairs.key_number = shared.key_number
    left join together
        on name_pairs.alias_number = together.alias_number and name_pairs.key_number = together.key_number
)

select
    entity_type,
    alias_number,
    key_number,
    reason,
    alias_key,
    base_key,
    alias_text_count,
    text_count,
    shared_count,
    together_count,
    -- who is named with five others each and shares none moves in other company
    least(alias_company_count, company_count) >= 5 and shared_count = 0 as is_other_company,
    not is_clash
    and not (least(alias_company_count, company_count) >= 5 and shared_count = 0)
    and case
        when reason in ('spacing', 'legal form', 'body') then true
        when reason = 'short name' then shared_count >= 3
        when reason = 'initials' then place = 1 or alias_initials = '' or initials != ''
        when reason = 'word order' then together_count = 0
        -- one article may well have both forms of these
        when reason in ('nickname', 'middle name') then shared_count >= 3 and together_count <= 0.3 * alias_text_count
        when reason = 'spelling' then shared_count >= 3 and together_count <= 0.05 * alias_text_count
        when reason = 'acronym'
            then
                -- two letters mean much: most texts have to say what
                (
                    coalesce(share >= 0.9, false) and shared_count >= 1
                    and (length(alias_key) > 2 or together_count >= 0.1 * alias_text_count)
                )
                or (coalesce(share >= 0.75, false) and together_count >= 20)
                or (length(alias_key) >= 4 and shared_count >= 20)
        -- one bearer has nearly all texts, or five times as many as the next; and no outlet means another in any year
        when reason = 'surname'
            then
                text_count >= 3
                and shared_count >= 1
                and not is_disputed
                and (share >= 0.8 or (share >= 0.6 and short_count >= 10 and short_count >= 5 * rival_count))
        else false
    end as is_merged
from weighed
