"""Finds the copies of one text: reprints, cut versions and light edits, whoever published them.

A text is kept as the set of hashes of its word 4-grams (shingles); texts that share enough of them,
boilerplate left aside, form one group whose id does not depend on the order of the input.

Method: the sampled shingles, resemblance and containment of A. Broder, "On the resemblance and
containment of documents", 1997. Candidates come from an inverted index over the shingles whose hash
is 0 modulo 8 (Broder's MOD_m sketch: unlike MinHash it also finds a text inside a longer one), and
every candidate is verified on the full sets.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]
Shingles = npt.NDArray[np.uint32]

# Words in a shingle. Four keeps an edited sentence recognisable and chance agreement rare.
SHINGLE_WORDS = 4
# Fewer shingles than this (a text under eight words) prove nothing: such texts are copies only if equal.
FEWEST_SHINGLES = 5
# One shingle in so many is indexed, except those of texts shorter than SHORT_TEXT, which all are.
SAMPLE_EVERY = 8
SHORT_TEXT = 256
# Two texts nearly equal (or one nearly whole within the other) beyond any doubt.
SURE_RESEMBLANCE, SURE_CONTAINMENT = 0.8, 0.9
# A shingle that stands in at least so many texts that are not surely copies is boilerplate.
BOILERPLATE_TEXTS = 4
# The shorter text must be at least this part of the longer one, else a round-up swallows its briefs.
SMALLEST_PART = 0.15
# Postings longer than this are joined as rings of neighbours, which keeps the work linear.
LONGEST_POSTING, RING_NEIGHBOURS = 8, 4
_PAIR_BATCH = 20_000
_WORD_CACHE_SIZE = 500_000

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han) count each character as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_word_codes: dict[str, int] = {}


class CopyPair(NamedTuple):
    """A text and the text that leads its group, with the evidence that they are copies.

    `key_a` leads the group; `overlap` (0-1) is the part of the shorter text's telling shingles that the
    longer one also has.
    """

    key_a: str
    key_b: str
    overlap: float


def shingle_hashes(title: str, text: str) -> Shingles:
    """Hashes of the word 4-grams of title and text, sorted and unique: shape (n,), uint32 below 2**31.

    Case, punctuation and spacing do not count. n is at most the number of words; a text of one to three
    words gives one hash, a text without words none. The values are the same on every machine.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", f"{title}\n{text}").casefold())
    if not words:
        return np.empty(0, dtype=np.uint32)
    codes = np.fromiter(map(_word_code, words), dtype=np.uint64, count=len(words))
    width = min(SHINGLE_WORDS, len(codes))
    count = len(codes) - width + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(width):
        mixed = _mix(mixed + codes[offset : offset + count])
    return np.unique((mixed >> np.uint64(33)).astype(np.uint32))


def group_copies(keys: Sequence[str], shingles: Sequence[Shingles]) -> list[str]:
    """The group id of each text, aligned with `keys`: the smallest key among its copies.

    `shingles[i]` is what `shingle_hashes` gave for text i, shape (n_i,). The grouping depends only on
    the set of (key, shingles), never on their order. Raises ValueError when the lengths differ or a key
    occurs twice.
    """
    group_of = dict(zip(keys, keys, strict=True))
    for group in _groups(keys, shingles):
        group_id = min(keys[i] for i, _ in group)
        for i, _ in group:
            group_of[keys[i]] = group_id
    return [group_of[key] for key in keys]


def copy_pairs(keys: Sequence[str], shingles: Sequence[Shingles]) -> list[CopyPair]:
    """The evidence for the groups of `group_copies`, sorted: each copy once, paired with its group's leader.

    The leader is the copy that most others resemble, usually the fullest version. As many pairs as
    there are texts in groups of two or more, less one for each group. Raises as `group_copies` does.
    """
    pairs = []
    for group in _groups(keys, shingles):
        leader = keys[group[0][0]]
        pairs += [CopyPair(leader, keys[i], overlap) for i, overlap in group[1:]]
    return sorted(pairs)


def _word_code(word: str) -> int:
    code = _word_codes.get(word)
    if code is None:
        if len(_word_codes) >= _WORD_CACHE_SIZE:
            _word_codes.clear()
        data = word.encode("utf-8", "surrogatepass")
        code = _word_codes[word] = zlib.crc32(data) << 32 | zlib.adler32(data)
    return code


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The 64-bit finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _groups(keys: Sequence[str], shingles: Sequence[Shingles]) -> list[list[tuple[int, float]]]:
    """Groups of two or more texts as (index, overlap with the leader); the leader comes first."""
    if len(keys) != len(shingles):
        raise ValueError(f"{len(keys)} keys for {len(shingles)} texts")
    if len(set(keys)) != len(keys):
        raise ValueError("a key occurs twice")
    equal: dict[bytes, list[int]] = defaultdict(list)
    for i, one in enumerate(shingles):
        if len(one):
            equal[hashlib.blake2b(np.asarray(one, dtype="<u4").tobytes(), digest_size=16).digest()].append(i)
    # Everything from here on works on distinct texts in the order of their content.
    members = [sorted(equal[digest], key=lambda i: keys[i]) for digest in sorted(equal)]
    groups = []
    for leader, near in _near_groups([shingles[same[0]] for same in members]):
        group = [(i, 1.0) for i in members[leader]]
        group += [(i, overlap) for text, overlap in near for i in members[text]]
        if len(group) > 1:
            groups.append(group)
    return groups


def _near_groups(texts: list[Shingles]) -> list[tuple[int, list[tuple[int, float]]]]:
    """Distinct texts as (leader, [(copy, overlap), ...]); every text occurs once."""
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    index = _Index(texts, sizes)
    first, second = index.candidates()
    shared = index.shared(first, second)
    smaller, larger = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
    sure = (shared >= SURE_RESEMBLANCE * (smaller + larger - shared)) | (
        (shared >= SURE_CONTAINMENT * smaller) & (smaller >= SMALLEST_PART * larger)
    )
    index.drop_boilerplate(_components(len(texts), first[sure], second[sure]))
    overlap = index.overlap(first, second)
    linked = overlap > 0
    return _stars(index, first[linked], second[linked], overlap[linked])
