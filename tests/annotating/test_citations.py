"""Cited sources: who speaks, by which cue, and what; and who only wants, regards or aims."""

import random
import re

import pytest

from flows.annotating.citation_words import cue_verbs, official_words, speakers
from flows.annotating.citations import CitationAnnotator
from flows.annotating.recognized import RecognizedTexts
from flows.records import Citation, Mention, Tokens
from tests.annotating.findings import recognized

_TOKEN = re.compile(r"(?:Mr|Mrs|Ms|Dr|Gov|Sen)\.|''|n['’]t\b|['’]s\b|\w+(?=n['’]t)|\w+|[^\w\s]")


def tokens(text: str) -> Tokens:
    found = list(_TOKEN.finditer(text))
    return Tokens(
        text,
        tuple(match.group() for match in found),
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
    )


def mentions(text: str, names: dict[str, str]) -> list[Mention]:
    return [
        Mention("text", match.start(), match.end(), name, name, entity_type, "test")
        for name, entity_type in names.items()
        for match in re.finditer(re.escape(name), text)
    ]


def cited(text: str, **names: str) -> list[Citation]:
    spaced = {name.replace("_", " "): entity_type for name, entity_type in names.items()}
    read = RecognizedTexts([recognized(tokens(""), tokens(text), mentions(text, spaced))])
    return CitationAnnotator().annotate_batch(read)[0]


def brief(text: str, **names: str) -> list[tuple[str, str, str]]:
    return [(c.source_text, c.cue_text, c.content_text) for c in cited(text, **names)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police said two men were held.", ("Police", "said", "two men were held")),
        ("The ferry sank at noon, according to the coastguard.",
         ("the coastguard", "according to", "The ferry sank at noon")),
        ("According to the navy, the ferry sank.", ("the navy", "According to", "the ferry sank")),
        ("The minister told reporters in Lima on Monday that taxes would rise.",
         ("The minister", "told", "that taxes would rise")),
        ("“We are leaving,” said the captain in a statement.",
         ("the captain", "said", "“We are leaving,”")),
        ("The mayor’s spokesman has repeatedly denied the claims.",
         ("The mayor’s spokesman", "denied", "the claims")),
        ("In a statement, the company said sales fell.", ("the company", "said", "sales fell")),
        ("The report, published on Monday, found that rents doubled.",
         ("The report, published on Monday", "found", "that rents doubled")),
        ("Data from the ministry show exports fell.", ("Data from the ministry", "show", "exports fell")),
        ("Sources familiar with the matter said the deal was off.",
         ("Sources familiar with the matter", "said", "the deal was off")),
        ("The deal was first reported by the newspaper.", ("the newspaper", "reported by", "The deal")),
        ("The actor was quoted as saying that he was tired.",
         ("The actor", "quoted as saying", "that he was tired")),
        ("The farmer, whose herd was lost, said aid came late.",
         ("The farmer, whose herd was lost", "said", "aid came late")),
        ("The envoy, however, insisted that talks would go on.",
         ("The envoy", "insisted", "that talks would go on")),
        ("The bakers in a letter warned of higher prices.",
         ("The bakers", "warned", "of higher prices")),
        ("As the coach said, it was a poor match.", ("the coach", "said", "it was a poor match")),
        ("At the rally, the mayor praised the nurses.", ("the mayor", "praised", "the nurses")),
        ("The judge added:\n\nNobody is above the law.", ("The judge", "added", "Nobody is above the law")),
        ("The paper said in an essay:\n\nNobody is above the law.",
         ("The paper", "said", "Nobody is above the law")),
        ("Rents, the tenants claim, have doubled.",
         ("the tenants", "claim", "Rents, the tenants claim, have doubled")),
    ],
)  # fmt: skip
def test_finds_source_cue_and_content(text: str, expected: tuple[str, str, str]) -> None:
    assert brief(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Oslo wants the fleet back, regards the treaty as dead and aims to leave it.",
        "She believes that the plan will fail and hopes for rain.",
        "The ministry kept its alleged lax control of exports.",
        "The men accused of theft left. The claims of the miners were heard.",
        "The minister did not say when. The court could announce a date.",
        "Voters were told that the hall was closed.",
        "You said that before. We call it home.",
        "The bridge was built according to plan.",
        "The rain which promised a harvest came late.",
        "The miners protested against the owners, and the team called off the match.",
        "The United States sent three ships.",
    ],
)
def test_attitudes_adjectives_and_nouns_are_no_citations(text: str) -> None:
    assert brief(text, United_States="place", Oslo="place") == []


def test_source_spans_title_name_and_apposition_and_names_the_person() -> None:
    text = (
        "Finance Minister Ana Ruiz, who took office in May, said taxes would fall. "
        "“It will work,” said Omar Diop, an analyst at Delta Bank, adding that he was sure."
    )
    found = cited(text, Ana_Ruiz="person", Omar_Diop="person", Delta_Bank="organization")
    assert [(c.source_text, c.cue_text, c.entity_name, c.source_type) for c in found] == [
        ("Finance Minister Ana Ruiz, who took office in May", "said", "Ana Ruiz", "person"),
        ("Omar Diop, an analyst at Delta Bank", "said", "Omar Diop", "person"),
        ("Omar Diop, an analyst at Delta Bank", "adding", "Omar Diop", "person"),
    ]


def test_pronouns_name_the_person_last_cited_unless_a_title_forbids() -> None:
    text = "Mr. Brandt said no. He added that it was late. Mrs. Okoye laughed. “Never,” she said."
    found = cited(text, Brandt="person", Okoye="person")
    assert [(c.source_text, c.entity_name) for c in found] == [
        ("Mr. Brandt", "Brandt"),
        ("He", "Brandt"),
        ("she", "Okoye"),
    ]


@pytest.mark.parametrize(
    ("text", "source_type", "entity_name"),
    [
        ("Ana Ruiz said no to all of it.", "person", "Ana Ruiz"),
        ("Delta Bank said the loan was repaid.", "organization", "Delta Bank"),
        ("Peru said the border was shut.", "place", "Peru"),
        ("The report said the border was shut.", "document", None),
        ("A senior official said the border was shut.", "anonymous", None),
        ("The president said the border was shut.", "person", None),
        ("A spokesman for Delta Bank said the loan was repaid.", "person", "Delta Bank"),
        ("Critics of Delta Bank said the loan was lost.", "anonymous", None),
        ("Ana Ruiz’s lawyer said the loan was lost.", "person", None),
    ],
)
def test_source_types_and_entities(text: str, source_type: str, entity_name: str | None) -> None:
    names = {"Ana_Ruiz": "person", "Delta_Bank": "organization", "Peru": "place"}
    assert [(c.source_type, c.entity_name) for c in cited(text, **names)] == [(source_type, entity_name)]


@pytest.mark.parametrize(
    ("text", "quote_type", "content"),
    [
        ("The pilot said the storm came early.", "indirect", "the storm came early"),
        ('The pilot said: "The storm came early. We turned."', "direct",
         '"The storm came early. We turned."'),
        ("The pilot said the storm was “a monster” of wind.", "mixed", "the storm was “a monster” of wind"),
        ("''The storm came early,'' the pilot said.", "direct", "''The storm came early,''"),
        ("‘The storm came early,’ said the pilot.", "direct", "‘The storm came early,’"),
        ("« Le vent est fort », said the pilot.", "direct", "« Le vent est fort »"),
        ("„Der Wind ist stark“, said the pilot.", "direct", "„Der Wind ist stark“"),
        ("“The storm,” the pilot said, “came early.”", "direct",
         "“The storm,” the pilot said, “came early.”"),
        ("「嵐は早かった」, said the pilot.", "direct", "「嵐は早かった」"),
        ("The storm was “a monster,” the pilot said.", "mixed", "The storm was “a monster,”"),
        ("“It was over.”\n\nThe pilot lamented the loss of his boat.", "indirect", "the loss of his boat"),
        ('"The mate cried Turn," said the pilot.', "direct", '"The mate cried Turn,"'),
        ("“The storm came early.\n\n“We turned,” the pilot said.", "direct",
         "“The storm came early.\n\n“We turned,”"),
    ],
)  # fmt: skip
def test_quotations(text: str, quote_type: str, content: str) -> None:
    assert [(c.quote_type, c.content_text) for c in cited(text)] == [(quote_type, content)]


@pytest.mark.parametrize(
    ("text", "role", "is_official"),
    [
        ("Peruvian Foreign Minister Ana Ruiz said no.", "Foreign Minister", True),
        ("Ana Ruiz, the foreign minister of Peru, said no.", "foreign minister of Peru", True),
        ("Ana Ruiz, an analyst at Delta Bank, said no.", "analyst at Delta Bank", False),
        ("Delta Bank president Ana Ruiz said no.", "Delta Bank president", False),
        ("President Ana Ruiz said no.", "President", True),
        ("Former senator Ana Ruiz said no.", "Former senator", False),
        ("The minister’s critics said no.", "minister’s critics", False),
        ("A critic of the police said no.", "critic of the police", False),
        ("A police officer said no.", "police officer", True),
        ("The ministry’s spokesman said no.", "ministry’s spokesman", True),
        ("A spokesman for Delta Bank said no.", "spokesman for Delta Bank", False),
        ("The Ministry of Works said no.", None, True),
        ("Data from the ministry show no rise.", None, True),
        ("A study by Delta Bank shows no rise.", None, False),
        ("Peru said no.", None, True),
        ("Mr. Ruiz said no.", None, False),
    ],
)
def test_roles_and_offices(text: str, role: str | None, is_official: bool) -> None:
    names = {"Ana_Ruiz": "person", "Delta_Bank": "organization", "Peru": "place", "Peruvian": "nationality"}
    found = cited(text, **names)
    assert [(c.role, c.is_official) for c in found] == [(role, is_official)]


def test_a_role_is_kept_for_the_name_and_the_pronoun_that_follow() -> None:
    text = (
        "The town gave Mayor Ana Ruiz a prize. Ana Ruiz said thanks. She added that she was glad. "
        "It rained, they said."
    )
    found = cited(text, Ana_Ruiz="person")
    assert [(c.source_text, c.entity_name, c.role, c.is_official, c.is_resolved_pronoun) for c in found] == [
        ("Ana Ruiz", "Ana Ruiz", "Mayor", True, False),
        ("She", "Ana Ruiz", "Mayor", True, True),
        ("they", None, None, False, False),
    ]


@pytest.mark.parametrize(
    ("text", "is_anonymous"),
    [
        ("A senior official said the deal was off.", True),
        ("Sources familiar with the matter said the deal was off.", True),
        ("A Delta Bank official, who spoke on condition of anonymity, said the deal was off.", True),
        ("A spokesman for Delta Bank, who asked not to be named, said the deal was off.", True),
        ("A spokesman for Delta Bank said the deal was off.", False),
        ("The president said the deal was off.", False),
        ("Ana Ruiz, who would not be named as a witness, said the deal was off.", False),
        ("They said the deal was off.", False),
        ("Police said the deal was off.", False),
    ],
)
def test_who_is_anonymous(text: str, is_anonymous: bool) -> None:
    found = cited(text, Ana_Ruiz="person", Delta_Bank="organization")
    assert [c.is_anonymous for c in found] == [is_anonymous]


def test_words_inside_a_quotation_are_not_cited_by_the_article() -> None:
    text = "“My doctor said I was ill and the nurse denied it,” the singer told fans."
    assert [c.source_text for c in cited(text)] == ["the singer"]


def test_offsets_are_slices_whatever_the_text() -> None:
    chance = random.Random(7)
    words = (
        "said “ ” \" ' Kim , . who that and according to by ( ) - — saying was not the police last 's ’s : ?"
    )
    pieces = [*words.split(), "\n\n", "\u0301", "\U0001d54f", "claims", "told", "''", "«"]
    count = 0
    for _ in range(900):
        text = chance.choice([" ", "", "\n"]).join(chance.choices(pieces, k=chance.randint(1, 60)))
        for c in cited(text, Kim="person"):
            assert text[c.source_start_char : c.source_end_char] == c.source_text != ""
            assert text[c.cue_start_char : c.cue_end_char] == c.cue_text != ""
            assert text[c.content_start_char : c.content_end_char] == c.content_text != ""
            count += 1
    assert count > 100


@pytest.mark.parametrize("word", ['"', "“", "'", "said", ", said", "(", "Kim , who", "according to", "a"])
def test_hostile_repetition_ends_and_keeps_contents_short(word: str) -> None:
    text = f"{word} " * 20_000
    assert all(len(c.content_text) < 5_000 for c in cited(text, Kim="person"))
    assert cited("") == [] == cited(" \n ")


def test_seeds_hold_no_attitudes_and_no_form_twice() -> None:
    cues = cue_verbs()
    assert not {"wants", "believes", "regards", "aims", "hopes", "plans", "thinks"} & set(cues)
    assert {"said", "says", "insists", "cited", "told"} <= set(cues)
    assert {cue.takes for cue in cues.values()} == {
        "clause", "that", "quote", "object", "addressee", "document"
    }  # fmt: skip
    assert {word.source_type for word in speakers().values()} == {
        "person", "organization", "document", "anonymous"
    }  # fmt: skip
    assert set(official_words().values()) == {"office", "post", "body", "staff"}
