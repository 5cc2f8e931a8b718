-- One name of a place in one text, the entity that it is there, and what decided it.
with known_names as (
    select distinct
        name_key,
        place_name_number
    from staging.places
),

place_names as (
    select
        names.name,
        names.name_number,
        names.name_key,
        known_names.place_name_number
    from staging.names
    left join known_names on names.name_key = known_names.name_key
    where names.entity_type = 'place'
),

cited as (
    select distinct
        texts.text_number,
        citations.entity_name as name
    from raw.citations
    inner join staging.texts on citations.text_hash = texts.text_hash
    where citations.entity_type = 'place'
),

named as (
    select
        text_names.text_number,
        place_names.name_number,
        place_names.place_name_number
    from staging.text_names
    inner join place_names on text_names.name_number = place_names.name_number
    union
    select
        cited.text_number,
        place_names.name_number,
        place_names.place_name_number
    from cited
    inner join place_names on cited.name = place_names.name
),

-- "Athens, Ga.": the name that follows within two signs, whatever the annotator takes it for.
followed as (
    select
        texts.text_number,
        names.entity_type,
        names.name_number,
        lead(names.name_number) over by_place as next_number,
        lead(mentions.start_char) over by_place - mentions.end_char as gap
    from raw.mentions
    inner join staging.texts on mentions.text_hash = texts.text_hash
    inner join staging.names on mentions.entity_name = names.name and mentions.entity_type = names.entity_type
    window
        by_place as (
            partition by texts.text_number, mentions.field
            order by mentions.start_char asc, mentions.end_char asc, names.name_number asc
        )
),

datelines as (
    select
        texts.text_number,
        string_split(articles.dateline_place, ',') as parts
    from staging.article_texts
    inner join staging.texts on article_texts.text_hash = texts.text_hash
    inner join raw.articles
        on
            article_texts.batch_id = articles.batch_id
            and article_texts.file_key = articles.file_key
            and article_texts.record_number = articles.record_number
    where articles.dateline_place is not null
    group by all
),

dateline_parts as (
    select
        text_number,
        trim(unnest(parts)) as name
    from datelines
),

dateline_names as (
    select distinct
        dateline_parts.text_number,
        known_names.place_name_number
    from dateline_parts
    inner join staging.name_keys on dateline_parts.name = name_keys.name
    inner join known_names on name_keys.name_key = known_names.name_key
),

neighbours as (
    select distinct
        followed.text_number,
        first_names.place_name_number,
        next_names.place_name_number as next_name_number
    from followed
    inner join staging.names on followed.next_number = names.name_number
    inner join place_names as first_names on followed.name_number = first_names.name_number
    inner join known_names as next_names on names.name_key = next_names.name_key
    where followed.gap between 2 and 3 and first_names.place_name_number != next_names.place_name_number
    union
    select
        datelines.text_number,
        first_names.place_name_number,
        next_names.place_name_number as next_name_number
    from datelines
    inner join staging.name_keys as first_keys on trim(datelines.parts[1]) = first_keys.name
    inner join staging.name_keys as last_keys on trim(datelines.parts[2]) = last_keys.name
    inner join known_names as first_names on first_keys.name_key = first_names.name_key
    inner join known_names as next_names on last_keys.name_key = next_names.name_key
),

named_keys as (
    select
        text_number,
        place_name_number
    from named
    where place_name_number is not null
    union
    select
        cited.text_number,
        known_names.place_name_number
    from cited
    inner join staging.name_keys on cited.name = name_keys.name
    inner join known_names on name_keys.name_key = known_names.name_key
),

-- The pair holds where the first can lie in the second.
qualified as (
    select distinct
        neighbours.text_number,
        inner_places.place_number,
        outer_places.place_number as next_place_number
    from neighbours
    inner join staging.places as inner_places on neighbours.place_name_number = inner_places.place_name_number
    inner join staging.places as outer_places
        on
            neighbours.next_name_number = outer_places.place_name_number
            and inner_places.country_code = outer_places.country_code
            and (
                outer_places.place_kind = 'country'
                or (outer_places.place_kind = 'region' and inner_places.admin1_code = outer_places.admin1_code)
            )
    -- in a list of cities, "Boston, New York" is no town of Boston in that state
    where
        inner_places.place_kind in ('city', 'county')
        and (
            outer_places.is_likely
            or inner_places.share >= 0.5
            or not exists (
                select 1
                from staging.places as others
                where
                    others.place_name_number = neighbours.next_name_number
                    and others.is_likely
                    and others.place_kind = 'city'
            )
        )
),

qualifications as (
    select
        text_number,
        place_number
    from qualified
    union
    select
        text_number,
        next_place_number as place_number
    from qualified
),

-- "Lamar County Sheriff's Office" names a county too.
organizations as (
    select distinct
        name_key,
        string_split(name_key, ' ') as words
    from staging.names
    where entity_type in ('organization', 'facility') and name_key like '% %'
),

starts as (
    select
        name_key,
        words,
        unnest(range(1, least(len(words), 8) + 1)) as spot
    from organizations
),

spans as (
    select
        name_key,
        words,
        spot,
        unnest([1, 2, 3]) as word_count
    from starts
),

phrases as (
    select
        name_key,
        array_to_string(words[spot:spot + word_count - 1], ' ') as phrase
    from spans
),

organization_places as (
    select distinct
        phrases.name_key,
        places.country_code,
        places.admin1_code,
        places.share
    from phrases
    inner join staging.places on phrases.phrase = places.name_key
    where
        places.place_kind in ('region', 'county')
        and places.share >= 0.05
        and places.name_key != phrases.name_key
        and len(places.name_key) > 3
),

-- One number for all names that are spelled alike.
spelled as (
    select
        name_number,
        entity_type,
        name_key,
        min(name_number) over (partition by name_key, entity_type = 'nationality') as spelling_number
    from staging.names
    where entity_type in ('nationality', 'organization', 'facility')
),

-- Every name speaks for the regions and countries that it may lie in, by how often it means them.
evidence as (
    select
        named_keys.text_number,
        places.country_code,
        places.admin1_code,
        places.share,
        false as is_dateline
    from named_keys
    inner join staging.places on named_keys.place_name_number = places.place_name_number
    where places.share >= 0.05
    union all by name
    select
        dateline_names.text_number,
        places.country_code,
        places.admin1_code,
        places.share,
        true as is_dateline
    from dateline_names
    inner join staging.places on dateline_names.place_name_number = places.place_name_number
    where places.share >= 0.05
    union all by name
    select distinct
        text_names.text_number,
        spelled.spelling_number,
        gazetteer.country_code,
        1 as share,
        false as is_dateline
    from staging.text_names
    inner join spelled on text_names.name_number = spelled.name_number
    inner join staging.gazetteer
        on spelled.name_key = gazetteer.name_key and spelled.entity_type = gazetteer.entity_type
    where spelled.entity_type = 'nationality'
    union all by name
    select distinct
        text_names.text_number,
        spelled.spelling_number,
        organization_places.country_code,
        organization_places.admin1_code,
        0.5 * organization_places.share as share,
        false as is_dateline
    from staging.text_names
    inner join spelled on text_names.name_number = spelled.name_number
    inner join organization_places on spelled.name_key = organization_places.name_key
    where spelled.entity_type in ('organization', 'facility')
),

-- By region, and (without a region) by country.
support as (
    select
        text_number,
        country_code,
        admin1_code,
        grouping(admin1_code) = 1 as is_country,
        sum(share) filter (where not is_dateline) as share,
        sum(share) filter (where is_dateline) as dateline_share
    from evidence
    where country_code is not null
    group by grouping sets ((text_number, country_code, admin1_code), (text_number, country_code))
),

-- The country of a text's outlets, where they are of one.
outlets as (
    select
        texts.text_number,
        min(article_outlets.country_code) as country_code
    from staging.article_texts
    inner join staging.texts on article_texts.text_hash = texts.text_hash
    inner join staging.article_outlets
        on
            article_texts.outlet_name is not distinct from article_outlets.given_name
            and article_texts.outlet_domain is not distinct from article_outlets.given_domain
    group by texts.text_number
    having count(distinct article_outlets.country_code) = 1
),

weighed as (
    select
        named_keys.text_number,
        named_keys.place_name_number,
        places.place_number,
        places.weight,
        places.meaning_count,
        places.is_likely,
        qualifications.place_number is not null as is_qualified,
        -- a name does not speak for itself
        greatest(coalesce(regions.share, 0) - places.own_region_share, 0) as region_share,
        greatest(coalesce(countries.share, 0) - places.own_country_share, 0) as country_share,
        if(dateline_names.text_number is null, coalesce(regions.dateline_share, 0), 0) as dateline_region_share,
        if(dateline_names.text_number is null, coalesce(countries.dateline_share, 0), 0) as dateline_country_share,
        outlets.text_number is not null as is_outlet_country
    from named_keys
    inner join staging.places on named_keys.place_name_number = places.place_name_number
    left join qualifications
        on named_keys.text_number = qualifications.text_number and places.place_number = qualifications.place_number
    left join support as regions
        on
            named_keys.text_number = regions.text_number
            and places.country_code = regions.country_code
            and places.admin1_code = regions.admin1_code
            and not regions.is_country
    left join support as countries
        on
            named_keys.text_number = countries.text_number
            and places.country_code = countries.country_code
            and countries.is_country
    left join dateline_names
        on
            named_keys.text_number = dateline_names.text_number
            and named_keys.place_name_number = dateline_names.place_name_number
    left join outlets
        on named_keys.text_number = outlets.text_number and places.country_code = outlets.country_code
),

scored as (
    select
        *,
        -- rounded, so that the order of adding up decides nothing
        round(
            ln(weight + 1)
            + if(is_qualified, 20, 0)
            + 3.5 * least(region_share, 1)
            + greatest(least(region_share, 3) - 1, 0)
            + 1.5 * least(country_share, 1.5)
            + 1.5 * least(dateline_region_share + 0.5 * dateline_country_share, 1)
            + if(is_outlet_country, 1, 0),
            6
        ) as score
    from weighed
),

ranked as (
    select
        *,
        row_number() over by_score as place_rank,
        score - lead(score) over by_score as margin
    from scored
    window
        by_score as (partition by text_number, place_name_number order by score desc, place_number asc)
),

-- The best is taken where it is twice as likely as the next; else what the name means to everybody.
chosen as (
    select
        text_number,
        place_name_number,
        place_number,
        case
            when is_qualified then 'qualifier'
            when meaning_count = 1 and weight >= 15000 then 'only'
            when is_likely then 'population'
            when dateline_region_share + dateline_country_share >= 0.25 then 'dateline'
            when region_share >= 0.25 then 'region'
            when country_share >= 0.25 then 'country'
            when is_outlet_country then 'outlet'
            when weight >= 15000 then 'population'
        end as place_reason,
        country_share,
        -- whether the text itself says so, besides the name
        is_qualified
        or greatest(dateline_region_share + dateline_country_share, region_share, country_share) >= 0.25 as is_evident
    from ranked
    where
        place_rank = 1 and (coalesce(margin, 1) >= 0.69 or is_likely)
),

-- An outlet, or a file of one that is not known.
origins as (
    select distinct
        texts.text_number,
        coalesce(article_texts.outlet_name, article_texts.outlet_domain, 'file ' || article_texts.file_key) as origin
    from staging.article_texts
    inner join staging.texts on article_texts.text_hash = texts.text_hash
),

-- What an outlet means by a name: five of its texts make it plain, and next to none another.
usages as (
    select
        origins.origin,
        chosen.place_name_number,
        chosen.place_number
    from chosen
    inner join origins on chosen.text_number = origins.text_number
    where chosen.is_evident and chosen.country_share >= 0.5
    group by origins.origin, chosen.place_name_number, chosen.place_number
    having count(*) >= 5
    qualify count(*) >= 0.8 * sum(count(*)) over (partition by origins.origin, chosen.place_name_number)
),

-- That counts in its other texts, if the place is not small, and not what everybody means anyway.
text_usages as (
    select
        named_keys.text_number,
        named_keys.place_name_number,
        min(usages.place_number) as place_number
    from named_keys
    inner join origins on named_keys.text_number = origins.text_number
    inner join usages
        on origins.origin = usages.origin and named_keys.place_name_number = usages.place_name_number
    inner join staging.places on usages.place_number = places.place_number
    left join chosen
        on
            named_keys.text_number = chosen.text_number
            and named_keys.place_name_number = chosen.place_name_number
            and chosen.is_evident
    where chosen.text_number is null and not places.is_likely and places.weight >= 100000
    group by all
    having count(distinct usages.place_number) = 1
),

decided as (
    select
        chosen.text_number,
        chosen.place_name_number,
        chosen.place_number,
        chosen.place_reason
    from chosen
    anti join text_usages
        on
            chosen.text_number = text_usages.text_number
            and chosen.place_name_number = text_usages.place_name_number
    where chosen.place_reason is not null
    union all
    select
        text_number,
        place_name_number,
        place_number,
        'usage' as place_reason
    from text_usages
    union all
    select
        named_keys.text_number,
        named_keys.place_name_number,
        places.place_number,
        if(places.meaning_count = 1, 'only', 'population') as place_reason
    from named_keys
    inner join staging.places on named_keys.place_name_number = places.place_name_number
    anti join text_usages
        on
            named_keys.text_number = text_usages.text_number
            and named_keys.place_name_number = text_usages.place_name_number
    anti join chosen
        on
            named_keys.text_number = chosen.text_number
            and named_keys.place_name_number = chosen.place_name_number
            and chosen.place_reason is not null
    where places.is_likely
),

listed as (
    select
        place_names.name_number,
        entity_names.entity_id,
        coalesce(gazetteer.decided_by = 'seeds.entity_aliases', false) as is_decided
    from place_names
    inner join staging.entity_names on place_names.name_number = entity_names.name_number
    left join staging.gazetteer
        on place_names.name_key = gazetteer.name_key and gazetteer.entity_type = 'place'
)

select
    named.text_number,
    named.name_number,
    decided.place_number,
    places.place_id,
    -- a person's decision goes before all evidence; a name with several meanings and none likely has none here
    if(
        listed.is_decided or places.place_id is null,
        listed.entity_id,
        'place:' || replace(places.entity_key, ' ', '-')
    ) as entity_id,
    if(
        listed.is_decided,
        'listed',
        coalesce(decided.place_reason, if(named.place_name_number is null, null, 'unclear'))
    ) as place_reason
from named
inner join listed on named.name_number = listed.name_number
left join decided
    on named.text_number = decided.text_number and named.place_name_number = decided.place_name_number
left join staging.places on decided.place_number = places.place_number
