"""The loops of `flows.grouping.copies`: which shingles come back, and how many of them two texts share."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from flows.compiled import compiled, longer, read_only

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]
Packed = npt.NDArray[np.uint64]

# Shingles are brought together in so many buckets, in which so many bits tell them apart.
BUCKETS, BUCKET_BITS = 512, 17
# They are sorted by so many bits at a time, of 31.
DIGIT_BITS = 11
FEW_ENTRIES = 32
COMMON_WORDS = 1 << 11
# Of marks for shingles that are sought there are at most so many, as a power of 2, four times as many behind.
MOST_MARKS = 22
# One value in so many is sought, of more all are gone through.
FEW_IN = 16

_INTEGER = numba.int64
_HASHES, _INTEGERS, _NUMBERS = read_only(numba.uint32), read_only(numba.int64), read_only(numba.int32)
_ROWS = (_HASHES, _INTEGERS, _INTEGERS)
_PACKED = numba.uint64[::1]


@compiled(_PACKED(_PACKED, _PACKED))
def sorted_and_repeated(packed: Packed, other: Packed) -> Packed:
    """The entries of shingles that are in two or more, sorted; what is given, `other` as long, is lost."""
    for digit in range(3):
        shift = np.uint64(32 + DIGIT_BITS * digit)
        mask = np.uint64((1 << DIGIT_BITS) - 1)
        ends = np.zeros((1 << DIGIT_BITS) + 1, np.int64)
        for entry in packed:
            ends[np.int64(entry >> shift & mask) + 1] += 1
        for place in range(len(ends) - 1):
            ends[place + 1] += ends[place]
        for entry in packed:
            bucket = np.int64(entry >> shift & mask)
            other[ends[bucket]] = entry
            ends[bucket] += 1
        packed, other = other, packed
    kept = begin = 0
    while begin < len(packed):
        end = begin + 1
        while end < len(packed) and packed[end] >> np.uint64(32) == packed[begin] >> np.uint64(32):
            end += 1
        first = kept
        if end - begin > FEW_ENTRIES:
            packed[kept : kept + end - begin] = np.sort(packed[begin:end])
            kept += end - begin
        elif end - begin > 1:
            for at in range(begin, end):
                entry, place = packed[at], kept
                while place > first and packed[place - 1] > entry:
                    packed[place] = packed[place - 1]
                    place -= 1
                packed[place] = entry
                kept += 1
        begin = end
    return packed[:kept]


@compiled(_PACKED(*_ROWS, _NUMBERS, numba.int64[::1], _INTEGER, _INTEGER))
def repeated_shingles(
    values: Hashes, starts: Ints, sizes: Ints, print_of: Numbers, done: Ints, low: int, high: int
) -> Packed:
    """The shingles from `low` to `high` that two rows have, and a few others, each with the print of its row.

    Rows of print -1 are left out. `done` is how much of each row is below `low`, and moves on. A shingle is
    in the upper half of 64 bits, the print in the lower; they are in no order.
    """
    shift = 0
    while (high - low - 1) >> shift >= BUCKETS:
        shift += 1
    ends = np.zeros(BUCKETS + 1, np.int64)
    for row in range(len(starts)):
        if print_of[row] < 0:
            continue
        for at in range(starts[row] + done[row], starts[row] + sizes[row]):
            if values[at] >= high:
                break
            ends[((np.int64(values[at]) - low) >> shift) + 1] += 1
    for bucket in range(BUCKETS):
        ends[bucket + 1] += ends[bucket]
    packed = np.empty(ends[BUCKETS], np.uint64)
    for row in range(len(starts)):
        if print_of[row] < 0:
            continue
        for at in range(starts[row] + done[row], starts[row] + sizes[row]):
            if values[at] >= high:
                break
            into = (np.int64(values[at]) - low) >> shift
            packed[ends[into]] = np.uint64(values[at]) << np.uint64(32) | np.uint64(print_of[row])
            ends[into] += 1
            done[row] += 1
    # Bucket b ends at ends[b] now.
    times = np.zeros(1 << BUCKET_BITS, np.uint8)
    mask = np.uint64((1 << BUCKET_BITS) - 1)
    kept = 0
    begin = 0
    for bucket in range(BUCKETS):
        end = ends[bucket]
        for at in range(begin, end):
            mark = (packed[at] >> np.uint64(32)) & mask
            times[mark] = 1 if times[mark] == 0 else 2
        for at in range(begin, end):
            packed[kept] = packed[at]
            kept += times[(packed[at] >> np.uint64(32)) & mask] == 2
        times[:] = 0
        begin = end
    return packed[:kept].copy()


@compiled(_PACKED(*_ROWS, _NUMBERS, _INTEGERS, _PACKED))
def shingles_of_any(
    values: Hashes, starts: Ints, sizes: Ints, print_of: Numbers, chosen: Ints, packed: Packed
) -> Packed:
    """What rows have of the shingles of the chosen ones, and a few others: as `repeated_shingles`.

    It is written to `packed`, or to another array if there is not enough room.
    """
    total = 0
    for row in chosen:
        total += sizes[row]
    bits = 16
    while bits < MOST_MARKS and 4 * total > 1 << bits:
        bits += 1
    # By its lower bits most of what is not there is passed by, while the marks of these are in the cache.
    mask, shift, one = np.uint64((1 << bits) - 1), np.uint64(29 - bits), np.uint64(1)
    low, high = np.zeros(1 << (bits - 6), np.uint64), np.zeros(1 << (bits - 4), np.uint64)
    for row in chosen:
        for at in range(starts[row], starts[row] + sizes[row]):
            value = np.uint64(values[at])
            low[(value & mask) >> np.uint64(6)] |= one << (value & np.uint64(63))
            high[value >> shift >> np.uint64(6)] |= one << (value >> shift & np.uint64(63))
    longest = 0
    for size in sizes:
        longest = max(longest, size)
    maybe = np.empty(longest + 1, np.uint32)
    room = len(packed)
    count = 0
    for row in range(len(starts)):
        if print_of[row] < 0:
            continue
        maybe_count = 0
        for at in range(starts[row], starts[row] + sizes[row]):
            value = np.uint64(values[at])
            maybe[maybe_count] = values[at]
            maybe_count += low[(value & mask) >> np.uint64(6)] >> (value & np.uint64(63)) & one != 0
        if count + maybe_count >= room:
            room = 2 * room + maybe_count
            packed = longer(packed, room)
        for at in range(maybe_count):
            value = np.uint64(maybe[at])
            packed[count] = value << np.uint64(32) | np.uint64(print_of[row])
            count += high[value >> shift >> np.uint64(6)] >> (value >> shift & np.uint64(63)) & one != 0
    return packed[:count]


@compiled(numba.void(_HASHES, numba.uint64[::1]))
def mark_shingles(values: Hashes, marks: Any) -> None:
    """Write where `marks`, a power of two of words, has something to look up."""
    mask = np.uint64(len(marks) - 1)
    for value in values:
        marks[np.uint64(value >> 6) & mask] |= np.uint64(1) << np.uint64(value & 63)


@compiled(inline="always")
def _is_among(value: Any, some: Hashes, marks: Any) -> bool:
    """Whether a value is one of `some`, which are sorted and marked."""
    word = marks[np.uint64(value >> 6) & np.uint64(len(marks) - 1)]
    if not (word >> np.uint64(value & 63)) & np.uint64(1):
        return False
    low, high = 0, len(some)
    while low < high:
        middle = (low + high) // 2
        if some[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low < len(some) and some[low] == value


_MARKED = (_HASHES, read_only(numba.uint64))


@compiled(numba.void(_HASHES, *_MARKED, numba.boolean[::1]))
def find_among(values: Hashes, some: Hashes, marks: Any, among: Mask) -> None:
    """Write whether each value is one of `some`, which are sorted and marked."""
    for place in range(len(values)):
        among[place] = _is_among(values[place], some, marks)


@compiled(numba.void(*_ROWS, _INTEGERS, _INTEGERS, *_MARKED, numba.int64[::1]))
def count_common(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    first: Ints,
    second: Ints,
    some: Hashes,
    marks: Any,
    counts: Ints,
) -> None:
    """Write how many values the two rows of each pair have in common that are not in `some`."""
    longest = 0
    for row in second:
        longest = max(longest, sizes[row])
    maybe = np.empty(longest + 1, np.uint32)
    there = np.zeros(COMMON_WORDS, np.uint64)
    mask = np.uint32(COMMON_WORDS - 1)
    current = -1
    for pair in range(len(first)):
        a, b = first[pair], second[pair]
        counts[pair] = 0
        if sizes[a] == 0 or sizes[b] == 0:
            continue
        if a != current:
            if current >= 0 and sizes[current] > COMMON_WORDS // 8:
                there[:] = 0
            elif current >= 0:
                for at in range(starts[current], starts[current] + sizes[current]):
                    there[(values[at] >> np.uint32(6)) & mask] = 0
            for at in range(starts[a], starts[a] + sizes[a]):
                there[(values[at] >> np.uint32(6)) & mask] |= np.uint64(1) << np.uint64(values[at] & 63)
            current = a
        count = 0
        for at in range(starts[b], starts[b] + sizes[b]):
            value = values[at]
            maybe[count] = value
            count += (there[(value >> np.uint32(6)) & mask] >> np.uint64(value & 63)) & np.uint64(1) != 0
        at, end = starts[a], starts[a] + sizes[a]
        is_sparse = count * FEW_IN < sizes[a]
        for place in range(count):
            value = maybe[place]
            if is_sparse:
                high = end
                while at < high:
                    middle = (at + high) // 2
                    if values[middle] < value:
                        at = middle + 1
                    else:
                        high = middle
            else:
                while at < end and values[at] < value:
                    at += 1
            if at == end:
                break
            counts[pair] += values[at] == value and not _is_among(value, some, marks)


@compiled(numba.void(read_only(numba.uint64), numba.int64[::1], numba.uint32[::1]))
def spread_over_rows(packed: Packed, ends: Ints, values: Hashes) -> None:
    """Write shingles, each packed with its print, behind the end of the row of that, which moves on."""
    for entry in packed:
        row = np.int64(entry & np.uint64(0xFFFFFFFF))
        values[ends[row]] = entry >> np.uint64(32)
        ends[row] += 1


@compiled(numba.void(*_ROWS, _INTEGERS, _INTEGER, _INTEGER, numba.uint32[::1], numba.int64[::1]))
def take_samples(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    chosen: Ints,
    sample_every: int,
    short: int,
    sampled: Hashes,
    counts: Ints,
) -> None:
    """Write the samples of the chosen rows, end to end, and how large each is."""
    count = 0
    for place in range(len(chosen)):
        row = chosen[place]
        first = count
        mask = np.uint32(0 if sizes[row] < short else sample_every - 1)
        for at in range(starts[row], starts[row] + sizes[row]):
            sampled[count] = values[at]
            count += values[at] & mask == 0
        counts[place] = count - first


@compiled(numba.void(*_ROWS, _INTEGERS, _INTEGER, _INTEGER, *_MARKED, numba.int64[:, ::1]))
def count_kinds(
    values: Hashes,
    starts: Ints,
    sizes: Ints,
    chosen: Ints,
    sample_every: int,
    short: int,
    some: Hashes,
    marks: Any,
    counts: Any,
) -> None:
    """Write how many values of each chosen row are in its sample, and how many are not in `some`.

    The sample is one value in so many, a power of 2, and of a row that is shorter than `short` every one.
    """
    for place in range(len(chosen)):
        row = chosen[place]
        mask = np.uint32(0 if sizes[row] < short else sample_every - 1)
        in_sample = others = 0
        for at in range(starts[row], starts[row] + sizes[row]):
            in_sample += values[at] & mask == 0
            others += not _is_among(values[at], some, marks)
        counts[0, place], counts[1, place] = in_sample, others
