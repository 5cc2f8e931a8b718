"""Each rule of the entities, on sentences written for it."""

import pytest

from flows.annotating import entity_rules as rules
from flows.annotating.entity_gazetteer import Gazetteer, read_seed
from flows.annotating.entity_rules import FieldFindings, Finding
from tests.annotating.findings import bare_field, field, found, spans


def test_cut_at_newlines() -> None:
    f = spans("Ana Lopez\nBeirut fell silent", "Ana Lopez\nBeirut", entity_type="person")
    f.findings = rules.cut_at_newlines(f.tokens, f.findings)
    assert found(f) == [("Ana Lopez", "person"), ("Beirut", "person")]


@pytest.mark.parametrize(
    ("text", "span", "trimmed"),
    [
        ("the Nordic Council met", "the Nordic Council", "Nordic Council"),
        ("Lena Ortiz's bakery", "Lena Ortiz's", "Lena Ortiz"),
        ("“Orbit Labs” grew", "“Orbit Labs”", "Orbit Labs"),
        ("Kingdom’ s ports", "Kingdom’ s", "Kingdom"),
        ("Orbit s answer", "Orbit s", "Orbit"),
    ],
)
def test_trim_edges(text: str, span: str, trimmed: str) -> None:
    f = spans(text, span)
    f.findings = rules.trim_edges(f.tokens, f.findings)
    assert found(f) == [(trimmed, "organization")]


def test_trim_edges_leaves_nothing_of_an_article() -> None:
    f = spans("The day", "The")
    assert rules.trim_edges(f.tokens, f.findings) == []


@pytest.mark.parametrize(
    ("span", "entity_type", "trimmed"),
    [
        ("Oslo 2024-05-01", "organization", "Oslo"),
        ("J Meyer 63", "person", "J Meyer"),
        ("Channel 4", "organization", "Channel 4"),
    ],
)
def test_trim_numbers(span: str, entity_type: str, trimmed: str) -> None:
    f = spans(span + " said", span, entity_type=entity_type)
    f.findings = rules.trim_numbers(f.tokens, f.findings)
    assert found(f) == [(trimmed, entity_type)]


def test_drop_without_capital() -> None:
    f = spans("eBay and parliament", "eBay", "parliament")
    f.findings = rules.drop_without_capital(f.tokens, f.findings)
    assert found(f) == [("eBay", "organization")]


def test_drop_currency() -> None:
    f = spans("US $20 million for US farms", "US", entity_type="place")
    f.findings.append(Finding(5, 6, "place", "model"))
    f.findings = rules.drop_currency(f.tokens, f.findings)
    assert [finding.start for finding in f.findings] == [5]


@pytest.mark.parametrize(
    ("span", "entity_type", "trimmed"),
    [
        ("President Moon Jae", "person", ("Moon Jae", "person")),
        ("Deputy Prime Minister Mr Osei", "person", ("Osei", "person")),
        ("Gen Okafor", "organization", ("Okafor", "person")),
        ("King Saud University", "organization", ("King Saud University", "organization")),
        ("General Rules of Trade", "organization", ("General Rules of Trade", "organization")),
    ],
)
def test_trim_titles(gazetteer: Gazetteer, span: str, entity_type: str, trimmed: tuple[str, str]) -> None:
    f = spans(span + " spoke", span, entity_type=entity_type)
    f.findings = rules.trim_titles(f.tokens, f.findings, gazetteer)
    assert found(f) == [trimmed]


def test_a_title_alone_names_nobody(gazetteer: Gazetteer) -> None:
    f = spans("The President spoke", "President", entity_type="person")
    assert rules.trim_titles(f.tokens, f.findings, gazetteer) == []


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("Senator Mary L Orton spoke", "Mary L", "Mary L Orton"),
        ("Malcolm X spoke", "Malcolm X", "Malcolm X"),
        ("Mary L\nOrton is far", "Mary L", "Mary L"),
    ],
)
def test_complete_initials(text: str, span: str, whole: str) -> None:
    f = spans(text, span, entity_type="person")
    rules.complete_initials(f)
    assert found(f) == [(whole, "person")]


def test_complete_initials_takes_in_what_was_found_behind() -> None:
    f = field("Senator Mary L Orton Hill spoke", Mary_L="person", Orton_Hill="place")
    rules.complete_initials(f)
    assert found(f) == [("Mary L Orton Hill", "person")]


def test_extend_particles(gazetteer: Gazetteer) -> None:
    f = spans("Later dos Santos left", "Santos", entity_type="person")
    f.findings = rules.extend_particles(f.tokens, f.findings, gazetteer)
    assert found(f) == [("dos Santos", "person")]


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        ("when Moon Jae-in spoke", "Moon Jae", "Moon Jae-in"),
        ("when Jean-Claude Orly spoke", "Claude Orly", "Jean-Claude Orly"),
        ("the Ilse Brandt-backed plan", "Ilse Brandt", "Ilse Brandt"),
        ("the anti-Brandt vote", "Brandt", "Brandt"),
    ],
)
def test_complete_hyphens(gazetteer: Gazetteer, text: str, span: str, whole: str) -> None:
    f = spans(text, span, entity_type="person")
    f.findings = rules.complete_hyphens(f.tokens, f.findings, gazetteer)
    assert found(f) == [(whole, "person")]


def test_complete_known_names(gazetteer: Gazetteer) -> None:
    f = field("From Mali to Burkina Faso by bus", Mali="place", Burkina="place", Faso="place")
    rules.complete_known_names(f, gazetteer)
    assert found(f) == [("Mali", "place"), ("Burkina Faso", "place")]


def test_complete_known_names_never_breaks_a_longer_name(gazetteer: Gazetteer) -> None:
    f = spans("South Africa Rail Union strikes", "South Africa Rail Union")
    rules.complete_known_names(f, gazetteer)
    assert found(f) == [("South Africa Rail Union", "organization")]


def test_look_up(gazetteer: Gazetteer) -> None:
    f = field(
        "Paraguay and COVID and Kenyans and Victoria",
        Paraguay="organization",
        COVID="person",
        Kenyans="place",
        Victoria="person",
    )
    rules.look_up([f], gazetteer)
    assert found(f) == [("Paraguay", "place"), ("Kenyans", "nationality"), ("Victoria", "person")]


def test_introduced_acronyms_make_the_long_form_whole(gazetteer: Gazetteer) -> None:
    f = field(
        "The Lake Farmers Union (LFU) met. Joining LFU costs 5.", Farmers_Union="organization", LFU="person"
    )
    f.findings.append(Finding(10, 11, "person", "model"))
    assert rules.introduced_acronyms([f], gazetteer) == {"LFU": "Lake Farmers Union"}
    assert found(f) == [
        ("Lake Farmers Union", "organization"),
        ("LFU", "organization"),
        ("LFU", "organization"),
    ]


def test_an_organ_of_a_known_body_has_all_its_name(gazetteer: Gazetteer) -> None:
    f = spans("Panel of the Organization of American States met", "Panel of the Organization", "States")
    rules.complete_known_names(f, gazetteer)
    assert found(f) == [("Panel of the Organization of American States", "organization")]


def test_an_acronym_behind_the_whole_name_needs_no_brackets(gazetteer: Gazetteer) -> None:
    f = spans("Clean River Act CRA and Hill Trust HT", "Clean River Act", "CRA", "Hill Trust", "HT")
    f.findings[0].entity_type = "law"
    assert rules.introduced_acronyms([f], gazetteer) == {"CRA": "Clean River Act"}
    assert found(f)[:2] == [("Clean River Act", "law"), ("CRA", "law")]


def test_a_law_in_pieces_is_made_whole_as_a_law(gazetteer: Gazetteer) -> None:
    f = spans("the Clean River Act (CRA) passed", "CRA")
    assert rules.introduced_acronyms([f], gazetteer) == {"CRA": "Clean River Act"}
    assert found(f) == [("Clean River Act", "law"), ("CRA", "law")]


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("low river water (LRW) fell. LRW rose", False),
        ("low river water LRW fell. LRW rose", False),
        ("low river agency (LRA) met. LRA rose", True),
        ("low River water (LRW) fell. LRW rose", True),
        ("slow river water (LRW) fell. LRW rose", True),
        ("Bovine Spongiform Encephalopathy (BSE) fell. BSE rose", False),
    ],
)
def test_an_acronym_of_common_words_is_no_name(text: str, is_kept: bool, gazetteer: Gazetteer) -> None:
    f = spans(text, text.split()[-2])
    f.findings.append(Finding(len(f.tokens.words) - 2, len(f.tokens.words) - 1, "organization", "model"))
    rules.drop_small_acronyms([f], gazetteer)
    assert len(f.findings) == (2 if is_kept else 0)


def test_brackets_that_introduce_nothing(gazetteer: Gazetteer) -> None:
    f = field("Maria Silva (PSD) and River Trust (see page 3) met", Maria_Silva="person")
    assert rules.introduced_acronyms([f], gazetteer) == {}
    assert found(f) == [("Maria Silva", "person")]


def test_one_type_per_name_is_a_vote(gazetteer: Gazetteer) -> None:
    f = field("Zorvex rose. Zorvex fell.", Zorvex="organization")
    f.findings += [Finding(3, 4, "person", "model")]
    g = field("Zorvex", "title", Zorvex="organization")
    rules.one_type_per_name([g, f], gazetteer)
    assert {kind for _, kind in found(g, f)} == {"organization"}


@pytest.mark.parametrize(
    ("text", "name", "guess", "entity_type"),
    [
        ("her counterpart, Tavrin Molke, agreed", "Tavrin_Molke", "organization", "person"),
        ("told Mr Zelbach", "Zelbach", "place", "person"),
        ("the Zelbach Foundation paid", "Zelbach_Foundation", "person", "organization"),
        ("trade with Himachal Pradesh grew", "Himachal_Pradesh", "organization", "place"),
        ("then Gustavo Zelbach won", "Gustavo_Zelbach", "organization", "person"),
    ],
)
def test_one_type_per_name_weighs_evidence(
    gazetteer: Gazetteer, text: str, name: str, guess: str, entity_type: str
) -> None:
    f = field(text, **{name: guess})
    rules.one_type_per_name([f], gazetteer)
    assert [kind for _, kind in found(f)] == [entity_type]


def test_drop_common_words() -> None:
    f = field("Farmers protest. The farmers met Rotary.", Farmers="organization", Rotary="organization")
    rules.drop_common_words([f])
    assert found(f) == [("Rotary", "organization")]


def test_lone_persons(gazetteer: Gazetteer) -> None:
    f = field("Ilse Brandt won. Brandt smiled.", Ilse_Brandt="person")
    f.findings.append(Finding(4, 5, "organization", "model"))
    rules.lone_persons([f], gazetteer)
    assert found(f)[1] == ("Brandt", "person")


def test_teams_named_by_place(gazetteer: Gazetteer) -> None:
    f = field(
        "Hull 2 Leeds 1. Fans in Hull sang; Spain beat Leeds", Hull="place", Leeds="place", Spain="place"
    )
    f.findings.insert(2, Finding(7, 8, "place", "model"))
    f.findings[-1].is_settled = True
    rules.teams_named_by_place([f], gazetteer)
    assert found(f) == [
        ("Hull", "organization"),
        ("Leeds", "organization"),
        ("Hull", "place"),
        ("Spain", "place"),
    ]


def test_a_place_with_a_coach_is_a_team(gazetteer: Gazetteer) -> None:
    f = field("Hull's coach left Leeds before Spain coach", Hull="place", Leeds="place", Spain="place")
    f.findings[-1].is_settled = True
    rules.teams_named_by_place([f], gazetteer)
    assert found(f) == [("Hull", "organization"), ("Leeds", "place"), ("Spain", "place")]


def test_storms_are_events_by_their_short_name_too(gazetteer: Gazetteer) -> None:
    f = field("Hurricane Ida hit Cuba. Ida passed.", Hurricane_Ida="event", Cuba="place")
    f.findings.append(Finding(5, 6, "person", "model"))
    assert rules.storms([f], gazetteer) == {"Ida": "Hurricane Ida"}
    assert found(f) == [("Hurricane Ida", "event"), ("Cuba", "place"), ("Ida", "event")]


def test_a_surname_in_capitals_is_the_person(gazetteer: Gazetteer) -> None:
    f = field(
        "TARRELL WINS as Jon Tarrell of KAUST",
        TARRELL="organization",
        Jon_Tarrell="person",
        KAUST="organization",
    )
    rules.lone_persons([f], gazetteer)
    assert found(f)[0] == ("TARRELL", "person")
    assert found(f)[-1] == ("KAUST", "organization")


def test_us_with_a_blank_is_the_country(gazetteer: Gazetteer) -> None:
    f = field("the U S and the U S Senate met at the U N", U="organization")
    rules.complete_known_names(f, gazetteer)
    assert found(f) == [("U S", "place"), ("U S Senate", "organization"), ("U N", "organization")]


def test_one_place_before_a_number_is_no_team(gazetteer: Gazetteer) -> None:
    f = field("Hull 2 years later", Hull="place")
    rules.teams_named_by_place([f], gazetteer)
    assert found(f) == [("Hull", "place")]


def test_propagate_finds_names_again_in_title_and_text(gazetteer: Gazetteer) -> None:
    title = field("Motegi backs Orbit Labs, UN", "title")
    text = field("Mayor Toshi Motegi praised Orbit Labs.", Toshi_Motegi="person", Orbit_Labs="organization")
    rules.propagate([title, text], gazetteer)
    assert found(title) == [("Motegi", "person"), ("Orbit Labs", "organization"), ("UN", "organization")]


def test_propagate_knows_surnames_that_come_first(gazetteer: Gazetteer) -> None:
    text = field("Kang Kyungwha left. Kang and Kyungwha", Kang_Kyungwha="person")
    rules.propagate([text], gazetteer)
    assert found(text) == [("Kang Kyungwha", "person"), ("Kang", "person"), ("Kyungwha", "person")]


def test_propagate_leaves_words_that_are_also_written_small(gazetteer: Gazetteer) -> None:
    text = field("Anna Long won. Long after, a long wait.", Anna_Long="person")
    rules.propagate([text], gazetteer)
    assert found(text) == [("Anna Long", "person")]


def names(*fields: FieldFindings, long_forms: dict[str, str], gazetteer: Gazetteer) -> list[str]:
    return [name for *_, name in rules.names_in_article(list(fields), long_forms, gazetteer)]


def test_a_surname_is_the_person_named_last(gazetteer: Gazetteer) -> None:
    text = field("GANDHI won. Rahul Gandhi spoke. Gandhi left. Sonia Gandhi came. Gandhi sat.")
    spots = [(0, 1), (3, 5), (7, 8), (10, 12), (14, 15)]
    text.findings = [Finding(start, end, "person", "model") for start, end in spots]
    assert names(text, long_forms={}, gazetteer=gazetteer) == [
        "Rahul Gandhi",
        "Rahul Gandhi",
        "Rahul Gandhi",
        "Sonia Gandhi",
        "Sonia Gandhi",
    ]


@pytest.mark.parametrize(("text", "name"), [("", "Zelbach"), ("It's ", "Zelbachs")])
def test_a_possessive_that_lost_its_apostrophe(gazetteer: Gazetteer, text: str, name: str) -> None:
    f = field(text + "Zelbach left and Zelbachs plan died", Zelbach="person", Zelbachs="person")
    assert names(f, long_forms={}, gazetteer=gazetteer) == ["Zelbach", name]


def test_a_short_name_goes_to_the_longest(gazetteer: Gazetteer) -> None:
    text = spans("Li Wei Ming met Li Wei", "Li Wei Ming", entity_type="person")
    text.findings.append(Finding(4, 6, "person", "model"))
    assert names(text, long_forms={}, gazetteer=gazetteer) == ["Li Wei Ming", "Li Wei Ming"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("S. Korea grows", ["S. Korea"]), ("S. Korea grows. South Korea", ["South Korea", "South Korea"])],
)
def test_an_alias_becomes_the_full_name_only_where_that_occurs(
    gazetteer: Gazetteer, text: str, expected: list[str]
) -> None:
    f = bare_field(text)
    rules.propagate([f], gazetteer)
    assert names(f, long_forms={}, gazetteer=gazetteer) == expected


def test_an_acronym_is_named_by_its_long_form(gazetteer: Gazetteer) -> None:
    f = field("Lake Farmers Union and LFU", Lake_Farmers_Union="organization", LFU="organization")
    assert (
        names(f, long_forms={"LFU": "Lake Farmers Union"}, gazetteer=gazetteer) == ["Lake Farmers Union"] * 2
    )


def test_a_capital_headline_takes_the_spelling_of_the_text(gazetteer: Gazetteer) -> None:
    title = field("ZORVEX FALLS", "title", ZORVEX="organization")
    text = field("Shares of Zorvex fell", Zorvex="organization")
    assert names(title, text, long_forms={}, gazetteer=gazetteer) == ["Zorvex", "Zorvex"]


def test_no_name_of_the_seeds_stands_for_two_entities() -> None:
    meant: dict[str, set[str]] = {}
    for name in ("countries.csv", "organizations.csv", "people.csv"):
        for row in read_seed(name):
            own = row.get("entity_name") or row["person_name"]
            for alias in filter(None, (own, *row["aliases"].split("|"))):
                meant.setdefault(alias, set()).add(own)
    assert {alias: names for alias, names in meant.items() if len(names) > 1} == {}
