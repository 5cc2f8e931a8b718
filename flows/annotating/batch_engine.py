"""spaCy's entities many times faster: the same weights and rules, run over batches of texts at once.

What may follow an open entity is spaCy's transition system (`spacy/pipeline/_parser_internals/ner.pyx`):
with no entity open the action depends on the current token alone, so all tokens are scored at once.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from flows.annotating.engine import (
    MODEL_NAME,
    MODEL_VERSION,
    NER_SHA256,
    Recognition,
    SpacyEngine,
    Span,
    WordVectors,
    batches,
    check_model,
    load_pipeline,
    model_folder,
    pieces,
)
from flows.annotating.entity_network import (
    WORDS_PER_BLOCK,
    EntityNetwork,
    Floats,
    UnknownArchitectureError,
    padded,
    read_weights,
)
from flows.annotating.token_cache import Ints, TokenBatch, TokenCache
from flows.records import Field, Text, Tokens

TEXTS_PER_BATCH = 400
CHARS_PER_BATCH = 160_000  # about 32,000 tokens
STARTS_TOGETHER = 4_096
STEPS_TOGETHER = 12  # tokens of an entity that are decided for all entities at once; few are longer


class Piece(NamedTuple):
    """Words of a piece of a field, where they are in it, and its entities: from word, to word, label."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    entities: list[tuple[int, int, str]]


class BatchEngine:
    """`en_core_web_md` without spaCy's own loop: the same tokens, and the same entities.

    Raises UnknownArchitectureError when the model is not built as expected.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or model_folder()
        check_model(folder)
        self._pipeline = load_pipeline(folder)
        self._network = EntityNetwork(read_weights(self._pipeline))
        self._cache = TokenCache(self._pipeline, self._network)
        self._decoder = Decoder(self._network)

    @property
    def version(self) -> str:
        """Name, version and hash of the model, as `SpacyEngine` gives it: what comes out is the same."""
        return f"{MODEL_NAME}-{MODEL_VERSION}-{NER_SHA256[:8]}"

    @cached_property
    def vectors(self) -> WordVectors:
        """The word vectors of the model."""
        return WordVectors(self._pipeline.vocab)

    def recognize(self, texts: Iterable[Text]) -> Iterator[Recognition]:
        """One Recognition per text, in the order of the texts, whatever they are batched with."""
        for batch in batches(texts, TEXTS_PER_BATCH, CHARS_PER_BATCH):
            parts = [pieces(field) for text in batch for field in (text.title, text.text)]
            found = self._pieces([piece for part in parts for _, piece in part])
            for number, text in enumerate(batch):
                spans: list[Span] = []
                title = _joined("title", text.title, parts[2 * number], found, spans)
                body = _joined("text", text.text, parts[2 * number + 1], found, spans)
                yield Recognition(title, body, spans)

    def tokenize(self, text: str) -> Tokens:
        """The tokens of a short text (a name of a gazetteer)."""
        if not text:
            return Tokens(text, (), (), ())
        found = _read(self._cache.tokens([text]), [])
        return _joined("text", text, [(0, text)], found, [])

    def _pieces(self, texts: Sequence[str]) -> Iterator[Piece]:
        """Every piece with its entities; as many at a time as make a batch."""
        start = size = 0
        for end, text in enumerate(texts, 1):
            size += len(text)
            if size >= CHARS_PER_BATCH or end == len(texts):
                yield from self._recognized(texts[start:end])
                start, size = end, 0

    def _recognized(self, texts: Sequence[str]) -> Iterator[Piece]:
        tokens = self._cache.tokens(texts)
        rows, places = padded(tokens.rows, tokens.first)
        scores = self._network.score(self._cache.table, rows)
        is_last = np.zeros(len(rows), dtype=np.bool_)
        is_last[places[tokens.first[1:] - 1]] = True
        is_space = np.ones(len(rows), dtype=np.bool_)  # padding is no more a word than white space is
        is_space[places] = tokens.is_space
        found = list(self._decoder.entities(scores, is_space, is_last))
        before = np.concatenate([[0], np.cumsum(~is_space)])  # place in rows -> words before it
        starts = before[[start for start, _, _ in found]].tolist()
        ends = before[[end for _, end, _ in found]].tolist()
        return _read(tokens, zip(starts, ends, (label for _, _, label in found), strict=True))


class Decoder:
    """spaCy's greedy decoding of begin, inside, last, unit and outside actions."""

    def __init__(self, network: EntityNetwork) -> None:
        weights = network.weights
        self._network = network
        outside = [weights.actions[number] for number in network.outside]
        self._begins = np.array([action.startswith("B-") for action in outside])
        self._labels = [action[2:] for action in outside]  # "" for O
        self._out = outside.index("O")
        numbers = {action: number for number, action in enumerate(weights.actions)}
        inside = [numbers.get(f"I-{label}", -1) for label in self._labels]
        last = [numbers.get(f"L-{label}", -1) for label in self._labels]
        # by the action that begins an entity: what may follow in it
        self._stay = weights.action_weights[inside], weights.action_bias[inside]
        self._close = weights.action_weights[last], weights.action_bias[last]

    def entities(
        self, scores: Floats, is_space: npt.NDArray[np.bool_], is_last: npt.NDArray[np.bool_]
    ) -> Iterator[tuple[int, int, str]]:
        """Entities as (start, end, label), in order, from what `EntityNetwork.score` has just scored.

        With no entity open, white space can only be outside, and the last token of a text cannot begin an
        entity of several; in an entity, the next token is inside or last, whatever it is, and the last of
        the text is last.
        """
        scores[np.ix_(is_last, self._begins)] = -np.inf
        actions = scores.argmax(axis=1)
        actions[is_space] = self._out
        starts = np.flatnonzero(actions != self._out)
        actions = actions[starts]
        ends = starts + 1
        begun = np.flatnonzero(self._begins[actions])
        ends[begun] = self._ends(is_last, starts[begun], actions[begun])
        free = 0
        for start, end, action in zip(starts.tolist(), ends.tolist(), actions.tolist(), strict=True):
            if start < free:
                continue  # a token inside the entity before
            if end < 0:
                end = self._end(is_last, start, action)
            yield start, end, self._labels[action]
            free = end

    def _ends(self, is_last: npt.NDArray[np.bool_], starts: Ints, actions: Ints) -> Ints:
        """End (exclusive) of the entity begun at each start; -1 where it is longer than `STEPS_TOGETHER`."""
        ends = np.full(len(starts), -1)
        for first in range(0, len(starts), STARTS_TOGETHER):
            entities = np.arange(first, min(first + STARTS_TOGETHER, len(starts)))
            begun = before = self._network.state_parts(starts[entities])
            for step in range(1, STEPS_TOGETHER + 1):
                tokens = starts[entities] + step
                current = self._network.state_parts(tokens)
                closes = self._closes(current, begun, before, actions[entities]) | is_last[tokens]
                ends[entities[closes]] = tokens[closes] + 1
                entities = entities[~closes]
                if not len(entities):
                    break
                begun, before = begun[~closes], current[~closes]
        return ends

    def _end(self, is_last: npt.NDArray[np.bool_], start: int, action: int) -> int:
        """End (exclusive) of an entity longer than `STEPS_TOGETHER`."""
        token = start + STEPS_TOGETHER + 1
        chosen = np.array([action])
        while True:
            upcoming = np.arange(token - 1, min(token + WORDS_PER_BLOCK - 1, len(is_last)))
            parts = self._network.state_parts(upcoming)
            begun = self._network.state_parts(np.array([start]))
            closes = self._closes(parts[1:], begun, parts[:-1], chosen) | is_last[upcoming[1:]]
            if closes.any():
                return token + int(closes.argmax()) + 1
            token += len(closes)

    def _closes(self, current: Floats, begun: Floats, before: Floats, actions: Ints) -> npt.NDArray[np.bool_]:
        """Whether L- outscores I- in each state, given the parts of its three tokens and its B- action."""
        states = current[:, 0] + begun[:, 1]
        states += before[:, 2]
        hidden = states.max(axis=1)
        stay, close = (
            np.einsum("ij,ij->i", hidden, np.broadcast_to(weights[actions], hidden.shape)) + bias[actions]
            for weights, bias in (self._stay, self._close)
        )
        decided: npt.NDArray[np.bool_] = close > stay
        return decided


def _read(tokens: TokenBatch, entities: Iterable[tuple[int, int, str]]) -> Iterator[Piece]:
    """The texts of a batch without white space; entities are given as words of the batch, in order."""
    is_word = ~tokens.is_space
    firsts = np.concatenate([[0], np.cumsum(is_word)])[tokens.first].tolist()
    starts, ends = (places[is_word].tolist() for places in (tokens.starts, tokens.ends))
    rest = iter(entities)
    entity = next(rest, None)
    for first, last in itertools.pairwise(firsts):
        found = []
        while entity is not None and entity[0] < last:
            start, end, label = entity
            if start < end:
                found.append((start - first, end - first, label))
            entity = next(rest, None)
        yield Piece(tokens.words[first:last], starts[first:last], ends[first:last], found)


def _joined(
    field: Field, text: str, parts: list[tuple[int, str]], found: Iterator[Piece], spans: list[Span]
) -> Tokens:
    """Tokens of one field out of its pieces; its entities are added to `spans`."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for (offset, _), piece in zip(parts, itertools.islice(found, len(parts)), strict=True):
        first = len(words)
        words += piece.words
        starts += [offset + start for start in piece.starts] if offset else piece.starts
        ends += [offset + end for end in piece.ends] if offset else piece.ends
        spans.extend(Span(field, first + start, first + end, label) for start, end, label in piece.entities)
    return Tokens(text, tuple(words), tuple(starts), tuple(ends))


def default_engine() -> BatchEngine | SpacyEngine:
    """The fastest engine that can run the installed model; a warning says when that is spaCy itself."""
    try:
        return BatchEngine()
    except UnknownArchitectureError as error:
        warnings.warn(f"{MODEL_NAME} runs in spaCy, many times slower: {error}", stacklevel=2)
        return SpacyEngine()
