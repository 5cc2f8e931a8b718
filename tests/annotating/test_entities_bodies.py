"""Each rule of the bodies, on sentences written for it."""

import pytest

from flows.annotating import entity_bodies as bodies
from flows.annotating import entity_rules as rules
from flows.annotating.entity_gazetteer import Gazetteer
from tests.annotating.findings import field, found, spans


def named(f: rules.FieldFindings) -> dict[str, str]:
    return {f.surface(finding): finding.name for finding in f.findings}


@pytest.mark.parametrize(
    ("text", "span", "left"),
    [
        ("News Releases Lakeside", "News Releases Lakeside", []),
        ("Ana Roe Press Office", "Ana Roe Press Office", [("Ana Roe", "organization")]),
        ("Senator Roe Press", "Roe Press", [("Roe", "person")]),
    ],
)
def test_drop_furniture(gazetteer: Gazetteer, text: str, span: str, left: list[tuple[str, str]]) -> None:
    f = spans(text, span)
    f.findings = bodies.drop_furniture(f, f.findings, gazetteer)
    assert found(f) == left


@pytest.mark.parametrize(
    ("span", "parts"),
    [
        ("Institute of Hill Farming IHF", ["Institute of Hill Farming", "IHF"]),
        ("Bureau of Tides (BOT", ["Bureau of Tides", "BOT"]),
        ("United Nations's River Panel", ["United Nations", "River Panel"]),
        ("Department s River Service", ["River Service"]),
        ("World Health Organizations River Panel", ["World Health Organizations", "River Panel"]),
        ("Lakeside Court Justice", ["Lakeside Court"]),
        ("Women's River Guild", ["Women's River Guild"]),
        ("Hill Farming UNICORN", ["Hill Farming UNICORN"]),
    ],
)
def test_split_names(gazetteer: Gazetteer, span: str, parts: list[str]) -> None:
    f = spans(f"{span} met", span)
    f.findings = bodies.split_names(f.tokens, f.findings, gazetteer)
    assert [surface for surface, _ in found(f)] == parts


def test_a_body_goes_by_its_name_without_a_lost_apostrophe(gazetteer: Gazetteer) -> None:
    f = spans("World Health Organizations River Panel met", "World Health Organizations River Panel")
    f.findings = bodies.split_names(f.tokens, f.findings, gazetteer)
    assert f.findings[0].name == "World Health Organization"


@pytest.mark.parametrize(
    ("text", "span", "left"),
    [
        ("Kenya Senators Ana Roe", "Kenya Senators", ("Kenya", "place")),
        ("Ottawa Senators Ana Roe", "Ottawa Senators", ("Ottawa Senators", "organization")),
        ("Kenya Senators met", "Kenya Senators", ("Kenya Senators", "organization")),
        ("Kenyan Government met", "Kenyan Government", ("Kenyan", "nationality")),
        ("Hill Government met", "Hill Government", ("Hill Government", "organization")),
    ],
)
def test_drop_members(gazetteer: Gazetteer, text: str, span: str, left: tuple[str, str]) -> None:
    f = spans(text, span)
    f.findings = bodies.drop_members(f.tokens, f.findings, gazetteer)
    assert found(f) == [left]


@pytest.mark.parametrize(
    ("text", "span", "entity_type"),
    [
        ("Clean Harbour Act passed", "Clean Harbour Act", "law"),
        ("Treaty on the River passed", "Treaty on the River", "law"),
        ("Clean Hill Aid ( CHA ) Act passed", "Clean Hill Aid", "law"),
        ("S. 1941 passed", "S. 1941", "law"),
        ("River Liberation War ended", "River Liberation War", "event"),
        ("Hill Grant Program ended", "Hill Grant Program", "product"),
        ("State of Maine won", "State of Maine", "place"),
        ("Ministry of Law met", "Ministry of Law", "organization"),
        ("Hill Farming Fund met", "Hill Farming Fund", "organization"),
    ],
)
def test_type_by_head(gazetteer: Gazetteer, text: str, span: str, entity_type: str) -> None:
    f = spans(text, span)
    bodies.type_by_head([f], gazetteer)
    assert found(f) == [(span, entity_type)]


def test_a_list_of_subjects_is_one_name(gazetteer: Gazetteer) -> None:
    f = spans("the Senate Health, Education and Tourism Committee met", "Senate Health", "Tourism Committee")
    bodies.complete_committees(f, gazetteer)
    assert found(f) == [("Senate Health, Education and Tourism Committee", "organization")]


@pytest.mark.parametrize("subjects", ["Trade, Justice", "Trade and Justice"])
def test_a_list_of_subjects_has_its_acronym_in_brackets(gazetteer: Gazetteer, subjects: str) -> None:
    f = spans(f"on the {subjects} (TJ) Budget Subcommittee", "Budget Subcommittee")
    bodies.complete_committees(f, gazetteer)
    assert named(f) == {f"{subjects} (TJ) Budget Subcommittee": f"{subjects} Budget Subcommittee"}


def test_a_list_of_committees_is_as_many(gazetteer: Gazetteer) -> None:
    f = spans("on the Armed Services, Judiciary and Budget Committees", "Armed Services", "Budget Committees")
    bodies.complete_committees(f, gazetteer)
    assert named(f) == {
        "Armed Services": "Armed Services Committee",
        "Judiciary": "Judiciary Committee",
        "Budget Committees": "Budget Committee",
    }


@pytest.mark.parametrize(
    ("text", "span", "whole"),
    [
        (
            "Committee on Energy and Natural Resources and Congress",
            "Committee",
            ["Committee on Energy and Natural Resources"],
        ),
        ("Department of Trade and Congress", "Department of Trade", ["Department of Trade"]),
        ("from Kent and Budget Committee", "Budget Committee", ["Budget Committee"]),
    ],
)
def test_a_list_ends_where_its_subjects_end(
    gazetteer: Gazetteer, text: str, span: str, whole: list[str]
) -> None:
    f = spans(text, span)
    bodies.complete_committees(f, gazetteer)
    assert [surface for surface, _ in found(f)] == whole


@pytest.mark.parametrize(
    ("text", "types", "whole"),
    [
        ("Unity Party of Peru met", {"Unity_Party": "organization", "Peru": "place"}, "Unity Party of Peru"),
        (
            "Hill Institute for Peace Studies met",
            {"Hill_Institute": "organization"},
            "Hill Institute for Peace Studies",
        ),
        ("Orbit Inc of Peru met", {"Orbit_Inc": "organization"}, "Orbit Inc"),
        ("Pan-national Alliance met here", {"Alliance": "organization"}, "Pan-national Alliance"),
    ],
)
def test_complete_bodies(gazetteer: Gazetteer, text: str, types: dict[str, str], whole: str) -> None:
    f = field(text, **types)
    bodies.complete_bodies(f, gazetteer)
    assert found(f)[0] == (whole, "organization")


@pytest.mark.parametrize(
    ("text", "spans_found", "whole"),
    [
        ("the Office of State and Local Planning and Rescue met", ["Office of State", "Local Planning"], 0),
        ("the Division of Hills and Local Planning met", ["Local Planning"], 0),
        ("the Friends of Hills and Local Planning met", ["Local Planning"], None),
    ],
)
def test_complete_offices(gazetteer: Gazetteer, text: str, spans_found: list[str], whole: int | None) -> None:
    f = spans(text, *spans_found)
    bodies.complete_offices(f, gazetteer)
    name = text.removeprefix("the ").removesuffix(" met") if whole == 0 else "Local Planning"
    assert found(f) == [(name, "organization")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the Kenyan People's Liberation Army met", "Kenyan People's Liberation Army"),
        ("the Hill People's Liberation Army met", "Liberation Army"),
        ("of Kenya's Liberation Army", "Liberation Army"),
    ],
)
def test_complete_parties(gazetteer: Gazetteer, text: str, name: str) -> None:
    f = spans(text, "Liberation Army")
    bodies.complete_parties(f, gazetteer)
    assert found(f) == [(name, "organization")]


@pytest.mark.parametrize(
    ("text", "span", "is_kept"),
    [
        ("the Secretary of Defense met", "Defense", False),
        ("Defense spending grew", "Defense", False),
        ("a Senate Committee met", "Senate Committee", False),
        ("Freedonia and Kenyan Authorities met", "Kenyan Authorities", False),
        ("Labour won", "Labour", True),
        ("Labour, Health and Trade bill", "Labour", False),
        ("Health and Labour bill", "Labour", False),
        ("Greens and Labour won", "Labour", True),
        ("Labour Minister Roe", "Labour", False),
        ("Harbour Fund met", "Harbour Fund", True),
    ],
)
def test_drop_subjects(gazetteer: Gazetteer, text: str, span: str, is_kept: bool) -> None:
    f = spans(text, span)
    bodies.drop_subjects([f], gazetteer)
    assert bool(f.findings) == is_kept


@pytest.mark.parametrize(
    ("text", "given", "names"),
    [
        ("The Tide Guard met. The Guard left", ["Tide Guard", "Guard"], {"Guard": "Tide Guard"}),
        ("The Guard left", ["Guard"], {}),
        (
            "The Hill Guard and the Tide Guard of which Guard",
            ["Hill Guard", "Tide Guard"],
            {"Hill Guard": "", "Tide Guard": ""},
        ),
        (
            "the Central Committee of the Unity Party",
            ["Central Committee", "Unity Party"],
            {"Central Committee": "Central Committee of the Unity Party"},
        ),
        (
            "of the Political Bureau and secretary of the C.C., the Unity Party",
            ["Political Bureau", "Unity Party"],
            {"Political Bureau": "Political Bureau of the C.C. of the Unity Party"},
        ),
        (
            "of the Political Bureau and a secretary of the Hill Party Central Committee met",
            ["Political Bureau", "Hill Party Central Committee"],
            {"Political Bureau": "Political Bureau of the Hill Party Central Committee"},
        ),
        (
            "the Central Committee and the Military Commission of the Unity Party met",
            ["Central Committee", "Military Commission", "Unity Party"],
            {"Central Committee": "Central Committee of the Unity Party"},
        ),
        (
            "the Senate Tide Committee and the Lake Subcommittee of the Senate Tide Committee",
            ["Senate Tide Committee", "Lake Subcommittee of the Senate Tide Committee"],
            {"Senate Tide Committee": ""},
        ),
        (
            "of the Political Bureau. A secretary of the C.C., the Unity Party",
            ["Political Bureau", "Unity Party"],
            {"Political Bureau": ""},
        ),
        (
            "the Central Committee of the Hill Farmers Youth League",
            ["Central Committee"],
            {"Central Committee": "Central Committee of the Hill Farmers Youth League"},
        ),
    ],
)
def test_name_bodies(gazetteer: Gazetteer, text: str, given: list[str], names: dict[str, str]) -> None:
    f = spans(text, *given)
    bodies.name_bodies([f], gazetteer)
    assert {surface: name for surface, name in named(f).items() if surface in names} == names
