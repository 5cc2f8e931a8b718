"""The engine and the annotator with the real model: offsets, batches, long and hostile texts."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from flows.annotating import engine as engines
from flows.annotating.engine import SpacyEngine
from flows.annotating.entities import EntityAnnotator
from flows.annotating.recognized import Recognized
from flows.records import Mention, Text, digest


@pytest.fixture(scope="module")
def engine() -> SpacyEngine:
    return SpacyEngine()


@pytest.fixture(scope="module")
def annotator(engine: SpacyEngine) -> EntityAnnotator:
    return EntityAnnotator(engine)


def text_of(title: str, text: str) -> Text:
    return Text(digest(title, text), title, text, "en")


def annotated(annotator: EntityAnnotator, *texts: Text) -> list[Recognized]:
    return [text for read in annotator.annotate(texts) for text in read.texts]


def mentions_in(annotator: EntityAnnotator, title: str, text: str) -> list[Mention]:
    return annotated(annotator, text_of(title, text))[0].mentions


SUMMIT = text_of(
    "Moon, Abe to meet in Chengdu",
    "President Moon Jae-in will meet Japanese Prime Minister Shinzo Abe and Chinese Premier Li Keqiang "
    "in Chengdu, China, next week.\n\nForeign Minister Kang Kyung-wha told her counterpart, Toshimitsu "
    "Motegi, that S. Korea's exports matter. Kang's office said Motegi agreed.",
)


def test_persons_by_their_full_names(annotator: EntityAnnotator) -> None:
    mentions = annotated(annotator, SUMMIT)[0].mentions
    persons = [(m.field, m.mention_text, m.entity_name) for m in mentions if m.entity_type == "person"]
    assert persons == [
        ("title", "Moon", "Moon Jae-in"),
        ("title", "Abe", "Shinzo Abe"),
        ("text", "Moon Jae-in", "Moon Jae-in"),
        ("text", "Shinzo Abe", "Shinzo Abe"),
        ("text", "Li Keqiang", "Li Keqiang"),
        ("text", "Kang Kyung-wha", "Kang Kyung-wha"),
        ("text", "Toshimitsu Motegi", "Toshimitsu Motegi"),
        ("text", "Kang", "Kang Kyung-wha"),
        ("text", "Motegi", "Toshimitsu Motegi"),
    ]
    assert ("S. Korea", "S. Korea", "place") in {
        (m.mention_text, m.entity_name, m.entity_type) for m in mentions
    }


def test_mention_text_is_the_slice_at_its_offsets(annotator: EntityAnnotator) -> None:
    ((title, text, mentions, _),) = annotated(annotator, SUMMIT)
    assert (title.text, text.text) == (SUMMIT.title, SUMMIT.text)
    for mention in mentions:
        source = SUMMIT.title if mention.field == "title" else SUMMIT.text
        assert source[mention.start_char : mention.end_char] == mention.mention_text
    assert text.words == tuple(text.text[a:b] for a, b in zip(text.starts, text.ends, strict=True))


def test_a_text_alone_and_in_a_batch_is_the_same(annotator: EntityAnnotator) -> None:
    others = [
        text_of("", f"Mayor Ilse Brandt of Bremen opened bridge number {n}. " * n) for n in range(1, 40)
    ]
    alone = [annotated(annotator, text)[0] for text in (SUMMIT, others[-1])]
    together = annotated(annotator, *others, SUMMIT)
    assert alone == [together[-1], together[-2]]


def test_a_long_text_goes_through_in_pieces(
    annotator: EntityAnnotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    paragraph = "Mayor Ilse Brandt of Bremen spoke.\n\n"
    monkeypatch.setattr(engines, "CHARS_PER_PIECE", 5 * len(paragraph) + 7)
    mentions = mentions_in(annotator, "", paragraph * 12)
    assert [m.start_char for m in mentions if m.mention_text == "Bremen"] == [
        paragraph.index("Bremen") + n * len(paragraph) for n in range(12)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "a" * 110_000,
        " " * 110_000,
        '"' * 110_000,
        "(UN) " * 4_000,
        "'s " * 4_000,
        "\ud800\x00 Ann",
    ],
    ids=["nothing", "space", "lines", "one word", "spaces", "quotes", "brackets", "possessives", "surrogate"],
)
def test_hostile_texts_are_lived_through(annotator: EntityAnnotator, text: str) -> None:
    for mention in mentions_in(annotator, text[:500], text):
        assert mention.mention_text.strip() == mention.mention_text != ""


def test_vectors_know_words(engine: SpacyEngine) -> None:
    vectors = engine.vectors
    rows = vectors.vector_rows(["election", "Election", "qzxwvv"])
    assert vectors.vector_table.shape == (20_000, 300)
    assert (rows >= 0).tolist() == [True, True, False]
    assert np.linalg.norm(vectors.vector_table[rows[0]]) > 0


def test_other_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "ner").mkdir(parents=True)
    shutil.copy(engines.model_folder() / "meta.json", folder)
    (folder / "ner" / "model").write_bytes(b"other weights")
    with pytest.raises(ValueError, match="not the weights"):
        SpacyEngine(folder)
