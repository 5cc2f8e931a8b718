"""Rules for the names of persons where a text runs them together, cuts them up or lists them.

Pages that lost their punctuation write "Levin Stabenow Announce" and "D C Sen Carl Levin"; what is one name
there is told by the titles, given names and full names of the same article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.annotating.entity_gazetteer import Gazetteer
from flows.annotating.entity_rules import FieldFindings, Finding, is_small
from flows.records import Tokens

# Titles that are no surname: nobody is called Senator, but Stephen King is.
CONTACTS = ("Email", "Phone", "Fax", "Contact")  # a line break was lost behind a contact
PARTING_TITLES = frozenset(
    (
        *("Sen", "Sen.", "Senator", "Rep", "Rep.", "Representative", "Congressman", "Congresswoman", "Gov"),
        *("Gov.", "Governor", "President", "Minister", "Secretary", "Ambassador", "Mr", "Mr.", "Mrs", "Mrs."),
        *("Ms", "Ms.", "Dr", "Dr.", "Gen", "Gen.", "SEN", "SEN.", "SENATOR", "REP", "REP.", "GOV", "GOV."),
    )
)
LONGEST_NAME = 3  # words of a name that another than the model takes for a person
LIST_JOINERS = frozenset({",", "and", "&", ";"})
PARTIES = frozenset("DRI")  # "Sen. Ana Roe (D-Ohio)"
BEFORE_PARTY = PARTIES | {"("}
AFTER_PARTY = frozenset({"", "-", "–"})  # in the same token
_PARTY_TAG = re.compile(r"(?:[DR] ?[-– ]|I ?[-–]) ?([A-Z][A-Za-z.]+)")


def trim_party_tags(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """The party and state behind a politician, "(D-Ohio)" or "D OH", name nobody and belong to no name."""
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        is_state = finding.end - finding.start == 1 and words[finding.start] in gazetteer.state_codes
        if is_state and finding.start and words[finding.start - 1] in PARTIES:
            continue
        for at in range(finding.start, finding.end):
            if words[at][0] in BEFORE_PARTY and party_tag_length(words, at, gazetteer):
                finding.end = at
                break
        if finding.end > finding.start:
            kept.append(finding)
    return kept


def part_at_titles(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """A title within a person's name begins another: of "D C Sen Carl Levin" the name is "Carl Levin".

    What stands before the title is kept where it begins with a given name.
    """
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        if finding.entity_type != "person":
            kept.append(finding)
            continue
        start = finding.start
        for at in range(finding.start, finding.end - 1):
            if len(words[at]) > 7 and words[at].endswith(CONTACTS):
                kept.append(Finding(start, at + 1, "person", finding.decided_by))
                start = at + 1
            elif words[at] in PARTING_TITLES or words[at] in gazetteer.plural_titles:
                if at - start > 1 and words[start] in gazetteer.given_names:
                    kept.append(Finding(start, at, "person", finding.decided_by))
                start = at + 1
        finding.start = start
        is_initials = all(len(word) == 1 for word in words[start : finding.end - 1])
        if not (is_initials and words[finding.end - 1] in PARTING_TITLES):
            kept.append(finding)
    return kept


def complete_surnames_first(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """A surname that comes first has two names behind it: "Chun" behind "Pak To" is "Pak To Chun"."""
    words, starts, ends = field.tokens.words, field.tokens.starts, field.tokens.ends
    kept: list[Finding] = []
    for finding in field.findings:
        start = finding.end - 3
        if (
            finding.entity_type == "person"
            and 0 <= start < finding.start
            and words[start] in gazetteer.surnames_first
            and all(word.isalpha() and word.istitle() for word in words[start : finding.end])
            and all(starts[at] - ends[at - 1] == 1 for at in range(start + 1, finding.end))
            and not (kept and kept[-1].end > start and kept[-1].start < start)
        ):
            finding.start = start
            while kept and kept[-1].start >= start:
                kept.pop()
        kept.append(finding)
    field.findings = kept


def part_joined_names(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """Names that stand side by side are told apart by what the article says of them elsewhere.

    A surname whose full name the article has begins no longer name: "Levin Stabenow" is two,
    "Levin Announces" one and a word the article writes small too. Two full names in a row are two.
    """
    last_words = _last_words(fields, gazetteer)
    if not last_words:
        return
    surnames = _surnames(last_words, gazetteer)
    for field in fields:
        words = field.tokens.words
        kept: list[Finding] = []
        for finding in field.findings:
            if finding.entity_type != "person" or finding.end - finding.start < 2 or finding.is_settled:
                kept.append(finding)
                continue
            name = words[finding.start : finding.end]
            if name[0] in last_words and (
                _is_begun(name, surnames, fields)
                or all(last_words.get(word, {word}).isdisjoint(name) for word in name)
            ):
                kept += (
                    Finding(at, at + 1, "person", "part of a person's name", True)
                    for at in range(finding.start, finding.end)
                    if words[at] in last_words
                )
                continue
            is_two = len(name) == 4 and gazetteer.given_names.issuperset(name[::2])
            if is_two and surnames.issuperset(name[1::2]):
                middle = finding.start + 2
                kept.append(Finding(finding.start, middle, "person", finding.decided_by))
                finding = Finding(middle, finding.end, "person", finding.decided_by)
            kept.append(finding)
        field.findings = kept


def _is_begun(name: tuple[str, ...], surnames: set[str], fields: list[FieldFindings]) -> bool:
    """Whether a name begins with a surname, and the rest are surnames too or a verb that comes first."""
    other = next((word for word in name if word not in surnames), None)
    return name[0] in surnames and (other is None or _is_verb(other, fields))


def _last_words(fields: list[FieldFindings], gazetteer: Gazetteer) -> dict[str, set[str]]:
    """The last word of every full name in the article -> the first words it stands with."""
    found: dict[str, set[str]] = {}
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if finding.entity_type != "person" or finding.end - finding.start < 2:
                continue
            name = words[finding.start : finding.end]
            is_sure = name[0] in gazetteer.given_names or party_tag_length(words, finding.end, gazetteer) > 0
            if not is_sure or not _is_full_name(name):
                continue
            for last in {name[-1], name[-1].upper()} if len(name[-1]) > 3 else {name[-1]}:
                found.setdefault(last, set()).add(name[0])
    return found


def _surnames(last_words: dict[str, set[str]], gazetteer: Gazetteer) -> set[str]:
    """The last words of full names that are neither a given name too nor come first elsewhere."""
    others = gazetteer.given_names, gazetteer.surnames_first
    return {word for word in last_words if not any(word in names for names in others)}


def _is_full_name(name: tuple[str, ...]) -> bool:
    """Whether this may be a given name, perhaps a middle name, and a surname."""
    return (
        2 <= len(name) <= 3
        and name[-1].isalpha()
        and name[-1][0].isupper()
        and len(name[-1]) > 2
        and name[1][0].isupper()
    )


def _is_verb(word: str, fields: list[FieldFindings]) -> bool:
    """Whether the article has a capitalized word small too, perhaps in the past: "Secures", "secured"."""
    small = word.lower()
    forms = (small, f"{small}d", f"{small}ed", f"{small[:-1]}d", f"{small[:-1]}ed")
    return word[0].isupper() and any(is_small(form, fields) for form in forms)


def politicians(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """Before a party and state, "Leahy (D-Vt.)", and in lists behind a title of many stand persons."""
    persons: set[str] = set()
    for field in fields:
        for finding in _politicians_of(field, gazetteer):
            persons.add(field.surface(finding))
    if not persons:
        return
    for field in fields:
        for finding in field.findings:
            if finding.entity_type == "person" or finding.is_settled or field.surface(finding) not in persons:
                continue
            if field.tokens.words[finding.end - 1] not in gazetteer.organization_heads:
                finding.entity_type, finding.decided_by = "person", "title"


def _politicians_of(field: FieldFindings, gazetteer: Gazetteer) -> Iterator[Finding]:
    words = field.tokens.words
    listed = -1  # where the latest name of a list behind a title of many ends, its party included
    for finding in field.findings:
        if finding.start < listed:
            continue  # the state of that party
        is_first = finding.start > 0 and words[finding.start - 1] in gazetteer.plural_titles
        end = finding.end
        may_have_tag = end < len(words) and words[end][0] in BEFORE_PARTY
        if not (is_first or may_have_tag or listed >= 0):
            continue
        gap = words[listed : finding.start] if listed >= 0 and finding.start - listed <= 2 else None
        is_next = gap is not None and all(word in LIST_JOINERS for word in gap)
        tag = party_tag_length(words, end, gazetteer)
        listed = end + tag if is_first or is_next else -1
        if not (tag or is_first or (is_next and gap)):
            continue
        name = words[finding.start : finding.end]
        is_name = all(word[0].isupper() for word in name) and len(name) <= LONGEST_NAME
        if len(name) == 1:
            is_name &= len(name[0]) > 2 and name[0].isalpha()
        elif tag:
            is_name &= not gazetteer.is_known_place(" ".join(name))
        else:
            is_name &= name[0] in gazetteer.given_names
        if is_name:
            yield finding


def party_tag_length(words: tuple[str, ...], start: int, gazetteer: Gazetteer) -> int:
    """How many tokens from `start` on are a party and state, "(D-Vt.)" or "D Vt"; 0 for none."""
    at = start + 1 if start < len(words) and words[start] == "(" else start
    if at >= len(words) or words[at][0] not in PARTIES or words[at][1:2] not in AFTER_PARTY:
        return 0
    parts = words[at : at + 3]
    for length in (1, 2, 3):
        if len(parts) >= length and _is_party_tag(" ".join(parts[:length]), gazetteer):
            end = at + length
            return end + (end < len(words) and words[end] == ")") - start
    return 0


def _is_party_tag(text: str, gazetteer: Gazetteer) -> bool:
    tag = _PARTY_TAG.fullmatch(text)
    return tag is not None and tag[1].rstrip(".") in gazetteer.state_codes


def persons_named_like_places(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """A surname that is also a city, "Shelby" after "Richard Shelby", is the person.

    Not where the article has it as a place too: behind a preposition, or before its region.
    """
    lone = [
        (field, number, finding)
        for field in fields
        for number, finding in enumerate(field.findings)
        if finding.entity_type == "place" and finding.end - finding.start == 1
    ]
    if not lone:
        return
    surnames = _surnames(_last_words(fields, gazetteer), gazetteer)
    for field, number, finding in lone:
        words = field.tokens.words
        word = words[finding.start]
        if word in surnames:
            after = field.findings[number + 1] if number + 1 < len(field.findings) else None
            is_before_region = (
                after is not None
                and after.entity_type == "place"
                and words[finding.end : after.start] in ((), (",",))
            )
            if is_before_region or (finding.start and words[finding.start - 1] in gazetteer.before_place):
                surnames.remove(word)
    for field, _, finding in lone:
        if field.tokens.words[finding.start] in surnames and not finding.is_settled:
            finding.entity_type, finding.decided_by = "person", "part of a person's name"
