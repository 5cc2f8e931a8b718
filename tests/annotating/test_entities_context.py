"""Titles before names, and places that speak as governments."""

import pytest

from flows.annotating.entity_context import role_of, stands_for_government
from flows.annotating.entity_gazetteer import Gazetteer, plain
from flows.annotating.entity_rules import FieldFindings, Finding
from tests.annotating.findings import bare_field, field


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("then Foreign Minister Ana Roe spoke", "Foreign Minister"),
        ("then Deputy Foreign Minister Ana Roe spoke", "Deputy Foreign Minister"),
        ("PRESIDENT Ana Roe spoke", "PRESIDENT"),
        ("the former President Ana Roe spoke", "former President"),
        ("His Excellency President Dr Ana Roe spoke", "President"),
        ("Mr Ana Roe spoke", None),
        ("when Ana Roe spoke", None),
        ("the President\nAna Roe spoke", None),
    ],
)
def test_role(gazetteer: Gazetteer, text: str, role: str | None) -> None:
    f = field(text, Ana_Roe="person")
    assert role_of(f, f.findings[0], gazetteer) == role


def places(text: str, gazetteer: Gazetteer) -> FieldFindings:
    """A field with every country and capital found."""
    f = bare_field(text)
    for number, word in enumerate(f.tokens.words):
        if plain(word) in gazetteer.seats or word == "Bonn":
            f.findings.append(Finding(number, number + 1, "place", "model"))
    return f


@pytest.mark.parametrize(
    ("text", "speaking"),
    [
        ("Tokyo insists on it.", ["Tokyo"]),
        ("It ended. Beijing has repeatedly denied it.", ["Beijing"]),
        ("They fear that Moscow rejects it", ["Moscow"]),
        ("Seoul currently insists on it.", ["Seoul"]),
        ("Paris and Berlin agreed on it", ["Berlin"]),
        ("a man in Tokyo said so", []),
        ("people in Paris and Berlin said so", []),
        ("the mayor of Bonn, Germany, said so", []),
        ("Ana Roe, of Bonn, Germany said so", []),
        ("Bonn said no", []),  # no seat of a government
        ("Tokyo stocks fell", []),
        ("visitors love Japan said the guide", []),
    ],
)
def test_who_stands_for_a_government(gazetteer: Gazetteer, text: str, speaking: list[str]) -> None:
    f = places(text, gazetteer)
    found = [
        f.surface(finding)
        for number, finding in enumerate(f.findings)
        if stands_for_government(f, number, gazetteer)
    ]
    assert found == speaking
