"""The IPTC Media Topics of a text, without a trained classifier: word vectors and the keyword lines of
`seeds/topics.csv` say how much each word speaks for each top topic, and the text adds its words up.

Topic ids, names and the tree: IPTC NewsCodes, Media Topics (release of 2023-10-24), iptc.org, CC BY 4.0.
The keyword lines and the expected shares of the news are Newsmill's own. A user's own topics are rows
of the same file with any id that does not start with `medtop:`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice, repeat
from pathlib import Path
from typing import NamedTuple, Protocol

import numba
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from spacy.lang.en.stop_words import STOP_WORDS

from flows.annotating.background import Usage, read_background
from flows.annotating.recognized import RecognizedTexts
from flows.compiled import compiled
from flows.records import TopicScore

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

VECTORS_TOGETHER = 256  # vectors whose distances to the keywords are computed at once

_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-\d\w*)?")
_WORD_CHARS = 40  # what is longer is no word
_NUMBERED_WORDS = 300_000
_NEW = -2

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
    sizes: Floats
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
        self._forget()

        table = _unit(vectors.vector_table)
        self._table: npt.NDArray[np.float32] = table - self._centre(table)
        keyword_topics = self._keyword_topics()
        self._keyword_index = {word: i for i, word in enumerate(keyword_topics)}
        self._index_evidence(keyword_topics)
        self._top_lines = self._line_vectors(*self._keyword_matrix(self._tops))
        self._index_subtopics()

    def annotate_batch(self, read: RecognizedTexts) -> list[list[TopicScore]]:
        """The topics of each text, best first; none where no top topic reaches `TOPIC_SCORE`.

        The score of the first says how often such a topic is right: four times in five at 0.8.

        A subtopic's score is never above that of the topic over it. Scores are rounded to 4 decimals,
        so that a text has the same ones in every batch.
        """
        if len(self._number_of) > _NUMBERED_WORDS:
            self._forget()
        weighed = self._weigh(read)
        totals = np.maximum(np.asarray(weighed.evidence.sum(axis=1)), 1e-9)
        evidence = (weighed.evidence @ self._evidence) / totals
        vectors: Floats = _unit((weighed.vectors @ self._table).astype(np.float64)).astype(np.float64)
        near = LINE_WEIGHT * (vectors @ self._top_lines)
        logits = SHARPNESS * (np.sqrt(weighed.sizes)[:, None] * evidence + near + self._prior)
        scores = np.round(_calibrated(_softmax(logits)), 4)
        chosen = [
            self._best_tops(of_text) if size else []
            for size, of_text in zip(weighed.sizes.tolist(), scores.tolist(), strict=True)
        ]
        below = self._best_below(chosen, weighed.profiles, vectors)
        return [self._with_subtopics(tops, below[number]) for number, tops in enumerate(chosen)]

    # words

    def _word_idf(self, word: str) -> float:
        return self._idf.get(word, self._rare)

    def _weights(self, words: Sequence[str]) -> Floats:
        idf = np.fromiter(map(self._idf.get, words, repeat(self._rare)), np.float64, len(words))
        weights: Floats = np.clip(idf, COMMON_IDF, RARE_IDF) - 1
        return weights

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
        """The evidence of each keyword, then room for that of each vector, then that of a word without one.

        The evidence of a vector is worked out when a word of it comes (`_add_evidence`): few of them do.
        """
        keywords = list(keyword_topics)
        shares = np.array([keyword_topics[word] for word in keywords]).reshape(len(keywords), len(self._tops))
        rows = self._vectors.vector_rows(keywords) if keywords else np.zeros(0, np.int64)
        anchors, place = np.unique(rows[rows >= 0], return_inverse=True)
        self._anchor_shares = np.zeros((len(anchors), len(self._tops)), np.float32)
        np.add.at(self._anchor_shares, place, shares[rows >= 0])
        self._anchors = _unit(self._table[anchors].astype(np.float64)).T
        near = np.zeros((len(keywords), len(self._tops)))
        near[rows >= 0] = self._near(anchors)[place]
        self._evidence = np.zeros((len(keywords) + len(self._table) + 1, len(self._tops)))
        self._evidence[: len(keywords)] = _evidence(near + KEYWORD_BONUS * shares)
        self._has_evidence = np.zeros(len(self._table), np.bool_)

    def _add_evidence(self, rows: npt.NDArray[np.int64]) -> None:
        """Works out the evidence of vectors, given by their rows in the table, where it is not known yet."""
        new = np.unique(rows)
        new = new[~self._has_evidence[new]]
        self._evidence[len(self._keyword_index) + new] = _evidence(self._near(new))
        self._has_evidence[new] = True

    def _near(self, rows: npt.NDArray[np.int64]) -> Floats:
        """How near the keywords of each top topic are to each of some vectors: shape (rows, top topics)."""
        near = np.zeros((len(rows), len(self._tops)))
        for start in range(0, len(rows), VECTORS_TOGETHER):
            # in 64 bits neither the number of threads nor what comes together shows in a score
            table = _unit(self._table[rows[start : start + VECTORS_TOGETHER]].astype(np.float64))
            near[start : start + len(table)] = (
                np.exp(KERNEL * (table @ self._anchors - 1)) @ self._anchor_shares
            )
        return near

    def _number(self, word: str) -> int:
        """The number of a word's form, a new one where it is new; -1 for what is no word or a stop word."""
        form = word_form(word)
        if len(form) < 2 or not form[0].isalpha() or form in STOP_WORDS:
            return -1
        return self._numbers.setdefault(form, len(self._numbers))

    def _forms(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """The number of the form of each of these different words."""
        known = self._number_of
        found = np.fromiter(map(known.get, words, repeat(_NEW)), np.int64, len(words))
        new = np.flatnonzero(found == _NEW)
        for place in new.tolist():
            word = words[place]
            if len(word) <= _WORD_CHARS:
                known[word] = self._number(word)
            found[place] = known.get(word, -1)
        return found

    def _forget(self) -> None:
        self._numbers: dict[str, int] = {}
        self._number_of: dict[str, int] = {}
        self._known = _NO_WORDS

    def _look_up(self) -> None:
        """Makes known what each of the numbered words weighs and where its evidence stands."""
        new = list(islice(self._numbers, len(self._known.weights), None))
        if not new:
            return
        vectors = self._vectors.vector_rows(new)
        keywords = _places(new, self._keyword_index)
        self._add_evidence(vectors[(vectors >= 0) & (keywords < 0)])
        by_vector = len(self._keyword_index) + np.where(vectors >= 0, vectors, len(self._table))
        fresh = _Words(
            np.where(keywords >= 0, keywords, by_vector),
            vectors,
            _places(new, self._profile_index),
            self._weights(new),
        )
        self._known = _Words._make(map(np.concatenate, zip(self._known, fresh, strict=True)))

    def _weigh(self, read: RecognizedTexts) -> _Weighed:
        """The texts as sparse matrices: one row a text, its words in the order in which they come first.

        A word's value is the root of how often it stands there, title and names weighted, by its weight.
        """
        count = len(read.texts)
        forms = self._forms(read.laid.words)[read.laid.numbers]
        self._look_up()
        times = np.where(read.laid.field % 2 == 0, TITLE_WEIGHT, 1.0) * (
            1 + (ENTITY_WEIGHT - 1) * read.is_named
        )
        is_word = forms >= 0
        row, number, sums = _added_up(
            read.laid.field[is_word] // 2, forms[is_word], times[is_word], len(self._numbers)
        )
        roots = np.sqrt(np.maximum(sums, 0.0))
        values = (roots * self._known.weights[number]).astype(np.float32)

        def matrix(columns: npt.NDArray[np.int64], width: int) -> csr_matrix:
            kept = columns >= 0
            ends = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=count))])
            return csr_matrix((values[kept], columns[kept], ends), shape=(count, width))

        return _Weighed(
            np.bincount(row, roots, minlength=count),
            matrix(self._known.evidence[number], len(self._evidence)),
            matrix(self._known.vectors[number], len(self._table)),
            matrix(self._known.profiles[number], len(self._profile_index)),
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
        weights = self._weights([word for topic in topics for word in topic.keywords])
        return words, csr_matrix((weights, (rows, columns)), shape=(len(words), len(topics)))

    def _line_vectors(self, words: Sequence[str], matrix: csr_matrix) -> Floats:
        """One unit vector per topic, the weighted sum of its keywords': shape (dimensions, topics)."""
        rows = self._vectors.vector_rows(words)
        table = np.where((rows >= 0)[:, None], self._table[rows], 0.0)
        lines: Floats = _unit(matrix.T @ table).astype(np.float64).T
        return lines

    # the choice

    def _best_tops(self, scores: list[float]) -> list[tuple[str, float]]:
        """The top topics of one text that reach `TOPIC_SCORE`, best first."""
        found = [
            (topic.topic_id, score)
            for score, topic in zip(scores, self._tops, strict=True)
            if score >= TOPIC_SCORE
        ]
        return sorted(found, key=lambda top: (-top[1], top[0]))

    def _best_below(
        self, chosen: Sequence[Sequence[tuple[str, float]]], words: csr_matrix, vectors: Floats
    ) -> list[dict[str, list[tuple[float, int]]]]:
        """For each text and each of its best top topics the best fitting subtopics, as fit and number.

        The fit is the mean of the two cosines, by vectors and by shared keywords. A topic without a keyword
        line of its own fits only a text that has every word of its name.
        """
        norms = np.sqrt(np.asarray(words.multiply(words).sum(axis=1)).ravel())
        shared = (words @ self._profile_words).toarray() / np.maximum(norms, 1e-9)[:, None]
        seen = words.copy()
        seen.data = np.ones_like(seen.data)
        is_named = (seen @ self._name_words).toarray() >= self._name_sizes
        texts_of: dict[str, list[int]] = defaultdict(list)
        for number, tops in enumerate(chosen):
            for top, _ in tops[:SUBTOPIC_PARENTS]:
                texts_of[top].append(number)
        found: list[dict[str, list[tuple[float, int]]]] = [{} for _ in chosen]
        for top, texts in texts_of.items():
            columns = self._columns.get(top)
            if columns is None:
                continue
            part = np.ix_(texts, columns)
            fits = (vectors[texts] @ self._profile_vectors[:, columns] + shared[part]) / 2
            fits = np.round(np.where(is_named[part], fits, 0.0), 4)
            bounds = np.maximum(SUBTOPIC_FIT, NEAR_BEST * fits.max(axis=1))
            rows, places = np.nonzero(fits >= bounds[:, None])
            for row, fit, column in zip(
                rows.tolist(), fits[rows, places].tolist(), columns[places].tolist(), strict=True
            ):
                found[texts[row]].setdefault(top, []).append((fit, column))
        for of_text in found:
            for fitting in of_text.values():
                fitting.sort(key=lambda one: (-one[0], one[1]))
                del fitting[SUBTOPICS:]
        return found

    def _with_subtopics(
        self, tops: Sequence[tuple[str, float]], below: Mapping[str, Sequence[tuple[float, int]]]
    ) -> list[TopicScore]:
        """The topics of one text: its top topics, their best subtopics, and the topics between."""
        chosen = dict(tops)
        for top, top_score in tops:
            for fit, column in below.get(top, ()):
                score = round(top_score * min(1.0, fit / FULL_FIT), 4)
                topic_id = self._below[column].topic_id
                while topic_id != top:
                    chosen[topic_id] = max(score, chosen.get(topic_id, 0.0))
                    topic_id = self._topics[self._place[topic_id]].parent_topic_id
        found = [TopicScore(topic_id, score, topic_id == tops[0][0]) for topic_id, score in chosen.items()]
        return sorted(found, key=lambda topic: (-topic.topic_score, self._place[topic.topic_id]))


def _places(words: Sequence[str], index: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """Where each word stands in an index, -1 where it does not."""
    return np.fromiter(map(index.get, words, repeat(-1)), np.int64, len(words))


def _added_up(
    rows: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64], times: Floats, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Row, number and the sum of the times of each number of each row, in the order in which they come first.

    The rows ascend, and the numbers are below `count`. What is summed in 32 bits later depends on the order,
    and the text alone decides it.
    """
    rows, numbers, times = rows.copy(), numbers.copy(), times.copy()
    different = _add_up(rows, numbers, times, np.full(count, -1, np.int64))
    return rows[:different], numbers[:different], times[:different]


@compiled(numba.int64(numba.int64[::1], numba.int64[::1], numba.float64[::1], numba.int64[::1]))
def _add_up(
    rows: npt.NDArray[np.int64],
    numbers: npt.NDArray[np.int64],
    times: Floats,
    latest: npt.NDArray[np.int64],
) -> int:
    """`_added_up` in place, and how many there are; `latest` is where a number stood last among them."""
    different = 0
    for at in range(len(rows)):
        number = numbers[at]
        place = latest[number]
        if place >= 0 and rows[place] == rows[at]:
            times[place] += times[at]
            continue
        latest[number] = different
        rows[different], numbers[different], times[different] = rows[at], number, times[at]
        different += 1
    return different


def _evidence(near: Floats) -> Floats:
    total = near + DOUBT
    evidence: Floats = np.log(total / total.mean(axis=1, keepdims=True))
    return evidence - evidence.mean(axis=1, keepdims=True)


def _unit(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    unit: npt.NDArray[np.floating] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _calibrated(shares: Floats) -> Floats:
    sure = np.clip(shares, 1e-9, 1 - 1e-9)
    odds = CALIBRATION_SHIFT + CALIBRATION_SLOPE * np.log(sure / (1 - sure))
    scores: Floats = 1 / (1 + np.exp(-odds))
    return scores


def _softmax(logits: Floats) -> Floats:
    """The shares of each row of logits."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores: Floats = powers / powers.sum(axis=1, keepdims=True)
    return scores
