"""The loops of `flows.grouping.stories`: which terms texts have, and how near texts are by them.

Sums are taken in the order of the terms, so that they come out the same however texts are added.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from flows.grouping.compiling import compiled, longer, read_only

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Steps = npt.NDArray[np.uint8]

_INTEGER, _FLOAT = numba.int64, numba.float64
_HASHES, _INTEGERS, _NUMBERS = read_only(numba.uint32), read_only(numba.int64), read_only(numba.int32)
_FLOATS, _MASK = read_only(numba.float64), read_only(numba.boolean)

TERM_WORDS = 1 << 19  # of 64 bits, one for each term
# What is left of a text without its heaviest terms has this length at most; what sums may be out by.
REST, SLACK = 0.6, 1e-6


@compiled(inline="always")
def _bits_set(word: int) -> int:
    """How many bits of 64 are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled(numba.int64(_HASHES, _INTEGERS, _INTEGERS, _INTEGERS, numba.uint64[::1], numba.int32[::1]))
def index_terms(values: Hashes, starts: Ints, sizes: Ints, rows: Ints, bits: Any, ranks: Numbers) -> int:
    """Write the set of the terms of these rows and, for `number_terms`, how many are below each word of it.

    Returns how many there are.
    """
    for row in rows:
        for at in range(starts[row], starts[row] + sizes[row]):
            term = np.int64(values[at] >> 7)
            bits[term >> 6] |= np.uint64(1) << np.uint64(term & 63)
    count = 0
    for word in range(len(bits)):
        ranks[word] = count
        count += _bits_set(bits[word])
    return count


@compiled(inline="always")
def _number(term: int, bits: Any, ranks: Numbers) -> int:
    """The number of an indexed term, from 1 on in their order, 0 of any other."""
    word, bit = bits[term >> 6], np.uint64(term & 63)
    if not (word >> bit) & np.uint64(1):
        return np.int64(0)
    below = word & ((np.uint64(1) << bit) - np.uint64(1))
    return np.int64(ranks[term >> 6]) + _bits_set(below) + 1


_INDEX = (read_only(numba.uint64), _NUMBERS)


@compiled(numba.void(_HASHES, _INTEGERS, _INTEGERS, _INTEGERS, *_INDEX, numba.int32[::1], numba.uint8[::1]))
def number_terms(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    rows: Ints,
    bits: Any,
    ranks: Numbers,
    numbers: Numbers,
    steps: Steps,
) -> None:
    """Write the numbers and the weights of the terms of these rows, end to end."""
    place = 0
    for row in rows:
        for at in range(starts[row], starts[row] + sizes[row]):
            numbers[place] = _number(np.int64(values[at] >> 7), bits, ranks)
            steps[place] = values[at] & 127
            place += 1


@compiled(numba.void(_HASHES, _INTEGERS, _INTEGERS, _MASK, *_INDEX, numba.int32[::1]))
def count_terms(
    values: Hashes, starts: Ints, sizes: Ints, chosen: Mask, bits: Any, ranks: Numbers, found_in: Numbers
) -> None:
    """Add to each number how many of the chosen rows have its term."""
    for row in range(len(starts)):
        if chosen[row]:
            for at in range(starts[row], starts[row] + sizes[row]):
                number = _number(np.int64(values[at] >> 7), bits, ranks)
                if number:
                    found_in[number] += 1


_TEXTS = (_INTEGERS, _NUMBERS, _FLOATS)


_CHOICE = (_MASK, _INTEGER, _INTEGER)
_FOUND = numba.types.Tuple((numba.int32[::1], numba.int32[::1], numba.float64[::1]))


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


_MET = numba.types.Tuple((numba.int32[::1], numba.int32[::1], numba.int32[::1], numba.uint8[::1]))


@compiled(_MET(_HASHES, _INTEGERS, _INTEGERS, _INTEGERS, _INTEGERS, _MASK, *_INDEX, _MASK))
def found_by_day(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    order: Ints,
    day_bounds: Ints,
    passed: Mask,
    bits: Any,
    ranks: Numbers,
    wanted: Mask,
) -> tuple[Numbers, Numbers, Numbers, Steps]:
    """The wanted terms of texts that are not `passed`: text, number, in how many texts so far, and weight.

    The texts of day d are rows `order[day_bounds[d] : day_bounds[d + 1]]`; a day's texts count on that day.
    """
    room = 1 << 12
    texts, numbers = np.empty(room, np.int32), np.empty(room, np.int32)
    found_in, steps = np.empty(room, np.int32), np.empty(room, np.uint8)
    so_far = np.zeros(len(wanted), np.int32)
    count = 0
    for day in range(len(day_bounds) - 1):
        first = count
        for text in range(day_bounds[day], day_bounds[day + 1]):
            if passed[text]:
                continue
            row = order[text]
            if count + sizes[row] > room:
                room = 2 * room + sizes[row]
                texts, numbers = longer(texts, room), longer(numbers, room)
                found_in, steps = longer(found_in, room), longer(steps, room)
            for at in range(starts[row], starts[row] + sizes[row]):
                number = _number(np.int64(values[at] >> 7), bits, ranks)
                if number and wanted[number]:
                    texts[count], numbers[count], steps[count] = text, number, values[at] & 127
                    so_far[number] += 1
                    count += 1
        for place in range(first, count):
            found_in[place] = so_far[numbers[place]]
    return texts[:count], numbers[:count], found_in[:count], steps[:count]
