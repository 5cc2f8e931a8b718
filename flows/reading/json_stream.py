"""Cuts JSON of any length into its values, so that an array of a million records is read one by one.

A value that is broken or too long does not take the others with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

Cut = Literal["too long", "unfinished"]

_STRUCTURE = re.compile(rb'["{}\[\]]')
_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_BETWEEN = b" \t\r\n,\x1e"


def values_of(chunks: Iterable[bytes], limit: int) -> Iterator[bytes | Cut]:
    """The values that stand one after the other, or are the elements of arrays at the top.

    Instead of its bytes, `too long` stands for a value of more than `limit` bytes, and `unfinished`
    for what is left open at the end. What is no JSON between the values comes as a value of its own.
    """
    depth = 0  # of brackets within the value; 0 is between values
    in_array = False
    in_string = False
    parts: list[bytes] = []  # of the value so far
    size = 0

    def value() -> bytes | Cut:
        return "too long" if size > limit else b"".join(parts)

    carried = b""
    for fresh in chunks:
        chunk = carried + fresh
        carried = b""
        at = mark = 0  # what lies between them belongs to the value but is not in `parts` yet
        end = len(chunk)
        while at < end:
            if in_string:
                rest = _STRING_REST.match(chunk, at)
                at = rest.end() if rest else at
                if at == end:
                    break
                if chunk[at] == 0x5C:  # a backslash whose partner is in the next chunk
                    carried, end = chunk[at:], at
                    break
                at += 1
                in_string = False
                continue
            found = _STRUCTURE.search(chunk, at)
            if found is None:
                at = end
                break
            char = found[0]
            at = found.end()
            if char == b'"':
                in_string = True
                continue
            opens = char in b"[{"
            if depth == 0 and not opens and not (char == b"]" and in_array):
                continue  # a bracket that closes nothing is no JSON either
            if depth == 0:
                # Before this bracket: nothing, commas, or something that is no record.
                between = chunk[mark : found.start()]
                size += len(between)
                if size <= limit:
                    parts.append(between)
                if size > limit or b"".join(parts).strip(_BETWEEN):
                    yield value()
                parts, size, mark = [], 0, found.start()
                if char == b"[" and not in_array:
                    in_array, mark = True, at
                elif opens:
                    depth = 1
                else:
                    in_array, mark = False, at
                continue
            depth += 1 if opens else -1
            if depth == 0:
                size += at - mark
                if size <= limit:
                    parts.append(chunk[mark:at])
                yield value()
                parts, size, mark = [], 0, at
        size += end - mark
        if size > limit:
            parts = []
        elif end > mark:
            parts.append(chunk[mark:end])
    if depth or in_string or carried:
        yield "unfinished"
        return
    if size > limit or b"".join(parts).strip(_BETWEEN):
        yield value()
    if in_array:
        yield "unfinished"
