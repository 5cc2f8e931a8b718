"""Models that carry the promise: what is given, what is expected, and the arithmetic between."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.newsroom import Newsroom, day
from warehouse.models import ModelError, read_model, read_models

# --- three counts -----------------------------------------------------------------------------------------


def test_three_ways_of_counting(newsroom: Newsroom) -> None:
    # Seoul, five outlets, one agency: five articles, their copies one text, one origin.
    for number in range(5):
        text = "Rain fell on Seoul." + " " * number  # copies differ a little
        copy = newsroom.article(
            f"yonhap{number}", text, outlet_name=f"Paper {number}", agency_id="yonhap", published_on=day(1)
        )
        newsroom.text_groups[copy] = "rain"
        newsroom.mention(copy, "Seoul", "place", start=13)
    # Paris, two agencies, two texts each told by two outlets: four articles, two texts, two origins.
    for number, agency in enumerate(["ap", "ap", "yonhap", "yonhap"]):
        copy = newsroom.article(
            f"paris{number}", f"Paris, says {agency}.", outlet_name=f"Paper {number}", agency_id=agency
        )
        if number % 2:
            newsroom.mention(copy, "Paris", "place")  # once per text: that is how copies cost nothing
        newsroom.story_groups[copy] = ("paris", "Strike in Paris")
    # The UN, three texts of their own in one outlet, one of them without a date: three texts, one origin.
    for number, published_on in enumerate([day(1), day(2), None]):
        own = newsroom.article(
            f"un{number}", f"UN news {number}", outlet_name="BBC", published_on=published_on
        )
        newsroom.mention(own, "UN", "organization")
    newsroom.build()
    counts = "entity_name, article_count, text_count, origin_count"
    assert newsroom.rows(f"select {counts} from marts.entities order by 1") == [
        ("Paris", 4, 2, 2),
        ("Seoul", 5, 1, 1),
        ("UN", 3, 3, 1),
    ]
    # Day 1 has 5 + 1 articles, day 2 has 1; undated articles are in totals only.
    assert newsroom.rows("""
        select entity_id, published_on, article_count, text_count, origin_count, article_share
        from marts.entity_days order by all
    """) == [
        ("organization:un", day(1), 1, 1, 1, 1 / 6),
        ("organization:un", day(2), 1, 1, 1, 1.0),
        ("place:seoul", day(1), 5, 1, 1, 5 / 6),
    ]
    assert newsroom.rows("""
        select source_id, article_count, text_count, origin_count, is_known
        from marts.sources where source_role = 'agency' or article_count > 2 order by all
    """) == [
        ("agency:ap", 2, 1, 1, True),
        ("agency:yonhap", 7, 2, 1, True),
        ("outlet:bbc", 3, 3, 1, True),
    ]
    assert newsroom.rows("""
        select headline, article_count, text_count, origin_count, outlet_count
        from marts.stories where story_id = 'paris'
    """) == [("Strike in Paris", 4, 2, 2, 4)]
    assert newsroom.rows("select undated_article_count from marts.runs") == [(5,)]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"published_on": day(1)}, {"published_on": day(2), "agency_id": "ap"}, "earliest"),
        ({"published_on": day(1)}, {"agency_id": "ap"}, "earliest"),
        ({"agency_id": "ap"}, {"word_count": 99}, "agency"),
        ({"word_count": 99}, {}, "longest"),
    ],
)
def test_the_original_and_why(
    tmp_path: Path, newsroom: Newsroom, first: dict[str, object], second: dict[str, object], reason: str
) -> None:
    newsroom.article("z", outlet_name="BBC", **first)  # the name alone would come last
    newsroom.article("a", outlet_name="Herald", **second)
    newsroom.build()
    origin = "agency:ap" if "agency_id" in first | second else "outlet:bbc"
    assert newsroom.rows("""
        select article_id, is_original, original_reason, origin_id from marts.articles order by 1
    """) == [("a", False, None, origin), ("z", True, reason, origin)]


# --- versions, withdrawals, topics ------------------------------------------------------------------------

NOON, EVENING = datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 1, 18, tzinfo=UTC)
FIRST, SECOND = (f"2026112{number}T120000Z-aaaa" for number in (1, 2))


def test_the_version_that_stands(newsroom: Newsroom) -> None:
    cases: list[tuple[dict[str, Any], dict[str, Any], str]] = [
        ({"version_number": 2}, {"version_number": 1}, "first"),
        ({"updated_at": EVENING}, {"updated_at": NOON}, "first"),
        ({"updated_at": NOON}, {"updated_at": EVENING}, "second"),
        ({"version_number": 1, "updated_at": EVENING}, {"version_number": 2}, "second"),
        ({"is_correction": True}, {}, "first"),
        # nothing but the runs says which is older
        ({"item_key": None, "is_correction": True}, {"item_key": None}, "second"),
        ({}, {"is_summary": True, "updated_at": EVENING}, "first"),
        # a page that was read after the wire's item is newer, whatever the item counts
        ({"version_number": 2}, {"format_code": "html"}, "second"),
    ]
    hashes = []
    for run_id, place in ((FIRST, 0), (SECOND, 1)):
        for number, case in enumerate(cases):
            wire = {"format_code": "ninjs", "item_key": f"k{number}", "url": f"u{number}"}
            text = f"{('first', 'second')[place]} {number}"
            given = {"file_key": f"/{text}", "file_path": text} | wire | case[place]
            hashes.append(newsroom.article(f"a{number}", text, **given))
        newsroom.write(run_id)
    newsroom.annotate(hashes)
    newsroom.build()
    found = [text for (text,) in newsroom.rows("select text from marts.articles order by article_id")]
    assert found == [f"{stands} {number}" for number, (_, _, stands) in enumerate(cases)]


@pytest.mark.parametrize("is_early", [False, True])
def test_what_is_taken_back_is_gone_and_says_why(newsroom: Newsroom, is_early: bool) -> None:
    cases: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
        ({}, {}, False),
        ({"item_key": None, "url": "u"}, {"item_key": None, "url": "u"}, False),
        ({}, {"item_key": "other"}, True),
        ({"version_number": 1}, {"version_number": 2}, False),
        ({"version_number": 2}, {"version_number": 2}, False),
        ({"version_number": 3}, {"version_number": 2}, True),  # sent again
        ({"version_number": 3, "updated_at": NOON}, {"updated_at": EVENING}, False),
        ({"updated_at": EVENING}, {"updated_at": NOON}, True),
    ]
    said = "Lee said so {}."
    for is_kill in (is_early, not is_early):
        for number, (sent, kill, _) in enumerate(cases):
            key = {"item_key": f"k{number}"}
            if is_kill:
                newsroom.rejection(f"/kill{number}", "withdrawn", **(key | kill))
            else:
                newsroom.article(f"a{number}", said.format(number), format_code="ninjs", **(key | sent))
        newsroom.write(SECOND if is_kill != is_early else FIRST)
    hashes = [f"hash of {said.format(number)}" for number in range(len(cases))]
    for text_hash in hashes:
        newsroom.mention(text_hash, "Lee", "person")
    newsroom.annotate(hashes)
    newsroom.build()
    standing = [f"a{number}" for number, (_, _, is_standing) in enumerate(cases) if is_standing]
    assert newsroom.rows("select list(article_id order by article_id) from marts.articles") == [(standing,)]
    assert newsroom.rows("select article_count from marts.entities") == [(len(standing),)]
    assert newsroom.rows("select count(*) from marts.stories") == [(len(standing),)]
    assert newsroom.rows("select article_id from marts.rejections order by file_path") == [
        (None if is_standing else f"a{number}",) for number, (_, _, is_standing) in enumerate(cases)
    ]


def test_a_withdrawal_outlives_the_feed_that_brought_it(newsroom: Newsroom) -> None:
    newsroom.article("a", format_code="ninjs", item_key="k")
    newsroom.rejection("/feed", "withdrawn", 1, item_key="k")
    newsroom.write("20261121T120000Z-aaaa", file_hash="old")
    newsroom.rejection("/feed", "too_short", 1)  # the feed moved on
    newsroom.build()
    assert newsroom.rows("select count(*) from marts.articles") == [(0,)]
    found = newsroom.rows("select reason_code, article_id from marts.rejections order by 1")
    assert found == [("too_short", None), ("withdrawn", "a")]


def test_an_item_is_one_article_under_both_its_addresses(newsroom: Newsroom) -> None:
    newsroom.article("u1", "Old.", url="u1", version_number=1, format_code="ninjs", item_key="k")
    newsroom.article("u2", "New.", url="u2", version_number=2, format_code="ninjs", item_key="k")
    newsroom.article("u3", "Other.", url="u3", format_code="ninjs", item_key="l", version_number=1)
    # an id that several addresses of one file bear is no id of any of them
    for number in (1, 2):
        page = {"file_key": "/feed", "record_number": number, "url": f"f{number}", "item_key": "feed"}
        newsroom.article(f"f{number}", f"Entry {number}.", format_code="rss", **page)
    newsroom.build()
    assert newsroom.rows("select article_id, text from marts.articles order by 1") == [
        *(("f1", "Entry 1."), ("f2", "Entry 2."), ("u1", "New."), ("u3", "Other.")),
    ]


def test_topics_of_the_feed_go_before_those_of_the_text(newsroom: Newsroom) -> None:
    trade, economy, politics = "medtop:20000346", "medtop:04000000", "medtop:11000000"
    both = newsroom.article("a", "Talks.", feed_topic_ids=[politics, trade, "medtop:20000001"])
    newsroom.article("b", "Talks.", feed_topic_ids=["medtop:20000001"])  # the same text; no known code
    newsroom.topic(both, politics, 0.6)
    newsroom.topic(both, trade, 0.2, is_primary=False)
    newsroom.build()
    assert newsroom.rows("""
        select article_id, topic_id, topic_score, is_primary, decided_by
        from marts.article_topics order by all
    """) == [
        ("a", economy, 1.0, False, "feed"),  # one code each: the one that is named first
        ("a", politics, 1.0, True, "feed"),
        ("a", trade, 1.0, False, "feed"),
        ("b", politics, 0.6, True, "model"),
        ("b", trade, 0.2, False, "model"),
    ]
    assert newsroom.rows("select topic_id, article_count, text_count from marts.topics order by 1") == [
        *((economy, 1, 1), (politics, 2, 1), (trade, 2, 1), ("unclassified", 0, 0)),
    ]


def test_a_copy_is_paired_with_its_original_and_says_what_changed(newsroom: Newsroom) -> None:
    given = {
        "a": ("Rain", "Rain fell on Seoul.", [1, 2, 3, 4]),
        "b": ("RAIN!", "Rain fell  on Seoul", [1, 2, 3, 4]),
        "c": ("Wet", "Rain fell on Seoul.", [1, 2, 3, 5]),
        "d": ("Rain", "Rain fell.", [1, 2]),
        "e": ("Rain", "Rain fell on Busan.", [1, 2, 6, 7]),
    }
    for number, (name, (title, text, shingles)) in enumerate(given.items(), start=1):
        text_hash = newsroom.article(name, text, title=title, published_on=day(number))
        newsroom.text_groups[text_hash] = "rain"
        newsroom.shingles[text_hash] = shingles
    newsroom.article("f", "Rain fell on Seoul.", title="Rain", published_on=day(9))  # the very text of a
    newsroom.build()
    # 3 of 4 + 4 - 3, 2 of 4 + 2 - 2 and 2 of 4 + 4 - 2 shingles; the shorter has 4, 2 and 4.
    assert newsroom.rows("select * exclude text_group_id from marts.copy_pairs order by 2") == [
        ("a", "b", 1.0, 1.0, "same"),
        ("a", "c", 3 / 5, 3 / 4, "headline"),
        ("a", "d", 1 / 2, 1.0, "cut"),
        ("a", "e", 1 / 3, 1 / 2, "edited"),
        ("a", "f", 1.0, 1.0, "same"),
    ]


def test_a_merge_leads_to_the_story_of_today(newsroom: Newsroom) -> None:
    texts = [newsroom.article(name, f"Storm {name}", published_on=day(1)) for name in "abc"]
    newsroom.story_groups = dict.fromkeys(texts, (texts[0], "Storm"))
    newsroom.story_merges = [(texts[2], texts[1], day(2)), (texts[1], texts[0], day(3))]  # c, then b
    newsroom.build()
    assert newsroom.rows("select * from marts.story_merges order by 1") == [
        (texts[1], texts[0], day(3)),
        (texts[2], texts[0], day(2)),
    ]


# --- who is who -------------------------------------------------------------------------------------------


def test_names_become_entities(newsroom: Newsroom) -> None:
    given = [
        ("S. Korea", "place"),  # an alias of the list
        ("South Korea", "place"),
        ("the Republic of Korea", "place"),
        ("South Koreans", "nationality"),
        ("Seoul", "place"),  # a capital: its own point, its country's code
        ("San Jose", "place"),  # California's is larger, Costa Rica's the capital: Texas decides
        ("Nice", "place"),  # a city
        ("Texas", "place"),  # a region
        ("Moon", "person"),  # a decision of seeds/entity_aliases.csv
        ("Moon Jae-In", "person"),
        ("UN", "organization"),  # not the United Nations here, somebody decided
        ("U.N.", "organization"),  # the same key
        ("Blue House", "organization"),
        ("The Associated Press", "organization"),
        ("Élan Vital", "organization"),  # spelled two ways, the one more used names it
        ("Elan Vital", "organization"),
        ("Elan Vital", "organization"),
        ("Moon", "place"),  # another type is another entity
        ("***", "work"),
        ("Россия", "place"),
    ]
    start = 0
    text = " ".join(name for name, _ in given)
    article = newsroom.article("a", text)
    for name, entity_type in given:
        newsroom.mention(article, name, entity_type, start=start)
        start += len(name) + 1
    newsroom.build()
    found = newsroom.rows("""
        select entity_id, entity_name, country_code, round(latitude), wikidata_id, mention_count
        from marts.entities order by 1
    """)
    assert found == [
        ("nationality:south-korean", "South Korean", "KR", 37.0, None, 1),
        ("organization:associated-press", "Associated Press", None, None, "Q40469", 1),
        ("organization:cheong-wa-dae", "Cheong Wa Dae", None, None, None, 1),
        ("organization:elan-vital", "Elan Vital", None, None, None, 3),
        ("organization:un", "U.N.", None, None, None, 2),
        ("person:moon-jae-in", "Moon Jae-in", None, None, None, 2),
        ("place:moon", "Moon", None, None, None, 1),
        ("place:nice", "Nice", "FR", 44.0, None, 1),
        ("place:san-jose-us-ca", "San Jose", "US", 37.0, None, 1),
        ("place:seoul", "Seoul", "KR", 38.0, None, 1),
        ("place:south-korea", "South Korea", "KR", 37.0, "Q884", 3),
        ("place:texas", "Texas", "US", 31.0, "Q1439", 1),
        ("place:россия", "Россия", None, None, None, 1),
        ("work:***", "***", None, None, None, 1),
    ]
    assert newsroom.rows("""
        select alias, mention_count, decided_by from marts.entity_aliases
        where entity_id in ('place:south-korea', 'person:moon-jae-in') order by 1
    """) == [
        ("Moon", 1, "seeds.entity_aliases"),
        ("Moon Jae-In", 1, "model"),
        ("S. Korea", 1, "seeds.countries"),
        ("South Korea", 1, "seeds.countries"),
        ("the Republic of Korea", 1, "seeds.countries"),
    ]


def test_a_name_is_the_place_that_its_article_means(newsroom: Newsroom) -> None:
    cases: list[tuple[str, list[tuple[str, str, str]], dict[str, str], str, str | None]] = [
        # nothing else is said: the one that is twice as weighty as every other, or none
        ("Paris", [], {}, "place:paris", "population"),
        ("Springfield", [], {}, "place:springfield", "unclear"),
        ("Nowhereville", [], {}, "place:nowhereville", None),
        # the name that follows it says where
        ("Paris", [(", ", "Texas", "place")], {}, "place:paris-us-tx", "qualifier"),
        ("Springfield", [(", ", "Ill.", "person")], {}, "place:springfield-us-il", "qualifier"),
        ("Paris", [(", ", "France", "place")], {}, "place:paris", "qualifier"),
        ("Paris", [(", ", "Seoul", "place")], {}, "place:paris", "population"),
        # the place where the article was written
        ("Springfield", [], {"dateline_place": "Missouri"}, "place:springfield-us-mo", "dateline"),
        ("Paris", [], {"dateline_place": "PARIS, Texas"}, "place:paris-us-tx", "qualifier"),
        # other places of the region, also in the name of an office
        ("Springfield", [(" is in ", "Illinois", "place")], {}, "place:springfield-us-il", "region"),
        ("Lamar County", [(" is in ", "Texas", "place")], {}, "place:lamar-county-us-tx", "region"),
        (
            "Springfield",
            [(" or ", "Missouri Tax Office", "organization")],
            {},
            "place:springfield-us-mo",
            "region",
        ),
        # one such place does not move a capital
        ("Paris", [(" saw ", "Dallas", "place")], {}, "place:paris", "population"),
        # the country's people or another place of it, the outlet's country
        ("San Jose", [(" for ", "Americans", "nationality")], {}, "place:san-jose-us-ca", "country"),
        ("Cambridge", [(" near ", "London", "place")], {}, "place:cambridge-gb-eng", "region"),
        ("Cambridge", [], {"outlet_name": "Herald"}, "place:cambridge-gb-eng", "outlet"),
    ]
    for number, (name, others, given, _, _) in enumerate(cases):
        text = name + "".join(between + other for between, other, _ in others) + f" {number}"
        article = newsroom.article(f"{number:02}", text, title=name, **given)
        newsroom.mention(article, name, "place", field="title")
        newsroom.mention(article, name, "place")
        for _, other, entity_type in others:
            newsroom.mention(article, other, entity_type, start=text.index(other))
    newsroom.build()
    found = newsroom.rows("""
        select title, entity_id, place_reason, count(distinct field)
        from marts.mentions inner join marts.articles using (article_id)
        where mention_text = title group by article_id, 1, 2, 3 order by article_id
    """)
    # the title and the text of one article agree
    assert found == [(name, entity_id, reason, 2) for name, _, _, entity_id, reason in cases]
    unresolved = newsroom.rows("select entity_id from marts.entities where latitude is null order by 1")
    assert [entity_id for (entity_id,) in unresolved if entity_id.startswith("place:")] == [
        "place:nowhereville",
        "place:springfield",
    ]


def test_a_name_is_the_place_that_its_outlet_means(newsroom: Newsroom) -> None:
    for number in range(5):
        text = newsroom.article(f"a{number}", f"San Jose for Americans {number}", outlet_name="Bay Courier")
        newsroom.mention(text, "San Jose", "place")
        newsroom.mention(text, "Americans", "nationality", start=13)
    for outlet in ("Bay Courier", "Hill Post"):
        newsroom.mention(
            newsroom.article(outlet, f"San Jose {outlet}", outlet_name=outlet), "San Jose", "place"
        )
    newsroom.build()
    found = newsroom.rows("""
        select article_id, entity_id, place_reason from marts.mentions
        where mention_text = 'San Jose' and article_id not like 'a%' order by 1
    """)
    assert found[0] == ("Bay Courier", "place:san-jose-us-ca", "usage")
    assert found[1][2] != "usage"


def test_places_that_an_article_is_about(newsroom: Newsroom) -> None:
    text = "Paris, Texas: Seoul, Nice, Springfield."
    article = newsroom.article("a", text, title="Paris")
    newsroom.mention(article, "Paris", "place", field="title")
    for name in ("Paris", "Texas", "Seoul", "Nice", "Springfield"):
        newsroom.mention(article, name, "place", start=text.index(name))
    newsroom.build()
    # Paris 3 in the title and 2 in the opening, the others 2 each: 5 of 11. Nobody knows which Springfield.
    assert newsroom.rows("""
        select entity_id, place_rank, round(place_score, 3), geonames_id, country_code
        from marts.article_places inner join marts.entities using (entity_id) order by 2
    """) == [
        ("place:paris-us-tx", 1, 0.455, "4717560", "US"),
        ("place:nice", 2, 0.182, "2990440", "FR"),
        ("place:seoul", 3, 0.182, "1835848", "KR"),
    ]


def test_outlets_by_domain_then_by_name(newsroom: Newsroom) -> None:
    given = {
        "a": ("Whatever", "news.BBC.co.uk"),  # the domain decides, its ending is known
        "b": ("The BBC", None),
        "c": ("Herald", "www.morning.example:443"),  # a domain nobody knows, but a name that one knows
        "d": ("Morning Post", "www.morning.example"),
        "e": (None, "morning.example"),
        "f": ("Evening Post!", None),
        "g": (None, None),
        "h": (None, "notbbc.co.uk"),
    }
    for article_id, (name, domain) in given.items():
        newsroom.article(article_id, article_id, outlet_name=name, outlet_domain=domain)
    newsroom.build()
    assert newsroom.rows("select article_id, outlet_id, outlet_name from marts.articles order by 1") == [
        ("a", "bbc", "BBC News"),
        ("b", "bbc", "BBC News"),
        ("c", "herald", "The Herald"),
        ("d", "morning-example", "Morning Post"),
        ("e", "morning-example", "Morning Post"),
        ("f", "evening-post", "Evening Post!"),
        ("g", None, None),
        ("h", "notbbc-co-uk", "notbbc.co.uk"),
    ]
    unknown = newsroom.rows("select source_name from marts.sources where not is_known order by 1")
    assert unknown == [("Evening Post!",), ("Morning Post",), ("notbbc.co.uk",)]


def test_sources_that_are_cited(newsroom: Newsroom) -> None:
    for number, (source, source_type, entity) in enumerate(
        [
            ("Moon", "person", "Moon"),
            ("an official", "anonymous", None),
            ("An official", "anonymous", None),
            ("He", "person", None),  # a pronoun that was not resolved names nobody
        ]
    ):
        cited = newsroom.article(f"a{number}", f"{source} said so.", published_on=day(1))
        newsroom.citation(cited, source, source_type, entity)
        if entity:
            newsroom.mention(cited, entity, source_type)
    newsroom.build()
    assert newsroom.rows("""
        select source_id, source_name, entity_id, citation_count, text_count
        from marts.sources where source_role = 'cited' order by 1
    """) == [
        ("cited:anonymous:an-official", "An official", None, 2, 2),
        ("cited:person:moon-jae-in", "Moon Jae-in", "person:moon-jae-in", 1, 1),
    ]
    assert newsroom.rows("select count(*) from marts.citations") == [(4,)]


def test_who_cites_whom_and_how(newsroom: Newsroom) -> None:
    # The BBC: two copies of an agency's text that cites Moon, two texts of its own (one without a topic).
    # The Herald: the agency's text again, and a text that cites nobody. An outlet nobody knows cites nobody.
    given = [
        ("a", "BBC", "ap", "rain", [("Moon", "person", "Moon")], "medtop:20000346"),
        ("b", "BBC", "ap", "rain", [("Moon", "person", "Moon")], "medtop:20000346"),
        ("c", "BBC", None, "c", [("Moon", "person", "Moon"), ("Lee", "person", "Lee")], "medtop:11000000"),
        ("d", "BBC", None, "d", [("sources", "anonymous", None), ("UN", "organization", "UN")], None),
        ("e", "Herald", "ap", "rain", [("Moon", "person", "Moon")], "medtop:20000346"),
        ("f", "Herald", None, "f", [], None),
        ("g", None, None, "g", [("Moon", "person", "Moon")], None),
    ]
    for article_id, outlet, agency, group, sources, topic in given:
        text = " ".join(f"{source} said so." for source, _, _ in sources) + f" {article_id}"
        cited = newsroom.article(article_id, text, outlet_name=outlet, agency_id=agency)
        newsroom.text_groups[cited] = group
        for source, source_type, entity in sources:
            start = text.index(source)
            newsroom.citation(cited, source, source_type, entity, start=start, is_official=source == "UN")
            if entity:
                newsroom.mention(cited, entity, source_type, start=start)
        if topic:
            newsroom.topic(cited, topic)
    newsroom.build()
    # Trade is economy at the top. Moon in rain: two copies in the BBC, one text, one origin.
    assert newsroom.rows("""
        select outlet_id, topic_id, source_id, citation_count, text_citation_count, article_count, text_count
        from marts.outlet_sources order by all
    """) == [
        ("bbc", "medtop:04000000", "cited:person:moon-jae-in", 2, 1, 2, 1),
        ("bbc", "medtop:11000000", "cited:person:lee", 1, 1, 1, 1),
        ("bbc", "medtop:11000000", "cited:person:moon-jae-in", 1, 1, 1, 1),
        ("bbc", "unclassified", "cited:anonymous:sources", 1, 1, 1, 1),
        ("bbc", "unclassified", "cited:organization:un", 1, 1, 1, 1),
        ("herald", "medtop:04000000", "cited:person:moon-jae-in", 1, 1, 1, 1),
    ]
    # The BBC's 3 texts: 1 of an agency, 5 attributions, 4 named (Moon 2, Lee 1, UN 1), 1 anonymous,
    # 1 official. 2/4 squared and twice 1/4 squared: 0.375, as concentrated as 2.67 even sources.
    assert newsroom.rows("""
        select outlet_id, article_count, text_count, round(agency_text_share, 2), text_citation_count,
            round(citing_text_share, 2), named_share, anonymous_share, official_share, source_count,
            top_source_id, top_source_share, concentration_score, round(effective_source_count, 2)
        from marts.outlet_sourcing order by 1
    """) == [
        ("bbc", 4, 3, 0.33, 5, 1.0, 0.8, 0.2, 0.2, 3, "cited:person:moon-jae-in", 0.5, 0.375, 2.67),
        ("herald", 2, 2, 0.5, 1, 0.5, 1.0, 0.0, 0.0, 1, "cited:person:moon-jae-in", 1.0, 1.0, 1.0),
    ]
    # d, f and g have no topic; the 3 copies of rain are about trade itself.
    assert newsroom.rows("""
        select topic_id, topic_level, article_count, text_count
        from marts.topics where article_count > 0 order by 1
    """) == [
        ("medtop:11000000", 1, 1, 1),
        ("medtop:20000346", 3, 3, 1),
        ("unclassified", None, 3, 3),
    ]


# --- together, rising, missing ----------------------------------------------------------------------------


def test_pairs_and_their_association(newsroom: Newsroom) -> None:
    for number, names in enumerate(["A B", "A B", "A C", "C"]):
        article = newsroom.article(f"a{number}", names + " " * number)
        for place, name in enumerate(names.split()):
            newsroom.mention(article, name, "person", start=2 * place)
    newsroom.build()
    pairs = newsroom.rows("""
        select entity_id_a, entity_id_b, text_count, round(association_score, 3)
        from marts.entity_pairs order by all
    """)
    # 4 texts. A in 3, B in 2, C in 2. A with B in 2: ln(2 * 4 / (3 * 2)) / -ln(2 / 4) = 0.288 / 0.693.
    # A with C in 1: ln(1 * 4 / (3 * 2)) / -ln(1 / 4) = -0.405 / 1.386.
    assert pairs == [("person:a", "person:b", 2, 0.415), ("person:a", "person:c", 1, -0.292)]


def test_pairs_by_month_and_topic(newsroom: Newsroom) -> None:
    trade, politics = "medtop:04000000", "medtop:11000000"
    for number, (published_on, topic_id) in enumerate(
        [(day(1), trade), (day(2), trade), (date(2026, 10, 31), politics), (None, None)]
    ):
        article = newsroom.article(f"a{number}", f"Kim and Lee {number}", published_on=published_on)
        newsroom.mention(article, "Kim", "person")
        newsroom.mention(article, "Lee", "person", start=8)
        if topic_id:
            newsroom.topic(article, topic_id)
    newsroom.build()
    months = "select month_on, article_count, text_count from marts.entity_pair_months order by all"
    assert newsroom.rows(months) == [(date(2026, 10, 1), 1, 1), (date(2026, 11, 1), 2, 2)]
    topics = "select topic_id, article_count, text_count from marts.entity_pair_topics order by all"
    assert newsroom.rows(topics) == [(trade, 2, 2), (politics, 1, 1)]
    # the undated article has no topic: 2 of Kim's 4 are on trade
    assert newsroom.rows("""
        select topic_id, article_count, article_share from marts.entity_topics
        where entity_id = 'person:kim' order by 1
    """) == [(trade, 2, 0.5), (politics, 1, 0.25)]


def test_who_an_outlet_names(newsroom: Newsroom) -> None:
    for number, outlet in enumerate(["BBC", "BBC", "Herald", None]):
        article = newsroom.article(f"a{number}", f"Lee {number}", outlet_name=outlet)
        if number != 1:
            newsroom.mention(article, "Lee", "person")
    newsroom.build()
    assert newsroom.rows("""
        select outlet_id, entity_id, mention_count, article_count, text_count, origin_count, article_share
        from marts.outlet_entities order by 1
    """) == [("bbc", "person:lee", 1, 1, 1, 1, 0.5), ("herald", "person:lee", 1, 1, 1, 1, 1.0)]


def test_trends_and_gaps(newsroom: Newsroom) -> None:
    # An outlet with 4 articles a day for 13 days, none on the 14th, 4 on the 15th. Lee is in one article a
    # day, and in all 4 on the 15th.
    for number in [*range(1, 14), 15]:
        for copy in range(4):
            text = f"Lee {number} {copy}"
            article = newsroom.article(f"{number}-{copy}", text, outlet_name="BBC", published_on=day(number))
            if copy == 0 or number == 15:
                newsroom.mention(article, "Lee", "person")
    newsroom.build()
    # Lee's part of the days before, one left out: 12 of 48; of the 4 articles of the 15th: 1. On the two
    # Sundays before 2 of 8: 1 as well. (4 - 1) / sqrt(1 + 1) = 2.12
    assert newsroom.rows("""
        select entity_id, published_on, article_count, expected_count, round(trend_score, 2), is_affected
        from marts.entity_trends
    """) == [("person:lee", day(15), 4, 1.0, 2.12, False)]
    # Before the 14th and the 15th there are fewer than 3 such weekdays, so the median of all days counts: 4.
    assert newsroom.rows("""
        select published_on, article_count, expected_count, coverage_code, is_gap
        from marts.coverage_days where published_on >= '2026-11-13' or is_gap order by 1
    """) == [
        (day(13), 4, 4.0, "usual", False),
        (day(14), 0, 4.0, "silent", True),
        (day(15), 4, 4.0, "usual", False),
    ]


# A month with two outlets: the BBC has 6 articles a day, the Herald 6; on Sundays each has 3.
#
# - Kim is named in one of 6, and in 4 more texts of both on the 23rd: a surge.
# - Lee is named by the Herald alone, in 4 of 6. On the 22nd the Herald is missing but for one article.
# - Choi is named in every third article. On the 24th both publish twice as much, on the 26th the BBC alone.
# - Yoon is named in every article of a Sunday and on no other day.
# - Ahn is named in one text of the 26th that 9 sites carry.
SURGE, OUTAGE, DOUBLING, LAST = (date(2026, 10, number) for number in (23, 22, 24, 26))


def planted_month(newsroom: Newsroom) -> None:
    for number in range(1, 32):
        today = date(2026, 10, number)
        for outlet in ("BBC", "Herald"):
            size = 3 if today.weekday() == 6 else 6
            size = 1 if outlet == "Herald" and today == OUTAGE else size
            size *= 2 if today == DOUBLING or (today == LAST and outlet == "BBC") else 1
            for place in range(size):
                names = ["Yoon"] if today.weekday() == 6 else []
                names += ["Kim"] if place == 1 or (today == SURGE and place > 0) else []
                names += ["Lee"] if outlet == "Herald" and place % 6 < 4 else []
                names += ["Choi"] if place % 3 == 0 else []
                text = f"{outlet} {number} {place} {' '.join(names)}"
                article = newsroom.article(text, text, outlet_name=outlet, published_on=today)
                for name in names:
                    newsroom.mention(article, name, "person", start=text.index(name))
    for site in range(9):
        copy = newsroom.article(f"site{site}", "Ahn won.", outlet_name=f"Site {site}", published_on=LAST)
    newsroom.mention(copy, "Ahn", "person")


def test_a_surge_is_a_trend_and_an_outage_or_a_greater_supply_is_none(newsroom: Newsroom) -> None:
    planted_month(newsroom)
    newsroom.build()
    trends = newsroom.rows("""
        select entity_id, published_on, trend_score > 0 from marts.entity_trends
        where not is_affected order by all
    """)
    assert trends == [("person:kim", SURGE, True)]
    gaps = newsroom.rows("""
        select outlet_id, published_on, coverage_code from marts.coverage_days where is_gap order by all
    """)
    assert gaps == [
        ("bbc", DOUBLING, "doubled"),
        ("bbc", LAST, "doubled"),
        ("herald", OUTAGE, "silent"),
        ("herald", DOUBLING, "doubled"),
    ]


# --- the runner -------------------------------------------------------------------------------------------


def test_a_model_is_one_select_and_carries_its_words(tmp_path: Path) -> None:
    folder = tmp_path / "marts"
    folder.mkdir()
    (folder / "b.sql").write_text(
        '-- One b.\nselect\n    a.x, -- The x\'s "name".\n    1 as y\nfrom staging.a\n'
    )
    model = read_model(folder / "b.sql")
    assert (model.name, model.reads, model.comment) == ("marts.b", {"staging.a"}, "One b.")
    assert model.columns == {"x": 'The x\'s "name".', "y": ""}
    (folder / "c.sql").write_text("drop table x")
    with pytest.raises(ModelError, match="a model is one SELECT"):
        read_model(folder / "c.sql")


def test_models_come_behind_what_they_read_and_never_in_a_circle(tmp_path: Path) -> None:
    for schema in ("staging", "marts"):
        (tmp_path / schema).mkdir()
    (tmp_path / "marts" / "a.sql").write_text("select x from staging.z")
    (tmp_path / "staging" / "z.sql").write_text("select x from marts.y")
    (tmp_path / "marts" / "y.sql").write_text("select 1 as x")
    assert [model.name for model in read_models(tmp_path)] == ["marts.y", "staging.z", "marts.a"]
    (tmp_path / "marts" / "y.sql").write_text("select x from marts.a")
    with pytest.raises(ModelError, match="circle"):
        read_models(tmp_path)


def test_no_model_compares_every_row_with_every_other(full: Newsroom) -> None:
    plans = {model.name: plan_of(full, model.select) for model in read_models(full.project / "sql")}
    assert [name for name, plan in plans.items() if "BLOCKWISE_NL_JOIN" in plan] == []
    every = "select 1 from marts.articles left join marts.topics on articles.word_count > 9 or topic_id = '1'"
    assert "BLOCKWISE_NL_JOIN" in plan_of(full, every)  # the plan's word for it


def plan_of(newsroom: Newsroom, sql: str) -> str:
    """How DuckDB would run it, as text."""
    with duckdb.connect(str(newsroom.root / "news.duckdb"), read_only=True) as con:
        return "".join(str(row[1]) for row in con.execute(f"explain {sql}").fetchall())


def test_a_name_without_a_domain_is_the_outlet_that_bears_it_elsewhere(newsroom: Newsroom) -> None:
    newsroom.article("a", outlet_name="Fjord Post", outlet_domain="fjordpost.no")
    newsroom.article("b", outlet_name="Fjord Post")
    newsroom.article("c", outlet_name="Other Post")
    newsroom.build()
    rows = newsroom.rows("select distinct outlet_id from marts.articles order by 1")
    assert rows == [("fjordpost-no",), ("other-post",)]
