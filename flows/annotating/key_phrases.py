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
    is_start: bool  # may begin a phrase
    is_end: bool  # may end a phrase
    is_alone: bool  # may be a phrase
    is_verb_like: bool  # unless it ends a phrase


class _Place(NamedTuple):
    word: _Word
    start_char: int
    end_char: int


class _Candidate:
    """A phrase at its first place in `text`; how often it stands anywhere, and what that counts for."""

    __slots__ = ("count", "inside", "places", "text", "times")

    def __init__(self, text: str, places: Sequence[_Place]) -> None:
        self.text = text
        self.places = places
        self.count = 0
        self.times = 0.0
        self.inside = 0.0

    def phrase(self) -> str:
        """The phrase as written there, in lower case."""
        return " ".join(self.text[self.places[0].start_char : self.places[-1].end_char].lower().split())


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
        weighed = []
        for candidate in candidates.values():
            if _is_telling(candidate):
                phrase = candidate.phrase()
                weight = self._weight(candidate, phrase)
                if weight > 0:
                    weighed.append((weight, phrase, candidate))
        weighed.sort(key=lambda one: (-one[0], one[1]))
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
        previous = -1  # the word before; a hyphen within a word is none
        hyphened = False
        entries = [known[word] if word in known else self._learn(word) for word in words]
        for i, entry in enumerate(entries):
            if entry is None:
                if not run:
                    previous = i
                    continue
                if words[i] == "-" and i + 1 < len(words) and ends[i - 1] == starts[i] == starts[i + 1] - 1:
                    hyphened = True
                    continue
            elif i in named or (
                field == "text"
                and words[i][0].isupper()
                and not words[i].isupper()
                and previous >= 0
                and words[previous] not in _SENTENCE_ENDS
            ):
                entry = None
            previous = i
            start = starts[i]
            if hyphened:
                hyphened = False
                start = run.pop().start_char
                joined = tokens.text[start : ends[i]]
                entry = (known[joined] if joined in known else self._learn(joined)) if entry else None
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
            known = _Word(form, form, 0.0, False, False, False, False)
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
        is_start = use.idf >= TELLING_IDF
        is_end = is_start and end_share >= END_SHARE
        return _Word(form, stem, use.idf, is_start, is_end, end_share >= ALONE_SHARE, verb_like)

    def _weight(self, candidate: _Candidate, phrase: str) -> float:
        """Term frequency (logarithmic, title and lead count more) times inverse document frequency."""
        places = candidate.places
        idf = sum(place.word.idf for place in places) / math.sqrt(len(places))
        if len(places) > 1 and (use := self._usage.get(phrase)):
            idf = min(idf, use.idf * math.sqrt(2))
        weight = math.log1p(max(0.0, candidate.times - candidate.inside)) * idf
        if candidate.count == 1 and any(place.word.is_verb_like for place in places[:-1]):
            weight *= VERB_FACTOR
        return weight


def _is_telling(candidate: _Candidate) -> bool:
    """Whether a candidate may be chosen: a lone word if rare, and what stands only once if in the title.

    Two words that are both rare may stand once anywhere.
    """
    places = candidate.places
    may_stand_once = candidate.count > 1 or candidate.times >= TITLE_TIMES
    if len(places) == 1:
        return may_stand_once and places[0].word.is_alone and places[0].word.idf >= LONELY_IDF
    return may_stand_once or (len(places) == 2 and places[0].word.idf + places[1].word.idf >= 2 * LONELY_IDF)


def _count(candidates: _Candidates, text: str, run: Sequence[_Place], times: float) -> None:
    """Adds every sequence of up to `WORDS` words of a run that starts and ends with a telling word."""
    stems = tuple([place.word.stem for place in run])
    is_end = [place.word.is_end for place in run]
    for first, place in enumerate(run):
        if not place.word.is_start:
            continue
        for end in range(first + 1, min(first + WORDS, len(run)) + 1):
            if not is_end[end - 1]:
                continue
            key = stems[first:end]
            candidate = candidates.get(key)
            if candidate is None:
                candidate = candidates[key] = _Candidate(text, run[first:end])
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


def _choose(weighed: Sequence[tuple[float, str, _Candidate]]) -> list[KeyPhrase]:
    """The best phrases; one that shares words with a chosen one falls behind, one mostly of
    its words drops out."""
    chosen: list[tuple[float, str, frozenset[str]]] = []
    rest = [
        (weight, phrase, frozenset(place.word.stem for place in candidate.places))
        for weight, phrase, candidate in weighed
    ]
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
