"""spaCy's tokenizer without its documents: what it makes of each chunk of text is remembered as numbers.

spaCy cuts a text at white space and tokenizes each chunk on its own, so a chunk seen before needs only a
look-up. The few texts where a rule may reach across white space are handed to spaCy whole.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from flows.annotating.entity_network import ATTRIBUTES, EntityNetwork, WordTable

Ints = npt.NDArray[np.int64]

TOKENS_LIMIT = 400_000  # remembered before all is forgotten
WORDS_LIMIT = 100_000  # the same of different words, 4 KB each

_COMPUTED = (*ATTRIBUTES, "IS_SPACE")
_COLUMNS = ("IDX", "LENGTH", "ORTH", *_COMPUTED)
_SPACE = re.compile(r"\s")
_LEADING_SPACE = re.compile(r"\s+")
# Words of letters with hyphens between, and numbers, with the usual affixes, which spaCy cuts off one by one.
# None of its patterns looks at a letter beyond them, but for those before a full stop. Its special cases go
# before.
_PLAIN = re.compile(
    r"""(["“'(\[$]{0,3})([A-Za-z]+(?:-[A-Za-z]+){0,4}|[0-9]+(?:[.,/][0-9]+)*)(['’]s)?"""
    r"""((?:[,;:!?)"”'’\]]|(?<=[a-z0-9)"”])\.|(?<=[A-Z][A-Z])\.|(?<=[0-9])%){0,4})"""
)
_HYPHEN = re.compile("(-)")
_SHAPES = str.maketrans(string.ascii_letters + string.digits, "x" * 26 + "X" * 26 + "0" * 10)
_UNUSUAL_SPACE = re.compile(r" \s+|[^\S ]\s*")  # every run of white space that is not one plain space


class Chunks(NamedTuple):
    """The chunks of a text in order, and where some of them leave no space before the next."""

    chunks: list[str]
    unspaced: list[int]


def split(text: str) -> Chunks:
    """The chunks that spaCy's tokenizer sees: words, and white space other than one space after a word."""
    chunks: list[str] = []
    unspaced: list[int] = []
    position = 0
    if leading := _LEADING_SPACE.match(text):
        chunks.append(leading.group())
        unspaced.append(0)
        position = leading.end()
    for run in _UNUSUAL_SPACE.finditer(text, position):
        chunks.extend(text[position : run.start()].split(" "))
        space = run.group()
        if space[0] == " ":
            space = space[1:]
        else:
            unspaced.append(len(chunks) - 1)
        unspaced.append(len(chunks))
        chunks.append(space)
        position = run.end()
    if position < len(text):
        rest = text[position:]
        chunks.extend((rest[:-1] if rest[-1] == " " else rest).split(" "))
    return Chunks(chunks, unspaced)


class TokenBatch(NamedTuple):
    """The tokens of a batch of texts, one after the other; `first[i]:first[i + 1]` are those of text i."""

    first: Ints
    rows: Ints  # of `TokenCache.table`
    starts: Ints  # first character, counted from the start of the token's text
    ends: Ints  # after the last character
    is_space: npt.NDArray[np.bool_]
    words: list[str]  # white space left out


def _shaper(shape: Callable[[str], str]) -> Callable[[str], str]:
    """spaCy's shape of a word, worked out once for all words with letters and digits in the same places."""
    known = lru_cache(10_000)(shape)
    return lambda word: known(word.translate(_SHAPES)) if word.isascii() else shape(word)


class _Column:
    """An array that grows. `room` rows are set aside at first; the system gives memory as it is filled."""

    def __init__(self, kind: Any, *shape: int, room: int = 1024) -> None:
        self._values = np.empty((room, *shape), dtype=kind)
        self.size = 0

    @property
    def values(self) -> Any:
        return self._values[: self.size]

    def extend(self, values: npt.ArrayLike) -> None:
        new = np.asarray(values, dtype=self._values.dtype)
        self.grow(len(new))[:] = new

    def grow(self, count: int) -> Any:
        """Room for so many more rows, to be filled."""
        needed = self.size + count
        if needed > len(self._values):
            room = max(needed, 3 * len(self._values) // 2)
            grown = np.empty((room, *self._values.shape[1:]), self._values.dtype)
            grown[: self.size] = self.values
            self._values = grown
        self.size = needed
        return self._values[needed - count : needed]


class TokenCache:
    """Tokens and embeddings per chunk, as spaCy's tokenizer and the network give them. Bounded."""

    def __init__(self, pipeline: Any, network: EntityNetwork) -> None:
        from spacy.attrs import IDS

        self._pipeline = pipeline
        getters = pipeline.vocab.lex_attr_getters  # spaCy calls all of them for every new word
        kept = {name: getters[IDS[name]] for name in _COMPUTED} | {"SHAPE": _shaper(getters[IDS["SHAPE"]])}
        pipeline.vocab.lex_attr_getters = {IDS[name]: getter for name, getter in kept.items()}
        self._network = network
        self._rules = _Rules(pipeline.tokenizer)
        self._embeddings = _Column(np.float32, network.width, room=WORDS_LIMIT)
        self._neighbours = _Column(np.float32, *network.neighbours_shape, room=WORDS_LIMIT)
        self._forget()

    @property
    def table(self) -> WordTable:
        """The network's table of the words. Computed when asked for: names of a gazetteer need none."""
        if self._not_embedded:
            fresh = np.concatenate(self._not_embedded)
            new = WordTable(self._embeddings.grow(len(fresh)), self._neighbours.grow(len(fresh)))
            self._network.embed(fresh[:, 1:-1], fresh[:, 0], new)
            self._not_embedded.clear()
        return WordTable(self._embeddings.values, self._neighbours.values)

    def tokens(self, texts: Sequence[str]) -> TokenBatch:
        """The tokens of each text, the same as spaCy's."""
        if self._token_rows.size > TOKENS_LIMIT or self._is_space.size > WORDS_LIMIT:
            self._forget()
        cuts = [split(text) for text in texts]
        chunks, numbers = self._known(cuts)
        whole = self._crossed(chunks, numbers, np.cumsum([0, *(len(cut.chunks) for cut in cuts)]))
        if whole:
            for number in whole:
                cuts[number] = Chunks([texts[number]], [])
            chunks, numbers = self._known(cuts)
        return self._assembled(cuts, numbers)

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self._row_numbers: dict[tuple[int, int], int] = {}
        self._plain_rows: dict[str, int] = {}
        self._words: list[tuple[str, ...]] = []
        self._lengths, self._firsts, self._counts = _Column(np.int64), _Column(np.int64), _Column(np.int64)
        self._is_delicate = _Column(np.bool_)
        self._token_rows = _Column(np.int64)
        self._token_starts, self._token_lengths = _Column(np.int64), _Column(np.int64)
        self._embeddings.size = self._neighbours.size = 0
        self._embeddings.extend(np.zeros((1, self._network.width)))
        self._neighbours.extend(np.zeros((1, *self._network.neighbours_shape)))
        self._not_embedded: list[npt.NDArray[np.uint64]] = []
        self._is_space = _Column(np.bool_)
        self._is_space.extend([False])

    def _known(self, cuts: Sequence[Chunks]) -> tuple[list[str], Ints]:
        """All chunks, and their numbers; new ones are learned."""
        chunks = list(itertools.chain.from_iterable(cut.chunks for cut in cuts))
        numbers = self._numbered(chunks)
        places = np.flatnonzero(numbers < 0)
        if unknown := [chunks[place] for place in places.tolist()]:
            self._learn(list(dict.fromkeys(unknown)))
            numbers[places] = self._numbered(unknown)
        return chunks, numbers

    def _numbered(self, chunks: Sequence[str]) -> Ints:
        """The number of each chunk, -1 where it is new."""
        return np.fromiter(map(self._numbers.get, chunks, itertools.repeat(-1)), np.int64, len(chunks))

    def _learn(self, chunks: Sequence[str]) -> None:
        """Add chunks: plain words as they are, others as spaCy tokenizes them.

        Words go to it together, a line each, which no rule reaches across.
        """
        plain, cuts, words = [], [], []
        for chunk in chunks:
            if cut := self._rules.plain(chunk):
                plain.append(chunk)
                cuts.append(cut)
            elif _SPACE.search(chunk):
                self._tokenize([chunk], chunk)
            else:
                words.append(chunk)
        if plain:
            self._add_plain(plain, cuts)
        if words:
            self._tokenize(words, "\n".join(words))

    def _add_plain(self, chunks: Sequence[str], cuts: Sequence[tuple[str, ...]]) -> None:
        from spacy.tokens import Doc

        tokens = list(itertools.chain.from_iterable(cuts))
        rows = self._plain_rows
        if new := list({token: None for token in tokens if token not in rows}):
            with self._pipeline.memory_zone():
                attributes: Any = Doc(self._pipeline.vocab, words=new).to_array(list(_COLUMNS[2:]))
            rows.update(zip(new, self._rows(attributes), strict=True))
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        counts = np.fromiter(map(len, cuts), np.int64, len(cuts))
        ends, token_ends = np.cumsum(lengths), np.cumsum(counts)
        chunk_starts = np.append(0, ends)[token_ends - counts]
        starts = ends - lengths - np.repeat(chunk_starts, counts)
        self._add(chunks, cuts, counts, [rows[token] for token in tokens], starts, lengths)
        self._is_delicate.extend(np.zeros(len(chunks)))

    def _tokenize(self, chunks: Sequence[str], text: str) -> None:
        with self._pipeline.memory_zone():
            attributes = self._pipeline.tokenizer(text).to_array(_COLUMNS)
        starts, ends = attributes[:, 0].astype(np.int64), attributes[:, :2].sum(axis=1).astype(np.int64)
        lengths = np.array([len(chunk) for chunk in chunks])
        chunk_starts = np.cumsum(lengths + 1) - lengths - 1
        firsts = np.searchsorted(starts, chunk_starts)
        counts = np.diff(firsts, append=len(starts) + 1) - 1  # without the line break
        kept = np.ones(len(starts), dtype=np.bool_)
        kept[firsts[1:] - 1] = False
        found = [
            text[start:end] for start, end in zip(starts[kept].tolist(), ends[kept].tolist(), strict=True)
        ]
        words = [
            tuple(found[end - count : end])
            for end, count in zip(np.cumsum(counts).tolist(), counts.tolist(), strict=True)
        ]
        offsets = np.repeat(chunk_starts, counts)
        rows = self._rows(attributes[kept, 2:])
        self._add(chunks, words, counts, rows, starts[kept] - offsets, (ends - starts)[kept])
        self._is_delicate.extend([len(cut) > 1 and self._rules.may_merge(cut) for cut in words])

    def _add(
        self,
        chunks: Sequence[str],
        words: Sequence[tuple[str, ...]],
        counts: Ints,
        rows: Sequence[int],
        starts: Ints,
        lengths: Ints,
    ) -> None:
        """Add chunks with the tokens of each, and the rows, starts and lengths of all tokens."""
        self._firsts.extend(self._token_rows.size + np.cumsum(counts) - counts)
        self._counts.extend(counts)
        self._lengths.extend([len(chunk) for chunk in chunks])
        self._token_rows.extend(rows)
        self._token_starts.extend(starts)
        self._token_lengths.extend(lengths)
        self._numbers.update(zip(chunks, itertools.count(len(self._words)), strict=False))
        for chunk, cut in zip(chunks, words, strict=True):
            if len(cut) == 1:
                self._words.append(() if chunk.isspace() else (chunk,))
            elif _SPACE.search(chunk):
                self._words.append(tuple(word for word in cut if not word.isspace()))
            else:
                self._words.append(cut)

    def _rows(self, attributes: npt.NDArray[np.uint64]) -> list[int]:
        """Rows in `table` of tokens given as spelling, norm and so on; new ones are added."""
        known = self._row_numbers
        rows = [
            known.setdefault(key, len(known) + 1) for key in zip(*attributes[:, :2].T.tolist(), strict=True)
        ]
        before = self._is_space.size
        if len(known) >= before:
            numbers, places = np.unique(rows, return_index=True)
            fresh = attributes[places[numbers >= before]]
            self._not_embedded.append(fresh)
            self._is_space.extend(fresh[:, -1] != 0)
        return rows

    def _crossed(self, chunks: list[str], numbers: Ints, firsts: Ints) -> list[int]:
        """Texts in which a rule of the tokenizer may reach across the edge of a chunk it also applies in."""
        texts = set()
        for place in np.flatnonzero(self._is_delicate.values[numbers]).tolist():
            for left, right in ((place - 1, place), (place, place + 1)):
                if left < 0 or right == len(chunks):
                    continue
                if chunks[left][-1:] + chunks[right][:1] in self._rules.joints:
                    texts.add(int(np.searchsorted(firsts, place, side="right")) - 1)
        return sorted(texts)

    def _assembled(self, cuts: Sequence[Chunks], numbers: Ints) -> TokenBatch:
        firsts = np.cumsum([0, *(len(cut.chunks) for cut in cuts)])
        widths = self._lengths.values[numbers] + 1
        for first, cut in zip(firsts.tolist(), cuts, strict=False):
            for place in cut.unspaced:
                widths[first + place] -= 1
        offsets = np.cumsum(widths) - widths
        offsets -= np.repeat(np.append(offsets, 0)[firsts[:-1]], np.diff(firsts))
        counts = self._counts.values[numbers]
        ends = np.cumsum(counts)
        token = np.repeat(self._firsts.values[numbers] - ends + counts, counts) + np.arange(counts.sum())
        rows = self._token_rows.values[token]
        starts = np.repeat(offsets, counts) + self._token_starts.values[token]
        known = self._words
        words = list(itertools.chain.from_iterable([known[number] for number in numbers.tolist()]))
        return TokenBatch(
            first=np.concatenate([[0], ends])[firsts],
            rows=rows,
            starts=starts,
            ends=starts + self._token_lengths.values[token],
            is_space=self._is_space.values[rows],
            words=words,
        )


class _Rules:
    """The tokenizer's special cases that it looks for across chunks too (`:)`, `a.m.`): those with affixes.

    In `a :)b` it merges `:` and `)` unless a longer or earlier match overlaps; such a match may begin in the
    chunk before. It must then contain the characters on both sides of the gap, and one of them no letter.
    """

    def __init__(self, tokenizer: Any) -> None:
        from spacy.attrs import ORTH

        cases = [
            case
            for case in tokenizer.rules
            if len(case) > 1
            and (tokenizer.find_prefix(case) or tokenizer.find_infix(case) or tokenizer.find_suffix(case))
        ]
        self._cases = frozenset(tokenizer.rules)
        self._results = {tuple(part[ORTH] for part in tokenizer.rules[case]) for case in cases}
        self._longest = max(map(len, self._results), default=0)
        pairs = {case[n : n + 2] for case in cases for n in range(len(case) - 1)}
        self.joints = {pair for pair in pairs if not pair.isalpha()}

    def plain(self, chunk: str) -> tuple[str, ...]:
        """The tokens of a word without or with usual affixes that no special case is about; () of others."""
        if chunk in self._cases:
            return ()
        if chunk.isascii() and chunk.isalpha():
            return (chunk,)
        found = _PLAIN.fullmatch(chunk)
        if found is None:
            return ()
        before, word, genitive, after = found.groups(default="")
        middle = _HYPHEN.split(word) if "-" in word else (word,)
        parts = (*before, *middle, *filter(None, (genitive,)), *after)
        for start in range(len(parts)):
            for end in range(start + 2, len(parts) + 1):
                if "".join(parts[start:end]) in self._cases:
                    return ()
        return () if word in self._cases else parts

    def may_merge(self, words: tuple[str, ...]) -> bool:
        """Whether part of a chunk's tokens is what a special case gives, so that a merge may have made it."""
        return any(
            words[start : start + length] in self._results
            for length in range(1, min(self._longest, len(words) - 1) + 1)
            for start in range(len(words) - length + 1)
        )
