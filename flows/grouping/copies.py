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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from flows.grouping.rows import count_chosen, spans
from flows.grouping.shingles import FACT_BITS, Facts, Shingles

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

# Fewer shingles than this (a text under eight words) prove nothing: such texts are copies only if equal.
FEWEST_SHINGLES = 5
# One shingle in so many (a power of 2) makes candidates; between texts under SHORT_TEXT every one does.
SAMPLE_EVERY, SHORT_TEXT = 4, 128
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
_PAIR_BATCH = 20_000
_RANGE_ENTRIES = 1 << 23
_CACHED_ENTRIES = 1 << 16
_MARKS = 1 << 22
_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class CopyState:
    """What one grouping leaves to the next: everything that took comparing texts.

    A print is a distinct set of shingles, named by its digest. `prints` are in order, each with a text
    that has it (`text_hash`) and the number of its telling shingles. `first` and `second` are pairs of
    prints, as indices, that share `common` shingles, of them `shared` telling ones; `apart` are those whose
    texts tell other facts. `boilerplate` are the shingles that tell nothing, sorted.
    """

    prints: list[str]
    text_hash: list[str]
    telling: Ints
    first: Ints
    second: Ints
    common: Ints
    shared: Ints
    apart: Mask
    boilerplate: Shingles


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


NOTHING = CopyState(
    [],
    [],
    _none(),
    _none(),
    _none(),
    _none(),
    _none(),
    apart=np.empty(0, dtype=bool),
    boilerplate=np.empty(0, dtype=np.uint32),
)


def group_copies(
    keys: Sequence[str],
    shingles: Sequence[Shingles],
    dates: Sequence[date | None] | None = None,
    facts: Sequence[Facts] | None = None,
) -> list[str]:
    """The group id of each text, aligned with `keys`; as `find_copies` of nothing known before."""
    return find_copies(keys, shingles, dates, facts=facts)[0]


def find_copies(
    keys: Sequence[str],
    shingles: Sequence[Shingles],
    dates: Sequence[date | None] | None = None,
    known: CopyState = NOTHING,
    gone: Mapping[str, Shingles] | None = None,
    *,
    facts: Sequence[Facts] | None = None,
) -> tuple[list[str], CopyState]:
    """The group id of each text, aligned with `keys`, and what to give as `known` the next time.

    `shingles[i]` is what `shingle_hashes` gave for text i, shape (n_i,), `facts[i]` what `fact_hashes` gave;
    `dates[i]` is when it was published, as far as that is known. `gone` has the shingles of texts that are
    in `known.text_hash` and not in `keys`. A group's id is the key of its earliest text (undated ones last,
    then the smallest key), so that it stays when later copies arrive. The groups depend only on the set of
    (key, shingles, date, facts): neither on their order nor on what was grouped before. Where a text that is
    gone was not given, nothing counts as known. Raises ValueError when the lengths differ or a key occurs
    twice.
    """
    if any(given is not None and len(given) != len(keys) for given in (shingles, dates, facts)):
        raise ValueError("keys, shingles, dates and facts differ in length")
    if len(set(keys)) != len(keys):
        raise ValueError("a key occurs twice")
    days = np.array([day.toordinal() if day else np.inf for day in dates or [None] * len(keys)])
    print_of = dict(zip(known.text_hash, known.prints, strict=True))
    texts = np.flatnonzero(np.fromiter(map(len, shingles), dtype=np.int64, count=len(keys)))
    named = [print_of.get(keys[i]) or _digest(shingles[i]) for i in texts.tolist()]
    here = set(named)
    left = [
        (name, text_hash)
        for name, text_hash in zip(known.prints, known.text_hash, strict=True)
        if name not in here
    ]
    if not all(text_hash in (gone or {}) for _, text_hash in left):
        known, left = NOTHING, []
    lost = {name: (gone or {})[text_hash] for name, text_hash in left}
    names = sorted(here | lost.keys())
    members = _Members(keys, texts, named, names)
    collection = _Collection(
        [shingles[i] if i >= 0 else lost[names[place]] for place, i in enumerate(members.first.tolist())],
        members.first,
        facts,
    )
    found = collection.compare(_placed(known, names, keys, members))
    first_day = np.full(len(names), np.inf)
    np.minimum.at(first_day, members.place, days[texts])
    group_of = list(keys)
    for group in members.with_equal_prints(collection.groups(found, first_day)):
        group_id = keys[min(group, key=lambda i: (days[i], keys[i]))]
        for i in group:
            group_of[i] = group_id
    kept = np.flatnonzero(collection.alive).tolist()
    place = np.cumsum(collection.alive) - 1
    state = CopyState(
        prints=[names[i] for i in kept],
        text_hash=[keys[i] for i in members.first[collection.alive].tolist()],
        telling=found.telling[collection.alive],
        first=place[found.first],
        second=place[found.second],
        common=found.common,
        shared=found.shared,
        apart=found.apart,
        boilerplate=found.boilerplate,
    )
    return group_of, state


class _Members:
    """The texts of each print: `first` has the one with the smallest key, -1 where all are gone."""

    def __init__(self, keys: Sequence[str], texts: Ints, named: list[str], names: list[str]) -> None:
        place_of = {name: place for place, name in enumerate(names)}
        self.texts = texts
        self.place = np.fromiter(map(place_of.__getitem__, named), dtype=np.int64, count=len(named))
        self.first = np.full(len(names), -1, dtype=np.int64)
        self.first[self.place] = texts
        self.of_shared: dict[int, list[int]] = defaultdict(list)
        shared = np.bincount(self.place, minlength=len(names))[self.place] > 1
        for place, i in zip(self.place[shared].tolist(), texts[shared].tolist(), strict=True):
            self.of_shared[place].append(i)
        for place, same in self.of_shared.items():
            self.first[place] = min(same, key=keys.__getitem__)

    def with_equal_prints(self, groups: list[tuple[int, ...]]) -> Iterator[list[int]]:
        """The texts of each group of prints, and of each print by itself that has two or more."""
        alone = self.of_shared.keys() - {place for group in groups for place in group}
        for group in (*groups, *((place,) for place in alone)):
            yield [i for place in group for i in self.of_shared.get(place) or [int(self.first[place])]]


def _digest(shingles: Shingles) -> str:
    return hashlib.blake2b(np.asarray(shingles, dtype="<u4").tobytes(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class _Found:
    """A `CopyState` by place in a collection; `is_known` says which of its prints the state is about.

    `is_renamed` are those that another text stands for now, so that their facts may be others.
    """

    is_known: Mask
    is_renamed: Mask
    telling: Ints
    first: Ints
    second: Ints
    common: Ints
    shared: Ints
    apart: Mask
    boilerplate: Shingles


def _placed(known: CopyState, names: list[str], keys: Sequence[str], members: _Members) -> _Found:
    index = {name: i for i, name in enumerate(names)}
    places = np.fromiter(map(index.__getitem__, known.prints), dtype=np.int64, count=len(known.prints))
    is_known = np.zeros(len(names), dtype=bool)
    is_known[places] = True
    is_renamed = np.zeros(len(names), dtype=bool)
    firsts = members.first[places].tolist()
    is_renamed[places] = [
        i >= 0 and keys[i] != text_hash for i, text_hash in zip(firsts, known.text_hash, strict=True)
    ]
    telling = np.zeros(len(names), dtype=np.int64)
    telling[places] = known.telling
    return _Found(
        is_known=is_known,
        is_renamed=is_renamed,
        telling=telling,
        first=places[known.first],
        second=places[known.second],
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


class _Collection:
    """Distinct sets of shingles in the order of their digests, which is as good as random.

    Those that are not alive are of texts that are gone; they are here only to find what they leave behind.
    """

    def __init__(self, texts: list[Shingles], number: Ints, facts: Sequence[Facts] | None) -> None:
        self.alive = number >= 0
        self.number = number  # of the text in `facts`
        self.facts = facts
        self.sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self.values = np.concatenate([np.empty(0, dtype=np.uint32), *texts])
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)])
        self.all = _matrix(self.values, self.starts)
        sampled = np.bitwise_and(self.values, SAMPLE_EVERY - 1, dtype=np.uint8, casting="unsafe") == 0
        short = self.sizes < SHORT_TEXT
        sampled[spans(self.starts[:-1][short], self.sizes[short])] = True
        sampled_counts = count_chosen(sampled, self.starts[:-1], self.sizes)
        self.sampled = _matrix(self.values[sampled], np.concatenate([[0], np.cumsum(sampled_counts)]))
        self.telling = _matrix(self.values, self.starts)

    def compare(self, known: _Found) -> _Found:
        """What `known` becomes with the prints that are new and without those that are gone."""
        new = self.alive & ~known.is_known
        boilerplate, judged = self._boilerplate(known)
        anew = new | self._moved(known) | known.is_renamed
        kept = self.alive[known.first] & self.alive[known.second]
        kept &= ~(anew[known.first] | anew[known.second])
        first, second, common = known.first[kept], known.second[kept], known.common[kept]
        shared, telling = known.shared[kept], known.telling.copy()
        for sign, changed in (
            (-1, boilerplate[~_among(boilerplate, known.boilerplate)]),
            (+1, known.boilerplate[~_among(known.boilerplate, boilerplate)]),
        ):
            here = _among(judged[1], changed)
            starts = np.searchsorted(judged[0][here], np.arange(len(self.sizes) + 1))
            entries = _matrix(judged[1][here], starts)
            telling += sign * np.diff(entries.indptr)
            shared += sign * _shared(entries, first, second)
        self._tell(anew, boilerplate)
        telling[new] = self.telling[new].sum(axis=1, dtype=np.int64).A1
        one, other, both = self._candidates(anew)
        more = [one, other, both, _shared(self.telling, one, other), self.are_apart(one, other)]
        pairs = np.concatenate([[first, second, common, shared, known.apart[kept]], more], axis=1)
        first, second, common, shared, apart = pairs[:, np.lexsort((pairs[1], pairs[0]))]
        return _Found(
            self.alive, known.is_renamed, telling, first, second, common, shared, apart > 0, boilerplate
        )

    def groups(self, found: _Found, days: Floats) -> list[tuple[int, ...]]:
        """Groups of two or more prints, their leader first; `days` are ordinals, inf where not known."""
        likeness = _Likeness(self, found.telling, days)
        linked = likeness.copies(found.first, found.second, found.shared)
        linked |= likeness.twins(found.first, found.second, found.common)
        linked &= ~found.apart
        first, second = found.first[linked], found.second[linked]
        labels = _components(len(self.sizes), first, second)
        large = np.bincount(labels, minlength=len(self.sizes))[labels] > 2
        self._tell(large, found.boilerplate)
        pairs = ~large[first]
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

    def _boilerplate(self, known: _Found) -> tuple[Shingles, tuple[Ints, Shingles]]:
        """The shingles that are boilerplate now, and which known prints have one that was judged anew.

        The latter as (print, shingle) in order.
        """
        judged, witnesses = [np.empty(0, dtype=np.uint32)], [np.empty((0, WITNESSES), dtype=np.int32)]
        entries = [np.empty(0, dtype=np.uint64)]
        for postings in self._postings(self.all, self.alive != known.is_known):
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
        gained = hashes[self._are_strangers(np.concatenate(witnesses), known)]
        kept = np.sort(np.concatenate(entries))
        prints, shingles = (kept >> np.uint64(32)).astype(np.int64), (kept & _LOW).astype(np.uint32)
        boilerplate = np.concatenate([known.boilerplate[~_among(known.boilerplate, hashes)], gained])
        return np.sort(boilerplate), (prints, shingles)

    def _moved(self, known: _Found) -> Mask:
        """The known prints that meet others than before, of whose pairs something may change."""
        moved = np.zeros(len(self.sizes), dtype=bool)
        for postings in self._postings(self.sampled, self.alive != known.is_known):
            now, before = self.alive[postings.prints], known.is_known[postings.prints]
            first = now & (postings.rank(now) < ANCHORS)
            first_before = before & (postings.rank(before) < ANCHORS)
            moved[postings.prints[now & before & (first != first_before)]] = True
        if not (known.is_known & ~self.alive).any():  # then a pair can be given up, but none found anew
            paired = np.zeros(len(moved), dtype=bool)
            paired[known.first] = paired[known.second] = True
            moved &= paired
        return moved

    def _are_strangers(self, table: npt.NDArray[np.int32], known: _Found) -> Mask:
        """Whether the prints of each row, -1 for none, are on the whole no copies of one another."""
        suspect = table[:, BOILERPLATE_TEXTS - 1] >= 0
        # Neighbouring shingles stand in the same texts: few rows are distinct.
        rows, row = np.unique(table[suspect], axis=0, return_inverse=True)
        texts = (rows >= 0).sum(axis=1)
        pairs, first_pairs = texts * (texts - 1) // 2, BOILERPLATE_TEXTS * (BOILERPLATE_TEXTS - 1) // 2
        distinct, total = self._strangeness(rows[:, :BOILERPLATE_TEXTS], known)
        # Most are settled by their first texts, whatever the others share.
        open_rows = (distinct < BOILERPLATE_TEXTS) | (
            total + pairs - first_pairs >= BOILERPLATE_CONTAINMENT * pairs
        )
        distinct[open_rows], total[open_rows] = self._strangeness(rows[open_rows], known)
        result = np.zeros(len(table), dtype=bool)
        strangers = (distinct >= BOILERPLATE_TEXTS) & (total < BOILERPLATE_CONTAINMENT * pairs)
        result[suspect] = strangers[row.ravel()]
        return result

    def _strangeness(self, rows: npt.NDArray[np.int32], known: _Found) -> tuple[Ints, Floats]:
        """How many prints of each row are no copies of one before, and what its pairs share, summed."""
        columns = list(combinations(range(rows.shape[1]), 2))
        pairs = np.concatenate([_none(), *(_packed(rows[:, a], rows[:, b]) for a, b in columns)])
        pairs.sort()
        pairs = pairs[_runs(pairs)[0]]
        first, second = pairs >> 32, pairs & 0xFFFFFFFF
        shared = np.zeros(len(pairs))
        before = known.first << 32 | known.second
        is_met = np.isin(pairs, before)
        shared[is_met] = known.common[np.searchsorted(before, pairs[is_met])]
        open_pairs = np.flatnonzero(~is_met)
        open_pairs = open_pairs[_shared(self.sampled, first[open_pairs], second[open_pairs]) > 1]
        shared[open_pairs] = _shared(self.all, first[open_pairs], second[open_pairs])
        containment = shared / np.minimum(self.sizes[first], self.sizes[second])
        resemblance = shared / (self.sizes[first] + self.sizes[second] - shared)
        sure = (resemblance >= SURE_RESEMBLANCE) | (containment >= SURE_CONTAINMENT)
        distinct, total = rows >= 0, np.zeros(len(rows))
        for a, b in columns:
            both = rows[:, b] >= 0
            place = np.searchsorted(pairs, rows[both, a].astype(np.int64) << 32 | rows[both, b])
            total[both] += containment[place]
            distinct[both, b] &= ~sure[place]
        return distinct.sum(axis=1), total

    def _candidates(self, anew: Mask) -> tuple[Ints, Ints, Ints]:
        """Pairs (first < second), at least one of them anew, that may be copies, and what they share.

        Both have two sampled shingles in whose postings one of them comes first, and share LEAST_SHARED.
        """
        found = [_none()]
        for postings in self._postings(self.sampled, anew):
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
        starts, met = _runs(pairs)
        pairs = pairs[starts[met >= 2]]
        first, second = pairs >> 32, pairs & 0xFFFFFFFF
        # What share so little of the sample share little: few are left to be compared in full.
        sizes = np.diff(self.sampled.indptr)
        smaller = np.minimum(sizes[first], sizes[second])
        close = _shared(self.sampled, first, second) >= LEAST_SHARED / (2 * SAMPLE_EVERY) * smaller
        first, second = first[close], second[close]
        common = _shared(self.all, first, second)
        enough = common >= LEAST_SHARED * np.minimum(self.sizes[first], self.sizes[second])
        return first[enough], second[enough], common[enough]

    def are_apart(self, first: Ints, second: Ints) -> Mask:
        """Whether the texts of each pair are one mould that was filled with other names and numbers."""
        if self.facts is None:
            return np.zeros(len(first), dtype=bool)
        pairs = zip(self.number[first].tolist(), self.number[second].tolist(), strict=True)
        found = (_tell_other_facts(self.facts[a], self.facts[b]) for a, b in pairs)
        return np.fromiter(found, dtype=bool, count=len(first))

    def _postings(self, matrix: sparse.csr_matrix, of: Mask) -> Iterator[_Postings]:
        """All prints that have the shingles of these, where there are two or more; a range at a time."""
        values, starts, lengths = matrix.indices.view(np.uint32), matrix.indptr, np.diff(matrix.indptr)
        owned = np.arange(len(of), dtype=np.uint32)
        if of.all():
            owners = np.repeat(owned, lengths)
        else:
            chosen = _maybe_where(values, values[spans(starts[:-1][of], lengths[of])])
            owners = np.repeat(owned, np.diff(np.searchsorted(chosen, starts)))
            values = values[chosen]
        ranges = len(values) // _RANGE_ENTRIES + 1
        bounds = [2**31 * i // ranges for i in range(ranges + 1)]
        for low, high in pairwise(bounds):
            here = (values >= low) & (values < high)
            entries = values[here].astype(np.uint64) << np.uint64(32) | owners[here]
            entries.sort()
            hashes, prints = (entries >> np.uint64(32)).astype(np.uint32), (entries & _LOW).astype(np.int32)
            del here, entries
            starts, lengths = _runs(hashes)
            if not len(starts):
                continue
            kept = (lengths > 1) & np.logical_or.reduceat(of[prints], starts)
            prints = prints[np.repeat(kept, lengths)]
            lengths = lengths[kept]
            yield _Postings(hashes[starts[kept]], np.cumsum(lengths) - lengths, lengths, prints)

    def _tell(self, prints: Mask, boilerplate: Shingles) -> None:
        """Drop the boilerplate of these prints from `telling`; a pair needs it dropped on one side."""
        entries = spans(self.starts[:-1][prints], self.sizes[prints])
        self.telling.data[entries] = ~_among(self.values[entries], boilerplate)


class _Likeness:
    """Which prints are copies of which, given what of each is telling and its first day."""

    def __init__(self, collection: _Collection, telling: Ints, days: Floats) -> None:
        self.collection = collection
        self.telling = telling
        self.days = days

    def shared(self, first: Ints, second: Ints) -> Ints:
        """How many telling shingles the prints of each pair share."""
        return _shared(self.collection.telling, first, second)

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


def _tell_other_facts(one: Facts, other: Facts) -> bool:
    """Whether at many places each of two texts has a name or number that the other has nowhere."""
    mask = (1 << FACT_BITS) - 1
    ours, theirs = one[~np.isin(one & mask, other & mask)], other[~np.isin(other & mask, one & mask)]
    places = np.intersect1d(ours >> FACT_BITS, theirs >> FACT_BITS)
    if len(places) < FEWEST_OTHER_FACTS:
        return False
    shared_count = np.intersect1d(one >> FACT_BITS, other >> FACT_BITS).size
    wanted = min(max(FEWEST_OTHER_FACTS, OTHER_FACTS_SHARE * shared_count), OTHER_FACTS)
    words = (np.unique(facts[np.isin(facts >> FACT_BITS, places)] & mask).size for facts in (ours, theirs))
    return (
        len(places) >= max(wanted, LEAST_OTHER_FACTS_SHARE * shared_count)
        and min(words) >= FEWEST_OTHER_WORDS
    )


def _matrix(values: Shingles, starts: Ints) -> sparse.csr_matrix:
    """Prints x shingles, ones; the hash of a shingle is its column, and row i starts at `starts[i]`."""
    data = np.ones(len(values), dtype=np.int8)
    parts = (data, values.view(np.int32), starts.astype(np.int32))
    return sparse.csr_matrix(parts, shape=(len(starts) - 1, 2**31 - 1))


def _shared(matrix: sparse.csr_matrix, first: Ints, second: Ints) -> Ints:
    """How many columns the two rows of each pair have in common."""
    counts = np.zeros(len(first), dtype=np.int64)
    filled = np.diff(matrix.indptr) > 0
    pairs = np.flatnonzero(filled[first] & filled[second])
    for begin in range(0, len(pairs), _PAIR_BATCH):
        part = pairs[begin : begin + _PAIR_BATCH]
        both = matrix[first[part]].multiply(matrix[second[part]]).tocsr()
        counts[part] = np.diff(both.indptr)
    return counts


def _maybe_where(values: Shingles, some: Shingles) -> Ints:
    """The places of the values that are one of `some`, and of a few others, in order."""
    places = np.flatnonzero(_marked(values, some, 9))
    return places[_marked(values[places], some, 0)]


def _marked(values: Shingles, some: Shingles, shift: int) -> Mask:
    """True for every value that in 22 of its bits is like one of `some`."""
    mask, places = np.uint32(_MARKS - 1), np.uint32(shift)
    marks = np.zeros(_MARKS, dtype=bool)
    marks[some >> places & mask] = True
    marked = np.empty(len(values), dtype=bool)
    for begin in range(0, len(values), _CACHED_ENTRIES):
        part = slice(begin, begin + _CACHED_ENTRIES)
        marked[part] = marks[values[part] >> places & mask]
    return marked


def _among(values: Shingles, some: Shingles) -> Mask:
    """Whether each value is one of `some`, which are sorted."""
    among = np.zeros(len(values), dtype=bool)
    if len(some):
        places = _maybe_where(values, some)
        maybe = values[places]
        among[places] = some[np.minimum(np.searchsorted(some, maybe), len(some) - 1)] == maybe
    return among


def _runs(values: npt.NDArray[np.generic]) -> tuple[Ints, Ints]:
    """Where each run of equal values starts, and how long it is."""
    if not len(values):
        return _none(), _none()
    starts = np.flatnonzero(np.concatenate([np.ones(1, dtype=bool), values[1:] != values[:-1]]))
    return starts, np.diff(np.append(starts, len(values)))


def _packed(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> Ints:
    """Pairs as one integer each, the lower print in the upper half; pairs with a -1 left out."""
    both = (a >= 0) & (b >= 0)
    a, b = a[both], b[both]
    return np.minimum(a, b).astype(np.int64) << 32 | np.maximum(a, b)


def _components(count: int, first: Ints, second: Ints) -> npt.NDArray[np.int32]:
    """The component of each print when the pairs are joined: shape (count,)."""
    links = sparse.coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    labels: npt.NDArray[np.int32] = sparse.csgraph.connected_components(links, directed=False)[1]
    return labels
