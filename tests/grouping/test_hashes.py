"""What is kept of a text does not depend on the texts that are read with it."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from flows.grouping.hashes import hash_texts
from flows.grouping.shingles import fact_hashes, shingle_hashes
from flows.grouping.terms import story_terms
from flows.grouping.word_scan import scan
from flows.grouping.words import describe, mix

ODD = [
    ("", ""),
    ("One", ""),
    ("", "Two words"),
    ("Rain stops play", "The match at Lord’s was “called off” after 41 overs – for good…"),
    ("Café à Zürich", "Élan vital: the naïve \ufb01nance minister\u00b4s cafe\u0301."),
    ("地震で新幹線が停止", "仙台市で震度五強の地震 and the Shinkansen stopped for ฿500 million."),
    ("a_b", "word " * 9000),
    ("\ud800", "\x00 \u202e \u0301"),
    ("Title", " ".join(f"governmental{i % 7}x{i}" for i in range(500))),
    ("x" * 600_000, " ".join(f"n{i}" for i in range(100_000))),
]


def test_texts_are_hashed_together_as_each_by_itself() -> None:
    together = list(hash_texts(ODD * 2))
    assert len(together) == 2 * len(ODD)
    for (title, text), hashes in zip(ODD * 2, together, strict=True):
        alone = shingle_hashes(title, text), fact_hashes(title, text), story_terms(title, text)
        for one, other in zip(hashes, alone, strict=True):
            assert one.dtype == np.uint32
            assert np.array_equal(one, other)


def test_no_texts_have_no_hashes() -> None:
    assert list(hash_texts([])) == []


def test_the_first_in_spelling_of_equally_frequent_terms_are_kept() -> None:
    words = [f"governmental{i:03}x" for i in range(250)]
    kept = story_terms("", " ".join(words[:60] + words[:59:-1]))  # the lead counts more, the others alike
    assert np.array_equal(kept, story_terms("", " ".join(words[:100])))


@given(st.text(st.characters(max_codepoint=127), max_size=60))
@example("The US said who, WHO and It asked IT: us. 1999 classes; Dresses, as, ass, Ab x" + "7z" * 4000)
def test_a_word_of_ascii_says_what_any_word_does(text: str) -> None:
    begins, ends, said = scan(text)
    words = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
    assert words == re.findall("[A-Za-z0-9]+", text)
    columns = said.code, said.is_fact, said.term, said.quarters, said.spelling
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == list(map(describe, words))
    assert np.array_equal(said.mixed, mix(said.code)) and np.array_equal(said.turned, mix(~said.code))
