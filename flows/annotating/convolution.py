"""What the entity model's convolutions do around their matrix products, each step in one pass over memory.

Minimal filtering F(4, 3) of Winograd (Lavin and Gray, arXiv 1509.09308): windows of neighbours overlap, so
out of weighted sums of six tokens, six products do for four tokens instead of twelve. The points are those
that lose least precision (Barabasz et al., arXiv 1803.10986). Compiled by numba, kept on disk.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from flows.compiled import compiled

Floats = npt.NDArray[np.float32]

TOKENS_TOGETHER = 4  # outputs of a convolution that are computed out of each other's products
POINTS = (0.0, 1.0, -1.0, 0.5, -2.0)  # where their polynomials are evaluated; infinity is the sixth
PRODUCTS = len(POINTS) + 1
WIDTH = 96  # of a token
PIECES = 3  # of a maxout unit
EPSILON = np.float32(1e-8)  # of thinc's layer normalization

_ROW, _TABLE, _STACK = numba.float32[::1], numba.float32[:, ::1], numba.float32[:, :, ::1]
_INTEGER, _INTEGERS = numba.int64, numba.int64[::1]
# Sums may be taken in any order, and nothing is infinite or no number.
_FAST = {"reassoc", "contract", "nsz", "arcp", "nnan", "ninf"}


def _powers(count: int) -> npt.NDArray[np.float64]:
    return np.vstack([np.vander(POINTS, count, increasing=True), np.eye(count)[-1]])


_INTO = np.linalg.inv(_powers(PRODUCTS)).T
_LARGEST = np.abs(_INTO).max(axis=1, keepdims=True)
INTO = (_INTO / _LARGEST).astype(np.float32)  # (products, tokens): weights of the six tokens of a window
KERNEL = _powers(3) * _LARGEST  # (products, 3): weights of the three taps
OUT = _powers(TOKENS_TOGETHER).T.astype(np.float32)  # (tokens, products): weights of the products


@compiled(inline="always", fastmath=_FAST)
def _add_normalized(
    sums: Floats, scale: Floats, shift: Floats, tokens: Floats, token: int, result: Floats, place: int
) -> None:
    """Write a token with the largest of the pieces, normalized, added."""
    total = np.float32(0)
    for unit in range(WIDTH):
        largest = max(max(sums[unit], sums[WIDTH + unit]), sums[2 * WIDTH + unit])
        sums[unit] = largest
        total += largest
    mean = total / np.float32(WIDTH)
    squares = np.float32(0)
    for unit in range(WIDTH):
        sums[unit] -= mean
        squares += sums[unit] * sums[unit]
    factor = np.float32(1) / np.sqrt(squares / np.float32(WIDTH) + EPSILON)
    for unit in range(WIDTH):
        result[place, unit] = tokens[token, unit] + sums[unit] * factor * scale[unit] + shift[unit]


@compiled(numba.void(_TABLE, _INTEGER, _STACK), fastmath=_FAST)
def mix(tokens: Floats, first: int, mixed: Floats) -> None:
    """Write what is to be multiplied, (products, fours, WIDTH), of the fours of tokens from `first` on."""
    for four in range(mixed.shape[1]):
        at = first - 1 + TOKENS_TOGETHER * four
        for product in range(PRODUCTS):
            w0, w1, w2 = INTO[product, 0], INTO[product, 1], INTO[product, 2]
            w3, w4, w5 = INTO[product, 3], INTO[product, 4], INTO[product, 5]
            for unit in range(WIDTH):
                mixed[product, four, unit] = (
                    w0 * tokens[at, unit]
                    + w1 * tokens[at + 1, unit]
                    + w2 * tokens[at + 2, unit]
                    + w3 * tokens[at + 3, unit]
                    + w4 * tokens[at + 4, unit]
                    + w5 * tokens[at + 5, unit]
                )


@compiled(numba.void(_STACK, _ROW, _ROW, _ROW, _TABLE, _INTEGER, _TABLE), fastmath=_FAST)
def add_convolved(
    products: Floats, bias: Floats, scale: Floats, shift: Floats, tokens: Floats, first: int, result: Floats
) -> None:
    """Write the tokens from `first` on with the layer's output added.

    Products are what was mixed, multiplied: (products, fours, PIECES * WIDTH).
    """
    sums = np.empty(PIECES * WIDTH, dtype=np.float32)
    for four in range(products.shape[1]):
        for place in range(TOKENS_TOGETHER):
            w0, w1, w2 = OUT[place, 0], OUT[place, 1], OUT[place, 2]
            w3, w4, w5 = OUT[place, 3], OUT[place, 4], OUT[place, 5]
            for unit in range(PIECES * WIDTH):
                sums[unit] = (
                    w0 * products[0, four, unit]
                    + w1 * products[1, four, unit]
                    + w2 * products[2, four, unit]
                    + w3 * products[3, four, unit]
                    + w4 * products[4, four, unit]
                    + w5 * products[5, four, unit]
                    + bias[unit]
                )
            at = first + TOKENS_TOGETHER * four + place
            _add_normalized(sums, scale, shift, tokens, at, result, at)


@compiled(numba.void(_INTEGERS, _TABLE, _STACK, _ROW, _ROW, _ROW, _TABLE), fastmath=_FAST)
def convolve_words(
    words: npt.NDArray[np.int64],
    embeddings: Floats,
    neighbours: Floats,
    bias: Floats,
    scale: Floats,
    shift: Floats,
    result: Floats,
) -> None:
    """Write the tokens after the first layer, but the first and the last: see `WordTable`."""
    sums = np.empty(PIECES * WIDTH, dtype=np.float32)
    for place in range(1, len(words) - 1):
        before, own, after = words[place - 1], words[place], words[place + 1]
        for unit in range(PIECES * WIDTH):
            sums[unit] = (
                neighbours[before, 0, unit]
                + neighbours[own, 1, unit]
                + neighbours[after, 2, unit]
                + bias[unit]
            )
        _add_normalized(sums, scale, shift, embeddings, own, result, place)
