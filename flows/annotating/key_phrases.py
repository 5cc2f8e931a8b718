"""The phrases that tell a text from others: its word sequences weighed by frequency in the text against
document frequency in the news at large (TF-IDF), with a bonus for the title and the lead.

Names, dates and numbers are left to the entities. No model: figures of `seeds/background_frequencies.csv`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

from flows.annotating.background import Usage, read_background
from flows.records import Field, KeyPhrase, Mention, Tokens

PHRASES = 10  # per text
WORDS = 4  # per phrase
CANDIDATES = 60  # best candidates that the choice looks at
LEAD_CHARS = 400
TITLE_TIMES, LEAD_TIMES = 2.0, 1.5  # what an occurrence counts for there
TELLING_IDF = 2.0  # of the first and the last word of a phrase
LONELY_IDF = 4.5  # of a word that is a phrase alone, or that makes a pair standing only once
HALF_SCORE = 12.0  # weight at which the score is one half
SHARED_WORDS = 0.5  # what a phrase loses whose words all stand in chosen ones
VERB_SHARE = 0.7  # a word used as a verb more often than this stands in no phrase
NOUN_SHARE = 0.4  # up to here a word in -s is a noun
END_SHARE, ALONE_SHARE = 0.2, 0.4  # an adjective, seldom before a stop, does not end a phrase
VERB_FACTOR = 0.6  # a phrase standing once with a word that looks like a verb
TOKENS = 20_000  # longer texts are read up to here

CONNECTORS = frozenset(("of", "for"))
DATE_AND_NUMBER_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december jan feb mar apr jun jul aug sept sep oct nov dec today
    yesterday tomorrow tonight morning afternoon evening night day days week weeks weekend month months
    year years decade decades century hour hours minute minutes hundred hundreds thousand thousands
    million millions billion billions trillion dozen dozens percent cent per pct mr mrs ms dr sir inc
    ltd corp co said says say saying told added according
    """,
    )
)

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NOT_NOUN = ("ed", "ing", "ly")
_SENTENCE_ENDS = frozenset(".!?:;\"“”'‘’()-–—•*")
WORD_CHARS = 40
CACHED_WORDS = 300_000


class _Word(NamedTuple):
    form: str
    stem: str
    idf: float  # 0 for a connector
    is_end: bool  # may end a phrase
    is_alone: bool  # may be a phrase
    is_verb_like: bool  # unless it ends a phrase


class _Place(NamedTuple):
    word: _Word
    start_char: int
    end_char: int


class _Candidate:
    __slots__ = ("count", "inside", "phrase", "times", "words")

    def __init__(self, phrase: str, words: tuple[_Word, ...]) -> None:
        self.phrase = phrase
        self.words = words
        self.count = 0
        self.times = 0.0
        self.inside = 0.0


_Candidates = dict[tuple[str, ...], _Candidate]


class KeyPhraseAnnotator:
    """Finds up to ten key phrases of English texts."""

    def __init__(self, background: Mapping[str, Usage] | None = None) -> None:
        self._usage = dict(background) if background is not None else read_background()
        self._rare = Usage(max((use.idf for use in self._usage.values()), default=LONELY_IDF), None, None)
        self._words: dict[str, _Word | None] = {}

    def annotate(self, title: Tokens, text: Tokens, mentions: Sequence[Mention]) -> list[KeyPhrase]:
        """The phrases, best first: lower case, as written otherwise, scores in 0-1 (4 decimals).

        A phrase has one to four words, neither starts nor ends with a stop word, and contains no part
        of a mention, no date and no number. Of phrases that contain each other only one is given.
        """
        candidates: _Candidates = {}
        for run in self._runs(title, mentions, "title"):
            _count(candidates, title.text, run, TITLE_TIMES)
        for run in self._runs(text, mentions, "text"):
            _count(candidates, text.text, run, LEAD_TIMES if run[0].start_char < LEAD_CHARS else 1.0)
        _count_inside(candidates)
        weighed = [(self._weight(candidate), candidate) for candidate in candidates.values()]
        weighed = [one for one in weighed if one[0] > 0]
        weighed.sort(key=lambda one: (-one[0], one[1].phrase))
        return _choose(weighed[:CANDIDATES])

    def _runs(self, tokens: Tokens, mentions: Sequence[Mention], field: Field) -> Iterator[list[_Place]]:
        """Stretches of words that may stand in one phrase: no stop word, name, number or mark in them."""
        words, starts, ends = tokens.words[:TOKENS], tokens.starts, tokens.ends
        named: set[int] = set()
        for mention in mentions:
            if mention.field == field:
                first = bisect_left(starts, mention.start_char)
                named.update(range(first, bisect_left(starts, mention.end_char)))
        known = self._words
        run: list[_Place] = []
        previous = "."
        hyphened = False
        for i, word in enumerate(words):
            if word == "-" and run and i + 1 < len(words) and ends[i - 1] == starts[i] == starts[i + 1] - 1:
                hyphened = True
                continue
            entry = known[word] if word in known else self._learn(word)
            if i in named or (
                field == "text"
                and word[0].isupper()
                and not word.isupper()
                and previous not in _SENTENCE_ENDS
            ):
                entry = None
            previous = word
            if hyphened:
                hyphened = False
                before = run.pop()
                joined = tokens.text[before.start_char : ends[i]]
                start = before.start_char
                entry = (known[joined] if joined in known else self._learn(joined)) if entry else None
            else:
                start = starts[i]
            if entry is not None:
                run.append(_Place(entry, start, ends[i]))
            elif run:
                yield run
                run = []
        if run:
            yield run

    def _learn(self, word: str) -> _Word | None:
        """What is known of a word; None for what no phrase goes across."""
        form = word.lower().replace("’", "'")
        known = None
        if form in CONNECTORS:
            known = _Word(form, form, 0.0, False, False, False)
        elif (
            form not in STOP_WORDS
            and form not in DATE_AND_NUMBER_WORDS
            and 2 < len(form) <= WORD_CHARS
            and _WORD.fullmatch(word)
        ):
            known = self._describe(form)
        if len(self._words) > CACHED_WORDS:
            self._words.clear()
        if len(word) <= WORD_CHARS:
            self._words[word] = known
        return known

    def _describe(self, form: str) -> _Word | None:
        """A word as the background knows it; of a hyphened one the rarest part, and the last part's use."""
        parts = [self._usage.get(part, self._rare) for part in form.split("-")]
        use = self._usage.get(form) or Usage(max(part.idf for part in parts), None, parts[-1].end_share)
        if use.verb_share is not None and use.verb_share > VERB_SHARE:
            return None
        if form.endswith("ly") and (use.end_share or 0.0) < ALONE_SHARE:
            return None
        verb_like = form.endswith(_NOT_NOUN)
        end_share = use.end_share if use.end_share is not None else (0.0 if verb_like else 1.0)
        if form.endswith("s") and (use.verb_share is None or use.verb_share > NOUN_SHARE):
            verb_like = True
            end_share = end_share if use.verb_share is None else 0.0
        if len(form) > 4 and form.endswith("ed") and not form.endswith("eed"):
            end_share = 0.0
        stem = form[:-1] if form.endswith("s") and not form.endswith("ss") else form
        return _Word(form, stem, use.idf, end_share >= END_SHARE, end_share >= ALONE_SHARE, verb_like)

    def _weight(self, candidate: _Candidate) -> float:
        """Term frequency (logarithmic, title and lead count more) times inverse document frequency."""
        words = candidate.words
        once = candidate.count == 1
        total = sum(word.idf for word in words)
        if len(words) == 1:
            if words[0].idf < LONELY_IDF or not words[0].is_alone:
                return 0.0
            if once and candidate.times < TITLE_TIMES:
                return 0.0
        elif once and (len(words) > 2 or total < 2 * LONELY_IDF) and candidate.times < TITLE_TIMES:
            return 0.0
        idf = total / math.sqrt(len(words))
        if len(words) > 1 and (use := self._usage.get(candidate.phrase)):
            idf = min(idf, use.idf * math.sqrt(2))
        weight = math.log1p(max(0.0, candidate.times - candidate.inside)) * idf
        if once and any(word.is_verb_like for word in words[:-1]):
            weight *= VERB_FACTOR
        return weight


def _count(candidates: _Candidates, text: str, run: Sequence[_Place], times: float) -> None:
    """Adds every sequence of up to `WORDS` words of a run that starts and ends with a telling word."""
    for first, place in enumerate(run):
        if place.word.idf < TELLING_IDF:
            continue
        key: tuple[str, ...] = ()
        for last in range(first, min(first + WORDS, len(run))):
            word = run[last].word
            key = (*key, word.stem)
            if word.idf < TELLING_IDF or not word.is_end:
                continue
            candidate = candidates.get(key)
            if candidate is None:
                phrase = " ".join(text[place.start_char : run[last].end_char].lower().split())
                candidate = _Candidate(phrase, tuple(each.word for each in run[first : last + 1]))
                candidates[key] = candidate
            candidate.count += 1
            candidate.times += times


def _count_inside(candidates: _Candidates) -> None:
    """Notes how much of each candidate's frequency is owed to a longer one that stands repeatedly."""
    for key, candidate in candidates.items():
        if len(key) > 1 and candidate.count > 1:
            for first in range(len(key)):
                for end in range(first + 1, len(key) + 1):
                    if end - first < len(key) and (part := candidates.get(key[first:end])):
                        part.inside = max(part.inside, candidate.times)


def _choose(weighed: Sequence[tuple[float, _Candidate]]) -> list[KeyPhrase]:
    """The best phrases; one that shares words with a chosen one falls behind, one mostly of
    its words drops out."""
    chosen: list[tuple[float, str, frozenset[str]]] = []
    rest = [(weight, one.phrase, frozenset(word.stem for word in one.words)) for weight, one in weighed]
    while rest and len(chosen) < PHRASES:
        best = max(rest, key=lambda one: (one[0], one[1]))
        chosen.append(best)
        kept = []
        for weight, phrase, words in rest:
            if words <= best[2] or words >= best[2]:
                continue
            shared = len(words & best[2]) / len(words)
            if shared > 0.5:
                continue
            kept.append((weight * (1 - SHARED_WORDS * shared), phrase, words))
        rest = kept
    scores = [KeyPhrase(phrase, round(weight / (weight + HALF_SCORE), 4)) for weight, phrase, _ in chosen]
    return sorted(scores, key=lambda one: (-one.phrase_score, one.phrase))
