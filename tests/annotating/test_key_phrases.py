import re

import pytest

from flows.annotating.key_phrases import PHRASES, TOKENS, KeyPhraseAnnotator
from flows.annotating.recognized import RecognizedTexts
from flows.records import Mention, Tokens
from tests.annotating.findings import recognized


def tokens(text: str) -> Tokens:
    found = list(re.finditer(r"\w+|[^\w\s]", text))
    return Tokens(
        text,
        tuple(match.group() for match in found),
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
    )


@pytest.fixture(scope="module")
def annotator() -> KeyPhraseAnnotator:
    return KeyPhraseAnnotator()


TITLE = "Harbour town fights planned wind farm"
TEXT = (
    "Fishermen in Port Alder say a planned wind farm would ruin the herring grounds. The wind farm would"
    " stand on the herring grounds from March. Anna Brook of the council said that 40 turbines and a"
    " deep-sea cable were too many. A deep-sea cable would cross the bay."
)


def mention(name: str) -> Mention:
    start = TEXT.index(name)
    return Mention("text", start, start + len(name), name, name, "person", "test")


def phrases(annotator: KeyPhraseAnnotator, title: str, text: str, *names: str) -> list[str]:
    text_with_names = recognized(tokens(title), tokens(text), [mention(name) for name in names])
    (found,) = annotator.annotate_batch(RecognizedTexts([text_with_names]))
    assert all(0 < one.phrase_score < 1 for one in found)
    assert [one.phrase_score for one in found] == sorted((one.phrase_score for one in found), reverse=True)
    return [one.phrase for one in found]


def test_repeated_phrases_come_first_and_whole(annotator: KeyPhraseAnnotator) -> None:
    found = phrases(annotator, TITLE, TEXT, "Port Alder", "Anna Brook")
    assert set(found[:4]) == {"planned wind farm", "harbour town", "herring grounds", "deep-sea cable"}
    assert len(found) <= PHRASES


def test_phrases_inside_others_are_left_out(annotator: KeyPhraseAnnotator) -> None:
    found = [set(phrase.split()) for phrase in phrases(annotator, TITLE, TEXT)]
    assert not [one for one in found for other in found if one < other]


def test_names_dates_numbers_and_stop_words_stand_in_no_phrase(annotator: KeyPhraseAnnotator) -> None:
    words = " ".join(phrases(annotator, TITLE, TEXT, "Port Alder", "Anna Brook")).split()
    assert words
    assert not {"port", "alder", "anna", "brook", "march", "40", "the", "would", "said"} & set(words)


def test_the_title_counts_more(annotator: KeyPhraseAnnotator) -> None:
    text = "Engineers checked the turbine blades. Divers checked the gravel quarry."
    assert phrases(annotator, "Gravel quarry", text)[0] == "gravel quarry"
    assert phrases(annotator, "Turbine blades", text)[0] == "turbine blades"


def test_of_a_long_text_the_beginning_is_read(annotator: KeyPhraseAnnotator) -> None:
    long, short = (
        "Wind farm. " * (TOKENS // 3 + 1) + "Gravel quarry. " * 9,
        "Gravel quarries shut. Gravel quarries!",
    )
    alone = [phrases(annotator, "", text) for text in (long, short)]
    texts = RecognizedTexts([recognized(tokens(""), tokens(text), []) for text in (long, short)])
    assert [[one.phrase for one in found] for found in annotator.annotate_batch(texts)] == alone
    assert alone == [["wind farm"], ["gravel quarries"]]


@pytest.mark.parametrize(
    "text", ["", "a" * 1_000_000, " " * 1_000_000, '"' * 50_000, "- - -", "x-" * 20_000, "\ud800"]
)
def test_a_text_that_says_nothing_has_no_phrase(annotator: KeyPhraseAnnotator, text: str) -> None:
    assert phrases(annotator, "", text) == []
