"""Finds the stories: texts, of whatever outlet, that report one event.

Two texts are near when they share telling words (tf-idf cosine) within days of each other; near texts
are joined by average linkage, so a story is as tight on the whole as each pair of its texts.

Method: the terms and weights of `flows.grouping.terms`; average linkage by merging reciprocal nearest
neighbours, F. Murtagh, "A survey of recent advances in hierarchical clustering algorithms", 1983.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from operator import attrgetter, ne
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from flows.grouping.rows import count_chosen, spans
from flows.grouping.terms import WEIGHT_BITS, WEIGHT_STEPS, Terms
from flows.grouping.terms import story_terms as story_terms

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Texts join a story when they are on average at least this near to its texts (cosine, 0-1).
NEAR_ENOUGH = 0.15
# Pairs farther apart than this count as having nothing in common.
NEAREST_IGNORED = 0.08
# Within SAME_DAYS the dates say nothing; beyond, nearness falls by 1/e every FADE_DAYS, to nothing.
SAME_DAYS, FADE_DAYS, LONGEST_GAP_DAYS = 3, 20, 45
# A text this near to one of the days before only echoes it: it joins its story and has no say in what others
# join, nor in what words are common.
ECHO, ECHO_DAYS = 0.85, 3
# Texts of unknown date must be so much more alike.
UNDATED_FACTOR = 0.9
# Terms in more texts than this say little and cost most.
COMMON_SHARE, COMMON_TEXTS, COMMON_FEWEST = 0.3, 2000, 20
# Texts imagined beside the collection, so that a term two of three articles share is still telling.
IMAGINED_TEXTS = 100
UNDATED = date.max.toordinal() + 1
_BLOCK_ROWS = 1000
_FEW_TERMS = 1_000_000


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


class StoryMerge(NamedTuple):
    """Two stories became one: what was `old_story_id` is part of `new_story_id`.

    `merged_on` is the day whose texts joined them, None when undated texts did.
    """

    old_story_id: str
    new_story_id: str
    merged_on: date | None


@dataclass(frozen=True, slots=True)
class StoryState:
    """What one run leaves to the next: the dated texts, in the order of (day, key), and what came of them.

    `joined[i]` is the story that text i joined on its day; later merges are in `merges`. `echo` are those
    that repeat an earlier text. `first`, `second` and `nearness` are the pairs of other texts, as indices,
    that are near each other, in the order of the second.
    """

    keys: list[str]
    days: Ints
    joined: list[str]
    echo: Mask
    merges: list[StoryMerge]
    first: Ints
    second: Ints
    nearness: Floats


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


NOTHING = StoryState([], _none(), [], np.empty(0, dtype=bool), [], _none(), _none(), np.empty(0))


class Stories(NamedTuple):
    """The stories, sorted by id, singletons included; what merged; and what to give as `known` next time."""

    stories: list[Story]
    merges: list[StoryMerge]
    state: StoryState


def group_stories(items: Sequence[StoryItem]) -> list[str]:
    """The story id of each item, aligned with `items`; as `find_stories` of nothing known before."""
    story_of = {key: story.story_id for story in find_stories(items).stories for key in story.keys}
    return [story_of[item.key] for item in items]


def find_stories(items: Sequence[StoryItem], known: StoryState = NOTHING) -> Stories:
    """The stories of a collection, made day by day: a text joins the story that it is nearest to.

    Copies need not be left out: a text that echoes an earlier one confirms nothing. What happens on a day
    depends on it and the days before alone, so that texts of later days leave it as it is. A story's id is
    the key of its earliest text (smallest key of one day), so that it stays as the story grows; when texts
    of a later day join two stories, the earlier's id stays and a merge says so. Undated texts come last.
    `central_key` is the text nearest to all others of the story: its title is the story's headline.

    With `known`, work starts on the first day on which something changed. The result depends only on
    the set of items: neither on their order nor on what was known. Raises ValueError when a key occurs
    twice.
    """
    if len({item.key for item in items}) != len(items):
        raise ValueError("a key occurs twice")
    if not items:
        return Stories([], [], NOTHING)
    by_key = sorted(items, key=attrgetter("key"))
    days = np.array([item.published_on.toordinal() if item.published_on else UNDATED for item in by_key])
    order = np.argsort(days, kind="stable")
    ordered = [by_key[i] for i in order.tolist()]
    timeline = _Timeline(
        [item.key for item in ordered], order, days[order], _Terms([item.terms for item in ordered])
    )
    timeline.recall(known)
    timeline.tell_days()
    state = timeline.state()
    timeline.tell_undated()
    return Stories(timeline.stories(), timeline.merges, state)


class _Terms:
    """The weighted terms of all texts: those of text i are entries `starts[i]` to `starts[i + 1]`."""

    def __init__(self, terms: list[Terms]) -> None:
        sizes = np.array([len(one) for one in terms], dtype=np.int64)
        packed = np.concatenate([*terms, np.empty(0, dtype=np.uint32)]).astype(np.uint32, copy=False)
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        self.frequency = ((packed & np.uint32((1 << WEIGHT_BITS) - 1)) / WEIGHT_STEPS).astype(np.float32)
        self.columns, count = _numbered(packed >> np.uint32(WEIGHT_BITS))
        self.texts = np.zeros(count, dtype=np.int64)
        self.seen = 0
        self._number = np.full(count, -1, dtype=np.int32)  # of the terms in hand, -1 for others

    def see(self, texts: Ints) -> None:
        """Count the terms of these texts into what is known of their frequency."""
        np.add.at(self.texts, self.columns[self._entries(texts)], 1)
        self.seen += len(texts)

    def telling(self, texts: Ints, fewest: int = 2) -> Ints:
        """The terms of these texts, in order, that so many texts seen so far have, and not too many.

        Others can add nothing to a nearness.
        """
        columns = self.columns[self._entries(texts)]
        if len(columns) < _FEW_TERMS:
            terms = np.unique(columns)
        else:
            terms = np.flatnonzero(np.bincount(columns, minlength=len(self.texts)))
        found_in = self.texts[terms]
        return terms[(found_in >= fewest) & (found_in <= self._most())]

    def vectors(self, texts: Ints, terms: Ints) -> tuple[Ints, sparse.csr_matrix]:
        """Those of the texts, in order, that have one of the terms, and the matrix of texts x terms.

        It is tf-idf by the texts seen so far; terms left out of a row count for its length, which is 1.
        """
        self._number[terms] = np.arange(len(terms))
        texts = texts[self._has_any(texts)]
        starts, sizes = self.starts[texts], self.starts[texts + 1] - self.starts[texts]
        entries = spans(starts, sizes)
        columns = self.columns[entries]
        number = self._number[columns]
        self._number[terms] = -1
        idf = np.log((self.seen + IMAGINED_TEXTS) / (np.arange(self._most() + 2) + 1.0))
        idf[-1] = 0.0
        weights = self.frequency[entries] * idf[np.minimum(self.texts[columns], len(idf) - 1)]
        row = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
        length = np.sqrt(np.bincount(row, weights=weights**2, minlength=len(texts)))
        kept = number >= 0
        row, number = row[kept], number[kept]
        values = weights[kept] / np.maximum(length, 1e-12)[row]
        shape = (len(texts), max(1, len(terms)))
        matrix = sparse.csr_matrix(
            (values, number, np.searchsorted(row, np.arange(len(texts) + 1))), shape=shape
        )
        matrix.sum_duplicates()
        return texts, matrix

    def _has_any(self, texts: Ints) -> Mask:
        """Whether each of these texts, in order, has one of the terms that have a number."""
        if not len(texts):
            return np.zeros(0, dtype=bool)
        first, end = int(texts[0]), int(texts[-1]) + 1
        begin = self.starts[first]
        numbered = self._number[self.columns[begin : self.starts[end]]] >= 0
        sizes = np.diff(self.starts[first : end + 1])
        has_any: Mask = count_chosen(numbered, self.starts[first:end] - begin, sizes)[texts - first] > 0
        return has_any

    def _most(self) -> int:
        """How many of the texts seen may have a term."""
        return int(max(COMMON_FEWEST, min(COMMON_SHARE * self.seen, COMMON_TEXTS)))

    def _entries(self, texts: Ints) -> Ints:
        """The places of the terms of these texts."""
        return spans(self.starts[texts], self.starts[texts + 1] - self.starts[texts])


def _numbered(hashes: Terms) -> tuple[npt.NDArray[np.integer], int]:
    """The place of each hash among the distinct ones in order, and how many of those there are."""
    if len(hashes) < _FEW_TERMS:
        few, places = np.unique(hashes, return_inverse=True)
        return places, len(few)
    is_there = np.zeros(1 << (32 - WEIGHT_BITS), dtype=bool)
    is_there[hashes] = True
    distinct = np.flatnonzero(is_there)
    number = np.empty(len(is_there), dtype=np.int32)
    number[distinct] = np.arange(len(distinct), dtype=np.int32)
    return number[hashes], len(distinct)


class _Timeline:
    """Texts in the order of their days, and the story of each as far as it has been told."""

    def __init__(self, keys: list[str], rank: Ints, days: Ints, terms: _Terms) -> None:
        self.keys = keys
        self.rank = rank  # of each key among all
        self.days = days
        self.terms = terms
        self.dated = int(np.searchsorted(days, UNDATED))
        self.told = 0
        self.story = np.arange(len(keys))  # its earliest text
        self.joined = np.arange(len(keys))  # that of the day when it joined
        self.merges: list[StoryMerge] = []
        self.echo = np.zeros(len(keys), dtype=bool)
        self.pairs: list[tuple[Ints, Ints, Floats]] = []
        self.oldest_pairs = 0  # where in `pairs` those begin that still matter
        self._number = np.full(len(keys), -1)  # of the story of each text in hand, -1 for others

    def recall(self, known: StoryState) -> None:
        """Take over what is known of the days before the first that differs."""
        both = min(self.dated, len(known.keys))
        ours, theirs = self.keys[:both], known.keys[:both]
        differ = np.fromiter(map(ne, ours, theirs), dtype=bool, count=both)
        differ |= self.days[:both] != known.days[:both]
        same = int(np.argmax(differ)) if differ.any() else both
        changed = min(
            [int(days[same]) for days in (self.days[: self.dated], known.days) if same < len(days)],
            default=UNDATED,
        )
        self.told = told = int(np.searchsorted(self.days[: self.dated], changed))
        self.echo[:told] = known.echo[:told]
        self.terms.see(self._voices(0, told))
        place = {key: i for i, key in enumerate(self.keys[:told])}
        self.joined[:told] = [place[key] for key in known.joined[:told]]
        self.story[:told] = self.joined[:told]
        for merge in known.merges:
            if merge.merged_on is not None and merge.merged_on.toordinal() < changed:
                self._merge(place[merge.old_story_id], place[merge.new_story_id], merge.merged_on)
        kept = slice(int(np.searchsorted(known.second, told)))
        self.pairs.append((known.first[kept], known.second[kept], known.nearness[kept]))

    def tell_days(self) -> None:
        """Go through the dated texts that are not told yet, a day at a time."""
        while self.told < self.dated:
            today = int(self.days[self.told])
            end = int(np.searchsorted(self.days, today, side="right"))
            begin = int(np.searchsorted(self.days, today - LONGEST_GAP_DAYS))
            self._tell(begin, end, date.fromordinal(today))
        self.joined[self.dated :] = self.story[self.dated :]

    def tell_undated(self) -> None:
        """Put the undated texts to the stories there are, or make new ones of them."""
        if self.dated < len(self.keys):
            self.oldest_pairs = 0
            self._tell(0, len(self.keys), None)

    def state(self) -> StoryState:
        """What was told of the dated texts."""
        first, second, nearness = (np.concatenate(column) for column in zip(*self.pairs, strict=True))
        return StoryState(
            keys=self.keys[: self.dated],
            days=self.days[: self.dated],
            joined=[self.keys[i] for i in self.joined[: self.dated].tolist()],
            echo=self.echo[: self.dated].copy(),
            merges=list(self.merges),
            first=first,
            second=second,
            nearness=nearness,
        )

    def stories(self) -> list[Story]:
        """The stories told, sorted by id."""
        voices = np.bincount(self.story[~self.echo], minlength=len(self.keys))
        heard = np.flatnonzero(~self.echo & (voices[self.story] > 2))
        texts, vectors = self.terms.vectors(heard, self.terms.telling(heard))
        central = np.zeros(len(self.keys))
        central[texts] = np.round(_centrality(vectors, self.story[texts]), 6)
        # The texts of one story after those of the other, the nearest first, and by their keys.
        story_rank = self.rank[self.story]
        nearest_first = np.lexsort((self.rank, self.echo, -central, story_rank))
        by_key = np.lexsort((self.rank, story_rank))
        begins = np.flatnonzero(np.diff(story_rank[by_key], prepend=-1))
        keys = [self.keys[i] for i in by_key.tolist()]
        return [
            Story(self.keys[story], tuple(keys[begin:end]), self.keys[nearest])
            for story, begin, end, nearest in zip(
                self.story[by_key[begins]].tolist(),
                begins.tolist(),
                [*begins[1:].tolist(), len(keys)],
                nearest_first[begins].tolist(),
                strict=True,
            )
        ]

    def _tell(self, begin: int, end: int, today: date | None) -> None:
        """Find the stories of the texts from `told` to `end`, among themselves and those since `begin`."""
        told, self.told = self.told, end
        recent_days = self.days[told] - ECHO_DAYS if today else UNDATED
        echoes = self._echoes(self._voices(int(np.searchsorted(self.days, recent_days)), told), told, end)
        self.echo[list(echoes)] = True
        new = self._voices(told, end)
        self.terms.see(new)
        first, second, nearness = self._near(self._voices(begin, told), new)
        self.pairs.append((first, second, nearness))
        # Stories that no new text is near to stay apart: they would have been joined before.
        concerned = np.zeros(end, dtype=bool)
        concerned[self.story[first]] = True
        concerned[told:] = True
        earliest = int(concerned.argmax())  # no text of a story stands before the one it is named by
        texts = np.flatnonzero(concerned[self.story[earliest:end]] & ~self.echo[earliest:end]) + earliest
        stories, cluster = np.unique(self.story[texts], return_inverse=True)
        self._number[texts] = cluster
        count = len(stories)
        links = [_none()]
        values = [np.empty(0)]
        latest = (other[-1:] for _, other, _ in self.pairs[self.oldest_pairs : -1])
        self.oldest_pairs += sum(1 for _ in takewhile(lambda other: (other < begin).all(), latest))
        for one, other, value in self.pairs[self.oldest_pairs :]:
            recent = slice(int(np.searchsorted(other, begin)), None)  # the later text of each is in order
            a, b = self._number[one[recent]], self._number[other[recent]]
            apart = (a != b) & (a >= 0) & (b >= 0)
            links.append(np.minimum(a, b)[apart] * count + np.maximum(a, b)[apart])
            values.append(value[recent][apart])
        self._number[texts] = -1
        pair, place = np.unique(np.concatenate(links), return_inverse=True)
        labels = np.arange(count)
        if len(pair):
            sums = np.bincount(place, weights=np.concatenate(values), minlength=len(pair))
            upper = sparse.csr_matrix((sums, (pair // count, pair % count)), shape=(count, count))
            both = sparse.csr_matrix(upper + upper.T)
            labels = _average_linkage(both, np.bincount(cluster, minlength=count))
        first_of = stories[labels]  # stories are in the order of their first texts, labels the first of each
        for old, joined in zip(stories.tolist(), first_of.tolist(), strict=True):
            if old != joined and old < told:
                self._merge(old, joined, today)
        fresh = stories >= told
        self.story[stories[fresh]] = first_of[fresh]
        for text, earlier in echoes.items():
            self.story[text] = self.story[earlier]
        self.joined[told:end] = self.story[told:end]

    def _voices(self, begin: int, end: int) -> Ints:
        """The texts from `begin` to `end` that echo none."""
        return np.flatnonzero(~self.echo[begin:end]) + begin

    def _echoes(self, before: Ints, told: int, end: int) -> dict[int, int]:
        """The texts from `told` to `end` that echo one of `before` or an earlier one of them, and which."""
        first, second, nearness = self._near(before, np.arange(told, end), fewest=0)
        close = nearness >= ECHO
        echoes: dict[int, int] = {}
        for text, earlier in sorted(zip(second[close].tolist(), first[close].tolist(), strict=True)):
            echoes.setdefault(text, echoes.get(earlier, earlier))
        return echoes

    def _merge(self, old: int, new: int, merged_on: date | None) -> None:
        later = self.story[old:]  # no text of a story stands before the one it is named by
        later[later == old] = new
        self.merges.append(StoryMerge(self.keys[old], self.keys[new], merged_on))

    def _near(self, before: Ints, new: Ints, fewest: int = 2) -> tuple[Ints, Ints, Floats]:
        """Pairs (first < second) of a text of `before` or `new` and one of `new`, and how near they are."""
        terms = self.terms.telling(new, fewest)
        texts, vectors = self.terms.vectors(np.concatenate([before, new]), terms)
        if len(texts) < 2:
            return _none(), _none(), np.empty(0)
        transposed = sparse.csr_matrix(vectors.T)
        found = [(_none(), _none(), np.empty(0))]
        for low in range(int(np.searchsorted(texts, new[:1].sum())), len(texts), _BLOCK_ROWS):
            near = sparse.coo_matrix(vectors[low : low + _BLOCK_ROWS] @ transposed)
            kept = near.data >= NEAREST_IGNORED
            second, first = texts[near.row[kept] + low], texts[near.col[kept]]
            gap = np.abs(self.days[first] - self.days[second])
            undated = self.days[second] == UNDATED
            fade = np.exp(-np.maximum(gap - SAME_DAYS, 0) / FADE_DAYS)
            value = near.data[kept] * np.where(undated, UNDATED_FACTOR, fade)
            kept = (first < second) & (value >= NEAREST_IGNORED)
            found.append((first[kept], second[kept], value[kept]))
        first, second, nearness = (np.concatenate(column) for column in zip(*found, strict=True))
        # Kept to six digits, so that no order of adding tells in the end.
        return first, second, np.round(nearness, 6)


def _average_linkage(nearness: sparse.csr_matrix, size: Ints) -> Ints:
    """A label for each cluster, shape (n,): the first it is joined with by average linkage to NEAR_ENOUGH.

    `nearness` is summed over the texts of two clusters, `size` is how many each has. Each round merges
    all pairs of clusters that are each other's nearest, which for this linkage gives the same as merging
    one pair at a time. `total` holds the summed nearness between clusters.
    """
    count = nearness.shape[0]
    labels = np.arange(count)
    active = np.arange(count)  # the label of each row of `total`
    total, texts = nearness, size.astype(np.float64)
    while True:
        nearest, value = _nearest(total, texts)
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
        texts = merge.T @ texts
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


def _centrality(vectors: sparse.csr_matrix, labels: Ints) -> Floats:
    """The summed nearness of each text to all texts of its story: shape (n,)."""
    stories, story = np.unique(labels, return_inverse=True)
    shape = (len(stories), len(labels))
    members = sparse.csr_matrix((np.ones(len(labels)), (story, np.arange(len(labels)))), shape=shape)
    story_sums = sparse.csr_matrix(members @ vectors)
    story_sums.sort_indices()
    row = np.repeat(np.arange(len(labels)), np.diff(vectors.indptr))
    in_story = story_sums[story[row], vectors.indices].A1 if len(row) else np.empty(0)
    return np.bincount(row, weights=vectors.data * in_story, minlength=len(labels))
