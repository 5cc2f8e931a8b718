"""Texts to words, and to what each word says: the one reading that shingles, facts and story terms share.

A word as it is written is understood once and then is a row of a table, so that what the words of many
texts say is looked up for all of them at once.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST_WORDS = 500_000
LONGEST_WORD = 40  # characters; longer ones do not come back
# Of so many characters, or at most so many texts, the words are looked up together.
CHARACTERS_TOGETHER, TEXTS_TOGETHER = 1_000_000, 2000
# The stories see no more of a text than so many characters.
TOLD_CHARACTERS = 8000

# A name has a capital and so many letters: abbreviations ("Sen.", "D-CA") change from house to house.
NAME_LETTERS = 3
# What a term counts, in quarters, and if it is a name or number.
PLAIN_QUARTERS, NAME_QUARTERS = 4, 6
TERM_BITS = 25
SPELLING_BYTES = 5

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han) count each character as a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
# The signs that news in English has beside ASCII; none is part of a word.
_SIGNS = "’“”—–‘\xa0…"
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum()}

# English words of the closed classes. Other languages rely on the document frequency alone.
FUNCTION_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have having
    he her here hers him his how however i if in into is it its just like may me might more most much must my
    new no nor not now of off on once one only or other our out over own re said same say says she should so
    some still such than that the their them then there these they this those through to told too two under
    until up upon us very was we were what when where whether which while who whom whose why will with within
    without would yet you your""".split()  # noqa: SIM905
)
# These in capitals are names.
NO_FUNCTION_WORDS = frozenset({"US", "IT", "WHO"})


@dataclass(frozen=True, slots=True)
class Passages:
    """Titles and texts that are read alike, end to end: passage i is the words from `starts[i]` on.

    `owners` is the text of each passage, in order; of its `sizes[i]` words `title_sizes[i]` are the title's.
    """

    owners: Ints
    starts: Ints
    sizes: Ints
    title_sizes: Ints

    def places(self) -> tuple[Ints, Ints]:
        """The place of each word of these passages and the text that it belongs to, in order."""
        before = np.cumsum(self.sizes) - self.sizes
        places = np.repeat(self.starts - before, self.sizes) + np.arange(int(self.sizes.sum()))
        return places, np.repeat(self.owners, self.sizes)


class Said(NamedTuple):
    """What words say: arrays of equal length, an entry for each word.

    `code` is the word's, case left aside; `mixed` and `turned` are that code and its complement as `mix`
    leaves them. `term` is the hash of its term, which counts so many `quarters`, none where it says nothing,
    and begins with `spelling`.
    """

    code: Codes
    mixed: Codes
    turned: Codes
    is_fact: Mask
    term: Hashes
    quarters: Ints
    spelling: Codes


KINDS: Final = ("u8", "u8", "u8", "?", "u4", "i8", "u8")


@dataclass(frozen=True, slots=True)
class ReadWords:
    """The words of `count` texts and what they say; of these the passages for shingles and for stories.

    The first words stand in `plain`, where `begins` and `ends` say, the others in `others`.
    """

    count: int
    plain: str
    begins: Ints
    ends: Ints
    others: list[str]
    said: Said
    compared: Passages
    told: Passages

    def word(self, place: int) -> str:
        """One word as it is written."""
        if place < len(self.begins):
            return self.plain[self.begins[place] : self.ends[place]]
        return self.others[place - len(self.begins)]


def read_words(texts: Sequence[tuple[str, str]]) -> Iterator[ReadWords]:
    """The words of texts, each a title and a body, in order; of a good many of them at a time."""
    begin, characters = 0, 0
    for end, (title, text) in enumerate(texts):
        characters += len(title) + len(text)
        if characters > CHARACTERS_TOGETHER or end - begin == TEXTS_TOGETHER:
            if end > begin:
                yield _read(texts[begin:end])
            begin, characters = end, len(title) + len(text)
    if begin < len(texts):
        yield _read(texts[begin:])


def mix(values: Codes) -> Codes:
    """The 64-bit finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def rows_of(count: int, owners: Ints, values: Hashes) -> list[Hashes]:
    """The values of each of so many texts, given the text of each value, in order: views of one array."""
    bounds = np.searchsorted(owners, np.arange(count + 1)).tolist()
    return [values[begin:end] for begin, end in pairwise(bounds)]


def distinct_rows(count: int, owners: Ints, values: Hashes) -> list[Hashes]:
    """The values of each of so many texts, sorted and unique, given the text of each value."""
    packed = owners.astype(np.uint64) << np.uint64(32) | values
    packed.sort()
    kept = packed[np.flatnonzero(np.concatenate([[True], packed[1:] != packed[:-1]])[: len(packed)])]
    return rows_of(count, (kept >> np.uint64(32)).astype(np.int64), kept.astype(np.uint32))


def folded(word: str) -> str:
    """The word in lower case without an English plural s, or nothing when it is no content word."""
    if _UNSPACED_CHARACTER.match(word):
        return word
    plain = word.casefold()
    if len(plain) < 2 or (plain in FUNCTION_WORDS and word not in NO_FUNCTION_WORDS):
        return ""
    plural = len(plain) > 4 and plain.endswith("s") and not plain.endswith("ss")
    return plain[:-1] if plural else plain


def _read(texts: Sequence[tuple[str, str]]) -> ReadWords:
    from flows.grouping.word_scan import scan

    plain: list[str] = []  # in turn a title and a text
    others: list[list[str]] = []  # the same as words, where one of the two is more than ASCII
    compared: list[tuple[int, int, bool]] = []  # text, place of its title, which list that is in
    told: list[tuple[int, int, bool]] = []
    for owner, written in enumerate(texts):
        title, text = map(_without_signs, written)
        if title.isascii() and text.isascii():
            compared.append((owner, len(plain), True))
            plain += title, text
            is_told = len(text) <= TOLD_CHARACTERS
            if not is_told:
                told.append((owner, len(plain), True))
                plain += title, text[:TOLD_CHARACTERS]
        else:
            compared.append((owner, len(others), False))
            of_title, is_title_spaced = _words(written[0], title)
            of_text, is_text_spaced = _words(written[1], text)
            others += of_title, of_text
            is_told = is_title_spaced and is_text_spaced and len(text) <= TOLD_CHARACTERS
            if not is_told:
                told.append((owner, len(others), False))
                others += _pieces(written[0]), _pieces(written[1][:TOLD_CHARACTERS])
        if is_told:
            told.append(compared[-1])
    joined = "\n".join(plain)
    begins, ends, said = scan(joined)
    lengths = np.fromiter(map(len, plain), dtype=np.int64, count=len(plain)) + 1
    firsts = np.searchsorted(begins, np.cumsum(lengths) - lengths)
    sizes = np.concatenate(
        [np.diff(firsts, append=len(begins)), np.fromiter(map(len, others), np.int64, len(others))]
    )
    starts = np.cumsum(sizes) - sizes
    words = list(chain.from_iterable(others))
    if words:
        columns: Any = zip(said, _table.rows(words), strict=True)
        said = Said._make(map(np.concatenate, columns))

    def passages(of: list[tuple[int, int, bool]]) -> Passages:
        owners, titles, is_plain = np.array(of, dtype=np.int64).T
        titles += (1 - is_plain) * len(plain)
        return Passages(owners, starts[titles], sizes[titles] + sizes[titles + 1], sizes[titles])

    return ReadWords(len(texts), joined, begins, ends, words, said, passages(compared), passages(told))


def _without_signs(text: str) -> str:
    if not text.isascii():
        for sign in _SIGNS:
            text = text.replace(sign, " ")
    return text


def _words(text: str, plain: str) -> tuple[list[str], bool]:
    """The words of a text in order, and whether they are written with spaces between them.

    `plain` is the text without signs.
    """
    if plain.isascii():
        return plain.translate(_NO_WORD).split(), True
    # What is written without spaces may be so only before or only after.
    normal = unicodedata.normalize("NFKC", text)
    is_spaced = not (_UNSPACED_CHARACTER.search(text) or _UNSPACED_CHARACTER.search(normal))
    return _WORD.findall(normal), is_spaced


def _pieces(text: str) -> list[str]:
    """The words of a text in order; what is written without spaces as pairs of characters."""
    found: list[str] = _RUN.findall(unicodedata.normalize("NFKC", text))
    if not _UNSPACED_CHARACTER.search(text):
        return found
    pieces = []
    for word in found:
        if _UNSPACED_CHARACTER.match(word):
            pieces += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        else:
            pieces.append(word)
    return pieces


def describe(word: str) -> tuple[int, bool, int, int, int]:
    """The code of a word, whether it is a name or number, its term, what that counts, how it begins."""
    data = word.casefold().encode("utf-8", "surrogatepass")
    check = zlib.crc32(data)
    has_capital, is_number = word[0].isupper(), word[0].isdigit()
    term = folded(word).encode("utf-8", "surrogatepass")
    is_unspaced = word[0] >= "\u0e00" and _UNSPACED_CHARACTER.match(word)
    quarters = NAME_QUARTERS if (has_capital or is_number) and not is_unspaced else PLAIN_QUARTERS
    return (
        check << 32 | zlib.adler32(data),
        is_number or (has_capital and len(word) >= NAME_LETTERS),
        zlib.crc32(term) >> (32 - TERM_BITS),
        quarters if term else 0,
        int.from_bytes(term[:SPELLING_BYTES].ljust(SPELLING_BYTES, b"\0"), "big"),
    )


class _WordTable(dict[str, int]):
    """Row numbers by word, and the columns of the rows; words that are not there yet are described."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: list[npt.NDArray[Any]] = [np.empty(0, dtype=kind) for kind in KINDS]
        self._new: list[str] = []
        self._count = 0

    def rows(self, words: Sequence[str]) -> Said:
        """The row of each word, in order."""
        if self._count > MOST_WORDS:
            self.clear()
            self._count = 0
        numbers = np.fromiter(map(self.__getitem__, words), dtype=np.int64, count=len(words))
        if self._new:
            self._add(self._new)
            self._new = []
        return Said._make(column[numbers] for column in self._columns)

    def __missing__(self, word: str) -> int:
        number = self._count
        self._count += 1
        self._new.append(word)
        if len(word) <= LONGEST_WORD:
            self[word] = number
        return number

    def _add(self, words: list[str]) -> None:
        begin, room = self._count - len(words), len(self._columns[0])
        if self._count > room:
            more = max(1024, self._count)
            self._columns = [np.append(column, np.empty(more, column.dtype)) for column in self._columns]
        code, *others = zip(*map(describe, words), strict=True)
        codes = np.array(code, dtype=np.uint64)
        for column, values in zip(self._columns, [codes, mix(codes), mix(~codes), *others], strict=True):
            column[begin : self._count] = values


_table = _WordTable()
