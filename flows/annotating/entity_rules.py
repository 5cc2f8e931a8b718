"""The rules between what the model saw and what is counted, each a small function that can be left out.

A rule takes the findings of a field, or of all fields of an article, and leaves those that stand after
it. `entities.py` says in which order they run; the names they know are rows of `seeds/`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import repeat
from operator import attrgetter, itemgetter

import numpy as np

from flows.annotating.answers import kept
from flows.annotating.engine import Span
from flows.annotating.entity_gazetteer import (
    HEAD,
    LEFT_TO_MODEL,
    LONE,
    NOT_AN_ENTITY,
    SECOND,
    SOUGHT,
    Gazetteer,
    plain,
)
from flows.annotating.recognized import LaidOut
from flows.records import Field, Tokens

ENTITY_TYPE_OF_LABEL = {
    "PERSON": "person",
    "ORG": "organization",
    "GPE": "place",
    "LOC": "place",
    "FAC": "facility",
    "NORP": "nationality",
    "EVENT": "event",
    "LAW": "law",
    "PRODUCT": "product",
    "WORK_OF_ART": "work",
}
RANK_OF_TYPE = {kind: rank for rank, kind in enumerate(dict.fromkeys(ENTITY_TYPE_OF_LABEL.values()))}

ARTICLES = frozenset({"the", "The", "THE", "a", "A", "an", "An", "AN"})
QUOTES = frozenset("\"'“”‘’«»„`")
POSSESSIVES = frozenset({"'s", "’s", "'S", "’S", "`s", "'", "’"})
APOSTROPHES = "'’`"
CURRENCY_SIGNS = frozenset("$€£¥₹")
LOOSE_ENDS = POSSESSIVES | {"of", "for", "in", "and", "the", "to", "with", "from", "s"}
# What an article speaks of that names a great storm without saying that it is one.
STORM_WORDS = frozenset(
    (
        *("hurricane", "hurricanes", "typhoon", "cyclone", "storm", "storms", "flood", "floods", "flooding"),
        *(
            "flooded",
            "levee",
            "levees",
            "disaster",
            "disasters",
            "evacuees",
            "evacuated",
            "landfall",
            "relief",
        ),
    )
)
BEFORE_SEVERAL = frozenset({"the", "two", "both", "north", "south"})

# One occurrence seen by the model weighs 1; what else speaks for a type weighs this much.
WEIGHT_OF_TITLE = 2.0  # "President X": per occurrence
WEIGHT_OF_ROLE = 1.2  # "her counterpart, X": per occurrence
WEIGHT_OF_PREPOSITION = 0.7  # "in X": per occurrence
WEIGHT_OF_GIVEN_NAME = 2.0  # "Shinzo X": once per name
WEIGHT_OF_LONE_GIVEN_NAME = 1.0
WEIGHT_OF_KNOWN_SURNAME = 1.5  # "Merkel"
WEIGHT_OF_ORGANIZATION_WORD = 4.0  # "X Foundation"
WEIGHT_OF_PLACE_WORD = 3.0  # "X Valley"
WEIGHT_OF_LONG_KNOWN_PLACE = 3.0  # "Himachal Pradesh" is a division or a city
WEIGHT_OF_KNOWN_PLACE = 1.5  # so is "Cartagena", but one word can be a surname too
WEIGHT_OF_CAPITALS = 0.8  # "KAUST" is rather an organization

LONGEST_TITLED_NAME = 4  # words; beyond, a title before an organization is part of it
LONGEST_ACRONYM = 10
FEWEST_WORDS_WITHOUT_BRACKETS = 3  # "Water Quality Act WQA"
FEWEST_SMALL_WORDS = 3  # "gross domestic product (GDP)"
FEWEST_TEAMS = 2  # a result names two sides

_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_NO_LETTER = re.compile(r"[\W\d_]+")
_SCORE = re.compile(r"\d{1,3}([-–.:]\d{1,3})?|\.\d{3}")
_INITIAL = re.compile(r"[A-Z]\.?")
_DATE_OR_DASH = re.compile(r"\d{4}|[-–—:,]")


@dataclass(slots=True)
class Finding:
    """Tokens `start` to `end` (exclusive) of a field name an entity of this type, says `decided_by`."""

    start: int
    end: int
    entity_type: str
    decided_by: str
    is_settled: bool = False  # people or the article itself say so: no vote changes it
    name: str = ""  # the full name where it is not the longest form of the words themselves
    surface: str = ""  # the characters, kept once they were asked for; `start` and `end` then stay


@dataclass(slots=True)
class FieldFindings:
    """The findings of one field, in reading order, never overlapping; `vocabulary` its distinct words.

    The lists say where words stand that begin with a capital, that some rule looks for (`gazetteer.sought`),
    that are a known name, or that may begin one of several words.
    """

    field: Field
    tokens: Tokens
    capitals: list[int]
    sought: list[int]
    lone_names: list[int]
    long_names: list[int]
    findings: list[Finding] = dataclass_field(default_factory=list)
    vocabulary: frozenset[str] = dataclass_field(init=False)

    def __post_init__(self) -> None:
        self.vocabulary = frozenset(self.tokens.words)

    def places_of(self, wanted: Container[str]) -> list[int]:
        """Where the wanted words stand, which must be among those of `gazetteer.sought`."""
        words = self.tokens.words
        return [at for at in self.sought if words[at] in wanted]

    def surface(self, finding: Finding) -> str:
        """The characters of a finding."""
        if not finding.surface:
            tokens = self.tokens
            finding.surface = tokens.text[tokens.starts[finding.start] : tokens.ends[finding.end - 1]]
        return finding.surface

    def insert(self, added: list[Finding]) -> None:
        """Put findings where nothing else is found."""
        if added:
            self.findings = sorted(self.findings + added, key=attrgetter("start"))


def fields_of(laid: LaidOut, gazetteer: Gazetteer) -> list[FieldFindings]:
    """The fields of texts, with nothing found in them yet."""
    marks = np.fromiter(map(gazetteer.marks.get, laid.words, repeat(0)), np.uint8, len(laid.words))
    marks = marks[laid.numbers]
    is_head = marks & HEAD > 0
    is_head[:-1] &= marks[1:] & SECOND > 0
    noted = (
        laid.places(map(str.isupper, map(itemgetter(slice(1)), laid.words))),
        *(laid.by_field(is_noted) for is_noted in (marks & SOUGHT > 0, marks & LONE > 0, is_head)),
    )
    return [
        FieldFindings("text" if number % 2 else "title", *field)
        for number, field in enumerate(zip(laid.fields, *noted, strict=True))
    ]


def findings_of_model(spans: Iterable[Span]) -> dict[Field, list[Finding]]:
    """The model's spans by field, its labels as entity types; dates and numbers are left out."""
    found: dict[Field, list[Finding]] = {"title": [], "text": []}
    for field, start, end, label in spans:
        if (entity_type := ENTITY_TYPE_OF_LABEL.get(label)) is not None:
            found[field].append(Finding(start, end, entity_type, "model"))
    return found


def cut_at_newlines(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """No name goes on in the next line: "Sam Brown", line end, "Paris" is two."""
    text, starts, ends = tokens.text, tokens.starts, tokens.ends
    if "\n" not in text:
        return findings
    kept: list[Finding] = []
    for finding in findings:
        start, end = finding.start, finding.end
        if end - start > 1 and text.find("\n", ends[start], starts[end - 1]) >= 0:
            for at in range(start + 1, end):
                if text.find("\n", ends[at - 1], starts[at]) >= 0:
                    kept.append(Finding(finding.start, at, finding.entity_type, finding.decided_by))
                    finding.start = at
        kept.append(finding)
    return kept


def trim_edges(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """Leading articles, trailing possessives, quotes and punctuation belong to no name."""
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        start, end = finding.start, finding.end
        while start < end and ((word := words[start]) in ARTICLES or _is_punctuation(word)):
            start += 1
        while start < end and ((word := words[end - 1]) in LOOSE_ENDS or _is_punctuation(word)):
            end -= 1
        if start < end:
            finding.start, finding.end = start, end
            kept.append(finding)
    return kept


def _is_punctuation(word: str) -> bool:
    return not word.isalnum() and _NO_LETTER_OR_DIGIT.fullmatch(word) is not None


def trim_numbers(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """Numbers behind a person or place are scores, ages or dates; behind an organization only long ones."""
    words = tokens.words
    for finding in findings:
        if finding.entity_type not in ("person", "place", "organization"):
            continue
        end = finding.end
        while end - finding.start > 1 and _NO_LETTER.fullmatch(words[end - 1]):
            end -= 1
        if end < finding.end:
            is_part_of_name = finding.end - end == 1 and len(words[end]) <= 4  # "Channel 4"
            if finding.entity_type != "organization" or not is_part_of_name:
                finding.end = end
    return findings


def drop_without_capital(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """A name has a capital letter; scripts that have none are not the model's."""
    words, text, starts, ends = tokens.words, tokens.text, tokens.starts, tokens.ends
    return [
        finding
        for finding in findings
        if (first := words[finding.start]) != first.lower()
        or (name := text[starts[finding.start] : ends[finding.end - 1]]) != name.lower()
    ]


def drop_currency(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """The US of "US $20" is money, not the country."""
    words = tokens.words
    return [
        finding
        for finding in findings
        if finding.end - finding.start > 1
        or finding.end == len(words)
        or words[finding.end] not in CURRENCY_SIGNS
    ]


def trim_titles(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """The person in "President Moon Jae-in" is "Moon Jae-in"; a title alone names nobody.

    A title before a name the model took for something else makes it a person, unless one of its words
    speaks for an organization or a place ("King Saud University").
    """
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        if words[finding.start] in gazetteer.titles and finding.entity_type in (
            "person",
            "organization",
            "place",
        ):
            start = finding.start
            if gazetteer.title_length(words, start, len(words)) > finding.end - start:
                continue  # the first half of one
            while start < finding.end and (length := gazetteer.title_length(words, start, finding.end)):
                start += length
            if start == finding.end:
                continue
            if start > finding.start:
                if finding.entity_type == "person":
                    finding.start = start
                elif finding.end - finding.start <= LONGEST_TITLED_NAME and all(
                    _may_be_of_person(word, gazetteer) for word in words[start : finding.end]
                ):
                    finding.start, finding.entity_type, finding.decided_by = start, "person", "title"
        kept.append(finding)
    return kept


def _may_be_of_person(word: str, gazetteer: Gazetteer) -> bool:
    is_name_like = word[0].isupper() or not word[0].isalpha() or word in gazetteer.particles
    return is_name_like and word not in gazetteer.head_words


def extend_particles(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """A small particle before a surname belongs to it: "dos Santos", "bin Salman"."""
    words = tokens.words
    taken = 0
    for finding in findings:
        if finding.entity_type == "person":
            while finding.start > taken and words[finding.start - 1] in gazetteer.particles:
                finding.start -= 1
        taken = finding.end
    return findings


def complete_hyphens(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """A person's name doesn't break at a hyphen: "Moon Jae" before "-in", "Claude Juncker" behind "Jean-".

    To the right only behind a surname that comes first, so that "Trump" of "Trump-backed" stays.
    """
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    taken = 0
    for number, finding in enumerate(findings):
        if finding.entity_type == "person":
            start, end = finding.start, finding.end
            if (
                start - 2 >= taken
                and words[start - 1] == "-"
                and ends[start - 2] == starts[start - 1]
                and ends[start - 1] == starts[start]
                and (words[start - 2][0].isupper() or words[start - 2] in gazetteer.particles)
            ):
                finding.start -= 2
            limit = findings[number + 1].start if number + 1 < len(findings) else len(words)
            if (
                end - start > 1
                and end + 1 < limit
                and words[end] == "-"
                and words[start] in gazetteer.surnames_first
                and ends[end - 1] == starts[end]
                and ends[end] == starts[end + 1]
                and words[end + 1].isalpha()
            ):
                finding.end += 2
        taken = finding.end
    return findings


def complete_initials(field: FieldFindings) -> None:
    """A person's name goes on behind an initial: "Mary L" before "Orton" is "Mary L Orton"."""
    words, starts, ends = field.tokens.words, field.tokens.starts, field.tokens.ends
    kept: list[Finding] = []
    for finding in field.findings:
        if kept and finding.start < kept[-1].end:  # what the model took for another name
            kept[-1].end = max(kept[-1].end, finding.end)
            continue
        kept.append(finding)
        end = finding.end
        if (
            finding.entity_type == "person"
            and _is_open(words[finding.start : end])
            and end < len(words)
            and starts[end] - ends[end - 1] == 1
            and field.tokens.text[ends[end - 1]] == " "
            and words[end].isalpha()
            and words[end].istitle()
            and len(words[end]) > 2
        ):
            finding.end += 1
    field.findings = kept


def _is_open(name: tuple[str, ...]) -> bool:
    """Whether a person's name of several words ends with an initial, and began with a whole word."""
    return len(name) > 1 and _INITIAL.fullmatch(name[-1]) is not None and name[0][1:].islower()


def complete_known_names(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """A known name of several words is found whole where the model saw its pieces."""
    known = [
        Finding(at, at + len(longest.words), longest.entity_type, "gazetteer", True)
        for at in field.long_names
        for longest in gazetteer.long_names_at(field.tokens.words, at)[:1]
    ]
    if not known:
        return
    kept: list[Finding] = []
    rest = iter(field.findings)
    pending = next(rest, None)
    for whole in known:
        while pending is not None and pending.end <= whole.start:
            kept.append(pending)
            pending = next(rest, None)
        if kept and kept[-1].end > whole.start:
            continue
        inside: list[Finding] = []
        while pending is not None and whole.start <= pending.start and pending.end <= whole.end:
            inside.append(pending)
            pending = next(rest, None)
        if pending is not None and pending.start < whole.end:
            kept += inside
            is_body = whole.entity_type == pending.entity_type == "organization"
            if is_body and pending.start < whole.start and pending.end < whole.end:  # an organ of it
                pending.end = whole.end
                kept.append(pending)
                pending = next((one for one in rest if one.start >= whole.end), None)
        else:
            kept.append(whole)
    if pending is not None:
        kept += [pending, *rest]
    field.findings = kept


def look_up(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """What people decided about a string stands above the model; what is known to be no entity goes."""
    type_of = gazetteer.type_of
    for field in fields:
        kept: list[Finding] = []
        for finding in field.findings:
            known = type_of(field.surface(finding))
            if known == NOT_AN_ENTITY:
                continue
            if known is not None and known != LEFT_TO_MODEL:
                finding.is_settled = True
                if known != finding.entity_type:
                    finding.entity_type, finding.decided_by = known, "gazetteer"
            kept.append(finding)
        field.findings = kept


def introduced_acronyms(fields: list[FieldFindings], gazetteer: Gazetteer) -> dict[str, str]:
    """Acronyms behind what they stand for, "National Bank of Ghana (NBG)": acronym -> long form.

    Where the capital initials before the bracket spell the acronym, those words become one finding; the
    acronym gets its type everywhere. Behind a whole name that it spells it needs no brackets, since some
    texts have lost theirs. After Schwartz and Hearst (2003), for names only.
    """
    long_forms: dict[str, str] = {}
    types: dict[str, str] = {}
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            end = finding.end
            if (
                end - finding.start >= FEWEST_WORDS_WITHOUT_BRACKETS
                and end < len(words)
                and is_acronym(words[end])
                and finding.entity_type not in ("person", "place", "nationality")
                and _start_of_long_form(words, end, words[end]) == finding.start
            ):
                long_forms.setdefault(words[end], field.surface(finding))
                types.setdefault(words[end], finding.entity_type)
        for at in field.places_of("("):
            if 0 < at < len(words) - 2 and words[at + 2] == ")" and is_acronym(words[at + 1]):
                long_form = _long_form(field, at, gazetteer)
                if long_form is None:
                    continue
                if long_form.entity_type == "person" and not long_form.is_settled:
                    long_form.entity_type, long_form.decided_by = "organization", "acronym"
                acronym = words[at + 1]
                long_forms.setdefault(acronym, field.surface(long_form))
                types.setdefault(acronym, long_form.entity_type)
                place = bisect_left(field.findings, at + 1, key=lambda finding: finding.end - 1)
                if place == len(field.findings) or field.findings[place].start > at + 1:
                    found = Finding(at + 1, at + 2, long_form.entity_type, "acronym", True)
                    field.findings.insert(place, found)
    if types:
        for field in fields:
            for finding in field.findings:
                known = types.get(field.surface(finding))
                if known is not None and not finding.is_settled:
                    if known != finding.entity_type:
                        finding.entity_type, finding.decided_by = known, "acronym"
                    finding.is_settled = True
    return long_forms


def drop_small_acronyms(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """An acronym of common words is no name: "gross domestic product (GDP)". A body's stays one.

    Nor is one of what the lists say is no entity, a disease.
    """
    common: set[str] = set()
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            start = finding.start
            acronym = words[start]
            if (
                finding.end - start == 1
                and not finding.is_settled
                and len(acronym) >= FEWEST_SMALL_WORDS
                and acronym.isupper()
            ):
                end = start - (start > 0 and words[start - 1] == "(")
                first = end - len(acronym)
                if first >= 0 and _is_common(words[first:end], acronym, gazetteer):
                    common.add(acronym)
    if common:
        for field in fields:
            field.findings = [finding for finding in field.findings if field.surface(finding) not in common]


def _is_common(words: tuple[str, ...], acronym: str, gazetteer: Gazetteer) -> bool:
    """Whether the initials of these words, all small or those of no entity, are the acronym."""
    initials = "".join(word[0] for word in words)
    if initials.upper() != acronym:
        return False
    if initials == acronym:
        return gazetteer.type_of(" ".join(words)) == NOT_AN_ENTITY
    is_small = all(word.islower() for word in words)
    return is_small and words[-1].title() not in gazetteer.organization_heads


@kept
def is_acronym(word: str) -> bool:
    """Two to ten letters, most of them capitals: "UN", "GSOMIA", "AfDB"."""
    return (
        2 <= len(word) <= LONGEST_ACRONYM
        and word[0].isupper()
        and word.replace("-", "").isalnum()
        and sum(c.isupper() for c in word) * 2 > len(word)
    )


def _long_form(field: FieldFindings, bracket: int, gazetteer: Gazetteer) -> Finding | None:
    """The finding before the bracket that the acronym in it stands for, made whole when its start is off."""
    words = field.tokens.words
    acronym = words[bracket + 1]
    start = _start_of_long_form(words, bracket, acronym)
    last = bisect_left(field.findings, bracket, key=lambda finding: finding.start) - 1
    before = field.findings[last] if last >= 0 else None
    if start is None:
        if before is not None and before.end == bracket and _spells(words[before.start : bracket], acronym):
            return before
        return None
    if before is not None and before.start == start and before.end == bracket:
        return before
    first = bisect_left(field.findings, start + 1, key=lambda finding: finding.end)
    pieces = field.findings[first : last + 1]
    if any(
        piece.start < start or piece.end > bracket or (piece.is_settled and piece.end - piece.start > 1)
        for piece in pieces
    ):
        return None
    kind = pieces[-1].entity_type if pieces else "organization"
    if kind in ("person", "place", "nationality", "organization"):
        kind = gazetteer.type_of_head.get(words[bracket - 1], "organization")
    whole = Finding(start, bracket, kind, "acronym")
    field.findings[first : last + 1] = [whole]
    return whole


def _start_of_long_form(words: tuple[str, ...], end: int, acronym: str) -> int | None:
    """First of the words before `end` whose capital initials spell the acronym exactly; None without such."""
    letters = [c for c in acronym if c.isupper()]
    at = end
    small_words = 0
    while letters and at > 0:
        at -= 1
        word = words[at]
        if word[0] == letters[-1]:
            letters.pop()
            small_words = 0
        elif word[0].isupper() or word in (".", ";", ":", "(", ")") or small_words > 2:
            return None
        else:
            small_words += 1
    return at if not letters and end - at > 1 else None


def _spells(words: tuple[str, ...], acronym: str) -> bool:
    """Whether the letters of the acronym occur in the words in order, the first of them first."""
    letters = [c.casefold() for c in acronym if c.isalpha()]
    text = " ".join(words).casefold()
    if not text.startswith(letters[0]):
        return False
    at = -1
    for letter in letters:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True


def one_type_per_name(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """One string has one type in an article: the model's votes, weighed with form and surroundings."""
    found: dict[str, tuple[dict[str, float], list[Finding]]] = {}
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if finding.is_settled:
                continue
            surface = field.surface(finding)
            key = name_key(surface)
            if (named := found.get(key)) is None:
                form = _evidence_of_form(surface, words[finding.end - 1], gazetteer)
                named = found[key] = dict(form), []
            scores, findings = named
            findings.append(finding)
            kind = finding.entity_type
            weight = 1.0 if finding.decided_by == "model" else WEIGHT_OF_TITLE
            scores[kind] = scores.get(kind, 0.0) + weight
            if finding.start and words[finding.start - 1] in gazetteer.before_names:
                _add_evidence_of_context(scores, words, finding.start, gazetteer)
    for scores, findings in found.values():
        if len(scores) > 1:
            entity_type = max(scores, key=lambda kind: (scores[kind], -RANK_OF_TYPE[kind]))
            for finding in findings:
                if finding.entity_type != entity_type:
                    finding.entity_type, finding.decided_by = entity_type, "one type per name"


@kept
def name_key(surface: str) -> str:
    """Two surfaces with one key are one name within an article; short ones keep their capitals."""
    surface = plain(surface)
    return surface.casefold() if len(surface) > 4 else surface


def _evidence_of_form(surface: str, last_word: str, gazetteer: Gazetteer) -> dict[str, float]:
    """What the form of a name says of its type."""
    is_long = " " in surface
    if surface in gazetteer.known_surnames:
        return {"person": WEIGHT_OF_KNOWN_SURNAME}
    if surface in gazetteer.places:
        return {"place": WEIGHT_OF_LONG_KNOWN_PLACE if is_long else WEIGHT_OF_KNOWN_PLACE}
    if is_long:
        if last_word in gazetteer.organization_heads:
            return {"organization": WEIGHT_OF_ORGANIZATION_WORD}
        if last_word in gazetteer.place_heads:
            return {"place": WEIGHT_OF_PLACE_WORD}
        if surface.split(None, 1)[0] in gazetteer.given_names:
            return {"person": WEIGHT_OF_GIVEN_NAME}
    elif surface in gazetteer.given_names:
        return {"person": WEIGHT_OF_LONE_GIVEN_NAME}
    elif 2 < len(surface) < 7 and surface.isupper() and surface.isalpha():
        return {"organization": WEIGHT_OF_CAPITALS}
    return {}


def _add_evidence_of_context(
    scores: dict[str, float], words: tuple[str, ...], start: int, gazetteer: Gazetteer
) -> None:
    """What stands before one occurrence says of the type of the name."""
    before = words[start - 1]
    if gazetteer.ends_with_title(words, start):
        scores["person"] = scores.get("person", 0.0) + WEIGHT_OF_TITLE
    elif before in gazetteer.before_place:
        scores["place"] = scores.get("place", 0.0) + WEIGHT_OF_PREPOSITION
    else:
        role = words[start - 2] if before == "," and start > 1 else before
        if role in gazetteer.person_nouns:
            scores["person"] = scores.get("person", 0.0) + WEIGHT_OF_ROLE


def drop_common_words(fields: list[FieldFindings]) -> None:
    """A lone word that the article also writes small, "Farmers" and "farmers", names nothing."""
    for field in fields:
        words = field.tokens.words
        field.findings = [
            finding
            for finding in field.findings
            if finding.is_settled
            or finding.end - finding.start > 1
            or not words[finding.start].istitle()
            or not is_small(words[finding.start].lower(), fields)
        ]


def is_small(word: str, fields: list[FieldFindings]) -> bool:
    """Whether this is a word without a capital, and the article has it."""
    if word.islower():
        for field in fields:
            if word in field.vocabulary:
                return True
    return False


def lone_persons(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """A lone word that is part of a longer person's name in the article is that person."""
    parts: set[str] = set()
    for field in fields:
        for finding in field.findings:
            if finding.entity_type == "person" and finding.end - finding.start > 1:
                names = field.surface(finding).split()
                if len(names) > 1:
                    parts.update(part for part in names if part[0].isupper())
    if not parts:
        return
    for field in fields:
        for finding in field.findings:
            if finding.entity_type == "person" or finding.is_settled:
                continue
            surface = field.surface(finding)
            if surface in parts or (len(surface) > 3 and surface.isupper() and surface.title() in parts):
                is_place = finding.entity_type == "place" and gazetteer.is_known_place(surface)
                is_capitals = surface in parts and len(surface) > 2 and surface.isupper()
                is_capitals &= finding.entity_type == "organization"
                if not is_place and not is_capitals:
                    finding.entity_type, finding.decided_by = "person", "part of a person's name"


def teams_named_by_place(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """In "Leeds beat Hull" and "Leeds's coach" the place is its team; countries stay countries.

    Results count where an article has two such teams. A place behind a preposition or in a dateline stays.
    """
    teams: set[str] = set()
    with_members: set[str] = set()
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if finding.entity_type == "place":
                is_place = not finding.is_settled
            else:
                is_place = finding.entity_type == "person" and field.surface(finding) in gazetteer.places
            if is_place:
                surface = field.surface(finding)
                after = words[finding.end] if finding.end < len(words) else ""
                before = words[finding.start - 1] if finding.start else ""
                if _SCORE.fullmatch(after) or after in gazetteer.team_verbs or before in gazetteer.team_verbs:
                    teams.add(surface.casefold())
                next_word = finding.end + (after in POSSESSIVES)
                if next_word < len(words) and words[next_word] in gazetteer.team_members:
                    with_members.add(surface.casefold())
    teams = with_members | (teams if len(teams) >= FEWEST_TEAMS else set())
    if not teams:
        return
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if (
                finding.entity_type in ("place", "person")
                and not finding.is_settled
                and field.surface(finding).casefold() in teams
                and not (finding.start and words[finding.start - 1] in gazetteer.before_place)
                and not (finding.end < len(words) and _DATE_OR_DASH.match(words[finding.end]))
            ):
                finding.entity_type, finding.decided_by = "organization", "team named by its place"


def storms(fields: list[FieldFindings], gazetteer: Gazetteer) -> dict[str, str]:
    """A storm is named like a person: after "Hurricane Ida" in an article, "Ida" is it. Name -> full name.

    "Hurricanes Ida and Lee" are two.
    """
    full_names: dict[str, str] = {}
    for field in fields:
        places = field.places_of(gazetteer.storms)
        if not places:
            continue
        words = field.tokens.words
        kept: list[Finding] = []
        for finding in field.findings:
            start, end = finding.start, finding.end
            is_behind = start > 0 and words[start - 1] in gazetteer.storms
            is_whole = end - start == 2 or (end - start > 2 and finding.entity_type == "event")
            if is_whole and words[start] in gazetteer.storms:
                full_names.setdefault(words[start + 1], " ".join(words[start : start + 2]))
                finding = Finding(start, start + 2, "event", "storm", True, finding.name)
            elif end - start == 1 and is_behind and (not kept or kept[-1].end < start):
                finding = Finding(start - 1, end, "event", "storm", True)
                full_names.setdefault(words[start], field.surface(finding))
            elif end - start == 1 and words[start] in gazetteer.storms:
                continue
            kept.append(finding)
        field.findings = kept
        for at in places:
            if words[at].endswith("s"):
                for name in _listed_behind(words, at + 1):
                    full_names.setdefault(name, f"{words[at]} {name}")
    full_names = _great_storms(fields, gazetteer) | full_names
    if full_names:
        for field in fields:
            for finding in field.findings:
                if field.surface(finding) in full_names:
                    finding.entity_type, finding.decided_by, finding.is_settled = "event", "storm", True
    return {name: _one_storm(full) for name, full in full_names.items()}


def _great_storms(fields: list[FieldFindings], gazetteer: Gazetteer) -> dict[str, str]:
    """The storms that need no title: the article speaks of storms, or the model takes them for events."""
    if not all(field.vocabulary.isdisjoint(STORM_WORDS) for field in fields):
        return gazetteer.great_storms
    return {
        surface: gazetteer.great_storms[surface]
        for field in fields
        for finding in field.findings
        if finding.entity_type == "event" and (surface := field.surface(finding)) in gazetteer.great_storms
    }


def _listed_behind(words: tuple[str, ...], start: int) -> Iterator[str]:
    """The names of "Ida and Lee" or "Ida, Lee and Max" from `start` on."""
    at = start
    while at < len(words) and words[at].istitle() and words[at].isalpha():
        yield words[at]
        at += 1
        if words[at : at + 2] == (",", "and"):
            at += 2
        elif words[at : at + 1] in ((",",), ("and",), ("&",)):
            at += 1
        else:
            return


def _one_storm(full_name: str) -> str:
    """ "Hurricane Ida" for "Hurricanes Ida" and for "HURRICANE IDA"."""
    kind, _, name = full_name.title().partition(" ")
    return f"{kind.removesuffix('s')} {name}"


def propagate(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """A name found once in an article is found wherever its words stand; so are the names of the seeds."""
    names: dict[tuple[str, ...], tuple[str, str]] = {}
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            names.setdefault(
                words[finding.start : finding.end], (finding.entity_type, "same name in the article")
            )
    for field in fields:
        for finding in field.findings:
            if finding.entity_type == "person" and finding.end - finding.start > 1:
                for surname in _surnames(field.tokens, finding, gazetteer):
                    names.setdefault(surname, ("person", "part of a person's name"))
    heads: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        heads.setdefault(name[0], []).append(name)

    def begun_by(word: str) -> list[tuple[str, ...]]:
        """The names that begin with a word, longest first, but not one that is also written small."""
        found = sorted(heads.get(word, ()), key=len, reverse=True)
        if found and len(found[-1]) == 1 and word.istitle() and is_small(word.lower(), fields):
            found.pop()
        return found

    for field in fields:
        field.insert(list(_found_again(field, names, heads.keys(), begun_by, gazetteer)))


def _surnames(tokens: Tokens, finding: Finding, gazetteer: Gazetteer) -> Iterator[tuple[str, ...]]:
    """The words a person is named by later: the last of a name, the first where surnames come first."""
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    cuts = [at for at in range(finding.start + 1, finding.end) if starts[at] > ends[at - 1]]
    if not cuts:
        return
    last = words[cuts[-1] : finding.end]
    surname = "".join(last)
    if len(surname) > 1 and not surname.islower() and gazetteer.type_of(surname) is None:
        yield last
    if cuts[0] == finding.start + 1 and words[finding.start] in gazetteer.surnames_first:
        yield words[finding.start : cuts[0]]


def _found_again(
    field: FieldFindings,
    names: Mapping[tuple[str, ...], tuple[str, str]],
    heads: Set[str],
    begun_by: Callable[[str], list[tuple[str, ...]]],
    gazetteer: Gazetteer,
) -> Iterator[Finding]:
    """What a field has of these names, by type and reason, and of the known ones, where nothing is found."""
    words, lone_names = field.tokens.words, gazetteer.lone_names
    covered = bytearray(len(words))
    for finding in field.findings:
        covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
    places = {at for at in field.capitals if not covered[at] and words[at] in heads}
    if not all(head[0].isupper() for head in heads):
        places.update(at for at, word in enumerate(words) if word in heads)
    for at in sorted(places.union(field.long_names, field.lone_names)):
        if covered[at]:
            continue
        for name in begun_by(words[at]):
            end = at + len(name)
            if words[at:end] == name and not any(covered[at:end]):
                yield Finding(at, end, *names[name])
                break
        else:
            entries = gazetteer.long_names_at(words, at)
            if words[at] in lone_names:
                entries.append(lone_names[words[at]])
            entry = next((one for one in entries if not any(covered[at : at + len(one.words)])), None)
            if entry is None:
                continue
            end = at + len(entry.words)
            yield Finding(at, end, entry.entity_type, "gazetteer")
        covered[at:end] = b"\1" * (end - at)


def names_in_article(
    fields: list[FieldFindings], long_forms: dict[str, str], gazetteer: Gazetteer
) -> Iterator[tuple[FieldFindings, int, Finding, str]]:
    """Every finding in reading order, its number in its field, and its name's fullest form in the article.

    A part of a person's name goes to the latest longer name before it that has the part, else to the
    first after it; an acronym to what it was introduced with; "UN" to "United Nations" only where that
    occurs in the article. "Reids" is "Reid" where that occurs and the article has lost its apostrophes.
    """
    found = [(field, number, finding) for field in fields for number, finding in enumerate(field.findings)]
    surfaces = [
        plain(field.surface(finding))
        if finding.entity_type != "place"
        else _without_s_of_place(plain(field.surface(finding)), field, finding, gazetteer)
        for field, _, finding in found
    ]
    if not has_apostrophes(fields):
        known = {*surfaces}
        surfaces = [
            surface if finding.entity_type == "place" else _without_bare_possessive(surface, known)
            for surface, (_, _, finding) in zip(surfaces, found, strict=True)
        ]
    names: list[str] = []  # of persons
    forms_of: dict[tuple[str, str], dict[str, int]] = {}  # type and folded spelling -> the spellings
    for surface, (_, _, finding) in zip(surfaces, found, strict=True):
        if finding.entity_type == "person":
            names.append(surface)
        else:
            forms = forms_of.setdefault((finding.entity_type, surface.casefold()), {})
            forms[surface] = forms.get(surface, 0) + 1
    persons = _Persons(names)
    for surface, (field, number, finding) in zip(surfaces, found, strict=True):
        if finding.entity_type == "person":
            yield field, number, finding, persons.fullest(surface)
        elif finding.name:
            yield field, number, finding, finding.name
        else:
            kind, name = finding.entity_type, long_forms.get(surface) or gazetteer.name_of(surface)
            forms = forms_of[kind, surface.casefold()]
            if name:
                forms = forms_of.get((kind, plain(name).casefold()), forms)
            yield field, number, finding, _best_form(forms) if len(forms) > 1 else next(iter(forms))


def has_apostrophes(fields: list[FieldFindings]) -> bool:
    """Whether the article has any; some texts have lost theirs."""
    return any(sign in field.tokens.text for field in fields for sign in APOSTROPHES)


def _without_s_of_place(surface: str, field: FieldFindings, finding: Finding, gazetteer: Gazetteer) -> str:
    """The surface, but "America" for "Americas" without an article, which has lost an apostrophe."""
    if surface[-1:] != "s" or surface[:-1] not in gazetteer.states_and_seats:
        return surface
    before = field.tokens.words[finding.start - 1].lower() if finding.start else ""
    return surface if before in BEFORE_SEVERAL or surface in gazetteer.seats else surface[:-1]


def _without_bare_possessive(surface: str, known: set[str]) -> str:
    """ "Reid" for "Reids" in a text that has lost its apostrophes and names Reid elsewhere."""
    return surface[:-1] if surface.endswith("s") and surface[:-1] in known else surface


def _best_form(forms: dict[str, int]) -> str:
    """The most frequent spelling that is not all capitals, of spellings and how often they stand."""
    return max(forms, key=lambda form: (not form.isupper(), forms[form], form))


class _Persons:
    """The names of the persons of one article. Ask for them in reading order."""

    def __init__(self, surfaces: Iterable[str]) -> None:
        self._full: dict[str, str] = {}  # a name of several words -> the longest it begins or ends
        self._by_part: dict[str, str] = {}  # a word -> the first long name that has it
        self._latest: dict[str, str] = {}  # a word -> the long name read last that has it
        names = dict.fromkeys(surface for surface in surfaces if " " in surface)
        for name in sorted(names, key=lambda name: (-name.count(" "), name.isupper())):
            words = _folded_words(name)
            if self._full.setdefault(" ".join(words), name) == name:
                for cut in range(2, len(words)):
                    self._full.setdefault(" ".join(words[:cut]), name)
                    self._full.setdefault(" ".join(words[-cut:]), name)
        for name in names:
            full = self._full.get(name.casefold(), name)
            for word in _folded_words(name):
                self._by_part.setdefault(word, full)

    def fullest(self, surface: str) -> str:
        """The fullest name in the article of the person this surface names here."""
        key = surface.casefold()
        if " " not in key:
            return self._latest.get(key) or self._by_part.get(key) or surface
        name = self._full.get(key, surface)
        self._latest.update(dict.fromkeys(_folded_words(name), name))
        return name


@kept
def _folded_words(name: str) -> tuple[str, ...]:
    return tuple(name.casefold().split())
