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
from datetime import date
from itertools import combinations
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
SHORT_TEXT = 128
# Two texts that are taken for copies while boilerplate is being told apart from text that was copied.
SURE_RESEMBLANCE, SURE_CONTAINMENT = 0.6, 0.75
# A shingle of so many texts not taken for copies, which share less than this on average, is boilerplate.
BOILERPLATE_TEXTS, BOILERPLATE_CONTAINMENT = 4, 0.7
# The shorter text must be at least this part of the longer one, else a round-up swallows its briefs.
SMALLEST_PART = 0.15
# An edited text runs within days; one that comes back changed after more than this is a form filled in anew.
LONGEST_DELAY_DAYS = 30
FORM_OVERLAP = 0.97
# Postings longer than this are joined as rings of neighbours, which keeps the work linear.
LONGEST_POSTING, RING_NEIGHBOURS = 8, 3
_PAIR_BATCH = 20_000
_WORD_CACHE_SIZE = 500_000

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han) count each character as a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
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


def group_copies(
    keys: Sequence[str], shingles: Sequence[Shingles], dates: Sequence[date | None] | None = None
) -> list[str]:
    """The group id of each text, aligned with `keys`: the smallest key among its copies.

    `shingles[i]` is what `shingle_hashes` gave for text i, shape (n_i,); `dates[i]` is when it was
    published, as far as that is known. The grouping depends only on the set of (key, shingles, date),
    never on their order. Raises ValueError when the lengths differ or a key occurs twice.
    """
    group_of = dict(zip(keys, keys, strict=True))
    for group in _groups(keys, shingles, dates):
        group_id = min(keys[i] for i, _ in group)
        for i, _ in group:
            group_of[keys[i]] = group_id
    return [group_of[key] for key in keys]


def copy_pairs(
    keys: Sequence[str], shingles: Sequence[Shingles], dates: Sequence[date | None] | None = None
) -> list[CopyPair]:
    """The evidence for the groups of `group_copies`, sorted: each copy once, paired with its group's leader.

    The leader is the copy that most others resemble, usually the fullest version. As many pairs as
    there are texts in groups of two or more, less one for each group. Raises as `group_copies` does.
    """
    pairs = []
    for group in _groups(keys, shingles, dates):
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


def _groups(
    keys: Sequence[str], shingles: Sequence[Shingles], dates: Sequence[date | None] | None
) -> list[list[tuple[int, float]]]:
    """Groups of two or more texts as (index, overlap with the leader); the leader comes first."""
    if len(keys) != len(shingles) or (dates is not None and len(keys) != len(dates)):
        raise ValueError("keys, shingles and dates differ in length")
    if len(set(keys)) != len(keys):
        raise ValueError("a key occurs twice")
    equal: dict[bytes, list[int]] = defaultdict(list)
    for i, one in enumerate(shingles):
        if len(one):
            equal[hashlib.blake2b(np.asarray(one, dtype="<u4").tobytes(), digest_size=16).digest()].append(i)
    # Everything from here on works on distinct texts in the order of their content.
    members = [sorted(equal[digest], key=lambda i: keys[i]) for digest in sorted(equal)]
    groups = []
    days = np.full(len(members), np.nan)
    if dates is not None:
        for text, same in enumerate(members):
            days[text] = min((day.toordinal() for i in same if (day := dates[i])), default=np.nan)
    for leader, near in _near_groups([shingles[same[0]] for same in members], days):
        group = [(i, 1.0) for i in members[leader]]
        group += [(i, overlap) for text, overlap in near for i in members[text]]
        if len(group) > 1:
            groups.append(group)
    return groups


def _near_groups(
    texts: list[Shingles], days: npt.NDArray[np.float64]
) -> list[tuple[int, list[tuple[int, float]]]]:
    """Distinct texts as (leader, [(copy, overlap), ...]); every text occurs once."""
    if not texts:
        return []
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    index = _Index(texts, sizes, days)
    first, second = index.candidates()
    shared = index.shared(first, second)
    smaller, larger = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
    sure = (shared >= SURE_RESEMBLANCE * (smaller + larger - shared)) | (
        (shared >= SURE_CONTAINMENT * smaller) & (smaller >= SMALLEST_PART * larger)
    )
    labels = _components(len(texts), first[sure], second[sure])
    index.drop_boilerplate(labels, first << 32 | second, shared / smaller)
    overlap = index.overlap(first, second)
    linked = overlap > 0
    return _stars(index, first[linked], second[linked], overlap[linked])


class _Index:
    """An inverted index of the shingles that at least two texts have.

    `matrix` is texts x shared shingles (CSR, ones); `posting` and `text` are its entries by shingle.
    """

    def __init__(self, texts: list[Shingles], sizes: Ints, days: npt.NDArray[np.float64]) -> None:
        self.sizes = sizes
        self.days = days
        entries = np.empty(int(sizes.sum()), dtype=np.uint64)
        end = 0
        for i, one in enumerate(texts):
            begin, end = end, end + len(one)
            np.left_shift(one, np.uint64(32), out=entries[begin:end], dtype=np.uint64)
            entries[begin:end] |= np.uint64(i)
        entries.sort()
        same = (entries[1:] >> np.uint64(32)) == (entries[:-1] >> np.uint64(32))
        edge = np.zeros(1, dtype=bool)
        entries = entries[np.concatenate([edge, same]) | np.concatenate([same, edge])]
        self.hashes = (entries >> np.uint64(32)).astype(np.uint32)
        self.text = (entries & np.uint64(0xFFFFFFFF)).astype(np.int32)
        del entries, same
        self.starts, self.lengths = _runs(self.hashes)
        self.posting = np.repeat(np.arange(len(self.starts), dtype=np.int32), self.lengths)
        self.matrix = self._matrix(self.posting, self.text)
        # Neighbours in these orders tend to be alike: texts with one least (greatest) hash come together.
        ends = [np.array([one[end] for one in texts], dtype=np.uint32) for end in (0, -1)]
        self.ranks = [np.argsort(np.argsort(end, kind="stable"), kind="stable") for end in ends]
        # The order of the digests is as good as random: it shows what the texts of a posting are like.
        self.ranks.append(np.arange(len(texts)))

    def _matrix(self, columns: npt.NDArray[np.int32], rows: npt.NDArray[np.int32]) -> sparse.csr_matrix:
        shape = (len(self.sizes), max(1, len(self.starts)))
        return sparse.csr_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=shape)

    def candidates(self) -> tuple[Ints, Ints]:
        """Pairs of texts (first < second) that share at least two indexed shingles."""
        short = np.zeros(len(self.starts), dtype=bool)
        short[self.posting[self.sizes[self.text] < SHORT_TEXT]] = True
        indexed = short | (self.hashes[self.starts] % SAMPLE_EVERY == 0)
        pairs: list[Ints] = []
        for length in range(2, LONGEST_POSTING + 1):
            starts = self.starts[indexed & (self.lengths == length)]
            pairs += [
                _packed(self.text[starts + a], self.text[starts + b])
                for a, b in combinations(range(length), 2)
            ]
        in_long = (indexed & (self.lengths > LONGEST_POSTING))[self.posting]
        posting, text = self.posting[in_long].astype(np.int64), self.text[in_long]
        begins, lengths = _runs(posting)
        where, size = np.repeat(begins, lengths), np.repeat(lengths, lengths)
        place = np.arange(len(posting)) - where
        for rank in self.ranks:
            ring = text[np.argsort(posting << 32 | rank[text], kind="stable")]
            pairs += [
                _packed(ring, ring[where + (place + step) % size]) for step in range(1, RING_NEIGHBOURS + 1)
            ]
        packed = np.concatenate(pairs)
        pairs.clear()
        packed.sort()
        starts, counts = _runs(packed)
        packed = packed[starts[counts >= 2]]
        return packed >> 32, packed & 0xFFFFFFFF

    def shared(self, first: Ints, second: Ints) -> Ints:
        """How many shingles, boilerplate left out once it is known, the texts of each pair share."""
        counts = np.empty(len(first), dtype=np.int64)
        for begin in range(0, len(first), _PAIR_BATCH):
            part = slice(begin, begin + _PAIR_BATCH)
            both = self.matrix[first[part]].multiply(self.matrix[second[part]]).tocsr()
            counts[part] = np.diff(both.indptr)
        return counts

    def drop_boilerplate(
        self, labels: npt.NDArray[np.int32], pairs: Ints, containment: npt.NDArray[np.float64]
    ) -> None:
        """Forget the shingles of many texts that are on the whole no copies of one another.

        `labels` says which texts are taken for copies, `containment` what each candidate pair shares.
        """
        often = (self.lengths >= BOILERPLATE_TEXTS)[self.posting]
        distinct = self.posting[often].astype(np.int64) << 32 | labels[self.text[often]]
        distinct.sort()
        spread = np.bincount(distinct[_runs(distinct)[0]] >> 32, minlength=len(self.starts))
        suspect = spread >= BOILERPLATE_TEXTS
        in_suspect = suspect[self.posting]
        posting, text = self.posting[in_suspect], self.text[in_suspect]
        begins, lengths = _runs(posting)
        following = np.arange(1, len(posting) + 1)
        following[begins + lengths - 1] = begins
        neighbours = _packed(text, text[following])
        place = np.minimum(np.searchsorted(pairs, neighbours), max(len(pairs) - 1, 0))
        shared = np.zeros(len(posting))
        if len(pairs):
            shared = np.where(pairs[place] == neighbours, containment[place], 0.0)
        likeness = np.bincount(posting, weights=shared, minlength=len(self.starts)) / self.lengths
        boilerplate = suspect & (likeness < BOILERPLATE_CONTAINMENT)
        telling = ~boilerplate[self.posting]
        self.sizes = self.sizes - np.bincount(self.text[~telling], minlength=len(self.sizes))
        self.matrix = self._matrix(self.posting[telling], self.text[telling])

    def overlap(self, first: Ints, second: Ints, tolerance: float = 1.0) -> npt.NDArray[np.float64]:
        """Shared part of the smaller text of each pair, 0-1, or 0 where that does not make them copies."""
        smaller = np.minimum(self.sizes[first], self.sizes[second])
        part = smaller / np.maximum(np.maximum(self.sizes[first], self.sizes[second]), 1)
        overlap = self.shared(first, second) / np.maximum(smaller, 1)
        # The less there is to compare, and the more one text leaves out, the more of the rest must agree.
        wanted = np.minimum(0.5 + 1.5 / np.sqrt(np.maximum(smaller, 1)) + 0.25 * (1 - part), 1.0) * tolerance
        form = np.abs(self.days[first] - self.days[second]) > LONGEST_DELAY_DAYS
        wanted = np.where(form, FORM_OVERLAP, wanted)
        copies = (overlap >= wanted) & (smaller >= FEWEST_SHINGLES) & (part >= SMALLEST_PART)
        return np.where(copies, overlap, 0.0)


def _runs(values: npt.NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Where each run of equal values starts, and how long it is."""
    if not len(values):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate([np.ones(1, dtype=bool), values[1:] != values[:-1]]))
    return starts, np.diff(np.append(starts, len(values)))


def _packed(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> Ints:
    """Pairs as one integer each, the smaller text in the upper half, pairs of a text with itself left out."""
    different = a != b
    a, b = a[different], b[different]
    return np.minimum(a, b).astype(np.int64) << 32 | np.maximum(a, b)


def _components(count: int, first: Ints, second: Ints) -> npt.NDArray[np.int32]:
    """The component of each text when the pairs are joined: shape (count,)."""
    links = sparse.coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    labels: npt.NDArray[np.int32] = sparse.csgraph.connected_components(links, directed=False)[1]
    return labels


def _stars(
    index: _Index, first: Ints, second: Ints, overlap: npt.NDArray[np.float64]
) -> list[tuple[int, list[tuple[int, float]]]]:
    """Splits linked texts into groups in which every text is itself a copy of the leader.

    A chain of pairwise likenesses therefore never joins texts that have little in common. Leaders are
    taken by number of links, then by size (star clustering, Aslam, Pelekhov and Rus 2004).
    """
    count = len(index.sizes)
    near: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for a, b, value in zip(first.tolist(), second.tolist(), overlap.tolist(), strict=True):
        near[a].append((b, value))
        near[b].append((a, value))
    order = sorted(range(count), key=lambda i: (-len(near[i]), -int(index.sizes[i]), i))
    taken = np.zeros(count, dtype=bool)
    groups = []
    for leader in order:
        if taken[leader]:
            continue
        group = {i: value for i, value in near[leader] if not taken[i]}
        seen, newest = {leader, *(i for i, _ in near[leader])}, list(group)
        while newest:
            beyond = sorted({j for i in newest for j, _ in near[i] if not taken[j]} - seen)
            seen.update(beyond)
            others = np.array(beyond, dtype=np.int64)
            values = index.overlap(np.full(len(others), leader), others, tolerance=0.8)
            accepted = {i: value for i, value in zip(beyond, values.tolist(), strict=True) if value}
            group.update(accepted)
            newest = list(accepted)
        for i in _briefs(index, leader, sorted(group)):
            del group[i]
        taken[[leader, *group]] = True
        groups.append((leader, sorted(group.items())))
    return groups


def _briefs(index: _Index, leader: int, members: list[int]) -> list[int]:
    """The members that are items of a round-up, if the leader is one: short, and strangers to each other.

    Cut versions of one text begin alike; the items of a round-up have nothing in common.
    """
    short = [i for i in members if index.sizes[i] < index.sizes[leader] / 2]
    if len(short) < 2:
        return []
    longest = max(short, key=lambda i: (int(index.sizes[i]), -i))
    others = np.array([i for i in short if i != longest], dtype=np.int64)
    shared = index.shared(np.full(len(others), longest), others)
    return short if (shared < 0.1 * index.sizes[others]).any() else []
