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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from flows.grouping.keys import Keys, check_order, no_keys, places_among
from flows.grouping.nearness import (
    Numbers,
    add_inside,
    average_linkage,
    count_terms,
    drop_closed,
    find_alike,
    find_central,
    find_links,
    found_by_day,
    index_terms,
    mark_terms,
    near_pairs,
    number_terms,
)
from flows.grouping.rows import Rows, runs, spans
from flows.grouping.terms import WEIGHT_STEPS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Nearness (cosine, 0-1) is kept in millionths: whole numbers, so that no order of adding tells.
ONE = 1_000_000
# Texts join a story when they are on average at least this near to its texts.
NEAR_ENOUGH = 0.15 * ONE
# Pairs farther apart than this count as having nothing in common.
NEAREST_IGNORED = 0.08 * ONE
# Within SAME_DAYS the dates say nothing; beyond, nearness falls by 1/e every FADE_DAYS, to nothing.
SAME_DAYS, FADE_DAYS, LONGEST_GAP_DAYS = 3, 20, 45
# A text this near to one of the days before only echoes it: it joins its story and has no say in what others
# join, nor in what words are common.
ECHO, ECHO_DAYS = 0.85 * ONE, 3
# Texts of unknown date must be so much more alike.
UNDATED_FACTOR = 0.9
# Terms in more texts than this say little and cost most.
COMMON_SHARE, COMMON_TEXTS, COMMON_FEWEST = 0.3, 2000, 20
# Texts imagined beside the collection, so that a term two of three articles share is still telling.
IMAGINED_TEXTS = 100
UNDATED = date.max.toordinal() + 1
_BLOCK_TEXTS = 500
_LEAST_LENGTH = 1e-12


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

    `lengths[i]` is that of the vector of text i's terms on its day, `joined[i]` the first text of the story
    that it joined then; later merges are in `merges`. `echo` are those that repeat an earlier text. `first`,
    `second` and `nearness` are the pairs of other texts, as indices, that are near each other, in the order
    of the second.
    """

    keys: Keys
    days: Ints
    lengths: Floats
    joined: Ints
    echo: Mask
    merges: list[StoryMerge]
    first: Numbers
    second: Numbers
    nearness: Numbers


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


def _no_numbers() -> Numbers:
    return np.empty(0, dtype=np.int32)


NOTHING = StoryState(
    no_keys(),
    _none(),
    np.empty(0),
    _none(),
    np.empty(0, dtype=bool),
    [],
    _no_numbers(),
    _no_numbers(),
    _no_numbers(),
)


class Stories(NamedTuple):
    """The story of each text and its most central text, both as places among the keys.

    A story is named by its earliest text. And what merged, and what to give as `known` the next time.
    """

    story: Ints
    central: Ints
    merges: list[StoryMerge]
    state: StoryState


def find_stories(keys: Keys, days: Ints, terms: Rows, known: StoryState = NOTHING) -> Stories:
    """The stories of a collection, made day by day: a text joins the story that it is nearest to.

    `keys` are in ascending order, `days` are ordinals or UNDATED, `terms` has what `story_terms` gave.
    Copies need not be left out: a text that echoes an earlier one confirms nothing. The words of a text
    weigh what they did on its day. What happens on a day depends on it and the days before alone, so that
    texts of later days leave it as it is. A story's id is the key of its earliest text (smallest key of one
    day), so that it stays as the story grows; when texts of a later day join two stories, the earlier's id
    stays and a merge says so. Undated texts come last. The central text is the one nearest to all others of
    the story: its title is the story's headline.

    With `known`, work starts on the first day on which something changed. The result does not depend on what
    was known. Raises ValueError when the keys are not in order or one occurs twice.
    """
    check_order(keys)
    order = np.argsort(days, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    timeline = _Timeline(keys, order, place, days[order], terms)
    timeline.recall(known)
    timeline.tell_days()
    state = timeline.state()
    timeline.tell_undated()
    story = timeline.head[timeline.story]
    central = timeline.central(story)
    return Stories(order[story][place], order[central][place], timeline.merges, state)


Pairs = tuple[Numbers, Numbers, Numbers]
_NO_PAIRS: Pairs = (_no_numbers(), _no_numbers(), _no_numbers())


class _Weights:
    """What the terms of texts weigh: tf-idf by the texts seen so far, of a length of 1 for each text.

    Texts are in the order of their days; those before `begin` were seen by others, and for as many as have
    `lengths` these are known. Only the terms of the other texts are weighed, for they alone are compared:
    they are numbered from 1 on, in order, and 0 stands for any other.
    """

    def __init__(self, terms: Rows, order: Ints, begin: int, lengths: Floats, is_echo: Mask) -> None:
        self.begin, self.known = begin, len(lengths)
        self.lengths = np.zeros(len(order))
        self.lengths[: self.known] = lengths
        self._order = order
        self._rows = (terms.values, terms.starts, terms.sizes)
        sizes = terms.sizes[order]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]) - int(sizes[:begin].sum())
        untold = order[self.known :]
        marks = mark_terms(*self._rows, untold)
        places, bits, ranks, count = index_terms(*self._rows, untold, marks)
        self._index = marks, places, bits, ranks
        self._numbers = np.empty(int(self._starts[-1]), dtype=np.int32)
        self._steps = np.empty(len(self._numbers), dtype=np.uint8)
        number_terms(*self._rows, order[begin:], *self._index, self._numbers, self._steps)
        self._weights = np.zeros(len(self._numbers))
        self._found_in = np.zeros(1 + count, dtype=np.int32)  # texts with each term
        self._posting_of = np.zeros(1 + count, dtype=np.int32)
        seen = np.zeros(len(order), dtype=bool)
        seen[order[:begin][~is_echo[:begin]]] = True
        if begin:
            count_terms(*self._rows, seen, *self._index, self._found_in)
        self._seen = int(np.count_nonzero(seen))

    def see(self, first: int, texts: Ints) -> None:
        """Count the terms of these texts, as numbered from the first."""
        sizes = self._starts[first + 1 + texts] - self._starts[first + texts]
        numbers = self._numbers[spans(self._starts[first + texts], sizes)]
        np.add.at(self._found_in, numbers.astype(np.int64), np.int32(1))  # for these types it is fast
        self._seen += len(texts)

    def weigh(self, first: int, last: int) -> None:
        """Keep what the terms of these texts weigh now."""
        part = slice(int(self._starts[first]), int(self._starts[last]))
        rarity = _rarity(self._found_in[self._numbers[part]], self._seen)
        weights = self._steps[part] / WEIGHT_STEPS * rarity
        sizes = np.diff(self._starts[first : last + 1])
        row = np.repeat(np.arange(len(sizes)), sizes)
        if first >= self.known:
            self.lengths[first:last] = np.sqrt(np.bincount(row, weights=weights**2, minlength=len(sizes)))
        self._weights[part] = weights / np.maximum(self.lengths[first:last], _LEAST_LENGTH)[row]

    def earliest_alike(self, recent: int, first: int, last: int, passed: Mask, least: float) -> Ints:
        """For each of some texts the earliest from `recent` on that is so near to it, `last` for none."""
        earliest = np.full(last - first, last)
        find_alike(*self._texts, passed, recent, first, last, self._posting_of, least, earliest)
        return earliest

    def near(
        self, window: int, first: int, last: int, chosen: Mask, least: float
    ) -> tuple[Numbers, Numbers, Floats]:
        """The chosen texts from `window` on that are so near to a later one from `first` to `last`."""
        texts = (*self._texts, chosen)
        return near_pairs(*texts, window, last, *texts, first, last, 0, self._posting_of, least)

    def near_before(
        self, days: Ints, first: int, last: int, chosen: Mask, least: float
    ) -> tuple[Numbers, Numbers, Floats]:
        """As `near`, of the texts of days (ordinals), by what terms weighed on each text's day."""
        wanted = np.zeros(len(self._found_in), dtype=bool)
        wanted[self._numbers[self._starts[first] : self._starts[last]]] = True
        wanted[0] = False
        bounds = np.append(runs(days)[0], len(days))
        marks = mark_terms(*self._rows, self._order[first:last])
        text, numbers, found_in, steps = found_by_day(
            *self._rows, self._order, bounds, ~chosen[: len(days)], *self._index, marks, wanted, COMMON_TEXTS
        )
        seen = np.searchsorted(days[chosen[: len(days)]], days, side="right")[text]
        weights = steps / WEIGHT_STEPS * _rarity(found_in, seen)
        weights /= np.maximum(self.lengths[text], _LEAST_LENGTH)
        starts = np.searchsorted(text, np.arange(len(days) + 1))
        new = (*self._texts, chosen, first, last)
        return near_pairs(starts, numbers, weights, chosen, 0, len(days), *new, 0, self._posting_of, least)

    @property
    def _texts(self) -> tuple[Ints, Numbers, Floats]:
        return self._starts, self._numbers, self._weights


def _rarity(found_in: npt.NDArray[np.integer], seen: int | Ints) -> Floats:
    """The inverse document frequency of terms, 0 of those that are common."""
    most = np.maximum(COMMON_FEWEST, np.minimum(COMMON_SHARE * seen, COMMON_TEXTS))
    rarity: Floats = np.log((seen + IMAGINED_TEXTS) / (found_in + 1.0))
    rarity[found_in > most] = 0
    return rarity


class _Timeline:
    """Texts in the order of their days, and the story of each as far as it has been told."""

    def __init__(self, keys: Keys, order: Ints, place: Ints, days: Ints, terms: Rows) -> None:
        count = len(order)
        self.keys = keys
        self.order = order  # where each text stands among the keys
        self.place = place  # and the other way round
        self.days = days
        self.terms = terms
        self.dated = int(np.searchsorted(days, UNDATED))
        self.told = 0
        self.echo = np.zeros(count, dtype=bool)
        self.story = np.arange(count)  # the first text of the story that each joined
        self.head = np.arange(count)  # and of that which this is part of by now
        self.parts: dict[int, list[int]] = {}  # what has become part of each story
        self.voices = np.zeros(count, dtype=np.int64)  # how many texts of each story are no echoes
        self.merges: list[StoryMerge] = []
        self.pairs: list[Pairs] = []
        self.open = _NO_PAIRS  # of different stories, as far as they still matter, and room for more
        self.open_count = 0
        self._is_concerned = np.zeros(count, dtype=bool)
        self._number = np.empty(count, dtype=np.int64)  # of the stories in hand

    def recall(self, known: StoryState) -> None:
        """Take over what is known of the days before the first that differs."""
        rows = places_among(known.keys, self.keys)
        both = min(self.dated, len(rows))
        differ = (rows[:both] != self.order[:both]) | (self.days[:both] != known.days[:both])
        same = int(np.argmax(differ)) if differ.any() else both
        dated = self.days[: self.dated]
        changed = min([int(days[same]) for days in (dated, known.days) if same < len(days)], default=UNDATED)
        self.told = told = int(np.searchsorted(dated, changed))
        self.echo[:told] = known.echo[:told]
        self.story[:told] = known.joined[:told]
        merges = [
            merge for merge in known.merges if merge.merged_on and merge.merged_on.toordinal() < changed
        ]
        old, new, _ = zip(*merges, strict=True) if merges else ((), (), ())
        for a, b in zip(self._places(old), self._places(new), strict=True):
            self._merge(a, b)
        self.merges = merges
        self.voices[:told] = np.bincount(self.head[self.story[:told][~self.echo[:told]]], minlength=told)
        kept = slice(int(np.searchsorted(known.second, told)))
        self.pairs = [(known.first[kept], known.second[kept], known.nearness[kept])]
        begin = int(np.searchsorted(dated, changed - LONGEST_GAP_DAYS))
        recent = slice(int(np.searchsorted(known.second, begin)), kept.stop)
        self._open((known.first[recent], known.second[recent], known.nearness[recent]))
        self.weights = _Weights(self.terms, self.order, begin, known.lengths[:told], self.echo)
        for first, end in self._days(begin, told):
            self._weigh(first, end)

    def tell_days(self) -> None:
        """Go through the dated texts that are not told yet, some days at a time."""
        while self.told < self.dated:
            last = min(self.told + _BLOCK_TEXTS, self.dated) - 1
            end = int(np.searchsorted(self.days, self.days[last], side="right"))
            window = int(np.searchsorted(self.days, self.days[self.told] - LONGEST_GAP_DAYS))
            self._tell(window, end)

    def tell_undated(self) -> None:
        """Put the undated texts to the stories there are, or make new ones of them."""
        count = len(self.days)
        if self.dated < count:
            self._tell(self.dated, count)

    def state(self) -> StoryState:
        """What was told of the dated texts."""
        dated = slice(self.dated)
        return StoryState(
            self.keys[self.order[dated]],
            self.days[dated],
            self.weights.lengths[dated].copy(),
            self.story[dated].copy(),
            self.echo[dated].copy(),
            list(self.merges),
            *_joined(self.pairs),
        )

    def central(self, story: Ints) -> Ints:
        """The text of the story of each that is nearest to all others there; of equals the smallest key."""
        near = np.zeros(len(story), dtype=np.int64)
        for pairs in self.pairs:
            add_inside(*pairs, story, near)
        central = np.full(len(story), -1)
        find_central(story, near, self.echo, self.order, central)
        return central[story]

    def _tell(self, window: int, end: int) -> None:
        """Find the stories of the texts from `told` to `end`, a day at a time.

        `window` is the first text that they may be near to.
        """
        told, self.told = self.told, end
        echoes = []
        for first, last in self._days(told, end):
            echoes.append(self._echoes(first, last))
            self.echo[list(echoes[-1])] = True
            self._weigh(first, last)
        near = self._near(window, told, end)
        self.voices[told:end] = ~self.echo[told:end]
        for (first, last), echo in zip(self._days(told, end), echoes, strict=True):
            today = slice(*np.searchsorted(near[1], (first, last)).tolist())
            self._link(first, last, (near[0][today], near[1][today], near[2][today]))
            for text, earlier in echo.items():
                self.story[text] = self.head[self.story[earlier]]
        self.pairs.append(near)

    def _days(self, begin: int, end: int) -> list[tuple[int, int]]:
        """The first text of each day from `begin` to `end`, and of the next."""
        starts, sizes = runs(self.days[begin:end])
        return list(zip((starts + begin).tolist(), (starts + sizes + begin).tolist(), strict=True))

    def _weigh(self, first: int, last: int) -> None:
        """Count the terms of a day's texts, and keep what they weigh on that day."""
        self.weights.see(first, np.flatnonzero(~self.echo[first:last]))
        self.weights.weigh(first, last)

    def _echoes(self, begin: int, end: int) -> dict[int, int]:
        """The texts of a day that echo one of the days before or an earlier one of it, and which."""
        day = self.days[begin]
        recent = int(np.searchsorted(self.days, day if day == UNDATED else day - ECHO_DAYS))
        if end - recent == 1:
            return {}
        self.weights.weigh(begin, end)  # as if they had not been seen
        earliest = self.weights.earliest_alike(recent, begin, end, self.echo, (ECHO - 0.5) / ONE)
        echoes: dict[int, int] = {}
        for text in np.flatnonzero(earliest < end).tolist():
            earlier = int(earliest[text])
            echoes[text + begin] = echoes.get(earlier, earlier)
        return echoes

    def _near(self, window: int, told: int, end: int) -> Pairs:
        """Pairs of a text and a later one from `told` on that are near, in order, and how near they are."""
        least = (NEAREST_IGNORED - 1) / ONE
        parts = [self.weights.near(window, told, end, ~self.echo, least)]
        if told == self.dated:
            parts.append(self.weights.near_before(self.days[:told], told, end, ~self.echo, least))
        first, second, value = (np.concatenate(column) for column in zip(*parts, strict=True))
        gap = self.days[second] - self.days[first]
        undated = self.days[second] == UNDATED
        fade = np.exp(-np.maximum(gap - SAME_DAYS, 0) / FADE_DAYS)
        nearness = np.rint(value * np.where(undated, UNDATED_FACTOR, fade) * ONE).astype(np.int32)
        kept = (nearness >= NEAREST_IGNORED) & (undated | (gap <= LONGEST_GAP_DAYS))
        return _in_order((first[kept], second[kept], nearness[kept]))

    def _link(self, begin: int, end: int, near: Pairs) -> None:
        """Join the stories that the texts of a day bring together."""
        day = int(self.days[begin])
        # Stories that no new text is near to stay apart: they would have been joined before.
        concerned = self.head[self.story[near[0]]]
        self._is_concerned[concerned] = True
        self._is_concerned[begin:end] = True
        heads = self.story, self.head
        links = [find_links(*near, *heads, self._is_concerned)]
        if day == UNDATED:
            links += [find_links(*pairs, *heads, self._is_concerned) for pairs in self.pairs]
        else:
            oldest = int(np.searchsorted(self.days, day - LONGEST_GAP_DAYS))
            self.open_count = drop_closed(*self.open, self.open_count, *heads, oldest)
            first, second, nearness = (column[: self.open_count] for column in self.open)
            links.append(find_links(first, second, nearness, *heads, self._is_concerned))
            self._open(near)
        self._is_concerned[concerned] = False
        self._is_concerned[begin:end] = False
        one, other, near_links = (np.concatenate(column) for column in zip(*links, strict=True))
        if not len(one):
            return
        self._is_concerned[one] = self._is_concerned[other] = True
        stories = np.flatnonzero(self._is_concerned[:end])
        self._is_concerned[stories] = False
        self._number[stories] = np.arange(len(stories))
        one, other = self._number[one], self._number[other]
        labels = average_linkage(one, other, near_links, self.voices[stories], NEAR_ENOUGH)
        joined = np.flatnonzero(labels != np.arange(len(labels)))
        today = None if day == UNDATED else date.fromordinal(day)
        for old, new in zip(stories[joined].tolist(), stories[labels[joined]].tolist(), strict=True):
            if old < begin:
                names = [self.keys[self.order[text]].decode() for text in (old, new)]
                self.merges.append(StoryMerge(names[0], names[1], today))
            self._merge(old, new)
        fresh = slice(begin, end)
        self.story[fresh] = self.head[fresh]

    def _open(self, pairs: Pairs) -> None:
        """Keep these pairs in hand."""
        begin, end = self.open_count, self.open_count + len(pairs[0])
        if end > len(self.open[0]):
            first, second, nearness = (np.resize(column, 2 * end) for column in self.open)
            self.open = first, second, nearness
        for column, more in zip(self.open, pairs, strict=True):
            column[begin:end] = more
        self.open_count = end

    def _merge(self, old: int, new: int) -> None:
        parts = [old, *self.parts.pop(old, ())]
        self.head[parts] = new
        self.parts.setdefault(new, []).extend(parts)
        self.voices[new] += self.voices[old]

    def _places(self, keys: Sequence[str]) -> list[int]:
        wanted = np.array(keys, dtype=np.bytes_) if keys else no_keys()
        places: list[int] = self.place[places_among(wanted, self.keys)].tolist()
        return places


def _joined(pairs: Sequence[Pairs]) -> Pairs:
    first, second, nearness = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return first, second, nearness


def _in_order(pairs: Pairs) -> Pairs:
    order = np.lexsort(pairs[:2])
    return pairs[0][order], pairs[1][order], pairs[2][order]
