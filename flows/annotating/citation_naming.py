"""Says of an attribution who speaks: the entity behind the source, and the kinds of source and quotation.

Pronouns are resolved to the person last cited, else to the person last named, unless a title in the text
("Mrs. Clinton said ... he") speaks against it.
"""

from __future__ import annotations

from typing import NamedTuple

from flows.annotating.citation_layout import Layout, Named
from flows.annotating.citation_phrases import Phrases
from flows.annotating.citation_roles import Roles
from flows.annotating.citation_words import (
    ANONYMITY,
    BODIES,
    DETERMINERS,
    GENDERED_TITLES,
    NAMED,
    OBJECT_PRONOUNS,
    POSSESSIVE_MARKS,
    POSSESSIVES,
    PREPOSITIONS,
    RELATIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    speakers,
)
from flows.records import Citation, Mention

_SOURCE_TYPES = {
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
_PRONOUNS = SUBJECT_PRONOUNS | RELATIVE_PRONOUNS | OBJECT_PRONOUNS
_SIGHT = 60  # tokens around a cue that may tell why a source has no name
_LOOK_BACK = 8  # persons named before a pronoun that are tried


class Attribution(NamedTuple):
    """Somebody says something, as token spans with exclusive ends."""

    source: tuple[int, int]
    cue: tuple[int, int]
    content: tuple[int, int]


class Naming:
    """Says of an attribution who speaks, and of what kind the source and the quotation are."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lower = layout.lower
        self._phrases = Phrases(layout)
        self._speakers = speakers()
        self._roles = Roles(layout)
        self._known: dict[str, tuple[str | None, bool]] = {}  # entity name -> role, is_official
        self._genders = self._titles()
        persons = [
            span
            for token, span in layout.named.items()
            if token == span.start
            and span.mention.entity_type == "person"
            and layout.quote_around(token) is None
        ]
        self._persons = sorted(persons, key=lambda span: span.start)
        self._first = {span.mention.entity_name: span for span in reversed(self._persons)}
        self._next_person = 0
        self._recent: Mention | None = None
        self._recent_at = -1
        self._body: Mention | None = None
        self._last_type = ""
        self._content = (0, 0)

    def citation(self, found: Attribution) -> Citation:
        """The record of one attribution; to be called in the order of the cues."""
        layout = self._layout
        self._content = found.content
        mention, source_type = self._who(*found.source)
        is_pronoun = self._is_pronoun(*found.source)
        if source_type != "document" and self._is_unnamed_on_purpose(found, mention):
            source_type = "anonymous"
        self._last_type = source_type
        role, is_official = self._office(found.source, mention, source_type)
        if mention is not None and mention is self._recent:
            self._recent_at = found.cue[0]
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
            role,
            source_type == "anonymous" and not is_pronoun,
            is_official,
            is_pronoun and mention is not None,
        )

    def _is_pronoun(self, start: int, end: int) -> bool:
        return end - start == 1 and self._lower[start] in _PRONOUNS

    def _is_unnamed_on_purpose(self, found: Attribution, mention: Mention | None) -> bool:
        """Whether the sentence says that a source without a name wants none ("on condition of anonymity")."""
        if mention is not None and mention.entity_type == "person":
            return False
        start, end = self._layout.sentence(found.cue[0])
        lower = self._lower[max(start, found.cue[0] - _SIGHT) : min(end, found.cue[1] + _SIGHT)]
        if not ANONYMITY.isdisjoint(lower):
            return True
        if NAMED.isdisjoint(lower):
            return False
        named = (i for i, word in enumerate(lower) if word in NAMED)
        return any("not" in lower[max(0, i - 3) : i] or "declined" in lower[max(0, i - 4) : i] for i in named)

    def _office(
        self, source: tuple[int, int], mention: Mention | None, source_type: str
    ) -> tuple[str | None, bool]:
        """Role of a source and whether it is official: as the phrase says, else as the text said before."""
        if source_type == "document":
            return None, self._roles.is_official(*source)
        role, is_official = None, False
        person = None
        if not self._is_pronoun(*source):
            spans = self._spans(*source)
            person = next((span for span in spans if span.mention is mention), None)
            if mention is None or mention.entity_type != "person" or person is not None:
                is_person = person is not None and person.mention.entity_type == "person"
                role = self._roles.role(*source, person if is_person else None)
            is_official = self._roles.is_official(*source)
        if mention is None:
            return role, is_official
        name = mention.entity_name
        if mention.entity_type == "person" and role is None:
            role, was_official = self._office_before(name)
            is_official = is_official or was_official
        elif mention.entity_type in BODIES and self._is_pronoun(*source):
            _, is_official = self._office_before(name)
        is_official = is_official or source_type == "place"  # "Oslo said": its government
        self._known[name] = role if mention.entity_type == "person" else None, is_official
        return role, is_official

    def _office_before(self, name: str) -> tuple[str | None, bool]:
        """Role of a name and whether it is official: as cited before, else where a person is named first."""
        first = self._first.get(name)
        if name in self._known or first is None:
            return self._known.get(name, (None, False))
        phrase = self._roles.phrase_of(first)
        return self._roles.role(*phrase, first), self._roles.is_official(*phrase)

    def _quote_type(self, found: Attribution) -> str:
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
        aside = found.source[1] - found.source[0] + 4 if start <= found.cue[0] < end else 0
        return "direct" if quoted + aside >= end - start else "mixed"

    def _who(self, start: int, end: int) -> tuple[Mention | None, str]:
        lower, named = self._lower, self._layout.named
        first = lower[start]
        if self._is_pronoun(start, end):
            return self._pronoun(start)
        head = self._phrases.head(start, end)
        kind = self._speakers.get(lower[head])
        spans = self._spans(start, end)
        person = next((span for span in spans if self._is_speaking_person(span)), None)
        at_head = named.get(head)
        if at_head is not None and at_head.mention.entity_type in _SOURCE_TYPES:
            if at_head.mention.entity_type != "person" and person is not None and person.start == at_head.end:
                at_head = person  # "Reuters correspondent" is no head, "Republican John Smith" is a person
            mention = at_head.mention
            if mention.entity_type in BODIES and self._roles.is_titled(at_head.start, start):
                return None, "person"
            is_name = mention.entity_type != "nationality"
            return self._remember(mention) if is_name else None, _SOURCE_TYPES[mention.entity_type]
        is_document = kind is not None and kind.source_type == "document"
        if person is not None and not is_document and self._is_apposed(head, person):
            return self._remember(person.mention), "person"
        if kind is None:
            if self._layout.words[head][0].isupper():
                return None, "organization" if first == "the" else "person"
            return None, "anonymous"
        body = None
        if kind.speaks_for_its_body:
            body = next((span.mention for span in spans if span.mention.entity_type in BODIES), None)
        if body is not None:
            self._remember(body)
        indefinite = first in DETERMINERS and first not in POSSESSIVES and first not in ("the", "this")
        if kind.source_type == "person" and body is None and (kind.number == "plural" or indefinite):
            return None, "anonymous"
        return body, kind.source_type

    def _is_speaking_person(self, span: Named) -> bool:
        """Whether a person is named who does not merely own what follows ("Kim's lawyer")."""
        owns = span.end < self._layout.count and self._lower[span.end] in POSSESSIVE_MARKS
        return span.mention.entity_type == "person" and not owns

    def _is_apposed(self, head: int, person: Named) -> bool:
        """Whether a person's name stands for the head: "lawyer Kim", "the lawyer, Kim", "Kim, the lawyer"."""
        if person.start <= head < person.end or person.start == head + 1:
            return True
        if person.start > head and self._lower[person.start - 1] == ",":
            return True
        between = self._lower[min(head + 1, person.start) : max(head, person.start)]
        return "," in between and not any(word in PREPOSITIONS and word != "of" for word in between)

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
        elif mention.entity_type in BODIES:
            self._body = mention
        return mention

    def _pronoun(self, token: int) -> tuple[Mention | None, str]:
        word = self._lower[token]
        if word in RELATIVE_PRONOUNS:
            at = token - 2 if token > 1 and self._lower[token - 1] == "," else token - 1
            span = self._layout.named.get(at)
            if span is not None and span.mention.entity_type in _SOURCE_TYPES:
                return self._remember(span.mention), _SOURCE_TYPES[span.mention.entity_type]
            kind = self._speakers.get(self._lower[at]) if at >= 0 else None
            return None, "person" if kind is None else kind.source_type
        if word in ("he", "him"):
            return self._antecedent(token, "he"), "person"
        if word in ("she", "her"):
            return self._antecedent(token, "she"), "person"
        if word == "it" and self._last_type == "document":
            return None, "document"
        if word == "it":
            return self._body, "organization" if self._body is None else _SOURCE_TYPES[self._body.entity_type]
        if word in ("they", "them"):
            return None, "organization" if self._last_type == "organization" else "anonymous"
        return None, "person"

    def _antecedent(self, token: int, gender: str) -> Mention | None:
        """The person last cited, or the first one named in a sentence after that, whoever fits."""
        persons, layout = self._persons, self._layout
        while self._next_person < len(persons) and persons[self._next_person].start < token:
            self._next_person += 1
        candidate = None
        for span in reversed(persons[max(0, self._next_person - _LOOK_BACK) : self._next_person]):
            if layout.sentence(span.start)[0] <= self._recent_at and self._recent is not None:
                break
            if self._content[0] <= span.start < self._content[1]:
                continue  # what he says is of somebody else
            if candidate is not None and layout.sentence(span.start) != layout.sentence(candidate.start):
                break
            if self._fits(span.mention, gender):
                candidate = span
        if candidate is None and self._recent is not None and self._fits(self._recent, gender):
            return self._recent
        return None if candidate is None else self._remember(candidate.mention)

    def _fits(self, mention: Mention, gender: str) -> bool:
        names = mention.entity_name.split()
        return not names or self._genders.get(names[-1], gender) == gender

    def _titles(self) -> dict[str, str]:
        """Gender of the surnames that the text gives a title: {"Clinton": "she"} for "Mrs. Clinton"."""
        found: dict[str, str] = {}
        words = self._layout.words
        for token in self._layout.noted:
            word = self._lower[token]
            if word in GENDERED_TITLES and token + 1 < len(words):
                span = self._layout.named.get(token + 1) or self._layout.named.get(token)
                name = words[span.end - 1] if span is not None else words[token + 1]
                gender = GENDERED_TITLES[word]
                found[name] = "" if found.get(name, gender) != gender else gender
        return {name: gender for name, gender in found.items() if gender}
