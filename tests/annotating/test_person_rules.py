"""Names of persons that a text runs together, cuts up or lists."""

import pytest

from flows.annotating import entity_rules as rules
from flows.annotating import person_rules
from flows.annotating.entity_gazetteer import Gazetteer
from tests.annotating.findings import field, found, spans


@pytest.mark.parametrize(
    ("text", "span", "names"),
    [
        ("D C Sen Frank R Tarrell said", "C Sen Frank R Tarrell", ["Frank R Tarrell"]),
        ("Robert Holm Senators Ana Velt", "Robert Holm Senators Ana Velt", ["Robert Holm", "Ana Velt"]),
        ("U S Sen R Colo", "S Sen", []),
        ("Premier Hun Sen spoke", "Hun Sen", ["Hun Sen"]),
        ("Stephen King wrote", "Stephen King", ["Stephen King"]),
    ],
)
def test_a_title_begins_another_name(text: str, span: str, names: list[str], gazetteer: Gazetteer) -> None:
    f = spans(text, span, entity_type="person")
    f.findings = person_rules.part_at_titles(f.tokens, f.findings, gazetteer)
    assert [name for name, _ in found(f)] == names


def test_a_surname_that_comes_first_completes_the_name(gazetteer: Gazetteer) -> None:
    f = spans("Envoys Pak To Chun, Ri Chun and Aunt To Chun", "Chun", entity_type="person")
    f.findings += spans("Envoys Pak To Chun, Ri Chun", "Ri Chun", entity_type="person").findings
    person_rules.complete_surnames_first(f, gazetteer)
    assert [name for name, _ in found(f)] == ["Pak To Chun", "Ri Chun"]


def test_names_side_by_side_are_told_apart(gazetteer: Gazetteer) -> None:
    f = spans(
        "Holm Velt Announce Aid. Robert Holm and Maria Velt announced aid. Holm Secures Aid. He secured it."
        " Holm Sandal spoke.",
        *("Holm Velt Announce", "Robert Holm", "Maria Velt", "Holm Secures", "Holm Sandal"),
        entity_type="person",
    )
    person_rules.part_joined_names([f], gazetteer)
    names = ["Holm", "Velt", "Robert Holm", "Maria Velt", "Holm", "Holm Sandal"]
    assert [name for name, _ in found(f)] == names
    f = spans(
        "Robert Holm Maria Velt wrote. Holm is Robert Holm Jr, Velt Maria K Velt",
        *("Robert Holm Maria Velt", "Maria K Velt"),
        entity_type="person",
    )
    f.findings.insert(1, rules.Finding(8, 10, "person", "model"))
    person_rules.part_joined_names([f], gazetteer)
    assert [name for name, _ in found(f)] == ["Robert Holm", "Maria Velt", "Robert Holm", "Maria K Velt"]


def test_a_party_or_a_title_of_many_makes_persons(gazetteer: Gazetteer) -> None:
    f = field(
        "Tarrell (D-Vt.) met Senators Lincoln, Velt (R-Ohio) and Holm in Lund. Lake (DC Lake) came",
        Tarrell="place",
        Lincoln="place",
        Velt="organization",
        Ohio="place",
        Holm="product",
        Lund="place",
        Lake="place",
    )
    person_rules.politicians([f], gazetteer)
    assert found(f) == [
        ("Tarrell", "person"),
        ("Lincoln", "person"),
        ("Velt", "person"),
        ("Ohio", "place"),
        ("Holm", "person"),
        ("Lund", "place"),
        ("Lake", "place"),
    ]


def test_a_surname_that_is_a_city_too_is_the_person_unless_the_article_has_the_city(
    gazetteer: Gazetteer,
) -> None:
    f = field("Robert Shelby won. Shelby smiled.", Robert_Shelby="person")
    f.findings += [rules.Finding(4, 5, "place", "model")]
    person_rules.persons_named_like_places([f], gazetteer)
    assert found(f)[1] == ("Shelby", "person")
    f = field("Robert Shelby won in Shelby.", Robert_Shelby="person")
    f.findings += [rules.Finding(4, 5, "place", "model")]
    person_rules.persons_named_like_places([f], gazetteer)
    assert found(f)[1] == ("Shelby", "place")


def test_storms_in_a_list_are_storms(gazetteer: Gazetteer) -> None:
    f = spans("Hurricanes Ida, Lee and Max passed", "Hurricanes Ida", "Lee", "Max", entity_type="person")
    names = {"Ida": "Hurricane Ida", "Lee": "Hurricane Lee", "Max": "Hurricane Max"}
    assert rules.storms([f], gazetteer) == names
    assert {entity_type for _, entity_type in found(f)} == {"event"}


@pytest.mark.parametrize(("word", "entity_type"), [("levee", "event"), ("singer", "person")])
def test_a_great_storm_needs_no_title_where_its_traces_are_named(
    word: str, entity_type: str, gazetteer: Gazetteer
) -> None:
    f = field(f"Katrina and a {word}", Katrina="person")
    rules.storms([f], gazetteer)
    assert found(f) == [("Katrina", entity_type)]


@pytest.mark.parametrize(
    ("span", "trimmed"),
    [
        ("Ana Roe D-Ohio", ["Ana Roe"]),
        ("Ana Roe D Ark", ["Ana Roe"]),
        ("D-ND", []),
        ("Ana D Roe", ["Ana D Roe"]),
    ],
)
def test_trim_party_tags(gazetteer: Gazetteer, span: str, trimmed: list[str]) -> None:
    f = spans(f"Today {span} voted", span, entity_type="person")
    f.findings = person_rules.trim_party_tags(f.tokens, f.findings, gazetteer)
    assert [surface for surface, _ in found(f)] == trimmed
