"""The phrases that tell a text from others: its word sequences weighed by frequency in the text against
document frequency in the news at large (TF-IDF), with a bonus for the title and the lead.

Names, dates and numbers are left to the entities. No model: figures of `seeds/background_frequencies.csv`.
Many texts are counted at once, in arrays with one element per token.
"""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt
from spacy.lang.en.stop_words import STOP_WORDS

from flows.annotating.background import Usage, read_background
from flows.annotating.recognized import RecognizedTexts
from flows.records import KeyPhrase, Tokens

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
_SENTENCE_ENDS = ("", *".!?:;\"“”'‘’()-–—•*")  # "" is the start of a text
WORD_CHARS = 40
CACHED_WORDS = 300_000

# What a word is: may stand in a phrase, begin one, end one, be one; looks like a verb (unless it ends a
# phrase); is written like a name; a name after it may be the first word of a sentence.
_IN, _START, _END, _ALONE, _VERB_LIKE, _CAPITAL, _BEFORE_SENTENCE = (1 << bit for bit in range(7))
_STEM_BITS = 20

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
_Weighed = tuple[float, str, frozenset[int]]  # weight, phrase and the stems of its words


class KeyPhraseAnnotator:
    """Finds up to ten key phrases of English texts."""

    def __init__(self, background: Mapping[str, Usage] | None = None) -> None:
        self._usage = dict(background) if background is not None else read_background()
        self._words = _Words(self._usage)

    def annotate_batch(self, read: RecognizedTexts) -> list[list[KeyPhrase]]:
        """The phrases of each text, best first: lower case, as written otherwise, scores in 0-1 (4 decimals).

        A phrase has one to four words, neither starts nor ends with a stop word, and contains no part
        of a mention, no date and no number. Of phrases that contain each other only one is given.
        """
        return list(map(_choose, self._weighed(read)))

    def _weighed(self, read: RecognizedTexts) -> list[list[_Weighed]]:
        """The phrases of each text that may be chosen."""
        fields = read.laid.fields
        places = _places(read, self._words)
        weighed: list[list[_Weighed]] = [[] for _ in read.texts]
        for length, sequences in enumerate(_sequences(places), 1):
            is_telling = sequences.are_telling(places)
            first = sequences.first[is_telling]
            words = first[:, np.newaxis] + np.arange(length)
            has_verb = (places.flags[words[:, :-1]] & _VERB_LIKE).any(axis=1)
            for field, start, end, idf, times, is_doubtful, stems in zip(
                places.field[first].tolist(),
                places.start[first].tolist(),
                places.end[words[:, -1]].tolist(),
                (places.idf[words].sum(axis=1) / math.sqrt(length)).tolist(),
                (sequences.times - sequences.inside)[is_telling].tolist(),
                (has_verb & (sequences.count[is_telling] == 1)).tolist(),
                places.stem[words].tolist(),
                strict=True,
            ):
                tokens = fields[field]
                phrase = " ".join(tokens.text[tokens.starts[start] : tokens.ends[end]].lower().split())
                if length > 1 and (use := self._usage.get(phrase)):
                    idf = min(idf, use.idf * math.sqrt(2))
                # term frequency (logarithmic, title and lead count more) times inverse document frequency
                weight = math.log1p(times) * idf
                if is_doubtful:
                    weight *= VERB_FACTOR
                if weight > 0:
                    weighed[field // 2].append((weight, phrase, frozenset(stems)))
        return weighed


class _Words:
    """What is known of words, by number, until they are too many; 0 is for what no phrase goes across."""

    def __init__(self, usage: Mapping[str, Usage]) -> None:
        self._usage = usage
        self._rare = Usage(max((use.idf for use in usage.values()), default=LONELY_IDF), None, None)
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        self._flags, self._idfs, self._stems = array("B"), array("d"), array("q")
        self._add(0, 0.0, "")
        for number, mark in enumerate(_SENTENCE_ENDS, 1):
            self._numbers[mark] = number
            self._add(_BEFORE_SENTENCE, 0.0, "")
        self.hyphen = self._numbers["-"]

    def numbers(self, words: Sequence[str]) -> Ints:
        """The number of each word; new ones are learned."""
        if len(self._numbers) > CACHED_WORDS:
            self._forget()
        found = np.fromiter(map(self._numbers.get, words, repeat(-1)), np.int64, len(words))
        unknown = np.flatnonzero(found < 0)
        found[unknown] = [self.number(words[place]) for place in unknown.tolist()]
        return found

    def flags(self, numbers: Ints) -> Flags:
        """What each word is, as bits."""
        return np.frombuffer(self._flags, np.uint8)[numbers]

    def idfs(self, numbers: Ints) -> Floats:
        """The inverse document frequency of each word; 0 for a connector."""
        return np.frombuffer(self._idfs)[numbers]

    def stems(self, numbers: Ints) -> Ints:
        """The number of each word's stem, below 2 ** _STEM_BITS."""
        return np.frombuffer(self._stems, np.int64)[numbers]

    def number(self, word: str) -> int:
        """The number of one word, which is learned when it is new."""
        number = self._numbers.get(word)
        if number is not None:
            return number
        if len(word) > WORD_CHARS:
            return 0
        number = 0
        form = word.lower().replace("’", "'")
        if form in CONNECTORS:
            number = self._add(_IN, 0.0, form)
        elif (
            2 < len(form) <= WORD_CHARS
            and (word.isalpha() or _WORD.fullmatch(word))
            and form not in STOP_WORDS
            and form not in DATE_AND_NUMBER_WORDS
        ):
            number = self._describe(word, form)
        self._numbers[word] = number
        return number

    def _add(self, flags: int, idf: float, stem: str) -> int:
        self._flags.append(flags)
        self._idfs.append(idf)
        self._stems.append(self._stem_numbers.setdefault(stem, len(self._stem_numbers)))
        return len(self._flags) - 1

    def _describe(self, word: str, form: str) -> int:
        """A word as the background knows it; of a hyphened one the rarest part, and the last part's use."""
        use = self._usage.get(form, None if "-" in form else self._rare)
        if use is None:
            parts = [self._usage.get(part, self._rare) for part in form.split("-")]
            use = Usage(max(part.idf for part in parts), None, parts[-1].end_share)
        idf, verb_share, end_share = use
        if verb_share is not None and verb_share > VERB_SHARE:
            return 0
        verb_like = form.endswith(_NOT_NOUN)
        if verb_like and form.endswith("ly") and (end_share or 0.0) < ALONE_SHARE:
            return 0
        if end_share is None:
            end_share = 0.0 if verb_like else 1.0
        stem = form
        if form[-1] == "s":
            stem = form if form.endswith("ss") else form[:-1]
            if verb_share is None or verb_share > NOUN_SHARE:
                verb_like = True
                end_share = end_share if verb_share is None else 0.0
        elif verb_like and len(form) > 4 and form.endswith("ed") and not form.endswith("eed"):
            end_share = 0.0
        flags = _IN
        if idf >= TELLING_IDF:
            flags |= _START | (_END if end_share >= END_SHARE else 0)
        if end_share >= ALONE_SHARE:
            flags |= _ALONE
        if verb_like:
            flags |= _VERB_LIKE
        if word[0].isupper() and not word.isupper():
            flags |= _CAPITAL
        return self._add(flags, idf, stem)


@dataclass(frozen=True, slots=True)
class _Places:
    """The words of many texts that may stand in a phrase, one after the other; shape (n,) each.

    `field` counts titles (even) and texts (odd), `start` and `end` are a word's first and last token, more
    than one where a hyphen joins them. Words that nothing parts are of one `run`; `times` is what a phrase
    there counts for.
    """

    field: Ints
    start: Ints
    end: Ints
    run: Ints
    times: Floats
    flags: Flags
    stem: Ints
    idf: Floats


def _places(read: RecognizedTexts, words: _Words) -> _Places:
    """The words of the fields of these texts: no stop word, name, number or mark is one."""
    fields, field, offsets = read.laid.fields, read.laid.field, read.laid.offsets
    numbers = words.numbers(read.laid.words)[read.laid.numbers]
    is_read = np.arange(len(field)) - offsets[field] < TOKENS
    is_read[offsets - 1] = True  # the "" behind each field; -1 is that behind the last
    numbers[~is_read] = 0
    flags = words.flags(numbers)
    is_name = (flags & _CAPITAL > 0) & (field % 2 == 1)
    at_sentence_start = np.ones(len(field), np.bool_)
    at_sentence_start[1:] = flags[:-1] & _BEFORE_SENTENCE
    is_word = (flags & _IN > 0) & ~(is_name & ~at_sentence_start) & (read.is_named == 0)
    start = np.arange(len(field))
    is_part = np.zeros(len(field), np.bool_)
    for hyphen in np.flatnonzero(numbers == words.hyphen).tolist():
        left = right = hyphen - 1
        offset = int(offsets[field[hyphen]])
        tokens = fields[field[hyphen]]
        while is_word[left] and numbers[right + 1] == words.hyphen and _is_glue(tokens, right + 1 - offset):
            right += 1
        if right == left:
            continue
        right += 1
        numbers[right] = (
            0
            if is_name[right] or not is_word[right]
            else words.number(tokens.text[tokens.starts[start[left] - offset] : tokens.ends[right - offset]])
        )
        is_word[left] = False
        is_word[right] = numbers[right] > 0
        is_part[left:right] = True
        start[right] = start[left]
    kept = np.flatnonzero(~is_part)
    order = np.flatnonzero(is_word[kept])  # a word follows another in a run where this goes on by one
    place = kept[order]
    opens = np.diff(order, prepend=-2) > 1
    run = np.cumsum(opens) - 1
    field, numbers = field[place], numbers[place]
    offset_of = offsets[field]
    lead = np.array([bisect_left(tokens.starts, LEAD_CHARS) for tokens in fields])
    in_lead = start[place] - offset_of < lead[field]
    times = np.where(field % 2 == 0, TITLE_TIMES, np.where(in_lead, LEAD_TIMES, 1.0))
    return _Places(
        field,
        start[place] - offset_of,
        place - offset_of,
        run,
        times[opens][run],
        words.flags(numbers),
        words.stems(numbers),
        words.idfs(numbers),
    )


def _is_glue(tokens: Tokens, hyphen: int) -> bool:
    """Whether there is no space on either side of a hyphen between two tokens that are read."""
    if hyphen + 1 >= min(len(tokens.words), TOKENS):
        return False
    return tokens.ends[hyphen - 1] == tokens.starts[hyphen] == tokens.starts[hyphen + 1] - 1


@dataclass(frozen=True, slots=True)
class _Sequences:
    """The different sequences of so many words of each text: the place where each first begins, how often it
    stands, what that counts for, and how much of that is owed to a longer one that stands repeatedly.

    Sequences that start or end with a word that no phrase starts or ends with have the count 0.
    """

    length: int
    first: Ints
    count: Ints
    times: Floats
    inside: Floats

    def are_telling(self, places: _Places) -> Bools:
        """Which may be chosen: a lone word if rare, and what stands only once if in the title.

        Two words that are both rare may stand once anywhere.
        """
        may_be = (self.count > 1) | (self.times >= TITLE_TIMES)
        if self.length == 1:
            may_be &= (places.flags[self.first] & _ALONE > 0) & (places.idf[self.first] >= LONELY_IDF)
        if self.length == 2:
            may_be |= places.idf[self.first] + places.idf[self.first + 1] >= 2 * LONELY_IDF
        return may_be & (self.count > 0) & (self.times > self.inside)


def _sequences(places: _Places) -> list[_Sequences]:
    """The sequences of one to `WORDS` words; of the longer ones those that stand repeatedly or in a title."""
    found = list[_Sequences]()
    numbers = list[Ints]()  # per length the sequence that begins at each place
    begin = np.arange(len(places.run))
    keys = places.field // 2 << _STEM_BITS | places.stem
    for length in range(1, WORDS + 1):
        different, number, totals = np.unique(keys, return_inverse=True, return_counts=True)
        numbers.append(np.zeros(len(places.run), np.int64))
        numbers[-1][begin] = number
        may_be = (places.flags[begin] & _START > 0) & (places.flags[begin + length - 1] & _END > 0)
        counted, where = number[may_be], begin[may_be]
        first = np.zeros(len(different), np.int64)
        first[counted[::-1]] = where[::-1]  # of several values the last is kept, the first place
        found.append(
            _Sequences(
                length,
                first,
                np.bincount(counted, minlength=len(different)),
                np.bincount(counted, places.times[where], len(different)),
                np.zeros(len(different)),
            )
        )
        is_repeated = np.zeros(len(places.run), np.bool_)
        is_repeated[begin] = totals[number] > 1
        begin = begin[begin + length < len(places.run)]
        begin = begin[places.run[begin] == places.run[begin + length]]
        if length > 1:  # a sequence stands no more often than its parts
            begin = begin[(places.field[begin] % 2 == 0) | (is_repeated[begin] & is_repeated[begin + 1])]
        keys = numbers[-1][begin] << _STEM_BITS | places.stem[begin + length]
    for longer in found[1:]:
        is_repeated = longer.count > 1
        first, times = longer.first[is_repeated], longer.times[is_repeated]
        for shorter in range(1, longer.length):
            for offset in range(longer.length - shorter + 1):
                np.maximum.at(found[shorter - 1].inside, numbers[shorter - 1][first + offset], times)
    return found


def _choose(weighed: list[_Weighed]) -> list[KeyPhrase]:
    """The best phrases; one that shares words with a chosen one falls behind, one mostly of
    its words drops out."""
    if len(weighed) > CANDIDATES:
        weighed = sorted(weighed, key=lambda one: (-one[0], one[1]))[:CANDIDATES]
    # the best one last; weights only fall, so one is compared with the chosen ones when its turn comes
    rest = sorted((weight, phrase, 0, words) for weight, phrase, words in weighed)
    chosen: list[_Weighed] = []
    while rest and len(chosen) < PHRASES:
        weight, phrase, compared, words = rest.pop()
        left = weight
        for _, _, others in chosen[compared:]:
            if words.isdisjoint(others):
                continue
            shared = len(words & others) / len(words)
            left = 0.0 if shared > 0.5 or words >= others else left * (1 - SHARED_WORDS * shared)
        if left == weight:
            chosen.append((weight, phrase, words))
        elif left > 0:
            insort(rest, (left, phrase, len(chosen), words))
    scores = [KeyPhrase(phrase, round(weight / (weight + HALF_SCORE), 4)) for weight, phrase, _ in chosen]
    return sorted(scores, key=lambda one: (-one.phrase_score, one.phrase))
