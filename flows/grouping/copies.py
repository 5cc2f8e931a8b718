"""Finds the copies of one text: reprints, cut versions and light edits, whoever published them.

Texts that share enough shingles, boilerplate left aside, form one group. What comparing them found is
kept in a `CopyState`: the next grouping looks only at what changed since, and comes to the very groups
that grouping everything anew would.

Method: the sampled shingles, resemblance and containment of A. Broder, "On the resemblance and
containment of documents", 1997. Candidates come from an inverted index over the shingles whose hash
is 0 modulo 4 (Broder's MOD_m sketch: unlike MinHash it also finds a text inside a longer one), and
every candidate is verified on the full sets.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from flows.grouping.keys import Keys, check_order, no_keys, places_among
from flows.grouping.overlap import (
    Packed,
    count_common,
    count_kinds,
    find_among,
    mark_shingles,
    repeated_shingles,
    shingles_of_any,
    sorted_and_repeated,
    spread_over_rows,
    take_samples,
)
from flows.grouping.rows import Rows, runs
from flows.grouping.shingles import FACT_BITS, Facts, Shingles

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Prints = npt.NDArray[np.uint64]

# Fewer shingles than this (a text under eight words) prove nothing: such texts are copies only if equal.
FEWEST_SHINGLES = 5
# One shingle in so many (a power of 2) makes candidates; between texts under SHORT_TEXT every one does.
SAMPLE_EVERY, SHORT_TEXT = 4, 128
# Pairs that meet in fewer postings are no candidates.
FEWEST_MEETINGS = 2
# In a posting each text meets its first so many texts, which keeps the work linear.
ANCHORS = 4
# Pairs that share less of the shorter text than this, boilerplate and all, are not looked at again.
LEAST_SHARED = 0.25
# Two texts that are taken for copies while boilerplate is being told apart from text that was copied.
SURE_RESEMBLANCE, SURE_CONTAINMENT = 0.6, 0.75
# A shingle is boilerplate when of the first WITNESSES texts that have it so many are no copies of one
# another, and any two of them share less than this on average.
WITNESSES, BOILERPLATE_TEXTS, BOILERPLATE_CONTAINMENT = 6, 4, 0.7
# The shorter text must be at least this part of the longer one, else a round-up swallows its briefs.
SMALLEST_PART = 0.15
# An edited text runs within days; what comes back changed after a week is a form filled in anew. From
# one day to the next the wanted overlap rises to FORM_OVERLAP.
SAME_DAYS, FORM_DAYS, FORM_OVERLAP = 1, 7, 0.97
# Nor is it a form what says this much the same within SAME_DAYS, at nearly the same length.
TWIN_OVERLAP, TWIN_PART = 0.9, 0.85
# Two texts are one mould filled twice when at so many places, or at this part of those that both have,
# each has a name or number that the other has nowhere. Where a copy begins and ends there may be some, and
# one word may be written otherwise throughout.
OTHER_FACTS, FEWEST_OTHER_FACTS, OTHER_FACTS_SHARE, LEAST_OTHER_FACTS_SHARE = 5, 3, 0.07, 0.01
FEWEST_OTHER_WORDS = 2
# A group is no group but a mould when of its pairs so many are filled otherwise.
MOULD_PAIRS = 0.25
_FACT_BATCH = 500
_RANGE_ENTRIES = 1 << 23
_MOST_CHOSEN = 0.25  # of all shingles, beyond which all are brought together
_MARK_BITS = 16  # for each shingle that is looked up
_LOW = np.uint64(0xFFFFFFFF)
_WORDS, _PLACES = (1 << FACT_BITS) - 1, 32 - FACT_BITS


@dataclass(frozen=True, slots=True)
class CopyState:
    """What one grouping leaves to the next: everything that took comparing texts.

    A print is a distinct set of shingles, named by its digest. `prints` are in order, each with the smallest
    key of a text that has it and how many of its shingles are telling and how many in its sample. `first` and
    `second` are pairs of prints, as indices, that meet in the postings of `met` shingles and share `common`
    ones, of them `shared` telling ones; `apart` are those whose texts tell other facts. `boilerplate` are the
    shingles that tell nothing, sorted.
    """

    prints: Prints
    keys: Keys
    telling: Ints
    sampled: Ints
    first: Ints
    second: Ints
    met: Ints
    common: Ints
    shared: Ints
    apart: Mask
    boilerplate: Shingles


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


NOTHING = CopyState(
    np.empty(0, dtype=np.uint64),
    no_keys(),
    *(_none(), _none(), _none(), _none(), _none(), _none(), _none()),
    np.empty(0, dtype=bool),
    np.empty(0, dtype=np.uint32),
)
NONE_GONE = (no_keys(), Rows.of([]))


def find_copies(
    keys: Keys,
    shingles: Rows,
    days: Floats,
    facts: Rows | None = None,
    known: CopyState = NOTHING,
    gone: tuple[Keys, Rows] = NONE_GONE,
) -> tuple[Ints, CopyState]:
    """The group of each text, as the place of a key, and what to give as `known` the next time.

    `keys` are in ascending order; `shingles` has what `shingle_hashes` gave for each text, `facts` what
    `fact_hashes` gave; `days` are ordinals of when they were published, inf where that is not known. `gone`
    has the keys, in order, and shingles of texts that are in `known.keys` and not in `keys`. A group is named
    by its earliest text (undated ones last, then the smallest key), so that its name stays when later copies
    arrive. The groups do not depend on what was grouped before. Where a text that is gone was not given,
    nothing counts as known. Raises ValueError when lengths differ, or the keys are not in order or one
    occurs twice.
    """
    check_order(keys)
    if {len(shingles), len(days), len(keys if facts is None else facts)} != {len(keys)}:
        raise ValueError("keys, shingles, days and facts differ in length")
    here, lost = places_among(known.keys, keys), places_among(known.keys, gone[0])
    if (np.maximum(here, lost) < 0).any():
        known, here, lost = NOTHING, _none(), _none()
    texts = np.flatnonzero(shingles.sizes)
    prints = _prints(shingles, known.prints[here >= 0], here[here >= 0])[texts]
    lost_prints, lost_rows = known.prints[here < 0], lost[here < 0]
    if len(lost_prints):
        is_lost = ~np.isin(lost_prints, prints)
        lost_prints, lost_rows = lost_prints[is_lost], lost_rows[is_lost]
    # The first of the texts that have a print is the one with the smallest key.
    names, first, place = np.unique(
        np.concatenate([prints, lost_prints]), return_index=True, return_inverse=True
    )
    row = np.concatenate([texts, len(keys) + np.arange(len(lost_prints))])[first]
    place = place[: len(texts)]
    collection = _Collection(_with_more(shingles, gone[1], lost_rows), row, row < len(keys), facts)
    found = collection.compare(_placed(known, names, row, here))
    first_day = np.full(len(names), np.inf)
    np.minimum.at(first_day, place, days[texts])
    group_of = np.arange(len(keys))
    for group in _with_equal_prints(collection.groups(found, first_day), texts, place, row):
        group_of[group] = min(group, key=lambda i: (days[i], i))
    alive = collection.alive
    number = np.cumsum(alive) - 1
    state = CopyState(
        prints=names[alive],
        keys=keys[row[alive]],
        telling=found.telling[alive],
        sampled=found.sampled[alive],
        first=number[found.first],
        second=number[found.second],
        met=found.met,
        common=found.common,
        shared=found.shared,
        apart=found.apart,
        boilerplate=found.boilerplate,
    )
    return group_of, state


def _prints(shingles: Rows, known: Prints, rows: Ints) -> Prints:
    """The name of the print of each text, those of some rows being known."""
    prints = np.zeros(len(shingles), dtype=np.uint64)
    prints[rows] = known
    is_new = shingles.sizes > 0
    is_new[rows] = False
    new = np.flatnonzero(is_new)
    prints[new] = np.fromiter((_digest(shingles[i]) for i in new.tolist()), dtype=np.uint64, count=len(new))
    return prints


def _with_more(rows: Rows, more: Rows, chosen: Ints) -> Rows:
    """The rows, and behind them some of others."""
    if not len(chosen):
        return rows
    sizes = more.sizes[chosen]
    values = np.concatenate([rows.values, more.values[more.entries(chosen)]])
    starts = np.concatenate([rows.starts, len(rows.values) + np.cumsum(sizes) - sizes])
    return Rows(values, starts, np.concatenate([rows.sizes, sizes]))


def _with_equal_prints(
    groups: list[tuple[int, ...]], texts: Ints, place: Ints, row: Ints
) -> Iterator[list[int]]:
    """The texts of each group of prints, and of each print by itself that has two or more."""
    several = np.bincount(place, minlength=len(row))[place] > 1
    of_shared: dict[int, list[int]] = defaultdict(list)
    for one, text in zip(place[several].tolist(), texts[several].tolist(), strict=True):
        of_shared[one].append(text)
    alone = of_shared.keys() - {one for group in groups for one in group}
    for group in (*groups, *((one,) for one in alone)):
        yield [text for one in group for text in of_shared.get(one) or [int(row[one])]]


def _digest(shingles: Shingles) -> int:
    data = np.asarray(shingles, dtype="<u4").tobytes()
    return int.from_bytes(hashlib.blake2b(data, digest_size=16).digest()[:8], "big")


@dataclass(frozen=True, slots=True)
class _Found:
    """A `CopyState` by place in a collection; `is_known` says which of its prints the state is about.

    `is_renamed` are those that another text stands for now, so that their facts may be others.
    """

    is_known: Mask
    is_renamed: Mask
    telling: Ints
    sampled: Ints
    first: Ints
    second: Ints
    met: Ints
    common: Ints
    shared: Ints
    apart: Mask
    boilerplate: Shingles

    def places_of(self, pairs: Ints) -> tuple[Ints, Mask]:
        """Where each of some packed pairs is among the pairs here, and whether it is there at all."""
        packed = self.first << 32 | self.second
        places = np.searchsorted(packed, pairs)
        return places, np.append(packed, -1)[places] == pairs


def _placed(known: CopyState, names: Prints, row: Ints, known_row: Ints) -> _Found:
    places = np.searchsorted(names, known.prints)
    is_known = np.zeros(len(names), dtype=bool)
    is_known[places] = True
    is_renamed = np.zeros(len(names), dtype=bool)
    is_renamed[places] = row[places] != known_row
    telling, sampled = np.zeros((2, len(names)), dtype=np.int64)
    telling[places], sampled[places] = known.telling, known.sampled
    return _Found(
        is_known=is_known,
        is_renamed=is_renamed,
        telling=telling,
        sampled=sampled,
        first=places[known.first],
        second=places[known.second],
        met=known.met,
        common=known.common,
        shared=known.shared,
        apart=known.apart,
        boilerplate=known.boilerplate,
    )


@dataclass(frozen=True, slots=True)
class _Postings:
    """Shingles and which prints have them: posting p is `prints[starts[p] : starts[p] + lengths[p]]`."""

    hashes: Shingles
    starts: Ints
    lengths: Ints
    prints: npt.NDArray[np.int32]

    def spread[T: np.generic](self, values: npt.NDArray[T]) -> npt.NDArray[T]:
        """A value of each posting, for each of its entries."""
        return np.repeat(values, self.lengths)

    def rank(self, counted: Mask) -> npt.NDArray[np.int32]:
        """How many counted entries stand before each entry in its posting."""
        before = np.cumsum(counted, dtype=np.int32) - counted
        ranks: npt.NDArray[np.int32] = before - self.spread(before[self.starts])
        return ranks

    def any(self, entries: Mask) -> Mask:
        """Whether each posting has such an entry."""
        return np.logical_or.reduceat(entries, self.starts) if len(self.starts) else entries[:0]


class _Marked(NamedTuple):
    """Shingles, sorted, and marks that tell quickly of most others that they are not among them."""

    shingles: Shingles
    marks: Packed

    @classmethod
    def of(cls, shingles: Shingles) -> Self:
        words = max(1, len(shingles) * _MARK_BITS // 64)
        marks = np.zeros(1 << (words - 1).bit_length(), dtype=np.uint64)
        mark_shingles(shingles, marks)
        return cls(shingles, marks)


_NOT_MARKED = _Marked.of(np.empty(0, dtype=np.uint32))


class _Hand(NamedTuple):
    """Shingles in hand, each packed with a print that has it, and those of the samples, both sorted.

    All entries of a shingle are in one array. And both once more in rows, one for each print.
    """

    full: list[Packed]
    sampled: list[Packed]
    rows: Rows
    samples: Rows


class _Collection:
    """Distinct sets of shingles in the order of their digests, which is as good as random.

    Print i is row `row[i]` of `rows`. Those that are not alive are of texts that are gone; they are here only
    to find what they leave behind.
    """

    def __init__(self, rows: Rows, row: Ints, alive: Mask, facts: Rows | None) -> None:
        self.rows = rows
        self.row = row
        self.alive = alive
        self.print_of = np.full(len(rows), -1, dtype=np.int32)
        self.print_of[row] = np.arange(len(row), dtype=np.int32)
        self.facts = facts
        self.sizes = rows.sizes[row]
        self._parts = rows.values, rows.starts, rows.sizes

    def compare(self, known: _Found) -> _Found:
        """What `known` becomes with the prints that are new and without those that are gone."""
        new, changed = self.alive & ~known.is_known, self.alive != known.is_known
        hand = self._with_shingles_of(changed)
        gained, lost, judged = self._boilerplate(known, hand)
        boilerplate = np.sort(np.append(known.boilerplate[~_among(known.boilerplate, lost)], gained))
        moved, met = self._moved(known, hand.sampled)
        anew = new | moved
        if moved.any():
            hand = self._with_shingles_of(anew)
        told = _Marked.of(boilerplate)
        kept = self.alive[known.first] & self.alive[known.second] & (met >= FEWEST_MEETINGS)
        kept &= ~(anew[known.first] | anew[known.second])
        first, second, common = known.first[kept], known.second[kept], known.common[kept]
        shared, telling = known.shared[kept], known.telling.copy()
        for sign, among in (-1, gained), (+1, lost):
            here = _among(judged[1], among)
            sizes = np.bincount(judged[0][here], minlength=len(self.sizes))
            telling += sign * sizes
            shared += sign * _shared(Rows.of_sizes(judged[1][here], sizes), first, second)
        sampled = known.sampled.copy()
        kinds = np.empty((2, np.count_nonzero(anew)), dtype=np.int64)
        count_kinds(*self._parts, self.row[anew], SAMPLE_EVERY, SHORT_TEXT, *told, kinds)
        sampled[anew], telling[anew] = kinds
        apart = known.apart[kept]
        renamed = np.flatnonzero(known.is_renamed[first] | known.is_renamed[second])
        apart[renamed] = self.are_apart(first[renamed], second[renamed])
        one, other, *counts = self._candidates(anew, hand, sampled)
        telling_counts = self.share_telling(one, other, told)
        more = [one, other, *counts, telling_counts, self.are_apart(one, other)]
        pairs = np.concatenate([[first, second, met[kept], common, shared, apart], more], axis=1)
        first, second, met, common, shared, apart = pairs[:, np.lexsort((pairs[1], pairs[0]))]
        return _Found(
            is_known=self.alive,
            is_renamed=known.is_renamed,
            telling=telling,
            sampled=sampled,
            first=first,
            second=second,
            met=met,
            common=common,
            shared=shared,
            apart=apart > 0,
            boilerplate=boilerplate,
        )

    def groups(self, found: _Found, days: Floats) -> list[tuple[int, ...]]:
        """Groups of two or more prints, their leader first; `days` are ordinals, inf where not known."""
        likeness = _Likeness(self, found.telling, days, _Marked.of(found.boilerplate))
        linked = likeness.copies(found.first, found.second, found.shared)
        linked |= likeness.twins(found.first, found.second, found.common)
        linked &= ~found.apart
        first, second = found.first[linked], found.second[linked]
        links = np.bincount(np.concatenate([first, second]), minlength=len(self.sizes))
        pairs = (links[first] == 1) & (links[second] == 1)
        groups = list(zip(first[pairs].tolist(), second[pairs].tolist(), strict=True))
        return self._without_moulds(groups + _stars(likeness, first[~pairs], second[~pairs]), found)

    def _without_moulds(self, groups: list[tuple[int, ...]], found: _Found) -> list[tuple[int, ...]]:
        """The groups but for those in which many pairs tell other facts."""
        group_of = np.full(len(self.sizes), -1, dtype=np.int64)
        for place, group in enumerate(groups):
            group_of[list(group)] = place
        number = group_of[found.first]
        inside = (number >= 0) & (number == group_of[found.second])
        pair_counts = np.bincount(number[inside], minlength=len(groups))
        apart_counts = np.bincount(number[inside & found.apart], minlength=len(groups))
        is_mould = (apart_counts > 0) & (apart_counts >= MOULD_PAIRS * pair_counts)
        return [group for group, dropped in zip(groups, is_mould.tolist(), strict=True) if not dropped]

    def _boilerplate(self, known: _Found, hand: _Hand) -> tuple[Shingles, Shingles, tuple[Ints, Shingles]]:
        """The shingles that have become boilerplate, those that no longer are, and who has one judged anew.

        The first two are sorted; the last is of known prints, as (print, shingle) in order.
        """
        judged, witnesses = [np.empty(0, dtype=np.uint32)], [np.empty((0, WITNESSES), dtype=np.int32)]
        entries = [np.empty(0, dtype=np.uint64)]
        for postings in self._postings(hand.full, self.alive != known.is_known, BOILERPLATE_TEXTS):
            now, before = self.alive[postings.prints], known.is_known[postings.prints]
            rank = postings.rank(now)
            first = now & (rank < WITNESSES)
            judge = postings.any(first != (before & (postings.rank(before) < WITNESSES)))
            table = np.full((len(judge), WITNESSES), -1, dtype=np.int32)
            number = postings.spread(np.arange(len(judge), dtype=np.int32))
            table[number[first], rank[first]] = postings.prints[first]
            judged.append(postings.hashes[judge])
            witnesses.append(table[judge])
            stay = now & before & postings.spread(judge)
            owners = postings.prints[stay].astype(np.uint64) << np.uint64(32)
            entries.append(owners | postings.spread(postings.hashes)[stay])
        hashes = np.concatenate(judged)
        was_boilerplate = _among(hashes, known.boilerplate)
        is_boilerplate = self._are_strangers(np.concatenate(witnesses), was_boilerplate, known, hand)
        kept = np.sort(np.concatenate(entries))
        prints, shingles = (kept >> np.uint64(32)).astype(np.int64), (kept & _LOW).astype(np.uint32)
        gained, lost = hashes[is_boilerplate & ~was_boilerplate], hashes[was_boilerplate & ~is_boilerplate]
        return np.sort(gained), np.sort(lost), (prints, shingles)

    def _moved(self, known: _Found, sampled: list[Packed]) -> tuple[Mask, Ints]:
        """The known prints that come first in a posting now and did not before; where known pairs still meet.

        The latter is how often each pair meets that has none of the former.
        """
        moved, parted = np.zeros(len(self.sizes), dtype=bool), [_none()]
        if not known.is_known.any():
            return moved, known.met
        for postings in self._postings(sampled, self.alive != known.is_known):
            prints = postings.prints
            now, before = self.alive[prints], known.is_known[prints]
            rank = postings.rank(before)
            first, first_before = now & (postings.rank(now) < ANCHORS), before & (rank < ANCHORS)
            moved[prints[before & first & ~first_before]] = True
            later = now & before & ~first
            number = postings.spread(np.arange(len(postings.hashes), dtype=np.int32))
            for place in range(ANCHORS):
                here = later & first_before & (rank == place)
                anchor = np.full(len(postings.hashes), -1, dtype=np.int32)
                anchor[number[here]] = prints[here]
                after = np.flatnonzero(later & (rank > place))
                parted.append(_packed(prints[after], anchor[number[after]]))
        pairs = np.sort(np.concatenate(parted))
        starts, times = runs(pairs)
        at, is_known = known.places_of(pairs[starts])
        met = known.met.copy()
        met[at[is_known]] -= times[is_known]
        return moved, met

    def _are_strangers(self, table: npt.NDArray[np.int32], were: Mask, known: _Found, hand: _Hand) -> Mask:
        """Whether the prints of each row, -1 for none, are on the whole no copies of one another.

        `were` says of which this was so when only the known prints were there.
        """
        suspect = table[:, BOILERPLATE_TEXTS - 1] >= 0
        # Neighbouring shingles stand in the same texts: few rows are distinct.
        table_rows, row = _distinct(table[suspect])
        # Who shares nothing with strangers makes them no less so, even in place of the last of them.
        stay = np.bincount(row, were[suspect], len(table_rows)) > 0
        stay &= not (known.is_known & ~self.alive).any()
        stay[stay] = self._stand_apart(table_rows[stay], known, hand)
        rows = table_rows[~stay]
        texts = (rows >= 0).sum(axis=1)
        pairs, first_pairs = texts * (texts - 1) // 2, BOILERPLATE_TEXTS * (BOILERPLATE_TEXTS - 1) // 2
        shares = self._shares(rows[:, :BOILERPLATE_TEXTS], known, hand, (_none(), np.empty(0)))
        distinct, total = self._strangeness(rows[:, :BOILERPLATE_TEXTS], *shares)
        # Most are settled by their first texts, whatever the others share.
        open_rows = (distinct < BOILERPLATE_TEXTS) | (
            total + pairs - first_pairs >= BOILERPLATE_CONTAINMENT * pairs
        )
        open_rows &= texts > BOILERPLATE_TEXTS
        shares = self._shares(rows[open_rows], known, hand, shares)
        distinct[open_rows], total[open_rows] = self._strangeness(rows[open_rows], *shares)
        result = np.zeros(len(table), dtype=bool)
        strangers = stay.copy()
        strangers[~stay] = (distinct >= BOILERPLATE_TEXTS) & (total < BOILERPLATE_CONTAINMENT * pairs)
        result[suspect] = strangers[row]
        return result

    def _stand_apart(self, rows: npt.NDArray[np.int32], known: _Found, hand: _Hand) -> Mask:
        """Whether the new prints of each row share nothing with the others of it, by their samples."""
        is_new, apart = ~known.is_known, np.ones(len(rows), dtype=bool)
        owners, packed = [_none()], [_none()]
        for a, b in combinations(range(WITNESSES), 2):
            pair = (rows[:, b] >= 0) & (is_new[rows[:, a]] | is_new[rows[:, b]])
            owners.append(np.flatnonzero(pair))
            packed.append(_packed(rows[pair, a], rows[pair, b]))
        pairs, pair_of = np.unique(np.concatenate(packed), return_inverse=True)
        share = _shared(hand.samples, pairs >> 32, pairs & 0xFFFFFFFF) > 1
        apart[np.concatenate(owners)[share[pair_of]]] = False
        return apart

    def _shares(
        self, rows: npt.NDArray[np.int32], known: _Found, hand: _Hand, before: tuple[Ints, Floats]
    ) -> tuple[Ints, Floats]:
        """The pairs of the prints of each row, in order, and how much they share; `before` has it of some."""
        columns = combinations(range(rows.shape[1]), 2)
        pairs = np.concatenate([_none(), *(_packed(rows[:, a], rows[:, b]) for a, b in columns)])
        pairs.sort()
        pairs = pairs[runs(pairs)[0]]
        first, second = pairs >> 32, pairs & 0xFFFFFFFF
        shared = np.zeros(len(pairs))
        place, is_met = known.places_of(pairs)
        shared[is_met] = known.common[place[is_met]]
        place = np.searchsorted(before[0], pairs)
        was_there = np.append(before[0], -1)[place] == pairs
        shared[was_there] = before[1][place[was_there]]
        is_open = ~(is_met | was_there)
        is_old = known.is_known[first] & known.is_known[second]
        for open_pairs in (np.flatnonzero(is_open & ~is_old), np.flatnonzero(is_open & is_old)):
            one, other = first[open_pairs], second[open_pairs]
            full, samples = hand.rows, hand.samples
            if is_old[open_pairs].any():
                full, samples = self._of_prints(one, other)
            some = _shared(samples, one, other) > 1
            shared[open_pairs[some]] = _shared(full, one[some], other[some])
        return pairs, shared

    def _strangeness(self, rows: npt.NDArray[np.int32], pairs: Ints, shared: Floats) -> tuple[Ints, Floats]:
        """How many prints of each row are no copies of one before, and what its pairs share, summed."""
        first, second = pairs >> 32, pairs & 0xFFFFFFFF
        containment = shared / np.minimum(self.sizes[first], self.sizes[second])
        resemblance = shared / (self.sizes[first] + self.sizes[second] - shared)
        sure = (resemblance >= SURE_RESEMBLANCE) | (containment >= SURE_CONTAINMENT)
        distinct, total = rows >= 0, np.zeros(len(rows))
        for a, b in combinations(range(rows.shape[1]), 2):
            both = rows[:, b] >= 0
            place = np.searchsorted(pairs, rows[both, a].astype(np.int64) << 32 | rows[both, b])
            total[both] += containment[place]
            distinct[both, b] &= ~sure[place]
        return distinct.sum(axis=1), total

    def _candidates(self, anew: Mask, hand: _Hand, sampled: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Pairs (first < second), at least one of them anew, that may be copies.

        They meet in FEWEST_MEETINGS sampled shingles, in whose postings one of them comes first, and share
        LEAST_SHARED: the third and the fourth say in how many, and how much. `hand` has all that those anew
        share with others, `sampled` how many shingles each sample has.
        """
        found = [_none()]
        for postings in self._postings(hand.sampled, anew):
            prints, alive = postings.prints, self.alive[postings.prints]
            rank = postings.rank(alive)
            number = postings.spread(np.arange(len(postings.hashes), dtype=np.int32))
            for place in range(ANCHORS):
                anchor = np.full(len(postings.hashes), -1, dtype=np.int32)
                here = alive & (rank == place)
                anchor[number[here]] = prints[here]
                after = np.flatnonzero(alive & (rank > place))
                a, b = prints[after], anchor[number[after]]
                meet = anew[a] | anew[b]
                found.append(_packed(a[meet], b[meet]))
        pairs = np.concatenate(found)
        found.clear()
        pairs.sort()
        starts, met = runs(pairs)
        pairs, met = pairs[starts[met >= FEWEST_MEETINGS]], met[met >= FEWEST_MEETINGS]
        first, second = pairs >> 32, pairs & 0xFFFFFFFF
        # What share so little of the sample share little: few are left to be compared in full.
        sampled_shared = _shared(hand.samples, first, second)
        smaller = np.minimum(sampled[first], sampled[second])
        close = sampled_shared >= LEAST_SHARED / (2 * SAMPLE_EVERY) * smaller
        first, second, met = first[close], second[close], met[close]
        common = _shared(hand.rows, first, second)
        enough = common >= LEAST_SHARED * np.minimum(self.sizes[first], self.sizes[second])
        return first[enough], second[enough], met[enough], common[enough]

    def are_apart(self, first: Ints, second: Ints) -> Mask:
        """Whether the texts of each pair are one mould that was filled with other names and numbers."""
        if self.facts is None:
            return np.zeros(len(first), dtype=bool)
        return _tell_other_facts(self.facts, self.row[first], self.row[second])

    def share_telling(self, first: Ints, second: Ints, boilerplate: _Marked) -> Ints:
        """How many shingles the prints of each pair share that are no boilerplate."""
        return _shared(self.rows, self.row[first], self.row[second], boilerplate)

    def _of_prints(self, *prints: Ints) -> tuple[Rows, Rows]:
        """A row for each print, and the samples of these."""
        is_chosen = np.zeros(len(self.sizes), dtype=bool)
        for some in prints:
            is_chosen[some] = True
        chosen = np.flatnonzero(is_chosen)
        rows = self.row[chosen]
        chosen, rows = chosen[np.argsort(rows)], np.sort(rows)  # as they lie in memory
        sampled = np.empty(int(self.sizes[chosen].sum()) + 1, dtype=np.uint32)
        counts = np.empty(len(chosen), dtype=np.int64)
        take_samples(*self._parts, rows, SAMPLE_EVERY, SHORT_TEXT, sampled, counts)
        starts, sizes = np.zeros((2, len(self.sizes)), dtype=np.int64)
        starts[chosen], sizes[chosen] = np.cumsum(counts) - counts, counts
        of_prints = Rows(self.rows.values, self.rows.starts[self.row], self.sizes)
        return of_prints, Rows(sampled, starts, sizes)

    def _with_shingles_of(self, prints: Mask) -> _Hand:
        """What all prints have of the shingles of these, and maybe more."""
        total = len(self.rows.values)
        full: list[Packed] = []
        if int(self.sizes[prints].sum()) > _MOST_CHOSEN * total:
            ranges = total // _RANGE_ENTRIES + 1
            done = np.zeros(len(self.rows), dtype=np.int64)
            for low, high in pairwise(2**31 * i // ranges for i in range(ranges + 1)):
                full.append(repeated_shingles(*self._parts, self.print_of, done, low, high))
        else:
            room = np.empty(2 * int(self.sizes[prints].sum()), dtype=np.uint64)
            full.append(shingles_of_any(*self._parts, self.print_of, self.row[prints], room))
        full = [sorted_and_repeated(packed, np.empty_like(packed)) for packed in full]
        is_short = self.sizes < SHORT_TEXT
        sampled = [packed[_is_sampled(packed >> np.uint64(32)) | is_short[packed & _LOW]] for packed in full]
        return _Hand(full, sampled, self._by_print(full), self._by_print(sampled))

    def _by_print(self, hand: list[Packed]) -> Rows:
        """A row of shingles for each print, in order."""
        sizes = np.zeros(len(self.sizes), dtype=np.int64)
        for packed in hand:
            sizes += np.bincount(packed & _LOW, minlength=len(sizes))
        ends = np.cumsum(sizes) - sizes
        values = np.empty(int(sizes.sum()), dtype=np.uint32)
        for packed in hand:
            spread_over_rows(packed, ends, values)
        return Rows.of_sizes(values, sizes)

    def _postings(self, hand: list[Packed], of: Mask, fewest: int = 2) -> Iterator[_Postings]:
        """All prints that have the shingles of these, where there are so many; a part at a time."""
        for packed in hand:
            hashes, prints = (packed >> np.uint64(32)).astype(np.uint32), (packed & _LOW).astype(np.int32)
            starts, lengths = runs(hashes)
            if not len(starts):
                continue
            kept = (lengths >= fewest) & np.logical_or.reduceat(of[prints], starts)
            prints = prints[np.repeat(kept, lengths)]
            lengths = lengths[kept]
            yield _Postings(hashes[starts[kept]], np.cumsum(lengths) - lengths, lengths, prints)


class _Likeness:
    """Which prints are copies of which, given what of each is telling, its first day, and the boilerplate."""

    def __init__(self, collection: _Collection, telling: Ints, days: Floats, boilerplate: _Marked) -> None:
        self.collection = collection
        self.telling = telling
        self.days = days
        self.boilerplate = boilerplate

    def shared(self, first: Ints, second: Ints) -> Ints:
        """How many telling shingles the prints of each pair share."""
        return self.collection.share_telling(first, second, self.boilerplate)

    def copies(self, first: Ints, second: Ints, shared: Ints, tolerance: float = 1.0) -> Mask:
        """Whether the prints of each pair are copies of one another."""
        smaller = np.minimum(self.telling[first], self.telling[second])
        part = smaller / np.maximum(np.maximum(self.telling[first], self.telling[second]), 1)
        # The less there is to compare, and the more one text leaves out, the more of the rest must agree.
        wanted = np.minimum(0.5 + 1.5 / np.sqrt(np.maximum(smaller, 1)) + 0.25 * (1 - part), 1.0) * tolerance
        delay = np.clip((self._gap(first, second) - SAME_DAYS) / (FORM_DAYS - SAME_DAYS), 0, 1)
        wanted += np.maximum(FORM_OVERLAP - wanted, 0) * delay
        overlap = shared / np.maximum(smaller, 1)
        is_copy: Mask = (overlap >= wanted) & (smaller >= FEWEST_SHINGLES) & (part >= SMALLEST_PART)
        return is_copy

    def twins(self, first: Ints, second: Ints, common: Ints) -> Mask:
        """Whether the prints of each pair, boilerplate and all, say the same at the same time."""
        sizes = self.collection.sizes
        smaller, larger = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
        same_time = np.isfinite(self.days[first] + self.days[second])
        same_time &= self._gap(first, second) <= SAME_DAYS
        is_twin: Mask = same_time & (common >= TWIN_OVERLAP * smaller) & (smaller >= TWIN_PART * larger)
        return is_twin & (smaller >= FEWEST_SHINGLES)

    def _gap(self, first: Ints, second: Ints) -> Floats:
        """Days between the prints of each pair; none where a day is not known."""
        days = np.where(np.isfinite(self.days), self.days, np.nan)
        return np.nan_to_num(np.abs(days[first] - days[second]))


def _stars(likeness: _Likeness, first: Ints, second: Ints) -> list[tuple[int, ...]]:
    """Splits linked prints into groups in which every print is itself a copy of the leader.

    A chain of pairwise likenesses therefore never joins texts that have little in common. Leaders are
    taken by number of links, then by size (star clustering, Aslam, Pelekhov and Rus 2004).
    """
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        near[a].append(b)
        near[b].append(a)
    taken: set[int] = set()
    groups = []
    for leader in sorted(near, key=lambda i: (-len(near[i]), -int(likeness.telling[i]), i)):
        if leader in taken:
            continue
        newest = group = set(near[leader]) - taken
        seen = {leader, *near[leader]}
        while newest:
            beyond = sorted({j for i in newest for j in near[i]} - taken - seen)
            seen.update(beyond)
            if not beyond:
                break
            others = np.array(beyond)
            one = np.full(len(others), leader)
            accepted = likeness.copies(one, others, likeness.shared(one, others), tolerance=0.8)
            accepted &= ~likeness.collection.are_apart(one, others)
            newest = set(others[accepted].tolist())
            group = group | newest
        group = group - _briefs(likeness, leader, sorted(group))
        taken |= {leader, *group}
        groups.append((leader, *sorted(group)))
    return groups


def _briefs(likeness: _Likeness, leader: int, members: list[int]) -> set[int]:
    """The members that are items of a round-up, if the leader is one: short, and strangers to each other.

    Cut versions of one text begin alike; the items of a round-up have nothing in common.
    """
    short = [i for i in members if likeness.telling[i] < likeness.telling[leader] / 2]
    if len(short) < 2:
        return set()
    longest = max(short, key=lambda i: (int(likeness.telling[i]), -i))
    others = np.array([i for i in short if i != longest])
    shared = likeness.shared(np.full(len(others), longest), others)
    return set(short) if (shared < 0.1 * likeness.telling[others]).any() else set()


def _tell_other_facts(facts: Rows, first: Ints, second: Ints) -> Mask:
    """Whether at many places each of two texts has a name or number that the other has nowhere."""
    found = [np.empty(0, dtype=bool)]
    for begin in range(0, len(first), _FACT_BATCH):
        part = slice(begin, begin + _FACT_BATCH)
        sides = [_PairFacts.of(facts, texts[part]) for texts in (first, second)]
        count = len(first[part])
        ours, theirs = (side.those_without(other, count) for side, other in (sides, sides[::-1]))
        places = np.intersect1d(ours.places(), theirs.places(), assume_unique=True)
        shared = np.intersect1d(sides[0].places(), sides[1].places(), assume_unique=True)
        place_count, shared_count = (
            np.bincount(common >> _PLACES, minlength=count) for common in (places, shared)
        )
        wanted = np.minimum(np.maximum(FEWEST_OTHER_FACTS, OTHER_FACTS_SHARE * shared_count), OTHER_FACTS)
        words = np.minimum(*(side.word_counts(places, count) for side in (ours, theirs)))
        enough = place_count >= np.maximum(wanted, LEAST_OTHER_FACTS_SHARE * shared_count)
        found.append(enough & (words >= FEWEST_OTHER_WORDS))
    return np.concatenate(found)


class _PairFacts(NamedTuple):
    """Facts of one text of each pair, in the order of the pairs: which pair they are of, and the facts."""

    pair: Ints
    facts: Facts

    @classmethod
    def of(cls, facts: Rows, texts: Ints) -> Self:
        return cls(np.repeat(np.arange(len(texts)), facts.sizes[texts]), facts.values[facts.entries(texts)])

    def those_without(self, other: _PairFacts, count: int) -> _PairFacts:
        """Those whose name or number is nowhere in the other text."""
        is_there = np.zeros((count, _WORDS + 1), dtype=bool)
        is_there[other.pair, other.facts & _WORDS] = True
        kept = ~is_there[self.pair, self.facts & _WORDS]
        return _PairFacts(self.pair[kept], self.facts[kept])

    def places(self) -> Ints:
        """The distinct places, each with its pair above: in order, for facts are."""
        packed = self.pair << _PLACES | self.facts >> FACT_BITS
        return packed[runs(packed)[0]]

    def word_counts(self, places: Ints, count: int) -> Ints:
        """How many different names and numbers there are in each pair at some places."""
        here = np.isin(self.pair << _PLACES | self.facts >> FACT_BITS, places)
        words = np.unique(self.pair[here] << FACT_BITS | self.facts[here] & _WORDS)
        return np.bincount(words >> FACT_BITS, minlength=count)


def _shared(rows: Rows, first: Ints, second: Ints, boilerplate: _Marked = _NOT_MARKED) -> Ints:
    """How many shingles the two rows of each pair have in common, boilerplate left out."""
    counts = np.empty(len(first), dtype=np.int64)
    count_common(rows.values, rows.starts, rows.sizes, first, second, *boilerplate, counts)
    return counts


def _is_sampled(values: npt.NDArray[np.unsignedinteger]) -> Mask:
    is_sampled: Mask = np.bitwise_and(values, SAMPLE_EVERY - 1, dtype=np.uint8, casting="unsafe") == 0
    return is_sampled


def _among(values: Shingles, some: Shingles) -> Mask:
    """Whether each value is one of `some`, which are sorted."""
    among = np.empty(len(values), dtype=bool)
    find_among(values, *_Marked.of(some), among)
    return among


def _distinct(table: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int32], Ints]:
    """The distinct rows of a table with an even number of columns, and where each row is among them."""
    pairs = table.view(np.int64)
    order = np.lexsort(pairs.T)
    is_first = np.ones(len(table), dtype=bool)
    is_first[1:] = (pairs[order[1:]] != pairs[order[:-1]]).any(axis=1)
    row = np.empty(len(table), dtype=np.int64)
    row[order] = np.cumsum(is_first) - 1
    return table[order[is_first]], row


def _packed(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> Ints:
    """Pairs as one integer each, the lower print in the upper half; pairs with a -1 left out."""
    both = (a >= 0) & (b >= 0)
    a, b = a[both], b[both]
    return np.minimum(a, b).astype(np.int64) << 32 | np.maximum(a, b)
