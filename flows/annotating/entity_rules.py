"""The rules between what the model saw and what is counted, each a small function that can be left out.

A rule takes the findings of a field (or of both fields) and gives the findings that stand after it.
Found with news of the whole world in mind: `entities.py` says in which order they run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.annotating.engine import Span
from flows.annotating.entity_gazetteer import LEFT_TO_MODEL, NOT_AN_ENTITY, Gazetteer, plain
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
ENTITY_TYPES = tuple(dict.fromkeys(ENTITY_TYPE_OF_LABEL.values()))

ARTICLES = frozenset({"the", "The", "THE", "a", "A", "an", "An", "AN"})
POSSESSIVES = frozenset({"'s", "’s", "'S", "’S", "'", "’", "`s", "s"})
CURRENCY_SIGNS = frozenset("$€£¥₹")
QUOTES = frozenset("\"'“”‘’«»„`")
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_NO_LETTER = re.compile(r"[\W\d_]+")


@dataclass(slots=True)
class Finding:
    """Tokens `start` to `end` (exclusive) of a field name an entity of this type, says `decided_by`."""

    start: int
    end: int
    entity_type: str
    decided_by: str
    is_settled: bool = False  # people decided; no vote of the article changes it


@dataclass(slots=True)
class FieldFindings:
    """The findings of one field, in reading order, never overlapping."""

    field: Field
    tokens: Tokens
    findings: list[Finding]

    def surface(self, finding: Finding) -> str:
        """The characters of a finding."""
        tokens = self.tokens
        return tokens.text[tokens.starts[finding.start] : tokens.ends[finding.end - 1]]


def findings_of_model(spans: Iterable[Span], field: Field) -> list[Finding]:
    """The model's spans of one field with its labels as entity types; dates and numbers are left out."""
    return [
        Finding(span.start_token, span.end_token, ENTITY_TYPE_OF_LABEL[span.label], "model")
        for span in spans
        if span.field == field and span.label in ENTITY_TYPE_OF_LABEL
    ]


def cut_at_newlines(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """No name goes on in the next line: "Sam Brown\\nParis" is two."""
    text, starts, ends = tokens.text, tokens.starts, tokens.ends
    kept: list[Finding] = []
    for finding in findings:
        if finding.end - finding.start > 1 and "\n" in text[starts[finding.start] : ends[finding.end - 1]]:
            start = finding.start
            for at in range(finding.start + 1, finding.end):
                if "\n" in text[ends[at - 1] : starts[at]]:
                    kept.append(Finding(start, at, finding.entity_type, finding.decided_by))
                    start = at
            kept.append(Finding(start, finding.end, finding.entity_type, finding.decided_by))
        else:
            kept.append(finding)
    return kept


def trim_edges(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """Leading articles, trailing possessives, quotes and punctuation belong to no name."""
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        start, end = finding.start, finding.end
        while start < end and (words[start] in ARTICLES or _is_edge(words[start])):
            start += 1
        while start < end:
            last = words[end - 1]
            if last == "s":
                if end - 2 < start or words[end - 2] not in QUOTES:
                    break
            elif last not in POSSESSIVES and not _is_edge(last):
                break
            end -= 1
        if start < end:
            finding.start, finding.end = start, end
            kept.append(finding)
    return kept


def _is_edge(word: str) -> bool:
    return not word[0].isalnum() and _NO_LETTER_OR_DIGIT.fullmatch(word) is not None


def trim_numbers(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """Dates and scores that trail a person or place, or a date that trails anything, are cut off."""
    words = tokens.words
    for finding in findings:
        if finding.entity_type in ("person", "place", "organization"):
            end = finding.end
            while end - finding.start > 1 and _NO_LETTER.fullmatch(words[end - 1]):
                end -= 1
            if end < finding.end and (
                finding.entity_type != "organization" or len(words[finding.end - 1]) > 4 or finding.end - end > 1
            ):
                finding.end = end
    return findings


def drop_without_capital(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """A name has a capital letter; scripts that have none are not the model's."""
    words = tokens.words
    return [
        finding
        for finding in findings
        if any(word != word.lower() for word in words[finding.start : finding.end])
    ]


def trim_titles(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """"President Moon Jae-in" is the person "Moon Jae-in"; a title alone names nobody.

    A title before a name the model took for something else makes it a person, unless the last word
    speaks for an organization or a place ("King Saud University").
    """
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        if finding.entity_type in ("person", "organization", "place"):
            start = finding.start
            while start < finding.end and (length := gazetteer.title_length(words, start, finding.end)):
                start += length
            if start == finding.end:
                continue
            if start > finding.start:
                if finding.entity_type == "person":
                    finding.start = start
                elif finding.end - start < 5 and _reads_as_person(words[start : finding.end], gazetteer):
                    finding.start, finding.entity_type, finding.decided_by = start, "person", "title"
        kept.append(finding)
    return kept


def _reads_as_person(words: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    """Whether all words have a capital (or are particles) and none speaks for an organization or a place."""
    return all(
        (word[0].isupper() or not word[0].isalpha() or word in gazetteer.particles)
        and word not in gazetteer.head_words
        for word in words
    )


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


def complete_known_names(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """A known name of several words is found whole where the model saw its pieces."""
    words = field.tokens.words
    whole: list[Finding] = []
    for head in gazetteer.long_heads.keys() & set(words):
        at = -1
        for _ in range(words.count(head)):
            at = words.index(head, at + 1)
            for entry in gazetteer.long_heads[head]:
                if words[at : at + len(entry.words)] == entry.words:
                    whole.append(Finding(at, at + len(entry.words), entry.entity_type, "gazetteer", True))
                    break
    if not whole:
        return
    whole.sort(key=lambda finding: (finding.start, -finding.end))
    merged: list[Finding] = []
    queue = list(field.findings)
    end = 0
    for known in whole:
        if known.start < end:
            continue
        touching = [f for f in queue if f.start < known.end and f.end > known.start]
        if all(f.start >= known.start and f.end <= known.end for f in touching):
            queue = [f for f in queue if f.end <= known.start or f.start >= known.end]
            merged.append(known)
            end = known.end
    field.findings = sorted(queue + merged, key=lambda finding: finding.start)


def drop_currency(tokens: Tokens, findings: list[Finding]) -> list[Finding]:
    """The US of "US$ 20" is money, not the country."""
    words = tokens.words
    return [
        finding
        for finding in findings
        if not (finding.end < len(words) and words[finding.end] in CURRENCY_SIGNS and finding.end - finding.start == 1)
    ]


def look_up(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """What people decided about a string stands above the model; what is known to be no entity goes."""
    for field in fields:
        kept: list[Finding] = []
        for finding in field.findings:
            known = gazetteer.type_of(field.surface(finding))
            if known == NOT_AN_ENTITY:
                continue
            if known is not None and known != LEFT_TO_MODEL:
                finding.is_settled = True
                if known != finding.entity_type:
                    finding.entity_type, finding.decided_by = known, "gazetteer"
            kept.append(finding)
        field.findings = kept


def introduced_acronyms(fields: list[FieldFindings], gazetteer: Gazetteer) -> dict[str, str]:
    """Acronyms put in brackets behind what they stand for, "National Bank of Ghana (NBG)": acronym -> long form.

    The long form becomes one finding where the capital initials of the words before the bracket spell the
    acronym, and the acronym gets its type. After Schwartz and Hearst (2003), for names only.
    """
    long_forms: dict[str, str] = {}
    types: dict[str, str] = {}
    for field in fields:
        words = field.tokens.words
        at = -1
        for _ in range(words.count("(")):
            at = words.index("(", at + 1)
            if at == 0 or at + 2 >= len(words) or words[at + 2] != ")" or not is_acronym(words[at + 1]):
                continue
            acronym = words[at + 1]
            start = _start_of_long_form(words, at, acronym)
            before = next((f for f in field.findings if f.start < at <= f.end), None)
            if start is None and (before is None or before.end != at or not _spells(words[before.start : at], acronym)):
                continue
            if start is not None and (before is None or before.start != start):
                spelled = [f for f in field.findings if f.start < at and f.end > start]
                if any(f.start < start or f.end > at or (f.is_settled and f.end - f.start > 1) for f in spelled):
                    continue
                kind = before.entity_type if before and before.entity_type != "person" else "organization"
                if kind == "place" or kind == "nationality":
                    kind = "organization"
                before = Finding(start, at, kind, "acronym")
                field.findings = sorted(
                    [f for f in field.findings if f not in spelled] + [before], key=lambda f: f.start
                )
            assert before is not None
            if before.entity_type == "person" and not before.is_settled:
                before.entity_type, before.decided_by = "organization", "acronym"
            long_forms.setdefault(acronym, field.surface(before))
            types.setdefault(acronym, before.entity_type)
            if not any(f.start <= at + 1 < f.end for f in field.findings):
                field.findings = sorted(
                    [*field.findings, Finding(at + 1, at + 2, before.entity_type, "acronym", True)],
                    key=lambda f: f.start,
                )
    if types:
        for field in fields:
            for finding in field.findings:
                known = types.get(field.surface(finding))
                if known is not None and not finding.is_settled:
                    if known != finding.entity_type:
                        finding.entity_type, finding.decided_by = known, "acronym"
                    finding.is_settled = True
    return long_forms


def is_acronym(word: str) -> bool:
    """Two to ten letters, most of them capitals: "UN", "GSOMIA", "SMUG", "AfDB"."""
    return (
        2 <= len(word) <= 10
        and word[0].isupper()
        and word.replace("-", "").isalnum()
        and sum(c.isupper() for c in word) * 2 > len(word)
    )


def _start_of_long_form(words: tuple[str, ...], end: int, acronym: str) -> int | None:
    """First of the words before `end` whose capital initials spell the acronym exactly; None without such."""
    letters = [c for c in acronym if c.isupper()]
    at = end
    small = 0
    while letters and at > 0:
        at -= 1
        word = words[at]
        if word[0] == letters[-1]:
            letters.pop()
            small = 0
        elif word[0].isupper() or word in (".", ";", ":", "(", ")") or small > 2:
            return None
        else:
            small += 1
    return at if not letters and end - at > 1 else None


def _spells(words: tuple[str, ...], acronym: str) -> bool:
    """Whether the letters of the acronym occur in the words in order, the first at the start of the first."""
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
    """One string has one type in an article: what the model said most often, weighed with its surroundings."""
    names: dict[str, Counter[str]] = {}
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if finding.is_settled:
                continue
            surface = field.surface(finding)
            key = name_key(surface)
            scores = names.get(key)
            if scores is None:
                scores = names[key] = Counter(_evidence_of_form(surface, words[finding.end - 1], gazetteer))
            scores[finding.entity_type] += W["model"] if finding.decided_by == "model" else W["title"]
            _add_evidence_of_context(scores, words, finding, gazetteer)
    for field in fields:
        for finding in field.findings:
            scores = names.get(name_key(field.surface(finding)))
            if scores is None or finding.is_settled:
                continue
            winner = max(scores, key=lambda kind: (scores[kind], -ENTITY_TYPES.index(kind)))
            if winner != finding.entity_type:
                finding.entity_type, finding.decided_by = winner, "one type per name"


W = {"model": 1.0, "title": 2.0, "in": 0.7, "said": 0.4, "role": 1.2, "age": 2.0, "acronym": 0.8, "org_head": 4.0, "place_head": 3.0, "known_place": 1.5, "known_place_multi": 3.0}


def _evidence_of_form(surface: str, last: str, gazetteer: Gazetteer) -> dict[str, float]:
    """What the form of a name says of its type."""
    evidence: dict[str, float] = {}
    if gazetteer.is_known_place(surface):
        evidence["place"] = W["known_place_multi"] if " " in surface else W["known_place"]
    elif " " in surface:
        if last in gazetteer.organization_heads:
            evidence["organization"] = W["org_head"]
        elif last in gazetteer.place_heads:
            evidence["place"] = W["place_head"]
    elif 2 < len(surface) < 7 and surface.isupper() and surface.isalpha():
        evidence["organization"] = W["acronym"]
    return evidence


def _add_evidence_of_context(
    scores: Counter[str], words: tuple[str, ...], finding: Finding, gazetteer: Gazetteer
) -> None:
    """What stands before and after one occurrence says of the type of the name."""
    start, end = finding.start, finding.end
    if start:
        before = words[start - 1]
        if gazetteer.ends_with_title(words, start):
            scores["person"] += W["title"]
        elif before in gazetteer.before_place:
            scores["place"] += W["in"]
        elif before in gazetteer.person_nouns or (
            before == "," and start > 1 and words[start - 2] in gazetteer.person_nouns
        ):
            scores["person"] += W["role"]
    if end < len(words):
        after = words[end]
        if after in gazetteer.after_person:
            scores["person"] += W["said"]
            scores["organization"] += W["said"] / 2
        elif after == "," and end + 1 < len(words):
            then = words[end + 1]
            if then == "who" or (then.isdigit() and len(then) == 2 and words[end + 2 : end + 3] == (",",)):
                scores["person"] += W["age"]


def name_key(surface: str) -> str:
    """Two surfaces with one key are one name within an article."""
    surface = plain(surface)
    return surface.casefold() if len(surface) > 4 else surface


def name_parts(surface: str) -> list[str]:
    """The words of a person's name as a reader parts them: "Kang Kyung-wha" has two."""
    return surface.split()


def drop_common_words(fields: list[FieldFindings]) -> None:
    """A lone word that the article also writes small, "Farmers" and "farmers", names nothing."""
    small: set[str] | None = None
    for field in fields:
        kept = []
        for finding in field.findings:
            if finding.end - finding.start == 1 and not finding.is_settled and finding.entity_type in DROPPED_IF_COMMON:
                word = field.tokens.words[finding.start]
                if word[0].isupper() and (word[1:].islower()):
                    if small is None:
                        small = {w for f in fields for w in f.tokens.words if w.islower()}
                    if word.lower() in small:
                        continue
            kept.append(finding)
        field.findings = kept


DROPPED_IF_COMMON = frozenset({"organization", "person", "place", "product", "work", "law", "event", "facility", "nationality"})


def lone_persons(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """A lone word that is part of a longer person's name in the article is that person."""
    parts: set[str] = set()
    for field in fields:
        for finding in field.findings:
            if finding.entity_type == "person" and finding.end - finding.start > 1:
                names = name_parts(field.surface(finding))
                if len(names) > 1:
                    parts.update(part for part in names if part[0].isupper())
    if not parts:
        return
    for field in fields:
        for finding in field.findings:
            if finding.entity_type != "person" and not finding.is_settled:
                surface = field.surface(finding)
                if surface in parts and not (
                    finding.entity_type == "place" and gazetteer.is_known_place(surface)
                ) and not (LONE_ACRONYM and surface.isupper() and len(surface) > 2 and finding.entity_type == "organization"):
                    finding.entity_type, finding.decided_by = "person", "part of a person's name"


LONE_ACRONYM = True


def teams_named_by_place(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """In "Somerset 83 and 174", "Chelsea beat Leeds 2-1" the place is its team; countries stay countries."""
    teams: set[str] = set()
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if finding.entity_type == "place" and not finding.is_settled or finding.entity_type == "person" and gazetteer.is_known_place(field.surface(finding)):
                start, end = finding.start, finding.end
                after = words[end] if end < len(words) else ""
                if (
                    _SCORE.fullmatch(after)
                    or after in TEAM_VERBS
                    or (start and words[start - 1] in TEAM_VERBS)
                ):
                    teams.add(field.surface(finding).casefold())
    if len(teams) < 2:
        return
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if (
                finding.entity_type in ("place", "person")
                and not finding.is_settled
                and field.surface(finding).casefold() in teams
                and not (finding.start and words[finding.start - 1] in gazetteer.before_place)
                and (finding.end == len(words) or not _DATE_OR_DASH.match(words[finding.end]))
            ):
                finding.entity_type, finding.decided_by = "organization", "team named by its place"


TEAM_VERBS = frozenset({"beat", "v", "vs", "vs.", "drew", "thrashed", "BEAT", "defeated"})
_SCORE = re.compile(r"\d{1,3}([-–.:]\d{1,3})?|\.\d{3}")
_DATE_OR_DASH = re.compile(r"\d{4}|[-–—:,]")


def propagate(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """A name found once in an article is found wherever its words stand; so are the names of the seeds."""
    heads: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    seen: set[tuple[str, ...]] = set()
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            name = words[finding.start : finding.end]
            if name not in seen:
                seen.add(name)
                heads.setdefault(name[0], []).append((name, finding.entity_type, "same name in the article"))
            if finding.entity_type == "person":
                for part in _surnames(field, finding, gazetteer):
                    if part not in seen:
                        seen.add(part)
                        heads.setdefault(part[0], []).append((part, "person", "part of a person's name"))
    for names in heads.values():
        names.sort(key=lambda entry: (-len(entry[0]), entry[0]))
    for field in fields:
        _add_missing(field, heads, gazetteer)


def _surnames(field: FieldFindings, finding: Finding, gazetteer: Gazetteer) -> Iterator[tuple[str, ...]]:
    words = field.tokens.words
    starts, ends = field.tokens.starts, field.tokens.ends
    cuts = [finding.start, *(at for at in range(finding.start + 1, finding.end) if starts[at] > ends[at - 1])]
    if len(cuts) < 2:
        return
    last = words[cuts[-1] : finding.end]
    if last[0][0].isupper() and len("".join(last)) > 1 and gazetteer.type_of(" ".join(last)) in (None,):
        yield last
    first = words[cuts[0] : cuts[1]]
    if first[0] in gazetteer.surnames_first and len(first) == 1:
        yield first


def _add_missing(
    field: FieldFindings,
    heads: dict[str, list[tuple[tuple[str, ...], str, str]]],
    gazetteer: Gazetteer,
) -> None:
    words = field.tokens.words
    static = gazetteer.heads
    covered = bytearray(len(words))
    for finding in field.findings:
        covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
    added: list[Finding] = []
    for at, word in enumerate(words):
        if covered[at]:
            continue
        for name, entity_type, why in heads.get(word, ()):
            end = at + len(name)
            if words[at:end] == name and not any(covered[at:end]):
                added.append(Finding(at, end, entity_type, why))
                covered[at:end] = b"\1" * len(name)
                break
        else:
            for entry in static.get(word, ()):
                end = at + len(entry.words)
                if words[at:end] == entry.words and not any(covered[at:end]) and entry.entity_type != LEFT_TO_MODEL:
                    added.append(Finding(at, end, entry.entity_type, "gazetteer"))
                    covered[at:end] = b"\1" * len(entry.words)
                    break
    if added:
        field.findings = sorted(field.findings + added, key=lambda finding: finding.start)


def names_in_article(
    fields: list[FieldFindings], long_forms: dict[str, str], gazetteer: Gazetteer
) -> Iterator[tuple[FieldFindings, Finding, str]]:
    """Every finding with the fullest form of its name in the article.

    A part of a person's name goes to the latest longer name before it that has the part (else to the first
    after it); an acronym to what it was introduced with; "UN" to "United Nations" only where that occurs.
    """
    surfaces = [(field, finding, plain(field.surface(finding))) for field in fields for finding in field.findings]
    spelled: dict[tuple[str, str], Counter[str]] = {}
    for _, finding, surface in surfaces:
        spelled.setdefault((finding.entity_type, surface.casefold()), Counter())[surface] += 1
    persons = _PersonNames(surface for _, finding, surface in surfaces if finding.entity_type == "person")
    for field, finding, surface in surfaces:
        if finding.entity_type == "person":
            yield field, finding, persons.fullest(surface)
            continue
        name = long_forms.get(surface)
        if name is None:
            name = gazetteer.name_of(surface)
            if name is None or (finding.entity_type, name.casefold()) not in spelled:
                forms = spelled[finding.entity_type, surface.casefold()]
                name = max(forms, key=lambda form: (not form.isupper(), forms[form], form))
        yield field, finding, plain(name)


class _PersonNames:
    """The names of persons of one article; asked in reading order."""

    def __init__(self, surfaces: Iterable[str]) -> None:
        self._by_part: dict[str, list[str]] = {}
        self._fullest: dict[str, str] = {}
        full = sorted({s for s in surfaces if " " in s}, key=lambda s: (-len(s.split()), s.isupper(), s))
        for name in full:
            key = name.casefold()
            longer = next((f for f in self._by_part.get(key.split()[0], ()) if _is_piece(key, f.casefold())), None)
            self._fullest.setdefault(key, longer or name)
            if longer is None:
                for part in dict.fromkeys(key.split()):
                    self._by_part.setdefault(part, []).append(name)
        self._latest: dict[str, str] = {}

    def fullest(self, surface: str) -> str:
        """The fullest name of the person this surface names here."""
        key = surface.casefold()
        if " " in key:
            name = self._fullest[key]
            for part in name.casefold().split():
                self._latest[part] = name
            return name
        if key in self._latest:
            return self._latest[key]
        candidates = self._by_part.get(key)
        return candidates[0] if candidates else surface


def _is_piece(shorter: str, longer: str) -> bool:
    """Whether the words of one name begin or end the other."""
    return shorter != longer and (longer.startswith(shorter + " ") or longer.endswith(" " + shorter))
