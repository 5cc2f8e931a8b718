"""The words of plain ASCII and what each says, byte by byte in one pass: no string is made of any.

It gives what `words.describe` gives of each word. Compiled by numba; `words.py` imports it when it reads.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from flows.compiled import compiled
from flows.grouping.words import (
    FUNCTION_WORDS,
    KINDS,
    NAME_LETTERS,
    NAME_QUARTERS,
    NO_FUNCTION_WORDS,
    PLAIN_QUARTERS,
    SPELLING_BYTES,
    TERM_BITS,
    Codes,
    Said,
    mix,
)

ADLER = np.uint64(65521)  # the modulus of Adler-32
SLOTS = 1024

_CODES = numba.uint64[::1]


def _code(word: str) -> int:
    data = word.encode()
    return zlib.crc32(data) << 32 | zlib.adler32(data)


def _hashed(words: Iterable[str]) -> Codes:
    """A table of the codes of words: each at the slot that its last bits name, or in the next free one."""
    table = np.zeros(SLOTS, np.uint64)
    for code in sorted(map(_code, words)):
        slot = code % SLOTS
        while table[slot]:
            slot = (slot + 1) % SLOTS
        table[slot] = code
    return table


def _crc_table() -> Codes:
    """What a byte adds to a CRC-32 (ISO 3309, as zlib computes it)."""
    values = np.arange(256, dtype=np.uint64)
    for _ in range(8):
        values = np.where(values & 1, values >> 1 ^ 0xEDB88320, values >> 1)
    return values


_CRC = _crc_table()
_SMALL = np.array([ord(chr(code).lower()) if chr(code).isalnum() else 0 for code in range(128)] + [0] * 128)
_SMALL = _SMALL.astype(np.uint64)  # a byte in lower case, 0 for what is part of no word
_FUNCTION = _hashed(FUNCTION_WORDS)
_NO_FUNCTION = np.array(sorted(map(_code, map(str.lower, NO_FUNCTION_WORDS))), np.uint64)
_mix: Any = numba.njit(mix)


@compiled(
    numba.int64(
        *(
            numba.types.Array(numba.uint8, 1, "C", readonly=True),
            numba.int64[::1],
            numba.int64[::1],
            _CODES,
            _CODES,
            _CODES,
        ),
        *(numba.bool_[::1], numba.uint32[::1], numba.int64[::1], _CODES),
    )
)
def _scan(
    text: npt.NDArray[np.uint8],
    begins: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    codes: Codes,
    mixed: Codes,
    turned: Codes,
    is_fact: npt.NDArray[np.bool_],
    terms: npt.NDArray[np.uint32],
    quarters: npt.NDArray[np.int64],
    spelling: Codes,
) -> int:
    """Fills the columns and gives the number of words; behind the last word the text has no letter."""
    full = np.uint64(0xFFFFFFFF)
    one, eight = np.uint64(1), np.uint64(8)
    count, at = 0, 0
    while True:
        while at < len(text) and _SMALL[text[at]] == 0:
            at += 1
        if at == len(text):
            return count
        begin, capitals = at, 0
        crc = crc_before = full
        low, high = one, np.uint64(0)
        letter = before = np.uint64(0)
        while _SMALL[text[at]] != 0:
            small = _SMALL[text[at]]
            before, letter, crc_before = letter, small, crc
            crc = _CRC[(crc ^ small) & np.uint64(255)] ^ (crc >> eight)
            low += small
            if low >= ADLER:
                low -= ADLER
            high += low
            if high >= ADLER:
                high -= ADLER
            capitals += small != text[at]
            at += 1
        size = at - begin
        code = (crc ^ full) << np.uint64(32) | high << np.uint64(16) | low
        begins[count], ends[count], codes[count] = begin, at, code
        mixed[count], turned[count] = _mix(code), _mix(~code)
        has_capital = text[begin] != _SMALL[text[begin]]
        is_number = text[begin] < np.uint8(58)
        is_fact[count] = is_number or (has_capital and size >= NAME_LETTERS)

        is_content = size > 1
        slot = code % np.uint64(SLOTS)
        while is_content and _FUNCTION[slot]:
            is_content = _FUNCTION[slot] != code
            slot = (slot + one) % np.uint64(SLOTS)
        if size > 1 and not is_content and capitals == size:
            for shouted in _NO_FUNCTION:
                is_content |= shouted == code
        terms[count], quarters[count], spelling[count] = 0, 0, 0
        if is_content:
            is_plural = size > 4 and letter == np.uint64(115) and before != np.uint64(115)
            term = (crc_before if is_plural else crc) ^ full
            terms[count] = term >> np.uint64(32 - TERM_BITS)
            quarters[count] = NAME_QUARTERS if has_capital or is_number else PLAIN_QUARTERS
            letters = size - 1 if is_plural else size
            spelled = np.uint64(0)
            for place in range(SPELLING_BYTES):
                spelled <<= eight
                if place < letters:
                    spelled |= _SMALL[text[begin + place]]
            spelling[count] = spelled
        count += 1


def scan(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Said]:
    """Where each word of an ASCII text begins and ends, and what it says."""
    data = np.frombuffer(f"{text}\n".encode("ascii"), np.uint8)
    most = len(data) // 2
    begins, ends = np.empty((2, most), np.int64)
    columns: list[npt.NDArray[Any]] = [np.empty(most, kind) for kind in KINDS]
    count = _scan(data, begins, ends, *columns)
    return begins[:count], ends[:count], Said._make(column[:count] for column in columns)
