"""Which names are one entity: what rules merge, what company forbids, and that people's decisions win."""

import csv
from datetime import date

import pytest

from flows import aliases
from flows.reading.inputs import InputError
from tests.warehouse.newsroom import Newsroom, run_row

WHO = "select entity_id, article_count from marts.entities where entity_type = '{}' order by 1"


def tell(newsroom: Newsroom, article_id: str, kind: str, *names: str, **others: str) -> str:
    """One article that gives these names of one kind, and `others` (name=type, _ for a space)."""
    given = [(name, kind) for name in names]
    given += [(name.replace("_", " "), entity_type) for name, entity_type in others.items()]
    text_hash = newsroom.article(article_id, f"{article_id}: " + ", ".join(name for name, _ in given))
    start = len(article_id) + 2
    for name, entity_type in given:
        newsroom.mention(text_hash, name, entity_type, start=start)
        start += len(name) + 2
    return text_hash


COMPANY = {"Lakeside": "place", "Rail_Union": "organization", "Harbour_Trust": "organization"}


MERGED = [
    ("person", "Ana B. Roe", "Ana Roe", "initials"),
    ("person", "Bo Lund Jr.", "Bo Lund", "initials"),
    ("person", "Orly Cy", "Cy Orly", "word order"),
    ("person", "Chuck Holm", "Charles Holm", "nickname"),
    ("person", "Dora Berta Velt", "Dora Velt", "middle name"),
    ("person", "Mohamed Tarfi", "Mohammed Tarfi", "spelling"),
    ("organization", "Orbit Labs Inc.", "Orbit Labs", "legal form"),
    ("organization", "AlQuds Fund", "Al-Quds Fund", "spacing"),
    ("organization", "Committee on Herring", "Herring Committee", "body"),
    ("organization", "South Korean Ministry of Herring", "Herring Ministry of South Korea", "body"),
    ("organization", "Senate Herring Committee", "Senate Herring and Tide Committee", "short name"),
]
APART = [
    ("person", "Ana D. Meyer", "Ana C. Meyer"),  # two initials
    ("person", "Maria Costa", "Mario Costa"),
    ("person", "Kim Yong Nam", "Kim Yang Nam"),  # vowels count where surnames come first
    ("person", "Ana Fahl", "Ann Fahl"),
    ("organization", "River Trust", "River Trust School"),
    ("organization", "French Ministry of Tides", "South Korean Ministry of Tides"),
    ("organization", "House Wharf Committee", "Senate Wharf Committee"),
]


def test_rules_merge_in_the_same_company_and_leave_what_only_looks_alike(newsroom: Newsroom) -> None:
    for kind, alias, name, *_ in [*MERGED, *APART]:
        company = {
            f"{word}_of_{alias}".replace(" ", "_"): "organization" for word in ("Club", "Bank", "Port")
        }
        tell(newsroom, f"{alias} 1", kind, alias, **company)
        tell(newsroom, f"{name} 1", kind, name, **company)
        tell(newsroom, f"{name} 2", kind, name, **company)
    newsroom.build()
    found = {
        alias: (entity_name, decided_by)
        for alias, entity_name, decided_by in newsroom.rows("""
            select alias, entity_name, decided_by
            from marts.entity_aliases inner join marts.entities using (entity_id)
        """)
    }
    assert {alias: found[alias] for _, alias, _, _ in MERGED} == {
        alias: (name, rule) for _, alias, name, rule in MERGED
    }
    assert {name: found[name][0] for _, *names in APART for name in names} == {
        name: name for _, *names in APART for name in names
    }


def test_other_company_forbids_what_the_names_suggest(newsroom: Newsroom) -> None:
    words = ("Bank", "Club", "Fund", "Mill", "Port")
    for number in range(2):
        tell(
            newsroom,
            f"n{number}",
            "person",
            "Ana B. Roe",
            **{f"North_{word}": "organization" for word in words},
        )
        tell(
            newsroom, f"s{number}", "person", "Ana Roe", **{f"South_{word}": "organization" for word in words}
        )
    newsroom.build()
    assert newsroom.rows(WHO.format("person")) == [("person:ana-b-roe", 2), ("person:ana-roe", 2)]
    assert newsroom.rows("select * from marts.alias_candidates") == []


def test_a_surname_alone_is_who_it_mostly_is(newsroom: Newsroom) -> None:
    for number in range(4):
        text = tell(newsroom, f"full{number}", "person", "Ana Trell", **COMPANY)
        newsroom.mention(text, "Trell", "person", start=len(f"full{number}: Ana "), name="Ana Trell")
    tell(newsroom, "alone", "person", "Trell", **COMPANY)
    for number, name in enumerate(["Ana Holm", "Bo Holm", "Cy Holm"]):
        text = tell(newsroom, f"holm{number}", "person", name, **COMPANY)
        newsroom.mention(text, "Holm", "person", start=len(f"holm{number}: ") + name.index("Holm"), name=name)
    tell(newsroom, "holm", "person", "Holm", **COMPANY)
    newsroom.build()
    found = dict(newsroom.rows(WHO.format("person")))
    assert found["person:ana-trell"] == 5
    assert found["person:holm"] == 1  # one of three


def test_a_surname_counts_for_all_spellings_of_its_bearer_and_not_for_verbs(newsroom: Newsroom) -> None:
    names = ("Charles D. Holm", "Chuck Holm", "Holm Announces", "Ana Holm", "Charles E. Holm")
    for name, articles in zip(names, (3, 2, 4, 1, 1), strict=True):
        for number in range(articles):
            article_id = f"{name[:9]}{number}"
            text = tell(newsroom, article_id, "person", name, **COMPANY)
            start = len(f"{article_id}: ") + name.index("Holm")
            newsroom.mention(text, "Holm", "person", start=start, name=name)
    tell(newsroom, "alone", "person", "Holm", **COMPANY)
    newsroom.build()
    # 5 of 7: "Announces" alone is nobody, and another initial is another man
    assert newsroom.rows(
        "select alias_key, base_key, share from staging.name_pairs where reason = 'surname'"
    ) == [("holm", "charles d holm", 5 / 7)]


def test_a_surname_is_whom_its_outlet_means_in_that_year(newsroom: Newsroom) -> None:
    seed = newsroom.project / "seeds" / "entity_aliases.csv"

    def told(outlet: str, name: str, count: int) -> None:
        for number in range(count):
            article_id = f"{outlet} {name} {number}"
            given = {"outlet_name": outlet, "published_on": date(2026, 1, 2)}
            text = newsroom.article(article_id, f"{article_id}: {name}, Rail Union", **given)
            start = len(article_id) + 2
            newsroom.mention(text, name, "person", start=start)
            newsroom.mention(text, "Rail Union", "organization", start=start + len(name) + 2)
            if " " in name:
                newsroom.mention(text, "Holm", "person", start=start + name.index("Holm"), name=name)

    told("Bay Courier", "Ana Holm", 30)
    told("Bay Courier", "Holm", 2)
    told("Hill Post", "Bo Holm", 3)
    told("Hill Post", "Holm", 1)
    told("Lake News", "Holm", 1)
    newsroom.build()
    assert newsroom.rows(WHO.format("person")) == [
        ("person:ana-holm", 32),
        ("person:bo-holm", 4),
        ("person:holm", 1),
    ]
    with seed.open("a") as file:
        file.write("Holm,person,Ana Holm,false,,anna,2026-01-01\n")
    newsroom.build(run_row("20261123T130000Z-bbbb"))
    assert newsroom.rows(WHO.format("person")) == [
        ("person:ana-holm", 30),
        ("person:bo-holm", 4),
        ("person:holm", 3),
    ]


def test_two_people_of_one_name_stay_two(newsroom: Newsroom) -> None:
    for number in range(4):
        tell(newsroom, f"kr{number}", "person", "Ana Roe", Seoul="place", Rail_Union="organization")
    for number in range(3):
        tell(newsroom, f"fr{number}", "person", "Ana Roe", Paris="place", Opera_House="organization")
    tell(newsroom, "unknown", "person", "Ana Roe", Rail_Union="organization")
    tell(newsroom, "fr9", "person", "Bo Lund", Paris="place", Opera_House="organization")
    tell(newsroom, "kr9", "person", "Bo Lund", Seoul="place", Opera_House="organization")  # one after all
    newsroom.build()
    assert newsroom.rows(WHO.format("person")) == [
        ("person:ana-roe", 5),
        ("person:ana-roe-fr", 3),
        ("person:bo-lund", 2),
    ]
    accept(newsroom, "person:ana-roe-fr", "person:ana-roe")
    newsroom.build(run_row("20261123T130000Z-bbbb"))
    assert newsroom.rows(WHO.format("person")) == [("person:ana-roe", 8), ("person:bo-lund", 2)]


def test_a_body_without_a_country_is_the_one_of_the_text(newsroom: Newsroom) -> None:
    for number in range(3):
        tell(newsroom, f"kr{number}", "organization", "South Korean Ministry of Tides", Seoul="place")
        tell(newsroom, f"fr{number}", "organization", "French Ministry of Tides", Paris="place")
    tell(newsroom, "seoul", "organization", "Ministry of Tides", Seoul="place")
    tell(newsroom, "paris", "organization", "Tides Ministry", Paris="place")
    tell(newsroom, "london", "organization", "Ministry of Tides", London="place")
    tell(newsroom, "both", "organization", "Ministry of Tides", "French Ministry of Tides", Seoul="place")
    newsroom.build()
    assert newsroom.rows(WHO.format("organization")) == [
        ("organization:french-ministry-of-tides", 5),  # 3, paris and both
        ("organization:ministry-of-tides", 1),  # London's: nobody said so
        ("organization:south-korean-ministry-of-tides", 4),
    ]


def test_a_body_that_hardly_ever_is_another_is_the_usual_one_abroad_too(newsroom: Newsroom) -> None:
    for number in range(3):
        tell(newsroom, f"kr{number}", "organization", "South Korean Ministry of Tides", Seoul="place")
    for number in range(500):
        tell(newsroom, f"seoul{number}", "organization", "Ministry of Tides", Seoul="place")
    tell(newsroom, "london", "organization", "Ministry of Tides", London="place")
    newsroom.build()
    assert newsroom.rows(WHO.format("organization")) == [("organization:south-korean-ministry-of-tides", 504)]


def test_a_committee_alone_is_the_chambers_of_the_text(newsroom: Newsroom) -> None:
    for number in range(4):
        tell(newsroom, f"s{number}", "organization", "Senate Wharf Committee")
    tell(newsroom, "h", "organization", "House Wharf Committee")
    tell(newsroom, "named", "organization", "Wharf Committee", "House Wharf Committee")
    tell(newsroom, "usual", "organization", "Wharf Committee", "Senate")
    tell(newsroom, "open", "organization", "Wharf Committee", "Tennis Club")
    newsroom.build()
    found = dict(newsroom.rows(WHO.format("organization")))
    assert found["organization:house-wharf-committee"] == 2
    # 4 of the 6 texts with a chamber's Wharf Committee are the Senate's: too few to be sure
    assert (found["organization:senate-wharf-committee"], found["organization:wharf-committee"]) == (4, 2)


def test_two_letters_are_an_acronym_only_where_texts_say_so(newsroom: Newsroom) -> None:
    for number in range(2):
        text = tell(newsroom, f"HL {number}", "organization", "Harbour League", **COMPANY)
        newsroom.mention(text, "HL", "organization", start=0, name="Harbour League")
    for number in range(30):
        tell(newsroom, f"b{number}", "organization", "HL", **COMPANY)
    newsroom.build()
    assert dict(newsroom.rows(WHO.format("organization")))["organization:hl"] == 30


def test_a_short_name_that_many_bear_needs_the_long_one(newsroom: Newsroom) -> None:
    tell(newsroom, "a", "organization", "SEC")
    tell(newsroom, "b", "organization", "Securities and Exchange Commission")
    tell(newsroom, "c", "person", "Gerald R. Ford")
    newsroom.build()
    assert newsroom.rows("select entity_id, wikidata_id from marts.entities order by 1") == [
        ("organization:sec", None),
        ("organization:securities-and-exchange-commission", "Q953944"),
        ("person:gerald-ford", "Q9582"),
    ]


# --- what people decide -----------------------------------------------------------------------------------


def accept(newsroom: Newsroom, one: str, other: str, is_same: bool = True) -> str:
    """Decide in the newsroom's own seed."""
    database = newsroom.root / "news.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aliases, "SEED", newsroom.project / "seeds" / "entity_aliases.csv")
        parted = None if is_same else aliases.part_spellings(database, one, other, "anna", "")
        return parted or aliases.decide(database, one, other, is_same, "anna", "")


def elections(newsroom: Newsroom) -> None:
    """Three articles on Jon Tarrell, two on Jon Tarrel, one on both."""
    for number in range(3):
        tell(newsroom, f"l{number}", "person", "Jon Tarrell", Rail_Union="organization")
    for number in range(2):
        tell(newsroom, f"m{number}", "person", "Jon Tarrel", Rail_Union="organization")
    tell(newsroom, "both", "person", "Jon Tarrel", "Jon Tarrell", Rail_Union="organization")
    newsroom.text_groups |= {f"hash of {n}: Jon Tarrel, Rail Union": "copies" for n in ("m0", "m1")}


def test_an_accepted_candidate_moves_what_the_list_promised(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    elections(newsroom)
    newsroom.build()
    promised = newsroom.rows("""
        select entity_id, merged_article_count, merged_text_count, merged_origin_count, merged_mention_count
        from marts.alias_candidates
    """)
    # 3 + 2 articles and one with both; the two of Tarrel are copies of one text; 4 + 3 mentions
    assert promised == [("person:jon-tarrell", 6, 5, 5, 7)]
    aliases.print_candidates(newsroom.root / "news.duckdb", 20)
    shown = capsys.readouterr().out
    assert "moves 3 articles, 3 mentions; Jon Tarrell goes from 4 to 6 articles, 4 to 5 texts" in shown
    assert "newsmill aliases accept person:jon-tarrel person:jon-tarrell" in shown

    accept(newsroom, "person:jon-tarrel", "person:jon-tarrell")
    newsroom.build(run_row("20261123T130000Z-bbbb"))
    found = """
        select entity_id, article_count, text_count, origin_count, mention_count
        from marts.entities where entity_type = 'person'
    """
    assert newsroom.rows(found) == promised
    assert newsroom.rows("select alias, decided_by from marts.entity_aliases where alias = 'Jon Tarrel'") == [
        ("Jon Tarrel", "anna")
    ]
    assert newsroom.rows("select count(*) from marts.alias_candidates") == [(0,)]


def test_a_rejected_candidate_stays_apart_and_is_not_asked_again(newsroom: Newsroom) -> None:
    elections(newsroom)
    newsroom.build()
    accept(newsroom, "Jon Tarrel", "Jon Tarrell", is_same=False)
    newsroom.build(run_row("20261123T130000Z-bbbb"))
    assert newsroom.rows(WHO.format("person")) == [("person:jon-tarrel", 3), ("person:jon-tarrell", 4)]
    assert newsroom.rows("select count(*) from marts.alias_candidates") == [(0,)]


def test_a_rejected_merge_stays_apart_over_a_third_name_too(newsroom: Newsroom) -> None:
    names = ("Ana Roe", "Ana B. Roe", "Ana Roe Jr.")
    for name in names:
        tell(newsroom, name, "person", name, **COMPANY)
    tell(newsroom, "again", "person", "Ana Roe", **COMPANY)
    newsroom.build()
    assert newsroom.rows(WHO.format("person")) == [("person:ana-roe", 4)]
    message = accept(newsroom, "Ana Roe Jr.", "Ana B. Roe", is_same=False)
    assert message.endswith("Ana Roe Jr. is not Ana B. Roe (person), says anna")
    newsroom.build(run_row("20261123T130000Z-bbbb"))
    apart = newsroom.rows(
        "select distinct entity_id from marts.entity_aliases where alias in ('Ana Roe Jr.', 'Ana B. Roe')"
    )
    assert len(apart) == 2


def test_the_later_decision_counts_and_stands_alone(newsroom: Newsroom) -> None:
    elections(newsroom)
    newsroom.build()
    accept(newsroom, "person:jon-tarrel", "person:jon-tarrell", is_same=False)
    accept(newsroom, "person:jon-tarrell", "person:jon-tarrel")
    with (newsroom.project / "seeds" / "entity_aliases.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["decided_by"] == "anna"]
    assert [(row["alias"], row["entity_name"], row["is_same"]) for row in rows] == [
        ("Jon Tarrell", "Jon Tarrel", "true")
    ]
    newsroom.build(run_row("20261123T130000Z-bbbb"))
    assert newsroom.rows(WHO.format("person")) == [("person:jon-tarrel", 6)]


def test_people_may_decide_in_a_circle(newsroom: Newsroom) -> None:
    tell(newsroom, "a", "person", "Ana Roe")
    tell(newsroom, "b", "person", "Bo Lund")
    seed = newsroom.project / "seeds" / "entity_aliases.csv"
    with seed.open("a") as file:
        file.write("Ana Roe,person,Bo Lund,true,,x,2026-01-01\nBo Lund,person,Ana Roe,true,,x,2026-01-02\n")
    newsroom.build()
    assert newsroom.rows("select count(*), sum(article_count) from marts.entities") == [(1, 2)]


def test_what_cannot_be_decided_is_said_plainly(newsroom: Newsroom) -> None:
    elections(newsroom)
    newsroom.build()
    seed = newsroom.project / "seeds" / "entity_aliases.csv"
    before = seed.read_bytes()
    for one, other, message in [
        ("Nobody", "Jon Tarrell", "no entity is called 'Nobody'"),
        ("Jon Tarrell", "Rail Union", "two types"),
        ("Jon Tarrell", "person:jon-tarrell", "one entity already"),
    ]:
        with pytest.raises(InputError, match=message):
            accept(newsroom, one, other)
    assert seed.read_bytes() == before
