"""Text to shingles and facts: what the annotator keeps of a text so that its copies can be found.

Shingles say how much two texts have in common, facts whether one mould was filled with other names and
numbers. Method of the first: A. Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from flows.grouping.words import WordTable

Shingles = npt.NDArray[np.uint32]
Facts = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint64]

# Words in a shingle. Four keeps an edited sentence recognisable and chance agreement rare.
SHINGLE_WORDS = 4
# A name has a capital and so many letters: abbreviations ("Sen.", "D-CA") change from house to house.
NAME_LETTERS = 3
# Words on one side of a name or number by which its place is known again.
PLACE_WORDS = 2
# Of the 32 bits of a fact so many are those of the name or number, the others those of its place.
FACT_BITS = 12

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han) count each character as a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def shingle_hashes(title: str, text: str) -> Shingles:
    """Hashes of the word 4-grams of title and text, sorted and unique: shape (n,), uint32 below 2**31.

    Case, punctuation and spacing do not count. n is at most the number of words; a text of one to three
    words gives one hash, a text without words none. The values are the same on every machine.
    """
    codes = _read(title, text)["code"]
    if not len(codes):
        return np.empty(0, dtype=np.uint32)
    width = min(SHINGLE_WORDS, len(codes))
    count = len(codes) - width + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(width):
        mixed = _mix(mixed + codes[offset : offset + count])
    return np.unique((mixed >> np.uint64(33)).astype(np.uint32))


def fact_hashes(title: str, text: str) -> Facts:
    """Hashes of the names and numbers of title and text at their places, sorted and unique: shape (n,).

    A name is a word with a capital, wherever it stands, of three letters or more. Its place is the two words
    before it, and once more the two behind it, case left aside: 20 bits, above 12 of the name or number. n
    is at most twice the number of words. The values are the same on every machine.
    """
    words = _read(title, text)
    codes, told = words["code"], np.flatnonzero(words["is_fact"])
    before = told[told >= PLACE_WORDS]
    behind = told[told + PLACE_WORDS < len(words)]
    facts = [
        _fact(codes[before], codes[before - 2], codes[before - 1]),
        _fact(codes[behind], ~codes[behind + 1], codes[behind + 2]),
    ]
    return np.unique(np.concatenate(facts))


@lru_cache(maxsize=1)  # who asks for the shingles of a text asks for its facts next
def _read(title: str, text: str) -> npt.NDArray[np.void]:
    return _words.rows(_WORD.findall(unicodedata.normalize("NFKC", f"{title}\n{text}")))


def _described(word: str) -> tuple[int, bool]:
    """The code of a word, case left aside, and whether it is a name or a number."""
    data = word.casefold().encode("utf-8", "surrogatepass")
    is_name = word[0].isupper() and len(word) >= NAME_LETTERS
    return zlib.crc32(data) << 32 | zlib.adler32(data), word[0].isdigit() or is_name


def _fact(codes: Codes, first: Codes, second: Codes) -> Facts:
    place = _mix(_mix(first) + second) >> np.uint64(32 + FACT_BITS) << np.uint64(FACT_BITS)
    return (place | _mix(codes) >> np.uint64(64 - FACT_BITS)).astype(np.uint32)


def _mix(values: Codes) -> Codes:
    """The 64-bit finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_words = WordTable(_described, [("code", "u8"), ("is_fact", "?")])
