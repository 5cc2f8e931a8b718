"""Text to weighted terms: what the annotator keeps of a text so that other reports of its event are found.

Method: the term weighting of G. Salton and C. Buckley, "Term-weighting approaches in automatic text
retrieval", 1988.
"""

from __future__ import annotations

import numpy as np

from flows.grouping.words import TERM_BITS, Hashes, Ints, ReadWords, folded, read_words, rows_of

Terms = Hashes

# News says what happened first: no more than these words of the text are read, and so many terms kept.
WORDS_READ = 400
LEAD_WORDS = 60
TERMS_KEPT = 100
# A word of the title counts 4, one of the lead 1.5 and any other 1; a name or number half as much again.
# In quarters these are whole numbers, and so is what they add up to.
TITLE_FACTOR, LEAD_HALVES = 4, 3
WEIGHT_BITS, WEIGHT_STEPS = 7, 16.0

_PLACE_BITS = 27
_TIMES_BITS = 12
_SPELLING_BITS = 40


def story_terms(title: str, text: str) -> Terms:
    """The weighted terms of one text, shape (n,), n <= 100, sorted: hash in the upper 25 bits, weight below.

    The weight is 1 + ln(frequency) in steps of 1/16; words of the title and the lead, and names, count
    more. Scripts without spaces are read as pairs of characters. The same on every machine.
    """
    return terms_of(next(read_words([(title, text)])))[0]


def terms_of(read: ReadWords) -> list[Terms]:
    """The `story_terms` of each text."""
    places, owners, quarters = _told(read)
    packed = (owners << TERM_BITS | read.said.term[places]) << _PLACE_BITS | places
    order = np.argsort(packed)
    packed = packed[order]
    terms = packed >> _PLACE_BITS
    begins = np.flatnonzero(np.concatenate([[True], terms[1:] != terms[:-1]])[: len(terms)])
    frequency = np.add.reduceat(quarters[order], begins) if len(begins) else begins
    terms = terms[begins]
    owners = terms >> TERM_BITS
    kept = _most_frequent(read, owners, frequency, packed[begins] & ((1 << _PLACE_BITS) - 1))
    terms, frequency, owners = terms[kept], frequency[kept], owners[kept]
    steps = np.rint((1 + np.log(frequency / 4)) * WEIGHT_STEPS)
    limit = (1 << WEIGHT_BITS) - 1
    weighted = (terms & ((1 << TERM_BITS) - 1)) << WEIGHT_BITS | np.minimum(steps, limit).astype(np.int64)
    return rows_of(read.count, owners, weighted.astype(np.uint32))


def _told(read: ReadWords) -> tuple[Ints, Ints, Ints]:
    """The words that say something, as far as texts are read: their places, texts and what they count."""
    places, owners = read.told.places()
    quarters = read.said.quarters[places]
    says = quarters > 0
    so_far = np.cumsum(says)
    begins = np.cumsum(read.told.sizes) - read.told.sizes
    texts = begins + read.told.title_sizes  # where the titles end and the texts begin
    before = np.repeat(np.concatenate([[0], so_far])[texts], read.told.sizes)
    in_title = np.arange(len(places)) < np.repeat(texts, read.told.sizes)
    rank = so_far - before  # in the text, of what says something there
    in_lead = ~in_title & (rank <= LEAD_WORDS)
    quarters[in_title] *= TITLE_FACTOR
    quarters[in_lead] = quarters[in_lead] * LEAD_HALVES // 2
    kept = np.flatnonzero(says & (in_title | (rank <= WORDS_READ)))
    return places[kept], owners[kept], quarters[kept]


def _most_frequent(read: ReadWords, owners: Ints, frequency: Ints, places: Ints) -> Ints:
    """Of the terms of each text, in order, the TERMS_KEPT most frequent, the first in spelling of equals.

    `places` has for each term a word that is spelled so.
    """
    sizes = np.bincount(owners, minlength=read.count)
    long = np.flatnonzero((sizes > TERMS_KEPT)[owners])
    rarity = ((1 << _TIMES_BITS) - 1 - np.minimum(frequency[long], (1 << _TIMES_BITS) - 1)).astype(np.uint64)
    packed = owners[long].astype(np.uint64) << np.uint64(_TIMES_BITS) | rarity
    packed = packed << np.uint64(_SPELLING_BITS) | read.said.spelling[places[long]]
    order = np.argsort(packed)
    packed = packed[order]
    ends = np.cumsum(sizes[sizes > TERMS_KEPT])
    begins = ends - sizes[sizes > TERMS_KEPT]
    cuts = begins + TERMS_KEPT
    for cut in cuts[packed[cuts] == packed[cuts - 1]].tolist():
        # What is as frequent and begins alike is told apart by all of its spelling.
        low, high = np.searchsorted(packed, packed[cut]), np.searchsorted(packed, packed[cut], side="right")
        alike = order[low:high].tolist()
        order[low:high] = sorted(alike, key=lambda i: folded(read.word(int(places[long[i]]))))
    rank = np.arange(len(long)) - np.repeat(begins, ends - begins)
    kept = np.ones(len(owners), dtype=bool)
    kept[long[order[rank >= TERMS_KEPT]]] = False
    return np.flatnonzero(kept)
