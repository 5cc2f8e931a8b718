"""Finds who is cited in a text: the source, the cue ("said", "according to") and what is cited.

Patterns over tokens, capitals and mentions, without a parser. Reports of speech and of documents count;
attitudes and intentions ("wants", "believes", "plans") do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flows.annotating.citation_layout import QUOTE_MARKS, Layout, Named
from flows.annotating.citation_phrases import Phrases
from flows.annotating.citation_words import (
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    DO,
    GENDERED_TITLES,
    MODALS,
    PLURAL_PRONOUNS,
    POSSESSIVE_MARKS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE_PRONOUNS,
    STATEMENT_PLACES,
    SUBJECT_PRONOUNS,
    TIME_WORDS,
    WH_WORDS,
    Cue,
    cue_verbs,
    speakers,
)
from flows.records import Citation, Mention, Tokens

_NAMING = frozenset({"person", "organization", "place", "nationality", "facility", "work", "law", "product"})
_TYPE_OF_NAME = {
    "person": "person",
    "organization": "organization",
    "place": "place",
    "facility": "organization",
    "nationality": "person",
    "work": "document",
    "law": "document",
    "product": "organization",
    "event": "organization",
}
_CLAUSE_ENDS = frozenset({".", "!", "?", ";", ",", ")", "—", "–", "--", "…", "..."})
_NO_SUBJECTS = POSSESSIVES | {
    "the",
    "a",
    "an",
    "these",
    "no",
    "every",
    "multiple",
    "numerous",
    "various",
    "other",
}
_SENTENCE_SPAN = 400  # tokens a content may have without quotation marks
_WINDOW = 70  # tokens looked at on either side of a cue


class _Found(NamedTuple):
    """One attribution as token spans, ends exclusive."""

    source: tuple[int, int]
    cue: tuple[int, int]
    content: tuple[int, int]


class CitationAnnotator:
    """Finds cited sources; the seeds are read once per process."""

    def annotate(self, tokens: Tokens, mentions: Sequence[Mention]) -> list[Citation]:
        """The citations of one text, in the order of their cues.

        `tokens` and `mentions` are those of the field `text`; the time taken grows linearly with the text.
        """
        if not tokens.words:
            return []
        layout = Layout(tokens, mentions)
        search = _Search(layout)
        naming = _Naming(layout)
        return [naming.citation(found) for found in search.all()]


class _Search:
    """The search for attributions in one laid-out text."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lower = layout.lower
        self._phrases = Phrases(layout)
        self._cues = cue_verbs()
        self._speakers = speakers()
        self._last: _Found | None = None

    def all(self) -> Iterator[_Found]:
        """Every attribution, in the order of the cues."""
        layout, cues, named = self._layout, self._cues, self._layout.named
        for token, word in enumerate(self._lower):
            if word not in cues and word != "according":
                continue
            if token in named and named[token].end - named[token].start > 1:
                continue
            if layout.quote_around(token) is not None:
                continue  # what somebody is quoted as saying of others is not the article's own citation
            found = self._according(token) if word == "according" else self._verb(token, cues[word])
            if found is not None:
                self._last = found
                yield found

    # -- according to X

    def _according(self, token: int) -> _Found | None:
        lower = self._lower
        if token + 2 >= len(lower) or lower[token + 1] != "to":
            return None
        start, end = self._bounds(token)
        fronted = all(word in CONJUNCTIONS or word == "but" for word in lower[start:token])
        source = self._phrases.right(token + 2, end, fronted=fronted)
        if source is None or not self._may_be_cited(*source):
            return None
        if fronted or (token > start and lower[token - 1] in ("(",)):
            content = self._trim(source[1], end)
        else:
            content = self._trim(start, token)
        if content is None:
            content = self._quote_left(token) or (token, token + 2)
        return _Found(source, (token, token + 2), content)

    def _may_be_cited(self, start: int, end: int) -> bool:
        """Not for "according to plan", "according to how": a name, a speaker, or at least a determiner."""
        lower = self._lower
        if end - start == 1 and lower[start] in ("plan", "schedule", "law", "custom", "tradition", "need"):
            return False
        return lower[start] not in WH_WORDS

    # -- cue verbs

    def _verb(self, token: int, cue: Cue) -> _Found | None:
        lower = self._lower
        start, end = self._bounds(token)
        before = lower[token - 1] if token > start else ""
        after = lower[token + 1] if token + 1 < end else ""
        if before in ("-",) or after == "-" and not self._layout.gap_before(token + 1):
            return None
        if (
            before in _NO_SUBJECTS
            or cue.is_noun
            and cue.form in ("s", "base")
            and before in DETERMINERS - {"all", "both"}
        ):
            return None
        if (
            before in POSSESSIVE_MARKS
            and not self._is_auxiliary(token - 1)
            and (self._layout.quote_around(token - 1) is None)
        ):
            return None
        if cue.form == "ing":
            return self._participle(token, cue, start, end)
        verb = token - 1
        while verb >= start and self._phrases.is_adverb(verb):
            verb -= 1
        helper = lower[verb] if verb >= start else ""
        if cue.form == "past" and after == "by":
            passive = self._passive(token, start, end)
            if passive is not None or helper in BE or helper == "been":
                return None if cue.takes == "quote" else passive
        if (
            cue.form == "past"
            and cue.cue_class in ("accuse", "praise")
            and after in PREPOSITIONS
            and (cue.lemma not in ("rail", "fulminate", "disagree"))
        ):
            return None  # "the men accused of theft"
        has = helper in ("'s", "’s") and verb > start and lower[verb - 1] in ("he", "she", "who")
        if cue.form == "past" and helper in BE and not has and self._is_auxiliary(verb):
            return self._quoted_as_saying(token, start, end)
        if cue.form == "past" and helper == "been":
            return self._quoted_as_saying(token, start, end)
        if cue.form == "base":
            if helper == "to":
                if (
                    verb - 2 >= start
                    and lower[verb - 2] in ("went", "goes", "go", "gone")
                    and lower[verb - 1] == "on"
                ):
                    return self._finish(token, cue, self._subject(verb - 3, start), start, end)
                return None
            if helper in MODALS or helper in ("n't", "n’t", "not", "never"):
                return None  # what somebody may say, or did not
            if helper in DO:
                pass
            elif not self._plural_subject(verb, start):
                return None
        if cue.is_noun and cue.form in ("s", "base") and not self._is_verb_here(token, start, end):
            return None
        inverted = self._inverted(token, cue, start, end)
        if inverted is not None:
            return inverted
        last = self._phrases.before_adverbs(token - 1, start)
        if last >= start and (lower[last] in CONJUNCTIONS or lower[last] in ("but", "then")):
            source = self._main_subject(last, start)
        else:
            source = self._subject(last, start)
        return self._finish(token, cue, source, start, end)

    def _is_verb_here(self, token: int, start: int, end: int) -> bool:
        """Whether "claims" or "report" is the verb: after a pronoun or a name, or before "that"."""
        lower, layout = self._lower, self._layout
        after = lower[token + 1] if token + 1 < end else ""
        last = self._phrases.before_adverbs(token - 1, start)
        if last < start:
            return False
        if lower[last] in SUBJECT_PRONOUNS or lower[last] in RELATIVE_PRONOUNS or last < token - 1:
            return True
        if after in ("that", "how", "why", "whether", ":") or after in QUOTE_MARKS:
            return True
        if (
            after in PREPOSITIONS
            or after in _CLAUSE_ENDS
            or after in CONJUNCTIONS
            or (token + 1 < end and self._phrases.is_verb(token + 1))
        ):
            return False
        span = layout.named.get(last)
        if span is not None:
            return (
                span.mention.entity_type in ("person", "organization", "place")
                and layout.words[token].islower()
            )
        return lower[last] in self._speakers or lower[last] == ","

    def _bounds(self, token: int) -> tuple[int, int]:
        """The sentence of `token`, cut at the quotation it stands in, or at most some tokens around it."""
        start, end = self._layout.sentence(token)
        number = self._layout.quote_around(token)
        if number is not None:
            quote = self._layout.quotes[number]
            start, end = max(start, quote.start + 1), min(end, quote.end)
        return max(start, token - _WINDOW), min(max(end, token + 1), token + _SENTENCE_SPAN)

    def _is_auxiliary(self, token: int) -> bool:
        word = self._lower[token]
        if word in ("'s", "’s"):
            return token > 0 and self._lower[token - 1] in SUBJECT_PRONOUNS | {"that", "who", "there", "what"}
        return word in AUXILIARIES

    def _subject(self, last: int, start: int) -> tuple[int, int] | None:
        if last < start:
            return None
        return self._phrases.left(last, start)

    def _plural_subject(self, last: int, start: int) -> bool:
        last = self._phrases.before_adverbs(last, start)
        if last < start:
            return False
        word = self._lower[last]
        if (
            word in PLURAL_PRONOUNS
            or word in RELATIVE_PRONOUNS
            or word in ("some", "many", "others", "both", "most", "that")
        ):
            return True
        if word in CONJUNCTIONS or word == "but":
            return self._last is not None and self._last.cue[0] >= start
        if word == ",":
            return True
        source = self._phrases.left(last, start)
        if source is None or source[0] in range(0, 0):
            return False
        if any(word in CONJUNCTIONS for word in self._lower[source[0] : source[1]]):
            return True
        head = self._lower[self._phrases.head(*source)]
        kind = self._speakers.get(head)
        if kind is not None:
            return kind.number != "singular"
        return head.endswith("s") and not head.endswith("ss")

    def _inverted(self, token: int, cue: Cue, start: int, end: int) -> _Found | None:
        """ "...," said X."""
        lower = self._lower
        if not cue.can_invert or cue.form == "base" or token + 1 >= end:
            return None
        before = lower[token - 1] if token else ""
        opens = token == self._layout.sentence(token)[0]
        quoted = before in QUOTE_MARKS or before in ("'", "’")
        if not (quoted or opens or before in (",", "?", "!", "—", "--", "–")):
            return None
        if lower[token + 1] in ("that", "it", "they", "there") and lower[token + 1] != "they":
            return None
        high = min(self._layout.sentence(token)[1], token + _WINDOW)
        source = self._phrases.right(token + 1, high)
        if source is None:
            return None
        stop = source[1]
        if stop < high:
            mark = lower[stop]
            ends = (
                mark in _CLAUSE_ENDS
                or mark in QUOTE_MARKS
                or mark in PREPOSITIONS
                or mark in TIME_WORDS
                or mark
                in (
                    ":",
                    "(",
                    "when",
                    "as",
                    "after",
                    "before",
                    "while",
                    "and",
                    "last",
                    "late",
                    "early",
                    "earlier",
                    "this",
                    "who",
                    "because",
                    "but",
                )
                or (mark.endswith(("ing", "ly")) or mark == "'" or mark == "’")
            )
            if not ends:
                return None
        if opens and not quoted and (stop >= high or lower[stop] not in (":", ",")):
            return None
        if (
            not quoted
            and not opens
            and before == ","
            and stop < high
            and not (
                lower[stop] in (".", ",", ";", "!", "?")
                or lower[stop] in QUOTE_MARKS
                or lower[stop] in PREPOSITIONS
                or lower[stop].endswith("ing")
                or lower[stop] in TIME_WORDS
            )
        ):
            return None
        content = self._quote_left(token) if quoted else None
        if content is None:
            content = self._trim(start, token)
        if content is None:
            follow = self._quote_right(stop, high)
            if follow is None:
                return None
            content = follow
        else:
            content = self._around(content, stop)
        if self._lower[source[0]] in DETERMINERS and source[1] - source[0] == 1:
            return None
        return _Found(source, (token, token + 1), content)

    def _main_subject(self, token: int, start: int) -> tuple[int, int] | None:
        """The source of the nearest cue before `token` in its sentence, else the subject it opens with."""
        last = self._last
        if (
            last is not None
            and start <= last.cue[0] < token
            and self._lower[last.source[0]] not in RELATIVE_PRONOUNS
        ):
            return last.source
        return self._opening_subject(start, token)

    def _opening_subject(self, start: int, limit: int) -> tuple[int, int] | None:
        """The pronoun or name that a sentence opens with, behind an introduction closed by a comma."""
        lower, named = self._lower, self._layout.named
        limit = min(limit, start + _WINDOW)
        token = start
        while token < limit and (
            lower[token] in CONJUNCTIONS
            or lower[token] in ("but", "yet", "so", ",")
            or (self._phrases.is_adverb(token) or lower[token] in QUOTE_MARKS)
        ):
            token += 1
        if token < limit and (
            lower[token] in PREPOSITIONS
            or lower[token].endswith("ing")
            or lower[token]
            in (
                "when",
                "after",
                "before",
                "while",
                "as",
                "since",
                "if",
                "although",
                "though",
                "because",
                "asked",
            )
        ):
            comma = next((i for i in range(token, limit) if lower[i] == ","), None)
            if comma is None:
                return None
            token = comma + 1
        if token >= limit:
            return None
        if lower[token] in SUBJECT_PRONOUNS and lower[token] != "it":
            return token, token + 1
        source = self._phrases.right(token, limit)
        if source is None or source[1] >= limit:
            return None
        if any(
            i in named and named[i].mention.entity_type in ("person", "organization", "place")
            for i in range(*source)
        ) or (lower[self._phrases.head(*source)] in self._speakers):
            return source
        return None

    def _participle(self, token: int, cue: Cue, start: int, end: int) -> _Found | None:
        """ "X is saying", "..., adding that", "by calling"."""
        lower = self._lower
        at = token - 1
        while at >= start and self._phrases.is_adverb(at):
            at -= 1
        if at < start:
            marked = token + 1 < end and (lower[token + 1] == "that" or lower[token + 1] in QUOTE_MARKS)
            if token == start and (cue.takes == "object" or marked):
                # "Citing a report, X ..." takes the subject behind its comma
                return self._fronted_participle(token, cue, start, end)
            return None
        before = lower[at]
        if before in BE and self._is_auxiliary(at):
            source = self._subject(self._phrases.before_adverbs(at, start), start)
            return self._finish(token, cue, source, start, end)
        if before == "been" or before == "be":
            source = self._subject(self._phrases.before_adverbs(at, start), start)
            return self._finish(token, cue, source, start, end)
        after_quote = before in QUOTE_MARKS and self._layout.quote_around(at) is not None
        if (
            before in (",", "—", "--", "–")
            or after_quote
            or before in ("and", "while", "before", "after")
            or (
                before == "by"
                and cue.takes in ("clause", "addressee")
                or before in STATEMENT_PLACES
                or before in ("without", "when", "on", "twitter", "facebook")
            )
        ):
            source = self._main_subject(at, start)
            if source is None and before in STATEMENT_PLACES:
                source = self._subject(at, start)
            if source is None or source[1] > at + 1:
                return None
            return self._finish(token, cue, source, start, end, participle=True)
        kind = self._speakers.get(before)
        if (
            kind is not None
            and cue.takes in ("clause", "document", "object")
            and kind.source_type in ("document", "person", "anonymous")
        ):
            source = self._subject(at, start)
            if source is not None:
                return self._finish(token, cue, source, start, end, participle=True)
        return None

    def _fronted_participle(self, token: int, cue: Cue, start: int, end: int) -> _Found | None:
        lower = self._lower
        comma = next((i for i in range(token + 2, min(end, token + 30)) if lower[i] == ","), None)
        if comma is None or comma + 1 >= end:
            return None
        source = self._phrases.right(comma + 1, end)
        if source is None or source[1] >= end or not self._speaks(*source):
            return None
        content = self._trim(token + 1, comma)
        return None if content is None else _Found(source, (token, token + 1), content)

    def _passive(self, token: int, start: int, end: int) -> _Found | None:
        """ "reported by X"."""
        source = self._phrases.right(token + 2, end)
        if source is None or not self._speaks(*source):
            return None
        content = self._trim(start, self._phrases.before_adverbs(token - 1, start) + 1)
        return None if content is None else _Found(source, (token, token + 2), content)

    def _quoted_as_saying(self, token: int, start: int, end: int) -> _Found | None:
        """ "X was quoted as saying", "X is quoted in the paper as saying"."""
        lower = self._lower
        if lower[token] not in ("quoted", "cited", "reported", "recorded"):
            return None
        saying = next((i for i in range(token + 1, min(end - 1, token + 12)) if lower[i] == "as"), None)
        if (
            saying is None
            or lower[saying + 1] not in self._cues
            or self._cues[lower[saying + 1]].form != "ing"
        ):
            return None
        source = self._subject(self._phrases.before_adverbs(token - 1, start), start)
        if source is None:
            return None
        content = self._right_side(saying + 1, self._cues[lower[saying + 1]], end)[1] or self._quote_left(
            source[0]
        )
        return None if content is None else _Found(source, (token, saying + 2), content)

    # -- what is said

    def _finish(
        self,
        token: int,
        cue: Cue,
        source: tuple[int, int] | None,
        start: int,
        end: int,
        *,
        participle: bool = False,
    ) -> _Found | None:
        if source is None:
            return None
        lower = self._lower
        marked, content = self._right_side(token, cue, end)
        if not self._source_fits(source, cue, marked):
            return None
        if (
            cue.form == "past"
            and cue.cue_class in ("promise", "announce")
            and lower[token + 1 : token + 2]
            and (lower[token + 1] in self._speakers)
        ):
            return None  # "the pledged delegates"
        leftward = not participle and self._left_content(source[0], start)
        ends_here = content is None
        if not ends_here and marked == "" and leftward and self._only_aside(token + 1, end):
            ends_here = True
        if ends_here:
            if not leftward:
                if (
                    content is None
                    and cue.takes in ("clause", "addressee", "document", "object")
                    and not participle
                ):
                    return None
                if content is None:
                    return None
            else:
                content = self._around(leftward, token + 1)
                return _Found(source, (token, token + 1), content)
        if content is None:
            return None
        if marked == "":
            if cue.takes in ("that", "quote"):
                return None
            if (
                cue.takes == "clause"
                and cue.lemma not in ("say", "claim")
                and not self._opens_clause(token + 1, end)
            ):
                return None
        elif cue.takes == "quote" and marked != "quote":
            return None
        if cue.takes in ("object", "document") and marked == "" and lower[token + 1] in _CLAUSE_ENDS:
            return None
        return _Found(source, (token, token + 1), content)

    def _source_fits(self, source: tuple[int, int], cue: Cue, marked: str) -> bool:
        lower = self._lower
        first = lower[source[0]]
        if source[1] - source[0] == 1 and first == "it":
            return cue.takes in ("clause", "document") or cue.cue_class in ("announce", "deny")
        if source[1] - source[0] == 1 and first in ("you", "i", "we"):
            return self._layout.quote_around(source[0]) is None or cue.lemma in ("say", "tell")
        if cue.takes == "document" and not (marked == "that" and cue.lemma in ("find", "show")):
            head = self._phrases.head(*source)
            kind = self._speakers.get(lower[head])
            if kind is not None:
                return kind.source_type in ("document", "organization", "anonymous") or cue.lemma not in (
                    "show",
                    "read",
                )
            name = self._layout.named.get(head)
            return name is not None and name.mention.entity_type in ("organization", "work", "law")
        if cue.lemma == "say":
            return True
        return self._speaks(*source)

    def _speaks(self, start: int, end: int) -> bool:
        """Whether a phrase names somebody who can speak, or a document."""
        lower, named = self._lower, self._layout.named
        if end - start == 1 and (lower[start] in SUBJECT_PRONOUNS or lower[start] in RELATIVE_PRONOUNS):
            return True
        if lower[start] in ("that",) and end - start == 1:
            return True
        head = self._phrases.head(start, end)
        if lower[head] in self._speakers:
            return True
        span = named.get(head)
        if span is not None:
            return span.mention.entity_type in _NAMING
        if lower[head] in TIME_WORDS or not self._layout.words[head][0].isupper():
            return False
        return end - start == 1 or head != self._layout.sentence(head)[0]

    def _right_side(self, token: int, cue: Cue, end: int) -> tuple[str, tuple[int, int] | None]:
        """How what follows the cue is marked ("that", "quote" or "") and its span, None when nothing follows."""
        lower, layout = self._lower, self._layout
        at = token + 1
        if at >= end:
            return "", self._next_paragraph(token, end)
        limit = min(end, at + 25)
        if lower[at] == ":" or (lower[at] == "," and at + 1 < end and lower[at + 1] in QUOTE_MARKS):
            content = self._quote_right(at + 1, layout.count) if lower[at + 1 : at + 2] else None
            if content is not None and content[0] <= at + 1:
                return "quote", content
            span = self._trim(at + 1, end)
            return ("that", span) if span is not None else ("quote", self._next_paragraph(at, end))
        if lower[at] in QUOTE_MARKS:
            content = self._quote_right(at, layout.count)
            if content is not None:
                return "quote", self._trim(content[0], max(content[1], self._content_end(at, end)))
        if lower[at] in _CLAUSE_ENDS:
            if lower[at] in (",", "—", "--") and at + 1 < end:
                # an aside: "said, in reply, that" / "said, however, that"
                for mark in range(at + 1, limit):
                    if (
                        lower[mark] in (",", "—", "--")
                        and mark + 1 < end
                        and lower[mark + 1] in ("that", *QUOTE_MARKS)
                    ):
                        return "that", self._content_right(mark + 1, end)
            return "", None
        if lower[at] in WH_WORDS:
            return "that", self._content_right(at, end)
        # past the person told, a place or a time, up to "that", a quotation or a colon
        for mark in range(at, limit):
            word = lower[mark]
            if word in QUOTE_MARKS:
                if layout.quote_around(mark) is None:
                    break
                return ("quote" if lower[mark - 1] in (",", ":") or mark == at else ""), self._content_right(
                    mark if lower[mark - 1] in (",", ":") else at, end
                )
            if word == ":":
                quote = self._quote_right(mark + 1, layout.count)
                if quote is not None and quote[0] == mark + 1:
                    return "quote", quote
                span = self._trim(mark + 1, end) or self._next_paragraph(mark, end)
                return ("quote", span) if span is not None else ("", self._content_right(at, end))
            if word == "that" and mark > at:
                return "that", self._content_right(
                    mark if cue.takes == "addressee" or mark - at < 9 else at, end
                )
            if word in (";", ".", "!", "?"):
                break
        return "", self._content_right(at, end)

    def _next_paragraph(self, token: int, end: int) -> tuple[int, int] | None:
        """The quotation of the next paragraph when a cue closes its own with a colon."""
        if self._lower[token] != ":" or end >= self._layout.count or token + 1 < end:
            return None
        return self._quote_right(end, self._layout.count)

    def _opens_clause(self, token: int, end: int) -> bool:
        """Whether what follows the cue may be a clause: a subject, not a bare object or a preposition."""
        lower = self._lower
        if token >= end:
            return False
        word = lower[token]
        if word in PREPOSITIONS or word in CONJUNCTIONS or word in ("to", "as"):
            return any(self._lower[i] in ("that", *QUOTE_MARKS) for i in range(token, min(end, token + 15)))
        return True

    def _only_aside(self, token: int, end: int) -> bool:
        """Whether only a time, a place or an addressee stands between the cue and the end of its clause."""
        lower = self._lower
        word = lower[token] if token < end else "."
        if word in _CLAUSE_ENDS:
            return True
        if (
            word in PREPOSITIONS
            or word in TIME_WORDS
            or self._phrases.is_adverb(token)
            or word
            in (
                "last",
                "late",
                "early",
                "earlier",
                "this",
                "when",
                "as",
                "after",
                "before",
                "while",
                "to",
                "because",
                "and",
                "but",
            )
        ):
            return not any(lower[i] in ("that", ":") for i in range(token, min(end, token + 12)))
        return not any(
            self._phrases.is_verb(i) or lower[i] in ("that", ":") or lower[i] in QUOTE_MARKS
            for i in range(token, min(end, token + 25))
        )

    def _content_right(self, start: int, end: int) -> tuple[int, int] | None:
        return self._trim(start, self._content_end(start, end))

    def _content_end(self, start: int, end: int) -> int:
        """End of the clause, moved to the end of a quotation that starts in it and goes on behind it."""
        number = self._layout.quote_from(start)
        quotes = self._layout.quotes
        last = end
        while number < len(quotes) and quotes[number].start < end:
            last = max(last, self._layout.quote_end(number) + 1) if quotes[number].end >= end - 1 else last
            number += 1
        return last

    def _left_content(self, source_start: int, start: int) -> tuple[int, int] | None:
        """What stands before "X said", parted from it by a comma or a closing quotation mark."""
        at = source_start - 1
        if at < 0:
            return None
        word = self._lower[at]
        if word in QUOTE_MARKS or word in ("'", "’"):
            quote = self._quote_left(source_start)
            if quote is not None:
                return quote
        if word == "as" and at > start and self._lower[at - 1] == ",":
            at -= 1
            word = ","
        if word in (",", "?", "!", "—", "--", "–") and at > start:
            return self._trim(start, at)
        return None

    def _quote_left(self, token: int) -> tuple[int, int] | None:
        """The quotation that ends right before `token` (a comma may stand between)."""
        at = token - 1
        if at >= 0 and self._lower[at] == ",":
            at -= 1
        if at < 0:
            return None
        number = self._layout.quote_around(at)
        if number is None or self._layout.quotes[number].end != at:
            return None
        quotes = self._layout.quotes
        while number > 0 and quotes[number - 1].continues:
            number -= 1
        return quotes[number].start, at + 1

    def _quote_right(self, token: int, high: int) -> tuple[int, int] | None:
        """The quotation that opens at `token` or a few tokens behind it."""
        number = self._layout.quote_from(token)
        quotes = self._layout.quotes
        if number >= len(quotes) or quotes[number].start > token + 1 or quotes[number].start >= high:
            return None
        return quotes[number].start, self._layout.quote_end(number) + 1

    def _around(self, content: tuple[int, int], token: int) -> tuple[int, int]:
        """A quotation before the cue, with the one that goes on behind it in the same sentence."""
        start, end = content
        quotes = self._layout.quotes
        number = self._layout.quote_from(token)
        if number >= len(quotes) or self._layout.quote_around(start) is None:
            return content
        after = quotes[number].start
        if after - token > 12 or self._layout.paragraph_start(after) != self._layout.paragraph_start(token):
            return content
        between = self._lower[token:after]
        if between and between[-1] in (",", "—", "--", ":") and "." not in between:
            return start, self._layout.quote_end(number) + 1
        return content

    def _trim(self, start: int, end: int) -> tuple[int, int] | None:
        """The span without marks and conjunctions at its edges, None when no word is left."""
        lower = self._lower
        end = min(end, start + _SENTENCE_SPAN) if self._layout.quote_around(max(end - 1, 0)) is None else end
        while start < end and (lower[start] in _CLAUSE_ENDS or lower[start] in (":", "(")):
            start += 1
        while (
            end > start
            and (lower[end - 1] in _CLAUSE_ENDS or lower[end - 1] in (":", "("))
            and not (lower[end - 1] == ")" and "(" in lower[start : end - 1])
        ):
            end -= 1
        if start >= end or not any(lower[i][0].isalnum() for i in range(start, min(end, start + 8))):
            return None
        return start, end


class _Naming:
    """Says of an attribution who speaks, and of what kind the source and the quotation are."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lower = layout.lower
        self._phrases = Phrases(layout)
        self._speakers = speakers()
        self._genders = self._titles()
        self._persons = sorted(
            {
                span.start: span for span in layout.named.values() if span.mention.entity_type == "person"
            }.items()
        )
        self._next_person = 0
        self._recent: Mention | None = None
        self._body: Mention | None = None

    def citation(self, found: _Found) -> Citation:
        """The record of one attribution; to be called in the order of the cues."""
        layout = self._layout
        mention, source_type = self._who(*found.source)
        source, source_start, source_end = layout.slice(*found.source)
        cue, cue_start, cue_end = layout.slice(*found.cue)
        content, content_start, content_end = layout.slice(*found.content)
        return Citation(
            source,
            source_start,
            source_end,
            cue,
            cue_start,
            cue_end,
            content,
            content_start,
            content_end,
            self._quote_type(found),
            source_type,
            None if mention is None else mention.entity_name,
            None if mention is None else mention.entity_type,
        )

    def _quote_type(self, found: _Found) -> str:
        start, end = found.content
        quotes = self._layout.quotes
        number = self._layout.quote_around(start)
        if number is None:
            number = self._layout.quote_from(start)
        quoted = 0
        while number < len(quotes) and quotes[number].start < end:
            quoted += min(quotes[number].end + 1, end) - max(quotes[number].start, start)
            number += 1
        if quoted <= 2:
            return "indirect"
        aside = found.source[1] - found.source[0] + 4 if start <= found.cue[0] < end else 1
        return "direct" if quoted + aside >= end - start else "mixed"

    def _who(self, start: int, end: int) -> tuple[Mention | None, str]:
        lower, named = self._lower, self._layout.named
        first = lower[start]
        if end - start == 1 and (
            first in SUBJECT_PRONOUNS
            or first in RELATIVE_PRONOUNS
            or first == "that"
            or first in ("him", "her", "them")
        ):
            return self._pronoun(start)
        head = self._phrases.head(start, end)
        kind = self._speakers.get(lower[head])
        spans = self._spans(start, end)
        person = next(
            (s for s in spans if s.mention.entity_type == "person" and not self._phrases.is_possessor(s.end)),
            None,
        )
        at_head = named.get(head)
        if (
            at_head is not None
            and at_head.mention.entity_type in _NAMING
            and at_head.mention.entity_type != "nationality"
        ):
            mention = at_head.mention
            if (
                mention.entity_type != "person"
                and person is not None
                and person.start > at_head.start
                and (person.start == at_head.end)
            ):
                mention = person.mention
            return self._remember(mention), _TYPE_OF_NAME[mention.entity_type]
        if (
            person is not None
            and (kind is None or kind.source_type != "document")
            and self._apposed(head, person, end)
        ):
            return self._remember(person.mention), "person"
        body = next(
            (s for s in spans if s.mention.entity_type in ("organization", "place", "facility")), None
        )
        if kind is None:
            if at_head is not None and at_head.mention.entity_type in _TYPE_OF_NAME:
                return self._remember(at_head.mention), _TYPE_OF_NAME[at_head.mention.entity_type]
            if self._layout.words[head][0].isupper():
                return None, "organization" if first == "the" else "person"
            return None, "anonymous"
        mention = body.mention if body is not None and kind.speaks_for_its_body else None
        if mention is not None:
            self._body = mention
        source_type = kind.source_type
        if (
            source_type == "person"
            and mention is None
            and (
                kind.number == "plural" or first in DETERMINERS and first not in ("the", "this", *POSSESSIVES)
            )
        ):
            source_type = "anonymous"
        return mention, source_type

    def _apposed(self, head: int, person: Named, end: int) -> bool:
        """Whether a person's name stands for the head: "his lawyer Kim", "his lawyer, Kim", "Kim, his lawyer"."""
        if person.start <= head < person.end or person.start == head + 1:
            return True
        between = self._lower[min(head + 1, person.start) : max(head, person.start)]
        return not any(word in PREPOSITIONS and word != "of" for word in between) and "," in between

    def _spans(self, start: int, end: int) -> list[Named]:
        named, spans, token = self._layout.named, list[Named](), start
        while token < end:
            span = named.get(token)
            if span is None:
                token += 1
            else:
                spans.append(span)
                token = span.end
        return spans

    def _remember(self, mention: Mention) -> Mention:
        if mention.entity_type == "person":
            self._recent = mention
        elif mention.entity_type in ("organization", "place"):
            self._body = mention
        return mention

    def _pronoun(self, token: int) -> tuple[Mention | None, str]:
        word = self._lower[token]
        if word in RELATIVE_PRONOUNS or word == "that":
            at = token - 2 if token > 1 and self._lower[token - 1] == "," else token - 1
            span = self._layout.named.get(at)
            if span is not None and span.mention.entity_type in _TYPE_OF_NAME:
                return self._remember(span.mention), _TYPE_OF_NAME[span.mention.entity_type]
            kind = self._speakers.get(self._lower[at]) if at >= 0 else None
            return None, "person" if kind is None else kind.source_type
        if word in ("he", "she", "him", "her"):
            mention = self._antecedent(token, "he" if word in ("he", "him") else "she")
            return mention, "person"
        if word == "it":
            return self._body, "organization" if self._body is None else _TYPE_OF_NAME[self._body.entity_type]
        return None, "person" if word in ("i", "you", "we") else "anonymous"

    def _antecedent(self, token: int, gender: str) -> Mention | None:
        """The person last cited if he or she fits, else the person last named before `token`."""
        recent = self._recent
        if recent is not None and self._fits(recent, gender):
            return recent
        persons = self._persons
        while self._next_person < len(persons) and persons[self._next_person][0] < token:
            self._next_person += 1
        for _, span in reversed(persons[max(0, self._next_person - 8) : self._next_person]):
            if self._fits(span.mention, gender):
                return self._remember(span.mention)
        return None

    def _fits(self, mention: Mention, gender: str) -> bool:
        surname = mention.entity_name.split()[-1] if mention.entity_name.split() else ""
        return self._genders.get(surname, gender) == gender

    def _titles(self) -> dict[str, str]:
        """Gender of the surnames that the text gives a title: {"Clinton": "she"} for "Mrs. Clinton"."""
        found: dict[str, str] = {}
        words = self._layout.words
        for token, word in enumerate(self._lower):
            if word in GENDERED_TITLES and token + 1 < len(words):
                span = self._layout.named.get(token + 1) or self._layout.named.get(token)
                name = words[span.end - 1] if span is not None else words[token + 1]
                gender = GENDERED_TITLES[word]
                found[name] = "" if found.get(name, gender) != gender else gender
        return {name: gender for name, gender in found.items() if gender}
