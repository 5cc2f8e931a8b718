"""The IPTC Media Topics of a text, without a trained classifier: word vectors and the keyword lines of
`seeds/topics.csv` say how much each word speaks for each top topic, and the text adds its words up.

Topic ids, names and the tree: IPTC NewsCodes, Media Topics (release of 2023-10-24), iptc.org, CC BY 4.0.
The keyword lines and the expected shares of the news are Newsmill's own. A user's own topics are rows
of the same file with any id that does not start with `medtop:`.
"""

from __future__ import annotations

import csv
import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from spacy.lang.en.stop_words import STOP_WORDS

from flows.annotating.background import Usage, read_background
from flows.records import Mention, Tokens, TopicScore

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

TITLE_WEIGHT = 2.0  # a word of the title counts as two of the text
ENTITY_WEIGHT = 0.75  # names say less of the topic than common words do
RARE_IDF, COMMON_IDF = 7.0, 3.5  # word weights are capped between, so that no odd word decides
SUBTOPIC_WEIGHT = 0.3  # keywords of the levels below, against those of the top topic's own line
KERNEL = 12.0  # how fast a keyword's say fades with the distance of its vector
KEYWORD_BONUS = 20.0  # a keyword itself against a word like it
DOUBT = 0.01  # evidence every topic gets for every word; what is below it is noise
EXPECTED_SHARE = 0.02  # of a top topic that states none
PRIOR_WEIGHT = 0.7
LINE_WEIGHT = 1.0  # of the cosine between the text and a top topic's keyword line
SHARPNESS = 1.4  # of the softmax over the top topics
# The softmax is too modest below and too sure above. Two figures make its logarithmic odds say how often the
# first topic is right (Platt, 1999); docs/quality.md has the table that shows it.
CALIBRATION_SHIFT, CALIBRATION_SLOPE = 0.5, 0.65

TOPIC_SCORE = 0.38  # of a top topic; without any a text is unclassified: three of four such would be wrong
SUBTOPIC_FIT = 0.3  # of the levels below: cosine to the topic's keywords, by vectors and by words
FULL_FIT = 0.6  # from here on a subtopic has the score of the topic over it
NEAR_BEST = 0.8  # of the best fit, that the next ones must reach
SUBTOPICS = 3  # leaves under one top topic
SUBTOPIC_PARENTS = 2  # top topics under which leaves are looked for

_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-\d\w*)?")
_WORD_CHARS = 40  # what is longer is no word
_CACHED_WORDS = 300_000

Floats = npt.NDArray[np.float64]


class Vectors(Protocol):
    """What topics ask of the word vectors of the entity model."""

    @property
    def vector_table(self) -> npt.NDArray[np.float32]:
        """The vectors, one a row: shape (n, dimensions), float32."""

    def vector_rows(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """Row in `vector_table` of each word, -1 where it has none."""


class Topic(NamedTuple):
    """One row of `seeds/topics.csv`."""

    topic_id: str
    topic_name: str
    topic_level: int
    parent_topic_id: str
    top_topic_id: str
    expected_share: float
    keywords: tuple[str, ...]
    has_line: bool


class _Words(NamedTuple):
    """What is known of words, by their numbers."""

    evidence: npt.NDArray[np.int64]  # row in the evidence table
    vectors: npt.NDArray[np.int64]  # row in the vector table, or -1
    profiles: npt.NDArray[np.int64]  # row in the keyword profiles of the subtopics, or -1
    weights: Floats


_NO_WORDS = _Words._make(np.zeros(0, kind) for kind in (np.int64, np.int64, np.int64, np.float64))


def read_topics(path: Path = SEEDS / "topics.csv") -> list[Topic]:
    """The topics in the order of the file; level and top topic follow from the parents.

    Raises ValueError for an id that stands twice or a parent that does not stand in the file.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parents = {row["topic_id"]: row["parent_topic_id"] for row in rows}
    if len(parents) < len(rows):
        raise ValueError(f"{path.name}: a topic_id stands twice")
    topics = []
    for row in rows:
        line = [row["topic_id"]]
        while parent := parents.get(line[-1]):
            if parent not in parents or parent in line:
                raise ValueError(f"{path.name}: topic {line[-1]} has the parent {parent}, which is no topic")
            line.append(parent)
        topics.append(
            Topic(
                topic_id=row["topic_id"],
                topic_name=row["topic_name"],
                topic_level=len(line),
                parent_topic_id=row["parent_topic_id"],
                top_topic_id=line[-1],
                expected_share=float(row.get("expected_share") or EXPECTED_SHARE),
                keywords=tuple(keyword_words(f"{row['topic_name']} {row.get('description') or ''}")),
                has_line=bool(row.get("description")),
            )
        )
    return topics


def word_form(word: str) -> str:
    """The form in which words are compared: lower case, straight apostrophe, no possessive."""
    return word.lower().replace("’", "'").removesuffix("'s")


def keyword_words(line: str) -> list[str]:
    """The distinct words of a keyword line, as `word_form` spells them, stop words left out."""
    forms = (word_form(match.group()) for match in _WORD.finditer(line))
    return [form for form in dict.fromkeys(forms) if len(form) > 1 and form not in STOP_WORDS]


class _Weighed(NamedTuple):
    sizes: list[float]
    evidence: csr_matrix
    vectors: csr_matrix
    profiles: csr_matrix


class TopicAnnotator:
    """Says what English texts are about; texts in other languages are not for it.

    Every word has an evidence per top topic: the logarithm of how near the keywords of that topic are
    to it, against those of all topics (a kernel over cosines, with a bonus for the keyword itself). A
    text's evidence is the mean over its words, weighted by inverse document frequency. With the cosine
    between the text and the topic's whole keyword line, and the topic's expected share of the news as
    prior, a softmax makes it a share, and two figures make the share a score that says how often it is
    right. Below the two best top topics, subtopics are found by cosine to the text, by vectors and by
    shared words.
    """

    def __init__(
        self,
        vectors: Vectors,
        topics: Sequence[Topic] | None = None,
        background: Mapping[str, Usage] | None = None,
    ) -> None:
        self._vectors = vectors
        self._topics = list(topics) if topics is not None else read_topics()
        usage = background if background is not None else read_background()
        self._idf = {word: use.idf for word, use in usage.items() if " " not in word}
        self._rare = max(self._idf.values(), default=RARE_IDF)
        self._tops = [topic for topic in self._topics if topic.topic_level == 1]
        if not self._tops:
            raise ValueError("no topic of the first level")
        self._top_index = {topic.topic_id: i for i, topic in enumerate(self._tops)}
        self._place = {topic.topic_id: i for i, topic in enumerate(self._topics)}
        shares = np.array([topic.expected_share for topic in self._tops])
        self._prior: Floats = PRIOR_WEIGHT * np.log(shares / shares.mean())
        self._words: dict[str, int] = {}
        self._known = _NO_WORDS
        self._forms: dict[str, str] = {}

        table = _unit(vectors.vector_table.astype(np.float32))
        self._table: npt.NDArray[np.float32] = table - self._centre(table)
        keyword_topics = self._keyword_topics()
        self._keyword_index = {word: i for i, word in enumerate(keyword_topics)}
        self._index_evidence(keyword_topics)
        self._top_lines = self._line_vectors(*self._keyword_matrix(self._tops))
        self._index_subtopics()

    def annotate(self, title: Tokens, text: Tokens, mentions: Sequence[Mention]) -> list[TopicScore]:
        """The topics of one text: see `annotate_batch`."""
        return self.annotate_batch([(title, text, mentions)])[0]

    def annotate_batch(
        self, texts: Sequence[tuple[Tokens, Tokens, Sequence[Mention]]]
    ) -> list[list[TopicScore]]:
        """The topics of each text, best first; none where no top topic reaches `TOPIC_SCORE`.

        The score of the first says how often such a topic is right: four times in five at 0.8.

        A subtopic's score is never above that of the topic over it. Scores are rounded to 4 decimals,
        so that a text has the same ones in every batch.
        """
        if not texts:
            return []
        bags = [self._bag(*text) for text in texts]
        self._look_up({word for bag in bags for word in bag})
        weighed = self._weigh(bags)
        totals = np.maximum(np.asarray(weighed.evidence.sum(axis=1)), 1e-9)
        evidence = (weighed.evidence @ self._evidence) / totals
        vectors: Floats = _unit((weighed.vectors @ self._table).astype(np.float64)).astype(np.float64)
        near = LINE_WEIGHT * (vectors @ self._top_lines)
        fits = self._subtopic_fits(weighed, vectors)
        return [
            self._choose(_calibrated(_softmax(SHARPNESS * (math.sqrt(size) * row + line + self._prior))), fit)
            if size
            else []
            for size, row, line, fit in zip(weighed.sizes, evidence, near, fits, strict=True)
        ]

    # words

    def _word_idf(self, word: str) -> float:
        return self._idf.get(word, self._rare)

    def _weight(self, word: str) -> float:
        return min(max(self._word_idf(word), COMMON_IDF), RARE_IDF) - 1

    def _centre(self, table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The mean vector of running text, which says nothing of any topic."""
        words = [word for word in self._idf if word not in STOP_WORDS]
        rows = self._vectors.vector_rows(words)
        idf = np.array([self._idf[word] for word in words])
        weights = np.where(rows >= 0, np.exp(-idf) * np.clip(idf - 1, 0, None), 0.0)
        if not weights.sum():
            return np.zeros(table.shape[1], np.float32)
        centre: npt.NDArray[np.float32] = ((weights / weights.sum()) @ table[rows]).astype(np.float32)
        return centre

    def _keyword_topics(self) -> dict[str, Floats]:
        """Keyword -> its weight for each top topic; what stands in a top topic's own line belongs there."""
        owners: dict[str, set[str]] = defaultdict(set)
        for topic in self._tops:
            for word in topic.keywords:
                owners[word].add(topic.topic_id)
        weights: dict[str, Floats] = {}
        for topic in self._topics:
            top = self._top_index[topic.top_topic_id]
            weight = 1.0 if topic.topic_level == 1 else SUBTOPIC_WEIGHT
            for word in topic.keywords:
                if self._word_idf(word) < 1.2 or topic.top_topic_id not in owners.get(
                    word, {topic.top_topic_id}
                ):
                    continue
                row = weights.setdefault(word, np.zeros(len(self._tops)))
                row[top] = max(row[top], weight)
        totals = np.maximum(sum(weights.values(), np.zeros(len(self._tops))), 1e-9)
        return {word: row / totals for word, row in weights.items()}

    def _index_evidence(self, keyword_topics: Mapping[str, Floats]) -> None:
        """Room for the evidence of each keyword, then of each vector, then of a word without vector.

        Evidence is computed when a word first asks for it, see `_add_evidence`: nan until then.
        """
        keywords = list(keyword_topics)
        shares = np.array([keyword_topics[word] for word in keywords]).reshape(len(keywords), len(self._tops))
        rows = self._vectors.vector_rows(keywords) if keywords else np.zeros(0, np.int64)
        anchors, place = np.unique(rows[rows >= 0], return_inverse=True)
        self._anchors = self._exact_vectors(anchors).T
        self._anchor_shares = np.zeros((len(anchors), len(self._tops)), np.float32)
        np.add.at(self._anchor_shares, place, shares[rows >= 0])
        self._keyword_shares = shares
        no_vector = len(self._table)
        keyword_vectors = np.where(rows >= 0, rows, no_vector)
        self._evidence_vectors = np.concatenate([keyword_vectors, np.arange(no_vector + 1)])
        self._evidence = np.full((len(self._evidence_vectors), len(self._tops)), np.nan)

    def _exact_vectors(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Unit vectors in 64 bits, in which the number of threads shows in no score."""
        return _unit(self._table[rows].astype(np.float64)).astype(np.float64)

    def _add_evidence(self, places: npt.NDArray[np.int64]) -> None:
        """Computes the rows of the evidence table, one column a top topic, that are still missing."""
        missing = np.unique(places[np.isnan(self._evidence[places, 0])])
        for start in range(0, len(missing), 2000):
            part = missing[start : start + 2000]
            rows = self._evidence_vectors[part]
            has_vector = rows < len(self._table)
            near = np.zeros((len(part), len(self._tops)))
            cosines = self._exact_vectors(rows[has_vector]) @ self._anchors
            near[has_vector] = np.exp(KERNEL * (cosines - 1)) @ self._anchor_shares
            is_keyword = part < len(self._keyword_shares)
            near[is_keyword] += KEYWORD_BONUS * self._keyword_shares[part[is_keyword]]
            total = near + DOUBT
            evidence = np.log(total / total.mean(axis=1, keepdims=True))
            self._evidence[part] = evidence - evidence.mean(axis=1, keepdims=True)

    def _look_up(self, words: set[str]) -> None:
        """Brings words into the cache: what each weighs and where its evidence stands."""
        if len(self._words) > _CACHED_WORDS:
            self._words.clear()
            self._known = _NO_WORDS
        new = sorted(words - self._words.keys())
        if not new:
            return
        self._words.update(zip(new, range(len(self._words), len(self._words) + len(new)), strict=True))
        vectors = self._vectors.vector_rows(new)
        keywords = np.array([self._keyword_index.get(word, -1) for word in new], np.int64)
        by_vector = len(self._keyword_index) + np.where(vectors >= 0, vectors, len(self._table))
        fresh = _Words(
            np.where(keywords >= 0, keywords, by_vector),
            vectors,
            np.array([self._profile_index.get(word, -1) for word in new], np.int64),
            np.array([self._weight(word) for word in new]),
        )
        self._add_evidence(fresh.evidence)
        self._known = _Words._make(map(np.concatenate, zip(self._known, fresh, strict=True)))

    def _bag(self, title: Tokens, text: Tokens, mentions: Sequence[Mention]) -> dict[str, float]:
        """Word -> how often it stands in the text, the title and the names weighted."""
        bag: dict[str, float] = {}
        forms = self._forms
        for field, tokens, weight in (("title", title, TITLE_WEIGHT), ("text", text, 1.0)):
            words_of_names: list[str] = []
            for mention in mentions:
                if mention.field == field:
                    first = bisect_left(tokens.starts, mention.start_char)
                    words_of_names += tokens.words[first : bisect_left(tokens.starts, mention.end_char)]
            named = Counter(words_of_names)
            for word, count in Counter(tokens.words).items():
                form = forms.get(word)
                if form is None:
                    form = self._remember_form(word)
                if form:
                    times = weight * count
                    if word in named:
                        times = weight * (count - (1 - ENTITY_WEIGHT) * min(count, named[word]))
                    bag[form] = bag.get(form, 0.0) + times
        return bag

    def _remember_form(self, word: str) -> str:
        if len(self._forms) > _CACHED_WORDS:
            self._forms.clear()
        form = word_form(word) if len(word) <= _WORD_CHARS else ""
        if len(form) < 2 or not form[0].isalpha() or form in STOP_WORDS:
            form = ""
        if len(word) <= _WORD_CHARS:
            self._forms[word] = form
        return form

    def _weigh(self, bags: Sequence[Mapping[str, float]]) -> _Weighed:
        """The bags as sparse matrices: one row a text, the words' weights in it as values."""
        numbers = np.array([self._words[form] for bag in bags for form in bag], np.int64)
        texts = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        roots = np.sqrt([times for bag in bags for times in bag.values()])
        values = (roots * self._known.weights[numbers]).astype(np.float32)

        def matrix(columns: npt.NDArray[np.int64], width: int) -> csr_matrix:
            kept = columns >= 0
            ends = np.concatenate([[0], np.cumsum(np.bincount(texts[kept], minlength=len(bags)))])
            return csr_matrix((values[kept], columns[kept], ends), shape=(len(bags), width))

        return _Weighed(
            np.bincount(texts, roots, minlength=len(bags)).tolist(),
            matrix(self._known.evidence[numbers], len(self._evidence)),
            matrix(self._known.vectors[numbers], len(self._table)),
            matrix(self._known.profiles[numbers], len(self._profile_index)),
        )

    # subtopics

    def _index_subtopics(self) -> None:
        """The keywords of every topic below the first level, as a unit vector and as a unit row of words."""
        self._below = [topic for topic in self._topics if topic.topic_level > 1]
        columns: dict[str, list[int]] = defaultdict(list)
        for column, topic in enumerate(self._below):
            columns[topic.top_topic_id].append(column)
        self._columns = {top: np.array(places) for top, places in columns.items()}
        words, profiles = self._keyword_matrix(self._below)
        self._profile_index = {word: i for i, word in enumerate(words)}
        self._profile_vectors = self._line_vectors(words, profiles)
        norms = np.sqrt(np.asarray(profiles.multiply(profiles).sum(axis=0)).ravel())
        self._profile_words = csr_matrix(profiles.multiply(1 / np.maximum(norms, 1e-9)))
        has_name_only = np.array([not topic.has_line for topic in self._below], np.float64)
        self._name_words = csr_matrix((profiles > 0).multiply(has_name_only))
        self._name_sizes = np.asarray(self._name_words.sum(axis=0)).ravel()

    def _keyword_matrix(self, topics: Sequence[Topic]) -> tuple[list[str], csr_matrix]:
        """The keywords of some topics, and their weights: shape (keywords, topics)."""
        words = sorted({word for topic in topics for word in topic.keywords})
        index = {word: i for i, word in enumerate(words)}
        rows = [index[word] for topic in topics for word in topic.keywords]
        columns = [column for column, topic in enumerate(topics) for _ in topic.keywords]
        weights = [self._weight(word) for topic in topics for word in topic.keywords]
        return words, csr_matrix((weights, (rows, columns)), shape=(len(words), len(topics)))

    def _line_vectors(self, words: Sequence[str], matrix: csr_matrix) -> Floats:
        """One unit vector per topic, the weighted sum of its keywords': shape (dimensions, topics)."""
        rows = self._vectors.vector_rows(words)
        table = np.where((rows >= 0)[:, None], self._table[rows], 0.0)
        lines: Floats = _unit(matrix.T @ table).astype(np.float64).T
        return lines

    def _subtopic_fits(self, weighed: _Weighed, vectors: Floats) -> Floats:
        """Mean of the two cosines, by vectors and by shared keywords: shape (texts, subtopics).

        A topic without a keyword line of its own fits only a text that has every word of its name.
        """
        words = weighed.profiles
        norms = np.sqrt(np.asarray(words.multiply(words).sum(axis=1)).ravel())
        shared = (words @ self._profile_words).toarray() / np.maximum(norms, 1e-9)[:, None]
        fits = (vectors @ self._profile_vectors + shared) / 2
        seen = words.copy()
        seen.data = np.ones_like(seen.data)
        named: Floats = np.where((seen @ self._name_words).toarray() >= self._name_sizes, fits, 0.0)
        return named

    # the choice

    def _choose(self, scores: Floats, fits: Floats) -> list[TopicScore]:
        order = sorted(
            range(len(scores)), key=lambda i: (-round(float(scores[i]), 4), self._tops[i].topic_id)
        )
        chosen: dict[str, float] = {}
        for rank, i in enumerate(order):
            score = round(float(scores[i]), 4)
            if score < TOPIC_SCORE:
                break
            chosen[self._tops[i].topic_id] = score
            if rank < SUBTOPIC_PARENTS:
                self._choose_below(self._tops[i].topic_id, score, fits, chosen)
        primary = self._tops[order[0]].topic_id
        found = [TopicScore(topic_id, score, topic_id == primary) for topic_id, score in chosen.items()]
        return sorted(found, key=lambda topic: (-topic.topic_score, self._place[topic.topic_id]))

    def _choose_below(self, top: str, top_score: float, fits: Floats, chosen: dict[str, float]) -> None:
        """Adds the best fitting subtopics of a top topic, and the topics between."""
        columns = self._columns.get(top)
        if columns is None:
            return
        rounded = np.round(fits[columns], 4)
        best = np.argsort(-rounded, kind="stable")[:SUBTOPICS]
        for fit, column in zip(rounded[best].tolist(), columns[best].tolist(), strict=True):
            if fit < max(SUBTOPIC_FIT, NEAR_BEST * float(rounded[best[0]])):
                break
            score = round(top_score * min(1.0, fit / FULL_FIT), 4)
            topic_id = self._below[column].topic_id
            while topic_id != top:
                chosen[topic_id] = max(score, chosen.get(topic_id, 0.0))
                topic_id = self._topics[self._place[topic_id]].parent_topic_id


def _unit(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    unit: npt.NDArray[np.floating] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _calibrated(shares: Floats) -> Floats:
    sure = np.clip(shares, 1e-9, 1 - 1e-9)
    odds = CALIBRATION_SHIFT + CALIBRATION_SLOPE * np.log(sure / (1 - sure))
    scores: Floats = 1 / (1 + np.exp(-odds))
    return scores


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    scores: Floats = powers / powers.sum()
    return scores
