"""Says in what office or function a source speaks ("Foreign Minister"), and whether it speaks for a state.

Both are read off the words of the source phrase; which words are offices and bodies of a state are rows of
`seeds/official_words.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.annotating.citation_layout import Layout, Named
from flows.annotating.citation_words import (
    CLAUSE_STARTS,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    POSSESSIVE_MARKS,
    PREPOSITIONS,
    RELATIVE_PRONOUNS,
    official_phrases,
    official_words,
    person_words,
    speakers,
    staff_words,
)

_LONGEST_ROLE = 16  # tokens
_LONGEST_TITLE = 6  # tokens before a name
_ENDS = RELATIVE_PRONOUNS | DASHES | {"whose", "that", "(", ",", ";", ":", "."}
_LEADING = DETERMINERS | POSSESSIVE_MARKS | CONJUNCTIONS | {",", "-"}
_LOOSE_ENDS = PREPOSITIONS | DETERMINERS | CONJUNCTIONS
_FORMER = frozenset({"former", "formerly", "ex", "retired", "onetime", "late", "would", "then"})
_ORIGINS = frozenset({"place", "nationality"})


class Roles:
    """Reads roles and offices off the phrases of one text; spans are tokens, ends exclusive."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lower = layout.lower
        self._speakers = speakers()
        self._official = official_words()
        self._phrases = official_phrases()
        self._persons = person_words()
        self._staff = staff_words()

    def role(self, start: int, end: int, person: Named | None) -> str | None:
        """The office or function that a phrase gives the person it names, or the one it speaks of."""
        end = min(end, self._layout.count)
        if person is None:
            return self._words(start, end)
        before = self._words(start, person.start)
        if before is not None or person.end >= end or self._lower[person.end] != ",":
            return before
        return self._words(person.end + 1, end)

    def phrase_of(self, person: Named) -> tuple[int, int]:
        """A name with the titles right before it and what may be said of it behind, anywhere in the text."""
        words, start = self._layout.words, person.start
        low, high = self._layout.sentence(start)
        low = max(low, start - _LONGEST_TITLE)
        while start > low and (words[start - 1][0].isupper() or self._lower[start - 1] in self._persons):
            start -= 1
        end = person.end
        if end + 1 < high and self._lower[end] == ",":
            reach = range(end + 1, min(high, end + _LONGEST_ROLE))
            end = next((i for i in reach if self._lower[i] in _ENDS), end)
        return start, end

    def _words(self, start: int, end: int) -> str | None:
        """The tokens from `start` as a role, without articles and countries; None when they are none."""
        lower, named = self._lower, self._layout.named
        while start < end:
            span = named.get(start)
            if span is not None and span.mention.entity_type in _ORIGINS and span.end < end:
                start = span.end
            elif (
                lower[start] in DETERMINERS or lower[start] in POSSESSIVE_MARKS or lower[start] in (",", "-")
            ):
                start += 1
            else:
                break
        if start >= end or lower[start] in PREPOSITIONS or lower[start] in CLAUSE_STARTS:
            return None
        stop = start
        while stop < min(end, start + _LONGEST_ROLE) and lower[stop] not in _ENDS:
            stop += 1
        if self._persons.isdisjoint(lower[start : self._core_end(start, stop)]):
            return None
        while stop > start and (lower[stop - 1] in _LOOSE_ENDS or self._is_name(stop - 1)):
            stop -= 1  # a name that nobody recognised, or what was cut
        return self._layout.slice(start, stop)[0] if stop > start else None

    def _is_name(self, token: int) -> bool:
        word, span = self._lower[token], self._layout.named.get(token)
        is_plain = word in self._speakers or (word,) in self._official
        is_plain = is_plain or (span is not None and span.mention.entity_type in _ORIGINS | {"organization"})
        return self._layout.words[token][0].isupper() and not is_plain

    def is_titled(self, name: int, start: int) -> bool:
        """Whether the name at token `name` has a title before it, as persons have: "Minister Puri"."""
        token = name - 1
        while token >= start and self._layout.words[token][0].isupper():
            if self._lower[token] in self._persons:
                return True
            token -= 1
        return False

    def is_official(self, start: int, end: int) -> bool:
        """Whether the source is an office or a body of a state, or speaks for one.

        Offices count that the source holds itself ("Sen. Ruiz", not "the senator's wife", not "a former
        senator"), bodies when they are the source or it is of their staff ("a police officer", not "a
        critic of the police").
        """
        lower = self._lower
        if self._phrases.keys().isdisjoint(lower[start:end]):
            return False
        end = next((i for i in range(start + 1, end) if lower[i] in RELATIVE_PRONOUNS), end)
        return any(self._is_official_part(*part) for part in self._parts(start, end))

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The phrase at its commas; a comma in a name ("the Ministry of Trade, Industry") parts nothing."""
        opened = start
        for token in range(start, end):
            if self._lower[token] == "," and token not in self._layout.named:
                yield opened, token
                opened = token + 1
        yield opened, end

    def _is_official_part(self, start: int, end: int) -> bool:
        lower = self._lower
        if not _FORMER.isdisjoint(lower[start:end]):
            return False
        core = self._core_end(start, end)
        is_staff = not self._staff.isdisjoint(lower[start:core])
        for token in range(start, end):
            kind, after = self._official_at(token, end)
            if kind in ("office", "post") and token < core:
                is_private = kind == "post" and self._is_private(start, token, after, end)
                if not self._is_owner(after, end) and not is_private:
                    return True
            elif kind == "body":
                name = self._layout.named.get(token)
                last = max(after, name.end if name is not None else 0)
                is_source = token < core and last >= core
                if (is_source or is_staff) and not (self._is_owner(last, end) and not is_staff):
                    return True
        return False

    def _official_at(self, token: int, end: int) -> tuple[str | None, int]:
        """Kind of the official words that start at `token` (the longest), and the token after them."""
        for words, kind in self._phrases.get(self._lower[token], ()):
            after = token + len(words)
            if after <= end and self._lower[token:after] == words:
                return kind, after
        return None, token + 1

    def _core_end(self, start: int, end: int) -> int:
        """Where the phrase's first preposition outside of a name stands."""
        for token in range(start, end):
            if self._lower[token] in PREPOSITIONS and token not in self._layout.named:
                return token
        return end

    def _is_owner(self, token: int, end: int) -> bool:
        return token < end and self._lower[token] in POSSESSIVE_MARKS

    def _is_private(self, start: int, token: int, after: int, end: int) -> bool:
        """Whether a post is one of a company, a club or a union: "bank president", "head of the union"."""
        beside = [*range(start, token), *range(after, min(after + _LONGEST_ROLE, end))]
        return any(self._is_organization(i) and not self._is_body(i) for i in beside)

    def _is_organization(self, token: int) -> bool:
        span = self._layout.named.get(token)
        if span is not None:
            return span.mention.entity_type == "organization"
        speaker = self._speakers.get(self._lower[token])
        return speaker is not None and speaker.source_type == "organization"

    def _is_body(self, token: int) -> bool:
        span = self._layout.named.get(token)
        start, end = (span.start, span.end) if span is not None else (token, token + 1)
        return any(self._official_at(i, end)[0] == "body" for i in range(start, end))
