"""Text to shingles and facts: what the annotator keeps of a text so that its copies can be found.

Shingles say how much two texts have in common, facts whether one mould was filled with other names and
numbers. Method of the first: A. Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import numpy as np

from flows.grouping.words import Codes, Hashes, ReadWords, distinct_rows, mix, read_words

Shingles = Hashes
Facts = Hashes

# Words in a shingle. Four keeps an edited sentence recognisable and chance agreement rare.
SHINGLE_WORDS = 4
# Words on one side of a name or number by which its place is known again: the two nearest.
PLACE_WORDS = 2
# Of the 32 bits of a fact so many are those of the name or number, the others those of its place.
FACT_BITS = 12


def shingle_hashes(title: str, text: str) -> Shingles:
    """Hashes of the word 4-grams of title and text, sorted and unique: shape (n,), uint32 below 2**31.

    Case, punctuation and spacing do not count. n is at most the number of words; a text of one to three
    words gives one hash, a text without words none. The values are the same on every machine.
    """
    return shingles_of(next(read_words([(title, text)])))[0]


def fact_hashes(title: str, text: str) -> Facts:
    """Hashes of the names and numbers of title and text at their places, sorted and unique: shape (n,).

    A name is a word with a capital, wherever it stands, of three letters or more. Its place is the two words
    before it, and once more the two behind it, case left aside: 20 bits, above 12 of the name or number. n
    is at most twice the number of words. The values are the same on every machine.
    """
    return facts_of(next(read_words([(title, text)])))[0]


def shingles_of(read: ReadWords) -> list[Shingles]:
    """The `shingle_hashes` of each text."""
    places, owners = read.compared.places()
    begins = np.cumsum(read.compared.sizes) - read.compared.sizes
    width = np.minimum(read.compared.sizes, SHINGLE_WORDS)
    # A shingle begins at every word that has enough behind it, and at the first of a text of few words.
    is_first = np.ones(len(places), dtype=bool)
    for back in range(1, SHINGLE_WORDS):
        ends = (begins + read.compared.sizes - back)[width > back]
        is_first[ends] = False
    first = places[is_first]
    wide = width[owners[is_first]]
    mixed = read.said.mixed[first]
    for offset in range(1, SHINGLE_WORDS):
        whole = wide > offset
        if whole.all():
            mixed = mix(mixed + read.said.code[first + offset])
        else:
            mixed[whole] = mix(mixed[whole] + read.said.code[first[whole] + offset])
    return distinct_rows(read.count, owners[is_first], (mixed >> np.uint64(33)).astype(np.uint32))


def facts_of(read: ReadWords) -> list[Facts]:
    """The `fact_hashes` of each text."""
    places, owners = read.compared.places()
    ends = np.repeat(read.compared.starts + read.compared.sizes, read.compared.sizes)
    starts = np.repeat(read.compared.starts, read.compared.sizes)
    is_fact = read.said.is_fact[places]
    told, ends, starts, owners = places[is_fact], ends[is_fact], starts[is_fact], owners[is_fact]
    has_before, has_behind = told - starts >= PLACE_WORDS, told + PLACE_WORDS < ends
    before, behind = told[has_before], told[has_behind]
    facts = [
        _fact(read.said.mixed[before], read.said.mixed[before - 2], read.said.code[before - 1]),
        _fact(read.said.mixed[behind], read.said.turned[behind + 1], read.said.code[behind + 2]),
    ]
    return distinct_rows(
        read.count, np.concatenate([owners[has_before], owners[has_behind]]), np.concatenate(facts)
    )


def _fact(mixed: Codes, first: Codes, second: Codes) -> Facts:
    place = mix(first + second) >> np.uint64(32 + FACT_BITS) << np.uint64(FACT_BITS)
    return (place | mixed >> np.uint64(64 - FACT_BITS)).astype(np.uint32)
