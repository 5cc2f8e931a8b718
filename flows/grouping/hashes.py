"""What the annotator keeps of each text, so that grouping need not read it: shingles, facts, story terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flows.grouping.shingles import facts_of, shingles_of
from flows.grouping.terms import terms_of
from flows.grouping.words import Hashes, read_words


class TextHashes(NamedTuple):
    """Of one text what `shingle_hashes`, `fact_hashes` and `story_terms` give."""

    shingles: Hashes
    facts: Hashes
    story_terms: Hashes


def hash_texts(texts: Sequence[tuple[str, str]]) -> Iterator[TextHashes]:
    """The hashes of each text, given its title and body, in order; many at once are cheaper."""
    for read in read_words(texts):
        yield from map(TextHashes, shingles_of(read), facts_of(read), terms_of(read))
