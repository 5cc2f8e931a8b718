-- One name of a place in one text, the entity that it is there, and what decided it.
with named as (
    select
        text_names.text_number,
        names.name,
        names.name_key
    from staging.text_names
    inner join staging.names on text_names.name_number = names.name_number
    where text_names.entity_type = 'place'
    union
    select
        texts.text_number,
        citations.entity_name as name,
        name_keys.name_key
    from raw.citations
    inner join staging.texts on citations.text_hash = texts.text_hash
    inner join staging.name_keys on citations.entity_name = name_keys.name
    where citations.entity_type = 'place'
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
        name_keys.name_key
    from dateline_parts
    inner join staging.name_keys on dateline_parts.name = name_keys.name
),

neighbours as (
    select distinct
        followed.text_number,
        names.name_key,
        next_names.name_key as next_key
    from followed
    inner join staging.names on followed.name_number = names.name_number
    inner join staging.names as next_names on followed.next_number = next_names.name_number
    where followed.entity_type = 'place' and followed.gap between 2 and 3 and names.name_key != next_names.name_key
    union
    select
        datelines.text_number,
        first_keys.name_key,
        last_keys.name_key as next_key
    from datelines
    inner join staging.name_keys as first_keys on trim(datelines.parts[1]) = first_keys.name
    inner join staging.name_keys as last_keys on trim(datelines.parts[2]) = last_keys.name
),

named_keys as (
    select distinct
        text_number,
        name_key
    from named
),

candidates as (
    select
        named_keys.text_number,
        places.name_key,
        places.place_id,
        places.place_kind,
        places.country_code,
        places.admin1_code,
        places.weight,
        places.share,
        places.own_region_share,
        places.own_country_share,
        places.meaning_count,
        places.is_likely
    from named_keys
    inner join staging.places on named_keys.name_key = places.name_key
),

-- The pair holds where the first can lie in the second.
qualified as (
    select distinct
        neighbours.text_number,
        neighbours.name_key,
        inner_places.place_id,
        neighbours.next_key,
        outer_places.place_id as next_place_id
    from neighbours
    inner join staging.places as inner_places on neighbours.name_key = inner_places.name_key
    inner join staging.places as outer_places
        on
            neighbours.next_key = outer_places.name_key
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
                where others.name_key = neighbours.next_key and others.is_likely and others.place_kind = 'city'
            )
        )
),

qualifications as (
    select
        text_number,
        name_key,
        place_id
    from qualified
    union
    select
        text_number,
        next_key as name_key,
        next_place_id as place_id
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

-- Every name speaks for the regions and countries that it may lie in, by how often it means them.
evidence as (
    select
        text_number,
        name_key,
        country_code,
        admin1_code,
        share,
        false as is_dateline
    from candidates
    where share >= 0.05
    union all by name
    select
        dateline_names.text_number,
        dateline_names.name_key,
        places.country_code,
        places.admin1_code,
        places.share,
        true as is_dateline
    from dateline_names
    inner join staging.places on dateline_names.name_key = places.name_key
    where places.share >= 0.05
    union all by name
    select distinct
        text_names.text_number,
        'people ' || names.name_key as name_key,
        gazetteer.country_code,
        1 as share,
        false as is_dateline
    from staging.text_names
    inner join staging.names on text_names.name_number = names.name_number
    inner join staging.gazetteer
        on names.name_key = gazetteer.name_key and names.entity_type = gazetteer.entity_type
    where names.entity_type = 'nationality'
    union all by name
    select distinct
        text_names.text_number,
        'organization ' || names.name_key as name_key,
        organization_places.country_code,
        organization_places.admin1_code,
        0.5 * organization_places.share as share,
        false as is_dateline
    from staging.text_names
    inner join staging.names on text_names.name_number = names.name_number
    inner join organization_places on names.name_key = organization_places.name_key
    where names.entity_type in ('organization', 'facility')
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
        candidates.*,
        qualifications.place_id is not null as is_qualified,
        -- a name does not speak for itself
        greatest(coalesce(regions.share, 0) - candidates.own_region_share, 0) as region_share,
        greatest(coalesce(countries.share, 0) - candidates.own_country_share, 0) as country_share,
        if(dateline_names.text_number is null, coalesce(regions.dateline_share, 0), 0) as dateline_region_share,
        if(dateline_names.text_number is null, coalesce(countries.dateline_share, 0), 0) as dateline_country_share,
        outlets.text_number is not null as is_outlet_country
    from candidates
    left join qualifications
        on
            candidates.text_number = qualifications.text_number
            and candidates.name_key = qualifications.name_key
            and candidates.place_id = qualifications.place_id
    left join support as regions
        on
            candidates.text_number = regions.text_number
            and candidates.country_code = regions.country_code
            and candidates.admin1_code = regions.admin1_code
            and not regions.is_country
    left join support as countries
        on
            candidates.text_number = countries.text_number
            and candidates.country_code = countries.country_code
            and countries.is_country
    left join dateline_names
        on candidates.text_number = dateline_names.text_number and candidates.name_key = dateline_names.name_key
    left join outlets
        on candidates.text_number = outlets.text_number and candidates.country_code = outlets.country_code
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
    window by_score as (partition by text_number, name_key order by score desc, place_id asc)
),

-- The best is taken where it is twice as likely as the next; else what the name means to everybody.
chosen as (
    select
        text_number,
        name_key,
        place_id,
        case
            when is_qualified then 'qualifier'
            when meaning_count = 1 and weight >= 15000 then 'only'
            when is_likely then 'population'
            when dateline_region_share + dateline_country_share >= 0.25 then 'dateline'
            when region_share >= 0.25 then 'region'
            when country_share >= 0.25 then 'country'
            when is_outlet_country then 'outlet'
            when weight >= 15000 then 'population'
        end as place_reason
    from ranked
    where
        place_rank = 1 and (coalesce(margin, 1) >= 0.69 or is_likely)
),

decided as (
    select
        text_number,
        name_key,
        place_id,
        place_reason
    from chosen
    where place_reason is not null
    union all
    select
        ranked.text_number,
        ranked.name_key,
        ranked.place_id,
        if(ranked.meaning_count = 1, 'only', 'population') as place_reason
    from ranked
    where
        ranked.is_likely
        and not exists (
            select 1
            from chosen
            where
                chosen.text_number = ranked.text_number
                and chosen.name_key = ranked.name_key
                and chosen.place_reason is not null
        )
),

known_names as (
    select distinct name_key
    from staging.places
)

select
    texts.text_hash,
    named.name,
    'place' as entity_type,
    decided.place_id,
    -- a person's decision goes before all evidence; a name with several meanings and none likely has none here
    case
        when gazetteer.decided_by = 'seeds.entity_aliases' then entity_names.entity_id
        when places.place_id is null then entity_names.entity_id
        else 'place:' || replace(places.entity_key, ' ', '-')
    end as entity_id,
    case
        when gazetteer.decided_by = 'seeds.entity_aliases' then 'listed'
        else coalesce(decided.place_reason, if(known_names.name_key is null, null, 'unclear'))
    end as place_reason
from named
inner join staging.texts on named.text_number = texts.text_number
inner join staging.entity_names on named.name = entity_names.name and entity_names.entity_type = 'place'
left join staging.gazetteer on named.name_key = gazetteer.name_key and gazetteer.entity_type = 'place'
left join decided on named.text_number = decided.text_number and named.name_key = decided.name_key
left join staging.places on decided.name_key = places.name_key and decided.place_id = places.place_id
left join known_names on named.name_key = known_names.name_key
