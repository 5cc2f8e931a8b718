"""Finds who is cited in a text: the source, the cue ("said", "according to") and what is cited.

Patterns over tokens, capitals and mentions, without a parser. Reports of speech and of documents count;
attitudes and intentions ("wants", "believes", "plans") do not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from flows.annotating.citation_layout import QUOTE_MARKS, Layout, noted_words
from flows.annotating.citation_naming import Attribution, Naming
from flows.annotating.citation_phrases import Phrases
from flows.annotating.citation_words import (
    ANONYMITY,
    BE,
    BE_CONTRACTIONS,
    CIRCUMSTANCES,
    CLAUSE_ENDS,
    CLAUSE_STARTS,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    DO,
    MEASURES,
    MODALS,
    NO_SUBJECTS,
    NOT_A_SOURCE,
    PLURAL_PRONOUNS,
    POSSESSIVE_MARKS,
    PREPOSITIONS,
    QUANTIFIERS,
    RELATIVE_PRONOUNS,
    SINGLE_QUOTE_ENDS,
    STATEMENT_PLACES,
    SUBJECT_PRONOUNS,
    TIME_WORDS,
    WH_WORDS,
    Cue,
    cue_verbs,
    cue_words,
    seeds_digest,
    speakers,
)
from flows.annotating.recognized import RecognizedTexts
from flows.records import Citation

PATTERNS_VERSION = "patterns1"
_NAMES = frozenset({"person", "organization", "place"})
_MUTE = frozenset({"event"})  # the only named things that do not speak
_LONGEST_CLAUSE = 400  # tokens of a content without quotation marks
_WINDOW = 70  # tokens looked at before a cue
_ASIDE = 25  # tokens between a cue and the "that" or the quotation it opens
_NEGATIONS = frozenset({"n't", "n’t", "not", "never"})
_OPENINGS = frozenset({"as", "when", "after", "before", "while", "since", "earlier", "late", "early", "last"})
_OTHER_SENSES = frozenset(
    {
        ("find", "out"),
        ("find", "itself"),
        ("find", "themselves"),
        ("call", "at"),
        ("call", "off"),
        ("protest", "against"),
        ("plead", "guilty"),
        ("compare", "to"),
    }
)
_THEMES = frozenset({"about", "of", "against"})  # "warned of floods"
_TURNS = QUOTE_MARKS | {":", "that", ";", ".", "!", "?"}  # where the search behind a cue has to look
_PAUSES = DASHES | {","}
_ATTACHED = DASHES | {",", "and", "while", "before", "after", "without", "when", "on", "twitter", "facebook"}

Span = tuple[int, int]


class CitationAnnotator:
    """Finds cited sources; the seeds are read once per process."""

    @property
    def version(self) -> str:
        """Name of the patterns and their seeds: a change of either gives other citations."""
        return f"{PATTERNS_VERSION}+{seeds_digest()}"

    def annotate_batch(self, read: RecognizedTexts) -> list[list[Citation]]:
        """The citations of each text, in the order of their cues; there are none in a title.

        The time taken grows linearly with the text.
        """
        lower = list(map(str.lower, read.laid.words))
        cues, noted = (
            read.laid.places(map(words.__contains__, lower))[1::2] for words in (cue_words(), noted_words())
        )
        laid_out = np.array(lower, dtype=object)[read.laid.numbers]
        firsts = read.laid.offsets[1::2].tolist()
        return [
            _citations(Layout(text, laid_out[first : first + len(text.text.words)].tolist(), marks), places)
            if places
            else []
            for text, first, marks, places in zip(read.texts, firsts, noted, cues, strict=True)
        ]


def _citations(layout: Layout, cues: list[int]) -> list[Citation]:
    """The citations of one text, where the cues may be."""
    if not (found := list(_Search(layout).all(cues))):
        return []
    naming = Naming(layout)
    return [naming.citation(attribution) for attribution in found]


class _Search:
    """The search for attributions in one laid-out text; spans are tokens, ends exclusive."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lower = layout.lower
        self._phrases = Phrases(layout)
        self._cues = cue_verbs()
        self._speakers = speakers()
        self._last: Attribution | None = None

    def all(self, places: list[int]) -> Iterator[Attribution]:
        """Every attribution, in the order of the cues, which stand at these places."""
        layout, cues, named = self._layout, self._cues, self._layout.named
        for token in places:
            word = self._lower[token]
            if token in named and named[token].end - named[token].start > 1:
                continue
            if layout.quote_around(token) is not None:
                continue  # what somebody is quoted as saying of others is not the article's own citation
            found = self._according(token) if word == "according" else self._verb(token, cues[word])
            if found is not None and self._is_cited(found):
                self._last = found
                yield found

    def _is_cited(self, found: Attribution) -> bool:
        """Whether the source is another than the reader and, but for what they once said, the writers."""
        first, cue = self._lower[found.source[0]], self._cues.get(self._lower[found.cue[1] - 1])
        if cue is not None and cue.cue_class in ("ask", "refuse") and self._asks_for_no_name(found.cue[1]):
            return False
        if first in ("i", "we"):
            return cue is not None and cue.form == "past"
        return first != "you"

    def _asks_for_no_name(self, token: int) -> bool:
        """ "who asked not to be named": it says what kind of source speaks, and nothing else."""
        words = self._lower[token : token + 6]
        return any(word in ANONYMITY or word in ("named", "identified") for word in words)

    def _bounds(self, token: int) -> Span:
        """The sentence of `token`, or at most some tokens around it."""
        start, end = self._layout.sentence(token)
        return max(start, token - _WINDOW), min(end, token + _LONGEST_CLAUSE)

    def _according(self, token: int) -> Attribution | None:
        """According to X."""
        lower = self._lower
        if token + 2 >= len(lower) or lower[token + 1] != "to":
            return None
        start, end = self._bounds(token)
        fronted = all(word in CONJUNCTIONS or word == "but" for word in lower[start:token])
        source = self._phrases.right(token + 2, end, fronted=fronted)
        if source is None or lower[source[0]] in WH_WORDS:
            return None
        last = lower[source[1] - 1]
        if lower[self._phrases.head(*source)] in MEASURES:
            return None
        if source[1] - source[0] < 3 and (last in NOT_A_SOURCE or lower[source[0]] == last in DETERMINERS):
            return None
        bracketed = token > start and lower[token - 1] == "("
        content = self._trim(source[1], end) if fronted or bracketed else self._trim(start, token)
        return Attribution(
            source, (token, token + 2), content or self._quote_left(token) or (token, token + 2)
        )

    # -- where the source stands

    def _verb(self, token: int, cue: Cue) -> Attribution | None:
        """The attribution of one cue verb, None when the word is none here."""
        lower, layout = self._lower, self._layout
        start, end = self._bounds(token)
        before = lower[token - 1] if token > start else ""
        after = lower[token + 1] if token + 1 < end else ""
        if before == "-" or (after == "-" and not layout.gap_before(token + 1)) or before in NO_SUBJECTS:
            return None
        if (cue.lemma, after) in _OTHER_SENSES:
            return None
        owned = before in POSSESSIVE_MARKS and not self._is_auxiliary(token - 1)
        if owned and layout.quote_around(token - 1) is None:
            return None
        if cue.form == "ing":
            return self._participle(token, cue, start, end)
        helper = token - 1
        while helper >= start and self._phrases.is_adverb(helper):
            helper -= 1
        helping = lower[helper] if helper >= start else ""
        if helping in MODALS or not _NEGATIONS.isdisjoint(lower[helper + 1 : token]):
            return None  # what somebody may say, or did not
        if cue.form == "past":
            has = helping in BE_CONTRACTIONS and lower[helper - 1] in ("he", "she", "who")
            is_passive = helping == "been" or (helping in BE and not has and self._is_auxiliary(helper))
            if after == "by":
                passive = self._passive(token, start, end)
                if passive is not None or is_passive:
                    return passive if cue.takes != "quote" else None
            if is_passive:
                return self._quoted_as_saying(token, start, end)
            if cue.can_be_reduced and after in PREPOSITIONS:
                return None  # "the men accused of theft"
        else:
            if cue.form == "base" and helping == "to":
                went_on = helper - 2 >= start and lower[helper - 2] in ("went", "goes", "go", "gone")
                if not went_on or lower[helper - 1] != "on":
                    return None
                return self._finish(token, cue, self._phrases.left(helper - 3, start), start, end)
            if cue.form == "base" and helping not in DO and not self._is_plural(helper, start):
                return None
            if cue.is_noun and not self._is_no_noun(token, start, end):
                return None
        inverted = self._inverted(token, cue, start)
        if inverted is not None:
            return inverted
        last = self._phrases.before_adverbs(token - 1, start)
        if last < start:
            return None
        if lower[last] in CONJUNCTIONS or lower[last] in ("but", "then"):
            return self._finish(token, cue, self._main_subject(last, start), start, end)
        return self._finish(token, cue, self._phrases.left(last, start), start, end)

    def _is_auxiliary(self, token: int) -> bool:
        word = self._lower[token]
        if word in BE_CONTRACTIONS:
            return token > 0 and self._lower[token - 1] in SUBJECT_PRONOUNS | {"that", "who", "there", "what"}
        return word not in POSSESSIVE_MARKS

    def _is_no_noun(self, token: int, start: int, end: int) -> bool:
        """Whether "claims" or "report" is the verb: after a pronoun or a name, or before "that"."""
        lower, layout = self._lower, self._layout
        after = lower[token + 1] if token + 1 < end else ""
        if lower[token - 1] in DETERMINERS - {"all", "both"}:
            return False
        last = self._phrases.before_adverbs(token - 1, start)
        if last < start:
            return False
        if lower[last] in SUBJECT_PRONOUNS or lower[last] in RELATIVE_PRONOUNS or last < token - 1:
            return True
        if after in WH_WORDS or after == ":" or after in QUOTE_MARKS:
            return True
        if after == ",":  # "rents, tenants claim, have doubled"
            source = self._phrases.left(last, start)
            return source is not None and source[0] > start and lower[source[0] - 1] == ","
        if after in PREPOSITIONS or after in CLAUSE_ENDS or after in CONJUNCTIONS or after == "":
            return False
        if self._phrases.is_verb(token + 1):
            return False
        span = layout.named.get(last)
        if span is not None:
            return span.mention.entity_type in _NAMES and layout.words[token].islower()
        return lower[last] in self._speakers or lower[last] == ","

    def _is_plural(self, last: int, start: int) -> bool:
        """Whether the subject that ends at `last` can have a verb without -s."""
        last = self._phrases.before_adverbs(last, start)
        if last < start:
            return False
        word = self._lower[last]
        if word in PLURAL_PRONOUNS or word in RELATIVE_PRONOUNS or word in QUANTIFIERS or word == ",":
            return True
        if word in CONJUNCTIONS or word == "but":
            return self._last is not None and self._last.cue[0] >= start
        source = self._phrases.left(last, start)
        if source is None:
            return False
        if not CONJUNCTIONS.isdisjoint(self._lower[source[0] : source[1]]):
            return True
        head = self._lower[self._phrases.head(*source)]
        kind = self._speakers.get(head)
        if kind is not None:
            return kind.number != "singular"
        return head.endswith("s") and not head.endswith("ss")

    def _inverted(self, token: int, cue: Cue, start: int) -> Attribution | None:
        """ "...," said X."""
        lower = self._lower
        sentence_start, sentence_end = self._layout.sentence(token)
        high = min(sentence_end, token + _WINDOW)
        if not cue.can_invert or cue.form == "base" or token + 1 >= high:
            return None
        before = lower[token - 1] if token else ""
        opens = token == sentence_start
        quoted = before in QUOTE_MARKS or before in SINGLE_QUOTE_ENDS
        quoted = quoted or (before == "," and token > 1 and lower[token - 2] in QUOTE_MARKS)
        if not (quoted or opens or before in DASHES or before in (",", "?", "!")):
            return None
        source = None if lower[token + 1] in ("that", "it", "there") else self._phrases.right(token + 1, high)
        if source is None or (source[1] - source[0] == 1 and lower[source[0]] in DETERMINERS):
            return None
        stop = lower[source[1]] if source[1] < high else "."
        if opens and not quoted and stop not in (":", ","):
            return None
        ends = stop in CLAUSE_ENDS or stop in QUOTE_MARKS or stop in PREPOSITIONS or stop in TIME_WORDS
        ends = ends or stop.endswith("ing")
        if before != "," or quoted:
            ends = ends or stop in CIRCUMSTANCES or stop in SINGLE_QUOTE_ENDS or stop in (":", "(", "who")
            ends = ends or stop.endswith("ly")
        elif stop in (")", "…", "...") or stop in DASHES:
            return None
        if not ends:
            return None
        content = self._clause_of(self._quote_left(token), start) if quoted else None
        content = content or self._trim(start, token)
        if content is not None:
            return Attribution(source, (token, token + 1), self._around(content, source[1]))
        content = self._quote_right(source[1], high)
        return None if content is None else Attribution(source, (token, token + 1), content)

    def _main_subject(self, token: int, start: int) -> Span | None:
        """The source of the nearest cue before `token` in its sentence, else the subject it opens with."""
        last = self._last
        is_near = last is not None and start <= last.cue[0] < token
        if last is not None and is_near and self._lower[last.source[0]] not in RELATIVE_PRONOUNS:
            return last.source
        return self._opening_subject(start, token)

    def _opening_subject(self, start: int, limit: int) -> Span | None:
        """The pronoun or name that a sentence opens with, behind an introduction closed by a comma."""
        lower, named = self._lower, self._layout.named
        token = start
        while token < limit and (
            lower[token] in CONJUNCTIONS
            or lower[token] in QUOTE_MARKS
            or lower[token] in ("but", "yet", "so", ",")
            or self._phrases.is_adverb(token)
        ):
            token += 1
        if token >= limit:
            return None
        word = lower[token]
        if word in PREPOSITIONS or word in CIRCUMSTANCES or word.endswith("ing"):
            while token < limit and lower[token] != ",":
                token += 1
            token += 1
        if token >= limit:
            return None
        if lower[token] in SUBJECT_PRONOUNS and lower[token] != "it":
            return token, token + 1
        source = self._phrases.right(token, limit)
        if source is None or source[1] >= limit:
            return None
        if lower[self._phrases.head(*source)] in self._speakers:
            return source
        is_named = any(i in named and named[i].mention.entity_type in _NAMES for i in range(*source))
        return source if is_named else None

    def _participle(self, token: int, cue: Cue, start: int, end: int) -> Attribution | None:
        """ "X is saying", "..., adding that", "by saying"."""
        lower = self._lower
        at = token - 1
        while at >= start and self._phrases.is_adverb(at):
            at -= 1
        if at < start:
            return self._fronted_participle(token, cue, end) if token == start else None
        before = lower[at]
        if before in ("been", "be") or (before in BE and self._is_auxiliary(at)):
            if cue.takes == "document" and lower[token + 1 : token + 2] != ["that"]:
                return None  # "it is finding its way"
            last = self._phrases.before_adverbs(at, start)
            return self._finish(token, cue, self._phrases.left(last, start), start, end)
        attached = before in _ATTACHED or before in STATEMENT_PLACES
        attached = attached or (before == "by" and cue.takes in ("clause", "addressee"))
        if attached or (before in QUOTE_MARKS and self._layout.quote_around(at) is not None):
            source = self._main_subject(at, start)
            if source is None and before in STATEMENT_PLACES:
                source = self._phrases.left(at, start)
            if source is None or source[1] > at + 1:
                return None
            return self._finish(token, cue, source, start, end, is_participle=True)
        kind = self._speakers.get(before)
        if kind is None or kind.source_type == "organization":
            return None
        return self._finish(token, cue, self._phrases.left(at, start), start, end, is_participle=True)

    def _fronted_participle(self, token: int, cue: Cue, end: int) -> Attribution | None:
        """ "Citing a report, X ..."."""
        lower = self._lower
        after = lower[token + 1] if token + 1 < end else ""
        if cue.takes != "object" and after != "that" and after not in QUOTE_MARKS:
            return None
        comma = token + 2
        while comma < min(end, token + _ASIDE) and lower[comma] != ",":
            comma += 1
        if comma + 1 >= end or lower[comma] != ",":
            return None
        source = self._phrases.right(comma + 1, end)
        content = self._trim(token + 1, comma)
        if source is None or content is None or source[1] >= end or not self._speaks(*source):
            return None
        return Attribution(source, (token, token + 1), content)

    def _passive(self, token: int, start: int, end: int) -> Attribution | None:
        """ "was reported by X"."""
        source = self._phrases.right(token + 2, end)
        if source is None or not self._speaks(*source):
            return None
        content = self._trim(start, self._phrases.before_adverbs(token - 1, start) + 1)
        if source[1] < end and self._lower[source[1]] == "as":
            content = self._trim(source[1], end)  # "was described by X as a friend"
        return None if content is None else Attribution(source, (token, token + 2), content)

    def _quoted_as_saying(self, token: int, start: int, end: int) -> Attribution | None:
        """ "X was quoted as saying", "X is quoted in the paper as saying"."""
        lower = self._lower
        if lower[token] not in ("quoted", "cited", "reported", "recorded"):
            return None
        saying = token + 2
        while saying < min(end, token + 12) and lower[saying - 1] != "as":
            saying += 1
        if saying >= end or lower[saying - 1] != "as":
            return None
        cue = self._cues.get(lower[saying])
        source = self._phrases.left(self._phrases.before_adverbs(token - 1, start), start)
        if cue is None or cue.form != "ing" or source is None:
            return None
        content = self._right_side(saying, cue, end)[1] or self._quote_left(source[0])
        return None if content is None else Attribution(source, (token, saying + 1), content)

    # -- who may be a source

    def _finish(
        self, token: int, cue: Cue, source: Span | None, start: int, end: int, *, is_participle: bool = False
    ) -> Attribution | None:
        """The attribution of a cue whose source is known, when it says something."""
        if source is None:
            return None
        mark, content = self._right_side(token, cue, end)
        lower = self._lower
        after = lower[token + 1] if token + 1 < end else "."
        if not self._source_fits(source, cue, mark):
            return None
        if cue.form == "past" and cue.cue_class in ("promise", "announce") and after in self._speakers:
            return None  # "the pledged delegates"
        if not is_participle and (content is None or (mark == "" and self._is_aside(token + 1, end))):
            before = self._left_content(source[0], start)
            if after == "," and (before is None or self._is_open(*before)):
                before = self._parenthetical(token, cue, source[0], start, end) or before
            if before is not None and not (content is not None and self._is_older(before, cue, start)):
                return Attribution(source, (token, token + 1), self._around(before, token + 1))
        if content is None or (cue.takes == "quote" and mark != "quote"):
            return None
        if mark == "quote" and not is_participle and lower[source[0] - 1] in QUOTE_MARKS:
            opening = self._quote_left(source[0])
            if opening is not None and lower[opening[1] - 2] == ",":
                content = opening[0], content[1]  # "The storm," he said, "came early."
        if mark == "":
            if (cue.lemma, after) == ("agree", "with"):
                return Attribution(source, (token, token + 1), content)
            if cue.takes == "that":
                return None
            is_loose = cue.takes != "clause" or cue.lemma in ("say", "claim")
            if not is_loose and not self._opens_clause(token + 1, end):
                return None
            if cue.takes in ("object", "document") and after in CLAUSE_ENDS:
                return None
        return Attribution(source, (token, token + 1), content)

    def _source_fits(self, source: Span, cue: Cue, mark: str) -> bool:
        """Whether a phrase may be the subject of a cue: "the poll shows", not "he shows the room"."""
        if source[1] - source[0] == 1 and self._lower[source[0]] == "it":
            return cue.takes in ("clause", "document") or cue.cue_class in ("announce", "deny")
        if cue.lemma == "say":
            return True
        if cue.takes != "document" or (mark == "that" and cue.lemma != "read"):
            return self._speaks(*source)
        head = self._phrases.head(*source)
        kind = self._speakers.get(self._lower[head])
        if kind is not None:
            return kind.source_type != "person" or cue.lemma == "find"
        name = self._layout.named.get(head)
        return name is not None and name.mention.entity_type in ("organization", "work", "law")

    def _speaks(self, start: int, end: int) -> bool:
        """Whether a phrase names somebody who can speak, or a document."""
        lower = self._lower
        if end - start == 1 and lower[start] in SUBJECT_PRONOUNS | {"who"}:
            return True
        if end - start == 1 and lower[start] == "which":
            before = start - 2 if start > 1 and lower[start - 1] in _PAUSES else start - 1
            return before >= 0 and (before in self._layout.named or lower[before] in self._speakers)
        head = self._phrases.head(start, end)
        if lower[head] in self._speakers:
            return True
        span = self._layout.named.get(head)
        if span is not None:
            return span.mention.entity_type not in _MUTE
        if lower[head] in TIME_WORDS or not self._layout.words[head][0].isupper():
            return False
        return end - start == 1 or head != self._layout.sentence(head)[0]

    # -- what is said

    def _right_side(self, token: int, cue: Cue, end: int) -> tuple[str, Span | None]:
        """What follows the cue, None for nothing, and how it is marked: "that", "quote" or ""."""
        lower, layout = self._lower, self._layout
        at = token + 1
        if at >= end:
            return "", None
        limit = min(end, at + _ASIDE)
        word, after = lower[at], lower[at + 1] if at + 1 < end else ""
        if word == ":" or (word == "," and after in QUOTE_MARKS):
            quote = self._quote_right(at + 1, layout.count)
            if quote is not None and quote[0] == at + 1:
                return "quote", quote
            below = self._paragraph_below(end) if word == ":" and at + 1 == end else None
            return "that", below or self._trim(at + 1, end)
        if word in QUOTE_MARKS:
            quote = self._quote_right(at, layout.count)
            if quote is not None:
                return "quote", self._trim(at, max(quote[1], self._content_end(at, end)))
        if word in CLAUSE_ENDS:
            if word == "," or word in DASHES:  # "said, in reply, that"
                for mark in range(at + 1, limit - 1):
                    if lower[mark] == word and (lower[mark + 1] == "that" or lower[mark + 1] in QUOTE_MARKS):
                        return "that", self._content_right(mark + 1, end)
            return "", None
        if word in WH_WORDS:
            return "that", self._content_right(at, end)
        word_after_cue = word
        for mark in range(at, limit):  # past the person told, a place or a time
            word = lower[mark]
            if word not in _TURNS:
                continue
            if word in QUOTE_MARKS and layout.quote_around(mark) is not None:
                said_in = word_after_cue in PREPOSITIONS and lower[mark - 1] in STATEMENT_PLACES
                if lower[mark - 1] in (",", ":") or said_in:
                    return "quote", self._content_right(mark, end)
                return "", self._content_right(at, end)
            if word == ":":
                quote = self._quote_right(mark + 1, layout.count)
                if quote is not None and quote[0] == mark + 1:
                    return "quote", quote
                below = self._paragraph_below(mark + 1) if mark + 1 == end else None
                return "quote", below or self._trim(mark + 1, end) or self._content_right(at, end)
            if word == "that":
                if cue.takes in ("object", "document") or any(
                    self._phrases.is_verb(i) for i in range(at, mark)
                ):
                    break  # it belongs to something else: "named a bank that failed"
                return "that", self._content_right(mark, end)
            if word in (";", ".", "!", "?") or word in QUOTE_MARKS:
                break
        return "", self._content_right(at, end)

    def _paragraph_below(self, token: int) -> Span | None:
        """The paragraph from `token`, which a colon before it announces as what is said."""
        return self._trim(token, min(self._layout.paragraph_end(token), token + _LONGEST_CLAUSE))

    def _opens_clause(self, token: int, end: int) -> bool:
        """Whether what follows the cue may be a clause: a subject, not a preposition or a conjunction."""
        lower = self._lower
        if token >= end:
            return False
        if lower[token] in _THEMES:
            return True
        if lower[token] in PREPOSITIONS or lower[token] in CONJUNCTIONS or lower[token] in ("to", "as"):
            following = lower[token : min(end, token + _ASIDE)]
            return "that" in following or not QUOTE_MARKS.isdisjoint(following)
        return True

    def _is_aside(self, token: int, end: int) -> bool:
        """Whether only a time, a place or an addressee stands between the cue and the end of its clause."""
        lower = self._lower
        word = lower[token] if token < end else "."
        if word in CLAUSE_ENDS:
            return True
        rest = range(token, min(end, token + _ASIDE))
        following = lower[token : rest.stop]
        if "that" in following or ":" in following:
            return False
        if (
            word in PREPOSITIONS
            or word in TIME_WORDS
            or word in CIRCUMSTANCES
            or self._phrases.is_adverb(token)
        ):
            return True
        return QUOTE_MARKS.isdisjoint(following) and not any(map(self._phrases.is_verb, rest))

    def _content_right(self, start: int, end: int) -> Span | None:
        return self._trim(start, self._content_end(start, end))

    def _content_end(self, start: int, end: int) -> int:
        """End of the clause, moved to the end of a quotation that starts in it and goes on behind it."""
        quotes, last = self._layout.quotes, end
        number = self._layout.quote_from(start)
        while number < len(quotes) and quotes[number].start < end:
            if quotes[number].end >= end - 1:
                last = max(last, self._layout.quote_end(number) + 1)
            number += 1
        return last

    def _left_content(self, source_start: int, start: int) -> Span | None:
        """What stands before "X said", parted from it by a comma or a closing quotation mark."""
        lower, at = self._lower, source_start - 1
        if at < 0:
            return None
        if lower[at] in QUOTE_MARKS or lower[at] in SINGLE_QUOTE_ENDS:
            return self._clause_of(self._quote_left(source_start), start)
        if lower[at] == "as":
            at -= 1
        if at > start and (lower[at] in (",", "?", "!") or lower[at] in DASHES):
            return None if self._introduces(start, at) else self._trim(start, at)
        return None

    def _parenthetical(self, token: int, cue: Cue, source_start: int, start: int, end: int) -> Span | None:
        """The sentence that "X said" stands in between commas: "Rents, tenants say, have doubled"."""
        before = self._lower[source_start - 1] if source_start > start else ","
        if not cue.can_invert or before not in (",", "as") or token + 2 >= end:
            return None
        after = self._lower[token + 2]
        if after.endswith("ing") or after in CONJUNCTIONS or after in PREPOSITIONS:
            return None
        is_led = source_start == start or before == "as" or self._introduces(start, source_start - 1)
        if is_led and not self._has_verb(token + 2, end):
            return None
        return self._trim(token + 2 if is_led else start, end)

    def _is_older(self, content: Span, cue: Cue, start: int) -> bool:
        """Whether a quotation left of a cue belongs to an earlier sentence that needs no "he urged" here."""
        if content[1] > start:
            return False
        apart = self._layout.paragraph_start(content[1] - 1) != self._layout.paragraph_start(start)
        return apart or cue.takes not in ("clause", "that", "quote")

    def _introduces(self, start: int, end: int) -> bool:
        """Whether a phrase only leads to the clause behind it: "At the rally", "As of early today"."""
        word = self._lower[start]
        leads = word in PREPOSITIONS or word in _OPENINGS
        if not leads and (end - start > 4 or not self._phrases.is_adverb(start)):
            return False
        return not self._has_verb(start + 1, end) and not SUBJECT_PRONOUNS & set(self._lower[start:end])

    def _is_open(self, start: int, end: int) -> bool:
        """Whether a clause goes on: it has no verb yet, or ends with "which", "that" or "and"."""
        last = self._lower[end - 1]
        return last in CLAUSE_STARTS | RELATIVE_PRONOUNS | CONJUNCTIONS or not self._has_verb(start, end)

    def _has_verb(self, start: int, end: int) -> bool:
        return any(map(self._phrases.is_verb, range(start, end)))

    def _quote_left(self, token: int) -> Span | None:
        """The quotation that ends right before `token` (a comma may stand between)."""
        at = token - 1
        if at >= 0 and self._lower[at] == ",":
            at -= 1
        quotes = self._layout.quotes
        number = self._layout.quote_around(at)
        if number is None or quotes[number].end != at:
            return None
        while (
            number > 0 and quotes[number - 1].continues and quotes[number - 1].end + 1 == quotes[number].start
        ):
            number -= 1
        return quotes[number].start, at + 1

    def _clause_of(self, quote: Span | None, start: int) -> Span | None:
        """A quotation with the words of its sentence that lead into it: "Rents are “a scandal,” he said"."""
        lower = self._lower
        if quote is None or quote[0] == start:
            return quote
        if quote[0] > start and not {",", ".", "?", "!"} & set(lower[quote[1] - 3 : quote[1] + 1]):
            return None  # some words in quotation marks
        before = lower[quote[0] - 1]
        is_apart = quote[0] < start or not before.isalnum() or before in self._cues
        if is_apart or not self._has_verb(start, quote[0] + 2):
            return quote
        return self._trim(start, quote[1])

    def _quote_right(self, token: int, high: int) -> Span | None:
        """The quotation that opens at `token` or at the next one."""
        number = self._layout.quote_from(token)
        quotes = self._layout.quotes
        if number >= len(quotes) or quotes[number].start > token + 1 or quotes[number].start >= high:
            return None
        return quotes[number].start, self._layout.quote_end(number) + 1

    def _around(self, content: Span, token: int) -> Span:
        """A quotation before the cue, with the one that goes on behind it in the same sentence."""
        quotes = self._layout.quotes
        number = self._layout.quote_from(token)
        if number >= len(quotes) or self._layout.quote_around(content[0]) is None:
            return content
        after = quotes[number].start
        if after - token > _ASIDE // 2:
            return content
        if self._layout.paragraph_start(after) != self._layout.paragraph_start(token):
            return content
        between = self._lower[token:after]
        if not between and token - 1 in self._layout.named and self._lower[token - 1].isalnum():
            between = [","]  # "tweeted Smith “..."
        if between and "." not in between and (between[-1] in (",", ":") or between[-1] in DASHES):
            return content[0], self._layout.quote_end(number) + 1
        return content

    def _trim(self, start: int, end: int) -> Span | None:
        """The span without marks at its edges, None when no word is left."""
        lower = self._lower
        if end > start and self._layout.quote_around(end - 1) is None:
            end = min(end, start + _LONGEST_CLAUSE)
        while start < end and (lower[start] in CLAUSE_ENDS or lower[start] in (":", "(")):
            start += 1
        while end > start and (lower[end - 1] in CLAUSE_ENDS or lower[end - 1] in (":", "(")):
            if lower[end - 1] == ")" and "(" in lower[max(start, end - _ASIDE) : end - 1]:
                break
            end -= 1
        for word in lower[start : min(end, start + 8)]:
            if word[0].isalnum():
                return start, end
        return None
