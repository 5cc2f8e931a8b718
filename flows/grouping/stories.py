"""Finds the stories: texts, of whatever outlet, that report one event.

Two texts are near when they share telling words (tf-idf cosine) within days of each other; near texts
are joined by average linkage, so a story is as tight on the whole as each pair of its texts.

Method: term weighting of G. Salton and C. Buckley, "Term-weighting approaches in automatic text
retrieval", 1988; average linkage by merging reciprocal nearest neighbours, F. Murtagh, "A survey of
recent advances in hierarchical clustering algorithms", 1983.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Terms = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# News says what happened first: no more than these words of the text are read, and so many terms kept.
WORDS_READ = 400
LEAD_WORDS = 60
TERMS_KEPT = 100
TITLE_WEIGHT, LEAD_WEIGHT, NAME_WEIGHT = 4.0, 1.5, 1.5
# Texts join a story when they are on average at least this near to its texts (cosine, 0-1).
NEAR_ENOUGH = 0.15
# Pairs farther apart than this count as having nothing in common.
NEAREST_IGNORED = 0.08
# Within SAME_DAYS the dates say nothing; beyond, nearness falls by 1/e every FADE_DAYS, to nothing.
SAME_DAYS, FADE_DAYS, LONGEST_GAP_DAYS = 3, 20, 45
# Texts of unknown date must be so much more alike.
UNDATED_FACTOR = 0.9
# Terms in more texts than this say little and cost most.
COMMON_SHARE, COMMON_TEXTS, COMMON_FEWEST = 0.3, 2000, 20
# Texts imagined beside the collection, so that a term two of three articles share is still telling.
IMAGINED_TEXTS = 100
_BLOCK_ROWS = 1000
_WEIGHT_BITS, _WEIGHT_STEPS = 7, 16.0

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]")

# English words of the closed classes. Other languages rely on the document frequency alone.
_FUNCTION_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have having
    he her here hers him his how however i if in into is it its just like may me might more most much must my
    new no nor not now of off on once one only or other our out over own re said same say says she should so
    some still such than that the their them then there these they this those through to told too two under
    until up upon us very was we were what when where whether which while who whom whose why will with within
    without would yet you your""".split()  # noqa: SIM905
)


class StoryItem(NamedTuple):
    """One text as the stories see it: `terms` is what `story_terms` gave, shape (n,)."""

    key: str
    published_on: date | None
    terms: Terms


class Story(NamedTuple):
    """One event: its id (the key of its earliest text), its texts' keys, and the most central of them."""

    story_id: str
    keys: tuple[str, ...]
    central_key: str


def story_terms(title: str, text: str) -> Terms:
    """The weighted terms of one text, shape (n,), n <= 100, sorted: hash in the upper 25 bits, weight below.

    The weight is 1 + ln(frequency) in steps of 1/16; words of the title and the lead, and names, count
    more. Scripts without spaces are read as pairs of characters. The same on every machine.
    """
    frequency: defaultdict[str, float] = defaultdict(float)
    for word in _words(title):
        frequency[word[0]] += TITLE_WEIGHT * word[1]
    for place, word in enumerate(_words(text[: WORDS_READ * 20])):
        if place >= WORDS_READ:
            break
        frequency[word[0]] += (LEAD_WEIGHT if place < LEAD_WORDS else 1.0) * word[1]
    kept = sorted(frequency.items(), key=lambda term: (-term[1], term[0]))[:TERMS_KEPT]
    words = [term for term, _ in kept]
    steps = np.rint((1 + np.log([count for _, count in kept] or [1.0])) * _WEIGHT_STEPS)[: len(words)]
    hashes = np.fromiter(map(_term_hash, words), dtype=np.uint32, count=len(words))
    limit = (1 << _WEIGHT_BITS) - 1
    packed = hashes << np.uint32(_WEIGHT_BITS) | np.minimum(steps, limit).astype(np.uint32)
    return np.sort(packed)


def group_stories(items: Sequence[StoryItem]) -> list[str]:
    """The story id of each item, aligned with `items`.

    The id is the key of the story's earliest text (smallest key among those of one day; undated texts
    come last). Give each text once, not each copy: copies would only confirm themselves. The result
    does not depend on the order of the items. Raises ValueError when a key occurs twice.
    """
    story_of = {key: story.story_id for story in find_stories(items) for key in story.keys}
    return [story_of[item.key] for item in items]


def find_stories(items: Sequence[StoryItem]) -> list[Story]:
    """The stories of a collection, sorted by id, singletons included.

    `central_key` is the text nearest to all others of the story: its title is the story's headline.
    Raises ValueError when a key occurs twice.
    """
    ordered = sorted(items, key=lambda item: item.key)
    if any(a.key == b.key for a, b in pairwise(ordered)):
        raise ValueError("a key occurs twice")
    if not ordered:
        return []
    vectors = _vectors([item.terms for item in ordered])
    days = np.array(
        [item.published_on.toordinal() if item.published_on else np.nan for item in ordered], dtype=np.float64
    )
    labels = _average_linkage(_nearness(vectors, days))
    central = _centrality(vectors, labels)
    members: dict[int, list[int]] = {}
    for i, label in enumerate(labels.tolist()):
        members.setdefault(label, []).append(i)
    stories = []
    for story in members.values():
        earliest = min(story, key=lambda i: (np.isnan(days[i]), days[i], i))
        nearest = min(story, key=lambda i: (-round(float(central[i]), 6), i))
        keys = tuple(ordered[i].key for i in story)
        stories.append(Story(ordered[earliest].key, keys, ordered[nearest].key))
    return sorted(stories)


def _words(text: str) -> list[tuple[str, float]]:
    """The content words of a text in order, folded, each with its weight."""
    words = []
    for found in _WORD.findall(unicodedata.normalize("NFKC", text)):
        if _UNSPACED_RUN.match(found):
            words += [(found[i : i + 2], 1.0) for i in range(max(1, len(found) - 1))]
            continue
        word = _folded(found)
        if word:
            named = found[0].isupper() or found[0].isdigit()
            words.append((word, NAME_WEIGHT if named else 1.0))
    return words


@lru_cache(maxsize=200_000)
def _folded(word: str) -> str:
    """The word in lower case without an English plural s, or nothing when it is no content word."""
    folded = word.casefold()
    if len(folded) < 2 or (folded in _FUNCTION_WORDS and word not in ("US", "IT", "WHO")):
        return ""
    plural = len(folded) > 4 and folded.endswith("s") and not folded.endswith("ss")
    return folded[:-1] if plural else folded


@lru_cache(maxsize=200_000)
def _term_hash(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "surrogatepass")) >> _WEIGHT_BITS


def _vectors(terms: list[Terms]) -> sparse.csr_matrix:
    """Texts x terms, tf-idf, rows of length 1 (or 0 for a text without terms)."""
    count = len(terms)
    sizes = np.array([len(one) for one in terms], dtype=np.int64)
    packed = np.concatenate([*terms, np.empty(0, dtype=np.uint32)]).astype(np.uint32)
    frequency = (packed & np.uint32((1 << _WEIGHT_BITS) - 1)).astype(np.float64) / _WEIGHT_STEPS
    columns, place = np.unique(packed >> np.uint32(_WEIGHT_BITS), return_inverse=True)
    texts = np.bincount(place, minlength=len(columns))
    idf = np.log((count + IMAGINED_TEXTS) / (texts + 1.0))
    idf[texts > max(COMMON_FEWEST, min(COMMON_SHARE * count, COMMON_TEXTS))] = 0.0
    weights = frequency * idf[place]
    rows = np.repeat(np.arange(count), sizes)
    length = np.sqrt(np.bincount(rows, weights=weights**2, minlength=count))
    weights /= np.maximum(length, 1e-12)[rows]
    # A term of one text, or of too many, can add nothing to a nearness.
    useful = (texts[place] > 1) & (weights > 0)
    shape = (count, max(1, len(columns)))
    matrix = sparse.csr_matrix((weights[useful], (rows[useful], place[useful])), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _nearness(vectors: sparse.csr_matrix, days: Floats) -> sparse.csr_matrix:
    """Cosine times closeness in time, texts x texts, symmetric, zeros and the diagonal left out."""
    count = len(days)
    order = np.argsort(days, kind="stable")  # undated texts come last
    dated = int((~np.isnan(days)).sum())
    sorted_days, transposed = days[order], sparse.csc_matrix(vectors[order].T)
    order = order.astype(np.int32)
    rows, columns, values = [], [], []
    for begin in range(0, count, _BLOCK_ROWS):
        end = min(begin + _BLOCK_ROWS, count)
        block = vectors[order[begin:end]]
        reach = dated
        if begin < dated:
            latest = sorted_days[min(end, dated) - 1] + LONGEST_GAP_DAYS
            reach = int(np.searchsorted(sorted_days[:dated], latest, side="right"))
        for low, high in ((begin, max(reach, end)), (max(dated, end, reach), count)):
            if low >= high:
                continue
            near = sparse.coo_matrix(block @ transposed[:, low:high])
            kept = near.data >= NEAREST_IGNORED
            a, b, value = near.row[kept] + begin, near.col[kept] + low, near.data[kept]
            gap = np.abs(sorted_days[a] - sorted_days[b])
            fade = np.exp(-np.maximum(gap - SAME_DAYS, 0) / FADE_DAYS) * (gap <= LONGEST_GAP_DAYS)
            value = value * np.where(np.isnan(gap), UNDATED_FACTOR, fade)
            kept = (a < b) & (value >= NEAREST_IGNORED)
            rows.append(order[a[kept]])
            columns.append(order[b[kept]])
            values.append(value[kept].astype(np.float32))
    first, second = np.concatenate(rows), np.concatenate(columns)
    one_way = sparse.csr_matrix((np.concatenate(values), (first, second)), shape=(count, count))
    return sparse.csr_matrix(one_way + one_way.T)


def _average_linkage(nearness: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    """A label for each text, shape (n,): average linkage down to NEAR_ENOUGH.

    Each round merges all pairs of clusters that are each other's nearest, which for this linkage gives
    the same as merging one pair at a time. `total` holds the summed nearness between clusters.
    """
    count = nearness.shape[0]
    labels = np.arange(count)
    active = np.arange(count)  # the label of each row of `total`
    size = np.ones(count)
    total = nearness
    while True:
        nearest, value = _nearest(total, size)
        # A cluster that is near to none now never will be: averages only fall.
        alive = value >= NEAR_ENOUGH
        me = np.arange(len(active))
        mutual = alive & (nearest[nearest] == me) & (me < nearest)
        if not mutual.any():
            return labels
        into = me.copy()
        into[nearest[mutual]] = me[mutual]
        relabel = np.arange(count)
        relabel[active[nearest[mutual]]] = active[mutual]
        labels = relabel[labels]
        keep = alive & (into == me)
        place = np.cumsum(keep) - 1
        rows = np.flatnonzero(alive)
        shape = (len(active), int(keep.sum()))
        merge = sparse.csr_matrix((np.ones(len(rows)), (rows, place[into[rows]])), shape=shape)
        upper = sparse.triu(merge.T @ total @ merge, k=1, format="csr")
        size = merge.T @ size
        active = active[keep]
        total = sparse.csr_matrix(upper + upper.T)


def _nearest(total: sparse.csr_matrix, size: Floats) -> tuple[Ints, Floats]:
    """For each cluster the nearest other one (the first of equals, itself if none) and how near it is."""
    count = total.shape[0]
    nearest, best = np.arange(count), np.zeros(count)
    filled = np.flatnonzero(np.diff(total.indptr))
    if len(filled):
        total.sort_indices()
        rows = np.repeat(np.arange(count), np.diff(total.indptr))
        average = total.data / (size[rows] * size[total.indices])
        starts = total.indptr[filled]
        best[filled] = np.maximum.reduceat(average, starts)
        place = np.where(average == best[rows], total.indices, count)
        nearest[filled] = np.minimum.reduceat(place, starts)
    return nearest, best


def _centrality(vectors: sparse.csr_matrix, labels: npt.NDArray[np.int64]) -> Floats:
    """The summed nearness of each text to all texts of its story: shape (n,)."""
    rows = np.repeat(np.arange(len(labels)), np.diff(vectors.indptr))
    entry = labels[rows] * vectors.shape[1] + vectors.indices
    _, place = np.unique(entry, return_inverse=True)
    story_sum = np.bincount(place, weights=vectors.data)
    return np.bincount(rows, weights=vectors.data * story_sum[place], minlength=len(labels))
