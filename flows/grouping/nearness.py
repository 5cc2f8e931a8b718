"""The loops of `flows.grouping.stories`: which terms texts have, and how near texts are by them.

Sums are taken in the order of the terms, so that they come out the same however texts are added.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from flows.compiled import compiled, longer, read_only

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Steps = npt.NDArray[np.uint8]

_INTEGER, _FLOAT = numba.int64, numba.float64
_together: Any = numba.types.Tuple
_HASHES, _INTEGERS, _NUMBERS = read_only(numba.uint32), read_only(numba.int64), read_only(numba.int32)
_FLOATS, _MASK = read_only(numba.float64), read_only(numba.boolean)

# Terms have 25 bits: so many words of 64 bits have a bit for each, and so many have one for each word.
TERM_WORDS = 1 << 19
MARK_WORDS = TERM_WORDS >> 6
# What is left of a text without its heaviest terms has this length at most; what sums may be out by.
REST, SLACK = 0.6, 1e-6


@compiled(inline="always")
def _bits_set(word: Any) -> Any:
    """How many bits of 64 are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled(inline="always")
def _is_set(word: Any, bit: Any) -> Any:
    return (word >> np.uint64(bit)) & np.uint64(1) != 0


@compiled(inline="always")
def _set_below(word: Any, bit: Any) -> Any:
    """How many bits of a word are set below one."""
    return _bits_set(word & ((np.uint64(1) << np.uint64(bit)) - np.uint64(1)))


@compiled(numba.uint64[::1](_HASHES, _INTEGERS, _INTEGERS, _INTEGERS))
def mark_terms(values: Hashes, starts: Ints, sizes: Ints, rows: Ints) -> Any:
    """What tells quickly of most terms that these rows do not have them: a bit for 64 terms together."""
    marks = np.zeros(MARK_WORDS, np.uint64)
    for row in rows:
        for at in range(starts[row], starts[row] + sizes[row]):
            word = np.int64(values[at] >> 13)
            marks[word >> 6] |= np.uint64(1) << np.uint64(word & 63)
    return marks


_MARKS = read_only(numba.uint64)
_INDEX = (_MARKS, _NUMBERS, _MARKS, _NUMBERS)
_INDEXED = _together((numba.int32[::1], numba.uint64[::1], numba.int32[::1], _INTEGER))


@compiled(_INDEXED(_HASHES, _INTEGERS, _INTEGERS, _INTEGERS, _MARKS))
def index_terms(
    values: Hashes, starts: Ints, sizes: Ints, rows: Ints, marks: Any
) -> tuple[Numbers, Any, Numbers, int]:
    """The set of the terms of these rows, for `number_terms`, given their marks; and how many they are.

    A marked word has its place among the others, there its bits, and how many are set in those before.
    """
    places = np.empty(MARK_WORDS, np.int32)
    count = 0
    for mark in range(MARK_WORDS):
        places[mark] = count
        count += _bits_set(marks[mark])
    bits, ranks = np.zeros(count, np.uint64), np.empty(count, np.int32)
    for row in rows:
        for at in range(starts[row], starts[row] + sizes[row]):
            term = np.int64(values[at] >> 7)
            place = places[term >> 12] + _set_below(marks[term >> 12], (term >> 6) & 63)
            bits[place] |= np.uint64(1) << np.uint64(term & 63)
    count = 0
    for place in range(len(bits)):
        ranks[place] = count
        count += _bits_set(bits[place])
    return places, bits, ranks, count


@compiled(inline="always")
def _number(term: Any, marks: Any, places: Any, bits: Any, ranks: Any) -> Any:
    """The number of an indexed term, from 1 on in their order, 0 of any other."""
    mark = marks[term >> 12]
    if not _is_set(mark, (term >> 6) & 63):
        return np.int64(0)
    place = places[term >> 12] + _set_below(mark, (term >> 6) & 63)
    if not _is_set(bits[place], term & 63):
        return np.int64(0)
    return np.int64(ranks[place]) + _set_below(bits[place], term & 63) + 1


@compiled(numba.void(_HASHES, _INTEGERS, _INTEGERS, _INTEGERS, *_INDEX, numba.int32[::1], numba.uint8[::1]))
def number_terms(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    rows: Ints,
    marks: Any,
    places: Numbers,
    bits: Any,
    ranks: Numbers,
    numbers: Numbers,
    steps: Steps,
) -> None:
    """Write the numbers and the weights of the terms of these rows, end to end."""
    place = 0
    for row in rows:
        for at in range(starts[row], starts[row] + sizes[row]):
            numbers[place] = _number(np.int64(values[at] >> 7), marks, places, bits, ranks)
            steps[place] = values[at] & 127
            place += 1


@compiled(numba.void(_HASHES, _INTEGERS, _INTEGERS, _MASK, *_INDEX, numba.int32[::1]))
def count_terms(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    chosen: Mask,
    marks: Any,
    places: Numbers,
    bits: Any,
    ranks: Numbers,
    found_in: Numbers,
) -> None:
    """Add to each number how many of the chosen rows have its term."""
    for row in range(len(starts)):
        if chosen[row]:
            for at in range(starts[row], starts[row] + sizes[row]):
                number = _number(np.int64(values[at] >> 7), marks, places, bits, ranks)
                if number:
                    found_in[number] += 1


_TEXTS = (_INTEGERS, _NUMBERS, _FLOATS)


_CHOICE = (_MASK, _INTEGER, _INTEGER)
_FOUND = _together((numba.int32[::1], numba.int32[::1], numba.float64[::1]))


@compiled(_FOUND(*_TEXTS, *_CHOICE, *_TEXTS, *_CHOICE, _INTEGER, numba.int32[::1], _FLOAT))
def near_pairs(
    starts: Ints,
    numbers: Numbers,
    weights: Floats,
    chosen: Mask,
    first: int,
    last: int,
    new_starts: Ints,
    new_numbers: Numbers,
    new_weights: Floats,
    new_chosen: Mask,
    new_first: int,
    new_last: int,
    behind: int,
    posting_of: Numbers,
    least: float,
) -> tuple[Numbers, Numbers, Floats]:
    """Pairs of chosen texts, one of the first and one of the new, whose product is as much as `least`.

    Text i has the terms `numbers[starts[i] : starts[i + 1]]`. Of the new texts those are compared to text i
    whose number is above i - `behind`. `posting_of` is zeros, one for each number, and is so again.
    """
    posting_count = 0
    entry_count = 0
    for text in range(new_first, new_last):
        if new_chosen[text]:
            for at in range(new_starts[text], new_starts[text + 1]):
                if new_weights[at] > 0:
                    entry_count += 1
                    if posting_of[new_numbers[at]] == 0:
                        posting_count += 1
                        posting_of[new_numbers[at]] = posting_count
    ends = np.zeros(posting_count + 2, np.int64)
    for text in range(new_first, new_last):
        if new_chosen[text]:
            for at in range(new_starts[text], new_starts[text + 1]):
                if new_weights[at] > 0:
                    ends[posting_of[new_numbers[at]] + 1] += 1
    for posting in range(1, len(ends)):
        ends[posting] += ends[posting - 1]
    texts = np.empty(entry_count, np.int32)
    heft = np.empty(entry_count, np.float64)
    for text in range(new_first, new_last):
        if new_chosen[text]:
            for at in range(new_starts[text], new_starts[text + 1]):
                if new_weights[at] > 0:
                    posting = posting_of[new_numbers[at]]
                    place = ends[posting]
                    ends[posting] += 1
                    texts[place] = text - new_first
                    heft[place] = new_weights[at]
    # Posting p is from ends[p - 1] to ends[p] now.
    room = 1 << 12
    one, other, product = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float64)
    count = 0
    width = new_last - new_first
    sums = np.zeros(width + 8, np.float64)
    for text in range(first, last):
        if not chosen[text]:
            continue
        is_met = False
        for at in range(starts[text], starts[text + 1]):
            posting = posting_of[numbers[at]]
            weight = weights[at]
            if posting > 0 and weight > 0:
                is_met = True
                for place in range(ends[posting - 1], ends[posting]):
                    sums[texts[place]] += weight * heft[place]
        if not is_met:
            continue
        if count + width > room:
            room = 2 * room + width
            one, other, product = longer(one, room), longer(other, room), longer(product, room)
        for begin in range(max(text - behind + 1 - new_first, 0) // 8 * 8, width, 8):
            some = False
            for lane in range(8):
                some |= sums[begin + lane] >= least
            if some:
                for place in range(begin, begin + 8):
                    if sums[place] >= least and place + new_first > text - behind:
                        one[count], other[count], product[count] = text, place + new_first, sums[place]
                        count += 1
        sums[:] = 0.0
    for text in range(new_first, new_last):
        if new_chosen[text]:
            for at in range(new_starts[text], new_starts[text + 1]):
                posting_of[new_numbers[at]] = 0
    return one[:count], other[:count], product[:count]


@compiled(
    numba.void(*_TEXTS, _MASK, _INTEGER, _INTEGER, _INTEGER, numba.int32[::1], _FLOAT, numba.int64[::1])
)
def find_alike(
    starts: Ints,
    numbers: Numbers,
    weights: Floats,
    passed: Mask,
    recent: int,
    begin: int,
    end: int,
    posting_of: Numbers,
    least: float,
    earliest: Ints,
) -> None:
    """Write for each text from `begin` to `end` the first from `recent` on whose product with it is `least`.

    Weights have a length of 1 for each text at most, those that are `passed` are not looked at. What is
    `posting_of` stays zeros. The heaviest terms of two texts that are so much alike say so: only these are
    looked up, and what remains open is computed.
    """
    width = end - begin
    rest = np.zeros(width, np.float64)
    heaviest = np.zeros(starts[end] - starts[begin], np.bool_)
    posting_count = 0
    for text in range(begin, end):
        order = np.argsort(weights[starts[text] : starts[text + 1]])
        square = 0.0
        for rank in range(len(order)):
            place = starts[text] + order[rank]
            square += weights[place] * weights[place]
            if square <= REST * REST:
                rest[text - begin] = np.sqrt(square)
            else:
                heaviest[place - starts[begin]] = True
                if posting_of[numbers[place]] == 0:
                    posting_count += 1
                    posting_of[numbers[place]] = posting_count
    ends = np.zeros(posting_count + 2, np.int64)
    for at in range(starts[begin], starts[end]):
        if heaviest[at - starts[begin]]:
            ends[posting_of[numbers[at]] + 1] += 1
    for posting in range(1, len(ends)):
        ends[posting] += ends[posting - 1]
    texts = np.empty(ends[-1], np.int32)
    heft = np.empty(ends[-1], np.float64)
    for text in range(begin, end):
        for at in range(starts[text], starts[text + 1]):
            if heaviest[at - starts[begin]]:
                posting = posting_of[numbers[at]]
                texts[ends[posting]] = text - begin
                heft[ends[posting]] = weights[at]
                ends[posting] += 1
    sums = np.zeros(width, np.float64)
    met = np.empty(width, np.int64)
    for text in range(recent, end):
        if passed[text]:
            continue
        met_count = 0
        for at in range(starts[text], starts[text + 1]):
            posting = posting_of[numbers[at]]
            if posting > 0 and weights[at] > 0:
                for place in range(ends[posting - 1], ends[posting]):
                    if sums[texts[place]] == 0:
                        met[met_count] = texts[place]
                        met_count += 1
                    sums[texts[place]] += weights[at] * heft[place]
        for which in range(met_count):
            place = met[which]
            other = place + begin
            if earliest[place] == end and other > text and sums[place] + rest[place] >= least - SLACK:
                product = 0.0
                one, two = starts[text], starts[other]
                while one < starts[text + 1] and two < starts[other + 1]:
                    if numbers[one] == numbers[two]:
                        product += weights[one] * weights[two]
                        one += 1
                        two += 1
                    elif numbers[one] < numbers[two]:
                        one += 1
                    else:
                        two += 1
                if product >= least:
                    earliest[place] = text
            sums[place] = 0.0
    for at in range(starts[begin], starts[end]):
        posting_of[numbers[at]] = 0


_MET = _together((numba.int32[::1], numba.int32[::1], numba.int32[::1], numba.uint8[::1]))


@compiled(_MET(_HASHES, _INTEGERS, _INTEGERS, _INTEGERS, _INTEGERS, _MASK, *_INDEX, _MARKS, _MASK, _INTEGER))
def found_by_day(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    order: Ints,
    day_bounds: Ints,
    passed: Mask,
    marks: Any,
    places: Numbers,
    bits: Any,
    ranks: Numbers,
    wanted_marks: Any,
    wanted: Mask,
    most: int,
) -> tuple[Numbers, Numbers, Numbers, Steps]:
    """The wanted terms of texts that are not `passed`: text, number, in how many texts so far, and weight.

    The texts of day d are rows `order[day_bounds[d] : day_bounds[d + 1]]`; a day's texts count on that day.
    `wanted_marks` are those of the wanted terms; of these, those in more than `most` texts are left out.
    """
    room = 1 << 12
    all_numbers, all_steps = np.empty(room, np.int32), np.empty(room, np.uint8)
    begins = np.zeros(len(starts) + 1, np.int64)
    count = 0
    for row in range(len(starts)):
        begins[row] = count
        if count + sizes[row] > room:
            room = 2 * room + sizes[row]
            all_numbers, all_steps = longer(all_numbers, room), longer(all_steps, room)
        for at in range(starts[row], starts[row] + sizes[row]):
            word = np.int64(values[at] >> 13)
            if _is_set(wanted_marks[word >> 6], word & 63):
                number = _number(np.int64(values[at] >> 7), marks, places, bits, ranks)
                if wanted[number]:
                    all_numbers[count], all_steps[count] = number, values[at] & 127
                    count += 1
    begins[len(starts)] = count
    texts, numbers = np.empty(count, np.int32), np.empty(count, np.int32)
    found_in, steps = np.empty(count, np.int32), np.empty(count, np.uint8)
    so_far = np.zeros(len(wanted), np.int32)
    kept = 0
    for day in range(len(day_bounds) - 1):
        for text in range(day_bounds[day], day_bounds[day + 1]):
            if not passed[text]:
                for at in range(begins[order[text]], begins[order[text] + 1]):
                    so_far[all_numbers[at]] += 1
        for text in range(day_bounds[day], day_bounds[day + 1]):
            if not passed[text]:
                for at in range(begins[order[text]], begins[order[text] + 1]):
                    number = all_numbers[at]
                    if so_far[number] <= most:
                        texts[kept], numbers[kept] = text, number
                        found_in[kept], steps[kept] = so_far[number], all_steps[at]
                        kept += 1
    return texts[:kept], numbers[:kept], found_in[:kept], steps[:kept]


_PAIRS = (_NUMBERS, _NUMBERS, _NUMBERS)
_HEADS = (_INTEGERS, _INTEGERS)
_LINKS = _together((numba.int64[::1], numba.int64[::1], numba.int64[::1]))


@compiled(_LINKS(*_PAIRS, *_HEADS, _MASK))
def find_links(
    first: Numbers, second: Numbers, nearness: Numbers, story: Ints, head: Ints, concerned: Mask
) -> tuple[Ints, Ints, Ints]:
    """The stories of pairs of texts that are in two of those concerned, and how near the texts are."""
    room = 1 << 8
    one, other, near = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    count = 0
    for pair in range(len(first)):
        a = head[story[first[pair]]]
        if not concerned[a]:
            continue
        b = head[story[second[pair]]]
        if a == b or not concerned[b]:
            continue
        if count == room:
            room *= 2
            one, other, near = longer(one, room), longer(other, room), longer(near, room)
        one[count], other[count], near[count] = a, b, nearness[pair]
        count += 1
    return one[:count], other[:count], near[:count]


@compiled(numba.int64(*[numba.int32[::1]] * 3, _INTEGER, *_HEADS, _INTEGER))
def drop_closed(
    first: Numbers, second: Numbers, nearness: Numbers, count: int, story: Ints, head: Ints, oldest: int
) -> int:
    """Keep of so many pairs those of two stories whose second text is not before the oldest; how many."""
    kept = 0
    for pair in range(count):
        if second[pair] >= oldest and head[story[first[pair]]] != head[story[second[pair]]]:
            first[kept], second[kept], nearness[kept] = first[pair], second[pair], nearness[pair]
            kept += 1
    return kept


@compiled(numba.void(*_PAIRS, _INTEGERS, numba.int64[::1]))
def add_inside(first: Numbers, second: Numbers, nearness: Numbers, story: Ints, total: Ints) -> None:
    """Add to both texts of each pair of one story how near they are."""
    for pair in range(len(first)):
        if story[first[pair]] == story[second[pair]]:
            total[first[pair]] += nearness[pair]
            total[second[pair]] += nearness[pair]


@compiled(numba.void(_INTEGERS, _INTEGERS, _MASK, _INTEGERS, numba.int64[::1]))
def find_central(story: Ints, total: Ints, passed: Mask, place: Ints, central: Ints) -> None:
    """Write for the first text of each story the one of the largest total.

    Of equals it is one that is not `passed`, of these the one of the lowest place. `central` is given as -1.
    """
    for text in range(len(story)):
        best = central[story[text]]
        if best >= 0:
            if total[text] < total[best]:
                continue
            if total[text] == total[best]:
                if passed[text] > passed[best]:
                    continue
                if passed[text] == passed[best] and place[text] > place[best]:
                    continue
        central[story[text]] = text


@compiled(numba.int64[::1](_INTEGERS, _INTEGERS, _INTEGERS, _INTEGERS, _FLOAT))
def average_linkage(first: Ints, second: Ints, nearness: Ints, sizes: Ints, enough: float) -> Ints:
    """A label for each cluster, shape (n,): the first it is joined with by average linkage to `enough`.

    `nearness` is between texts of two clusters, `sizes` is how many each cluster has. Each round merges all
    pairs of clusters that are each other's nearest (the first of equals), which for this linkage gives the
    same as merging one pair at a time.
    """
    count = len(sizes)
    labels, size = np.arange(count), sizes.copy()
    one, other, total = np.minimum(first, second), np.maximum(first, second), nearness.copy()
    average = np.empty(len(one), np.float64)
    best, nearest, into = np.empty(count, np.float64), np.empty(count, np.int64), np.empty(count, np.int64)
    slots = 16
    while slots < 2 * len(one):
        slots *= 2
    slot_of = np.full(slots, -1, np.int64)
    links = len(one)
    while True:
        # Links between the same clusters become one.
        distinct = 0
        for link in range(links):
            a, b, near = one[link], other[link], total[link]
            slot = ((a * 0x9E3779B1 + b) * 0x85EBCA6B >> 15) & (slots - 1)
            while slot_of[slot] >= 0:
                if one[slot_of[slot]] == a and other[slot_of[slot]] == b:
                    break
                slot = (slot + 1) & (slots - 1)
            if slot_of[slot] >= 0:
                total[slot_of[slot]] += near
            else:
                slot_of[slot] = distinct
                one[distinct], other[distinct], total[distinct] = a, b, near
                distinct += 1
        slot_of[:slots] = -1
        best[:] = 0
        for link in range(distinct):
            a, b = one[link], other[link]
            average[link] = total[link] / (size[a] * size[b])
            best[a] = max(best[a], average[link])
            best[b] = max(best[b], average[link])
        # A cluster that is near to none now never will be: averages only fall.
        nearest[:] = count
        links = 0
        for link in range(distinct):
            a, b, near = one[link], other[link], average[link]
            if best[a] >= enough and best[b] >= enough:
                if near == best[a]:
                    nearest[a] = min(nearest[a], b)
                if near == best[b]:
                    nearest[b] = min(nearest[b], a)
                one[links], other[links], total[links] = a, b, total[link]
                links += 1
        merged = False
        for cluster in range(count):
            into[cluster] = cluster
        for cluster in range(count):
            near_one = nearest[cluster]
            if cluster < near_one < count and nearest[near_one] == cluster:
                into[near_one] = cluster
                size[cluster] += size[near_one]
                merged = True
        if not merged:
            return labels
        for cluster in range(count):
            labels[cluster] = into[labels[cluster]]
        kept = 0
        for link in range(links):
            a, b = into[one[link]], into[other[link]]
            if a != b:
                one[kept], other[kept], total[kept] = min(a, b), max(a, b), total[link]
                kept += 1
        links = kept
