"""Names of places that a text runs together, cuts up, abbreviates or calls by their style."""

import pytest

from flows.annotating import entity_rules as rules
from flows.annotating import place_rules
from flows.annotating.entity_gazetteer import Gazetteer
from tests.annotating.findings import field, found, spans


def test_the_capitals_of_a_dateline_end_the_name(gazetteer: Gazetteer) -> None:
    f = spans(
        "WASHINGTON United States Senator. OLYMPIA J. VELT. NEW YORK said",
        *("WASHINGTON United States", "OLYMPIA J. VELT", "NEW YORK"),
        entity_type="place",
    )
    f.findings = place_rules.part_at_datelines(f.tokens, f.findings, gazetteer)
    names = ["WASHINGTON", "United States", "OLYMPIA J. VELT", "NEW YORK"]
    assert [name for name, _ in found(f)] == names


def test_an_office_is_no_part_of_its_place(gazetteer: Gazetteer) -> None:
    f = spans(
        "Bexar County District Judge Ana Roe of Lakes County District",
        *("Bexar County District", "Lakes County District"),
        entity_type="place",
    )
    f.findings = place_rules.trim_offices(f.tokens, f.findings, gazetteer)
    assert [name for name, _ in found(f)] == ["Bexar County", "Lakes County District"]


def test_saints_are_completed_and_streets_dropped() -> None:
    f = spans("ST. LOUIS and 21st St in Lund", "ST", "St", entity_type="place")
    place_rules.complete_saints(f)
    assert found(f) == [("ST. LOUIS", "place")]


def test_the_kind_of_a_place_alone_is_none() -> None:
    f = field("City officials of Lund City beat City", City="place", Lund_City="place")
    f.findings.append(rules.Finding(6, 7, "organization", "model"))
    place_rules.drop_divisions(f)
    assert found(f) == [("Lund City", "place"), ("City", "organization")]


def test_a_country_that_lost_its_apostrophe(gazetteer: Gazetteer) -> None:
    f = spans("Americas roads and the Americas", "Americas", entity_type="place")
    f.findings.append(rules.Finding(4, 5, "place", "model"))
    names = [name for *_, name in rules.names_in_article([f], {}, gazetteer)]
    assert names == ["America", "Americas"]


def test_an_article_without_apostrophes_has_places_with_an_s(gazetteer: Gazetteer) -> None:
    f = spans("Alabamas roads; Brooks drove", "Alabamas", "Brooks", entity_type="person")
    place_rules.places_without_apostrophe([f], gazetteer)
    assert found(f) == [("Alabamas", "place"), ("Brooks", "person")]
    assert [name for *_, name in rules.names_in_article([f], {}, gazetteer)] == ["Alabama", "Brooks"]


@pytest.mark.parametrize(
    ("text", "entity_type", "names"),
    [
        ("Virginia won. The Commonwealth pays", "place", ["Virginia", "Virginia"]),
        (
            "Virginia, Kentucky. The Commonwealth pays",
            "organization",
            ["Virginia", "Kentucky", "Commonwealth"],
        ),
        ("Kenya won. The Commonwealth pays", "organization", ["Kenya", "Commonwealth"]),
        ("the Commonwealth of Virginia pays", "place", ["Virginia"]),
    ],
)
def test_a_commonwealth_is_the_one_state_of_the_article(
    text: str, entity_type: str, names: list[str], gazetteer: Gazetteer
) -> None:
    last = "Commonwealth of Virginia" if " of " in text else "Commonwealth"
    places = [name for name in ("Virginia", "Kentucky", "Kenya") if name in text and name not in last]
    f = field(text, **dict.fromkeys(places, "place"), **{last.replace(" ", "_"): "organization"})
    place_rules.name_commonwealths([f], gazetteer)
    assert f.findings[-1].entity_type == entity_type
    assert [name for *_, name in rules.names_in_article([f], {}, gazetteer)] == names
