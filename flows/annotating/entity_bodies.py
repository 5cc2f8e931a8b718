"""The rules for bodies that are named in pieces: committees, departments, organs, and what is no body at all.

"The Armed Services and Budget Committees" are two committees, the "Defense" of "Secretary of Defense" is
none, and "the Guard" is the National Guard that the article names. They run between the rules of
`entity_rules.py`, in the order of `entities.py`; their words are rows of `seeds/name_words.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flows.annotating.answers import kept
from flows.annotating.entity_gazetteer import NOT_AN_ENTITY, Gazetteer, plain
from flows.annotating.entity_rules import ARTICLES, POSSESSIVES, FieldFindings, Finding, is_acronym
from flows.records import Tokens

AND = frozenset({"and", "&", "And", "AND"})
BEFORE_BODY = ARTICLES | POSSESSIVES | frozenset({"its", "his", "her", "our", "their", "my", "this", "that"})
OF = frozenset({"of", "on", "for"})
BEHIND_ORGAN = AND | {"of", ","}
BILLS = frozenset({"S.", "S", "H.R.", "H.R", "HR", "H.", "S.Res.", "H.Res."})
GOVERNMENTS = frozenset({"Government", "Governments", "GOVERNMENT"})
CENTRAL_COMMITTEE = "Central Committee"
CENTRAL_COMMITTEE_SHORT = "C.C."
LONGEST_LIST = 16  # words
LONGEST_SUBJECT = 4
FEWEST_WORDS = 2  # a lone "Act" or "War" is left to the model


def drop_members(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """A place before its members' names or "Government" is a place: "Sunnyvale Senators Ana Roe and ..."."""
    words = tokens.words
    for finding in findings:
        start, end = finding.start, finding.end
        if finding.entity_type != "organization" or end - start == 1:
            continue
        last = words[end - 1]
        if last in GOVERNMENTS:
            kind = gazetteer.type_of(_text_of(tokens, start, end - 1))
            if kind in ("place", "nationality"):
                finding.end, finding.entity_type = end - 1, kind
        elif (
            last in gazetteer.plural_titles
            and end < len(words)
            and words[end].istitle()
            and words[end - 2] != "of"
            and gazetteer.type_of(_text_of(tokens, start, end)) is None
        ):
            finding.end, finding.entity_type = end - 1, "place"
    return findings


def drop_furniture(field: FieldFindings, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """The furniture of a page is no part of a name: of "Ana Roe Press Office" the person stays."""
    places = field.places_of(gazetteer.furniture)
    if not places and "Press" not in field.vocabulary:
        return findings
    words = field.tokens.words
    taken = bytearray(len(words))
    for at in places:
        for phrase in gazetteer.furniture[words[at]]:
            if words[at : at + len(phrase)] == phrase:
                taken[at : at + len(phrase)] = b"\1" * len(phrase)
                break
    kept: list[Finding] = []
    for finding in findings:
        end = finding.start
        while end < finding.end and not taken[end]:
            end += 1
        if (
            end - finding.start > 1
            and words[end - 1] == "Press"
            and gazetteer.ends_with_title(words, finding.start)
        ):
            end, finding.entity_type = end - 1, "person"
        if end > finding.start:
            finding.end = end
            kept.append(finding)
    return kept


def split_names(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """Two names that stand side by side are two: a body and its acronym, a known body and what is its own.

    "Institute of Hill Farming IHF" in a text that has lost its brackets, "Department of Defense's Grants".
    """
    words = tokens.words
    kept: list[Finding] = []
    left = findings[::-1]
    while left:
        finding = left.pop()
        start, end = finding.start, finding.end
        cut = None
        if finding.entity_type == "organization" and end - start > 2:
            cut = _end_of_first(tokens, finding, gazetteer)
        if cut is None:
            kept.append(finding)
            continue
        first, second = cut
        if first > start:
            finding.end = first
            if _is_known_body(tokens, start, first - 1, gazetteer):
                finding.name = _text_of(tokens, start, first)[:-1]
            kept.append(finding)
        if second < end and words[second][0].isupper():
            left.append(Finding(second, end, "organization", finding.decided_by))
    return kept


def _end_of_first(tokens: Tokens, finding: Finding, gazetteer: Gazetteer) -> tuple[int, int] | None:
    """Where the first of two names ends and the second begins; None for one name."""
    words, start, end = tokens.words, finding.start, finding.end
    for at in range(start + 1, end):
        word = words[at]
        if word == "(" and ")" not in words[at:end]:
            return at, at + 1
        if word in POSSESSIVES or word == "s":
            known = gazetteer.type_of(tokens.text[tokens.starts[start] : tokens.ends[at - 1]])
            if known == "organization":
                return at, at + 1
            if known == NOT_AN_ENTITY:  # "Department s River Service"
                return start, at + 1
        elif word[-1] == "s" and at + 1 < end and _is_known_body(tokens, start, at, gazetteer):
            return at + 1, at + 1
    last = words[end - 1]
    if last in gazetteer.single_titles and words[end - 2] in gazetteer.organization_heads:
        return end - 1, end  # "Lakeside Court Justice"
    if is_acronym(last) and _is_spelled(words[start : end - 1], last.upper()):
        return end - 1, end - 1
    return None


def _is_known_body(tokens: Tokens, start: int, last: int, gazetteer: Gazetteer) -> bool:
    """Whether the words up to `last`, without its "s", are a known body's: "Department of Defenses"."""
    word = tokens.words[last]
    return (
        word[-1] == "s"
        and word[0].isupper()
        and last > start
        and gazetteer.type_of(tokens.text[tokens.starts[start] : tokens.ends[last] - 1]) == "organization"
        and gazetteer.type_of(tokens.text[tokens.starts[start] : tokens.ends[last]]) is None
    )


def type_by_head(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """An "organization" whose head word says that it is a law, an event or a program is that.

    The head of a name is its last word or the one before "of", "on" or "for": "Treaty on the River".
    """
    for field in fields:
        words = field.tokens.words
        for finding in field.findings:
            if finding.is_settled or finding.entity_type != "organization":
                continue
            last = finding.end - 1
            if words[finding.start] in BILLS and words[last].isdigit():
                finding.entity_type, finding.decided_by = "law", "number of a bill"
                continue
            if finding.end - finding.start < FEWEST_WORDS or words[finding.start] in gazetteer.body_starts:
                continue
            entity_type = gazetteer.type_of_head.get(words[last])
            if words[finding.start : finding.start + 2] == ("State", "of") and words[last][0].isupper():
                entity_type = entity_type or "place"
            if entity_type is None:
                for at in range(finding.start + 1, last):
                    if words[at] in OF:
                        entity_type = gazetteer.type_of_head.get(words[at - 1])
                        break
            at = finding.end + (finding.end < len(words) and words[finding.end] == "(")
            if at + 1 < len(words) and is_acronym(words[at]):
                at += 2 if words[at + 1] == ")" else 1
                if at < len(words):  # "Clean River Action (CRA) Act"
                    entity_type = entity_type or gazetteer.type_of_head.get(words[at])
            if entity_type is not None:
                finding.entity_type, finding.decided_by = entity_type, "head word"


def complete_committees(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """A committee's list of subjects is found whole, and each of several committees under its own name.

    "The Senate Health, Education and Pensions Committee" is one name; "the Armed Services and Budget
    Committees" are the Armed Services Committee and the Budget Committee.
    """
    words = field.tokens.words
    added: list[Finding] = []
    taken = 0
    for head in field.places_of(gazetteer.body_heads):
        if head < taken:
            continue
        found = _listed_before(field, head, taken, gazetteer)
        behind = _listed_behind(field, head, gazetteer)
        if found and behind and len(found) == len(behind) == 1:
            found[0].end = behind[0].end
        found = found or behind
        if found:
            added += found
            taken = found[-1].end
    if not added:
        return
    covered = bytearray(len(words))
    for finding in added:
        covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
    kept = [
        finding
        for finding in field.findings
        if finding.is_settled or not any(covered[finding.start : finding.end])
    ]
    for finding in kept:
        if any(covered[finding.start : finding.end]):
            added = [one for one in added if one.end <= finding.start or one.start >= finding.end]
    field.findings = sorted(kept + added, key=lambda finding: finding.start)


def _listed_before(
    field: FieldFindings, head: int, earliest: int, gazetteer: Gazetteer
) -> list[Finding] | None:
    """The bodies whose subjects stand before their head word; None when no list ends there."""
    words = field.tokens.words
    start = _start_of_list(field, head, earliest, gazetteer)
    if start is None:
        return None
    owner, at = "", start
    chambers: list[int] = []
    while at < head and (words[at] in gazetteer.chambers or (chambers and words[at] in AND)):
        chambers.append(at)
        at += 1
    if at == head:
        return None
    is_plural = words[head].endswith(("tees", "nts", "ries", "TEES", "NTS", "RIES"))
    one = _singular(words[head]) if is_plural else words[head]
    if not is_plural:
        is_list = any(word in AND or word == "(" for word in words[at:head])
        if words[head] in gazetteer.department_heads or len(chambers) > 1 or not is_list:
            return None
        for finding in field.findings:  # "U.S." before "Senate"
            if finding.start < start < finding.end <= head + 1 and finding.entity_type != "person":
                start = finding.start
        name = _without_acronym(_text(field, start, head + 1))
        return [Finding(start, head + 1, "organization", "list of subjects", name=name)]
    owners = [words[spot] for spot in chambers if words[spot] in gazetteer.chambers] or [""]
    items = list(_items(words, at, head, gazetteer))
    if not items or (len(items) == 1 and len(owners) == 1 and not chambers):
        return None
    owner = owners[-1]
    found = []
    for number, (first_word, end) in enumerate(items):
        name = f"{owner} {_text(field, first_word, end)} {one}".strip()
        begin = chambers[-1] if number == 0 and chambers else first_word
        stop = head + 1 if end == head else end
        found.append(Finding(begin, stop, "organization", "list of subjects", name=name))
    return found


def _start_of_list(field: FieldFindings, head: int, earliest: int, gazetteer: Gazetteer) -> int | None:
    """First word of the subjects before a head word; None when it is not sure where they begin."""
    words = field.tokens.words
    start: int | None = None
    is_joined = False
    at = head - 1
    limit = max(earliest, head - LONGEST_LIST)
    while at >= limit:
        word = words[at]
        if word[0].isupper() and word not in ARTICLES and word not in AND:
            if word in gazetteer.single_titles and gazetteer.subject_end(words, at, head) is None:
                return None
            start = at
            if word in gazetteer.chambers:
                if at - 2 >= limit and words[at - 1] in AND and words[at - 2] in gazetteer.chambers:
                    start = at - 2
                return start
        elif word in AND:
            if start != at + 1 or at == limit:
                break
            is_joined = True
        elif word == ",":
            if not is_joined or at == limit or not (start == at + 1 or words[at + 1] in AND):
                break
        elif word in POSSESSIVES or word == "-":
            if start != at + 1 or at == limit or not words[at - 1][0].isupper():
                break
        elif word == ")" and at - 2 >= limit and words[at - 2] == "(" and is_acronym(words[at - 1]):
            is_joined, at = True, at - 2  # "Health, Labor (HL) Committee"
        else:
            break
        at -= 1
    if start is None or not start or not is_joined:
        return None
    return start if at == start - 1 and words[at] in BEFORE_BODY else None


def _items(words: tuple[str, ...], start: int, end: int, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """The subjects of a list, as first word and end: the longest known one each, else what stands between."""
    at = start
    while at < end:
        if words[at] in AND or words[at] == ",":
            at += 1
            continue
        stop = gazetteer.subject_end(words, at, end)
        if stop is None or (stop < end and words[stop] not in AND and words[stop] != ","):
            stop = at
            while stop < end and words[stop] not in AND and words[stop] != ",":
                stop += 1
        yield at, stop
        at = stop


def _listed_behind(field: FieldFindings, head: int, gazetteer: Gazetteer) -> list[Finding] | None:
    """The bodies whose subjects stand behind their head word: "Committee on Energy and Natural Resources"."""
    words = field.tokens.words
    at = head + 2
    if at >= len(words) or words[head + 1] not in OF:
        return None
    if words[at] in ARTICLES:
        at += 1
    items: list[tuple[int, int]] = []
    stop = at
    while at < len(words):
        end = gazetteer.subject_end(words, at, len(words))
        if end is None:
            break
        items.append((at, end))
        stop = at = end
        while at < len(words) and (words[at] == "," or words[at] in AND):
            at += 1
        if at == end:
            break
    if not items:
        return None
    if "\n" in field.tokens.text[field.tokens.starts[head] : field.tokens.ends[stop - 1]]:
        return None
    one = _singular(words[head])
    if one != words[head]:
        if len(items) == 1 and words[head] not in gazetteer.department_heads:
            return None
        link = words[head + 1]
        return [
            Finding(
                head if number == 0 else begin,
                end,
                "organization",
                "list of subjects",
                name=f"{one} {link} {_text(field, begin, end)}",
            )
            for number, (begin, end) in enumerate(items)
        ]
    if words[head] in gazetteer.department_heads:
        stop = items[0][1]
    start = head
    for finding in field.findings:
        if finding.start < head < finding.end <= stop and finding.entity_type == "organization":
            start = finding.start
        elif finding.start <= head < finding.end and finding.end > stop:
            return None
    return [Finding(start, stop, "organization", "list of subjects")]


@kept
def _without_acronym(name: str) -> str:
    """The name without an acronym inside, "Health and Labor HL Committee"; "" where it has none."""
    words = name.split()
    for at in range(2, len(words) - 1):
        acronym = words[at].strip("()")
        if len(acronym) > 1 and acronym.isupper() and _is_spelled(words[:at], acronym):
            return " ".join(words[:at] + words[at + 1 :])
    return ""


def _is_spelled(words: Sequence[str], acronym: str) -> bool:
    """Whether the initials of the words end with the acronym, those of small words counted or not."""
    initials = "".join(word[0] for word in words)
    capitals = "".join(letter for letter in initials if letter.isupper())
    return capitals.endswith(acronym) or initials.upper().endswith(acronym)


def _singular(head: str) -> str:
    """ "Committee" for "Committees", "Ministry" for "Ministries"."""
    if head[-3:].lower() == "ies":
        return head[:-3] + ("Y" if head.isupper() else "y")
    return head[:-1] if head[-1] in "sS" else head


def _text(field: FieldFindings, start: int, end: int) -> str:
    return _text_of(field.tokens, start, end)


def _text_of(tokens: Tokens, start: int, end: int) -> str:
    return plain(tokens.text[tokens.starts[start] : tokens.ends[end - 1]])


def complete_bodies(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """A body's name goes on with country or purpose: "Labour Party of Freedonia", "Institute for Peace"."""
    words = field.tokens.words
    kept: list[Finding] = []
    for number, finding in enumerate(field.findings):
        if kept and finding.start < kept[-1].end:
            continue
        kept.append(finding)
        end = finding.end
        if finding.entity_type != "organization" or finding.is_settled or end + 1 >= len(words):
            continue
        start = finding.start
        earliest = kept[-2].end if len(kept) > 1 else 0
        if (
            start - 3 >= earliest
            and words[start - 2] == "-"
            and words[start - 1].islower()
            and words[start - 3][0].isupper()
        ):
            finding.start -= 3  # "Pan-national Alliance"
        at = end + 1 + (words[end + 1] in ARTICLES)
        following = field.findings[number + 1] if number + 1 < len(field.findings) else None
        before = following.entity_type if following is not None and following.start == at else None
        if words[end] == "of" and words[end - 1] in gazetteer.heads_of_countries:
            if following is not None and before == "place":
                finding.end = following.end
        elif words[end] == "for" and words[end - 1] in gazetteer.heads_of_purposes and before != "person":
            finding.end = _end_of_purpose(words, at) or end
        elif words[end] in POSSESSIVES and "for" in words[start:end] and words[end + 1][0].isupper():
            finding.end = _end_of_purpose(words, end + 1) or end
    field.findings = kept


def complete_offices(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """An office's name has all its subjects: "Office of State and Local Planning and Preparedness"."""
    words = field.tokens.words
    kept: list[Finding] = []
    for finding in field.findings:
        if kept and finding.start < kept[-1].end:
            continue
        start = finding.start
        if finding.entity_type == "organization" and start > 3 and words[start - 1] in AND:
            at = start - 1
            while at > 1 and start - at < LONGEST_SUBJECT and words[at - 1][0].isupper():
                at -= 1
            if words[at - 1] == "of" and words[at - 2] in gazetteer.offices and at < start - 1:
                finding.start = at - 2
                while kept and kept[-1].start >= finding.start:
                    kept.pop()
                end = finding.end
                if end + 1 < len(words) and words[end] in AND and words[end + 1].istitle():
                    finding.end += 2
        kept.append(finding)
    field.findings = kept


def complete_parties(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """A party or army of a country's people has all its name: "Freedonian People's Liberation Army"."""
    words = field.tokens.words
    kept: list[Finding] = []
    for finding in field.findings:
        at = finding.start - 2
        before = kept[-1] if kept else None
        if (
            finding.entity_type == "organization"
            and at > 0
            and words[at + 1] in POSSESSIVES
            and words[at][0].isupper()
            and words[finding.end - 1] in gazetteer.organization_heads
            and gazetteer.type_of(words[at - 1]) in ("place", "nationality")
        ):
            finding.start = at - 1
            while before is not None and before.end > at - 1:
                finding.start = min(finding.start, before.start)
                kept.pop()
                before = kept[-1] if kept else None
        kept.append(finding)
    field.findings = kept


def _end_of_purpose(words: tuple[str, ...], at: int) -> int | None:
    """Where the purpose that begins here ends, "the Study of Hill Farming"; None without a capital letter."""
    end = None
    limit = min(len(words), at + LONGEST_LIST)
    while at < limit:
        word = words[at]
        if end is not None and is_acronym(word):
            break
        if word[0].isupper():
            end = at + 1
        elif not (end is not None and (word in AND or word in OF or word in ARTICLES or word in POSSESSIVES)):
            break
        at += 1
    return end


def drop_subjects(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """What a department or committee is about names nobody alone: "Secretary of Defense", "Defense spending".

    A name that a list knows stays, and so does a party's ("Labour") where no office stands beside it.
    """
    is_no_name = gazetteer.remembered(_is_no_name)
    for field in fields:
        words = field.tokens.words
        kept = []
        for finding in field.findings:
            start, end = finding.start, finding.end
            surface = field.surface(finding)
            if is_no_name(surface):
                continue
            if finding.entity_type != "organization" or finding.is_settled or finding.name:
                kept.append(finding)
                continue
            if words[start] in gazetteer.chambers and end - start > 1:
                subject = gazetteer.subject_end(words, start + 1, end)
                rest = _text(field, start + 1, end)
                if gazetteer.type_of(rest) == NOT_AN_ENTITY:
                    continue  # "a Senate Committee"
                if subject == end:
                    finding.name = f"{surface} Committee"
            elif words[start] in gazetteer.subjects and gazetteer.subject_end(words, start, end) == end:
                is_of_post = (
                    start > 1
                    and words[start - 1] in OF | ARTICLES
                    and not gazetteer.posts.isdisjoint(words[max(0, start - 3) : start - 1])
                )
                is_before_post = end < len(words) and words[end] in gazetteer.posts
                is_listed = _is_in_list(words, start, end, gazetteer)
                if is_of_post or is_before_post or is_listed or surface not in gazetteer.parties:
                    continue
            kept.append(finding)
        field.findings = kept


def _is_in_list(words: tuple[str, ...], start: int, end: int, gazetteer: Gazetteer) -> bool:
    """Whether another subject stands beside this one: "Labor, Health and Education", "Health and Labor"."""
    at = end
    while at < len(words) and (words[at] == "," or words[at] in AND):
        at += 1
    if at > end and at < len(words) and gazetteer.subject_end(words, at, len(words)) is not None:
        return True
    if end + 1 < len(words) and words[end] == "-" and words[end + 1].isupper():
        return True  # "Labor-HHS"
    stop = start
    while stop and (words[stop - 1] == "," or words[stop - 1] in AND):
        stop -= 1
    return stop < start and any(
        gazetteer.subject_end(words, first, stop) == stop
        for first in range(max(0, stop - LONGEST_SUBJECT), stop)
    )


def _is_no_name(surface: str, gazetteer: Gazetteer) -> bool:
    """Whether a string is no entity, or a people and what it has many of: "Freedonian Authorities"."""
    if gazetteer.type_of(surface) == NOT_AN_ENTITY:
        return True
    before, _, last = surface.rpartition(" ") if surface.endswith(("s", "S")) else ("", "", "")
    return gazetteer.type_of(last) == NOT_AN_ENTITY and gazetteer.type_of(before) == "nationality"


def name_bodies(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """A body goes by its fullest name in the article: "the Guard" by "National Guard", or by none.

    An organ bears the name of the body it is of: "Central Committee" before "of the Workers' Party".
    """
    for field in fields:
        _name_organs(field, gazetteer)
    bodies = _Bodies(
        (
            finding.name or plain(field.surface(finding))
            for field in fields
            for finding in field.findings
            if finding.entity_type == "organization"
        ),
        gazetteer,
    )
    for field in fields:
        field.findings = [
            finding
            for finding in field.findings
            if finding.entity_type != "organization"
            or finding.name
            or _is_named(finding, plain(field.surface(finding)), bodies, gazetteer)
        ]


def _is_named(finding: Finding, surface: str, bodies: _Bodies, gazetteer: Gazetteer) -> bool:
    """Gives an organization its name where that is not its surface; False for a short form of none."""
    finding.name = _without_acronym(surface)
    if finding.name:
        return True
    is_short = surface in gazetteer.short_bodies
    if is_short or gazetteer.name_of(surface) is None:
        finding.name = bodies.fullest(surface) or ""
    return bool(finding.name) or not is_short


def _name_organs(field: FieldFindings, gazetteer: Gazetteer) -> None:
    """Names for organs that stand before the body they are of, "Bureau of the C.C., Unity Party" as well.

    Of several that are named together all are its organs: "the Bureau and secretary of the C.C., Hill Party".
    """
    words = field.tokens.words
    by_start: dict[int, Finding] = {}
    for finding in reversed(field.findings):
        at = finding.end
        if finding.entity_type != "organization" or finding.name or at + 1 >= len(words):
            continue
        last, after = words[at - 1], words[at]
        is_organ = last in gazetteer.organ_heads
        if after not in BEHIND_ORGAN or not (is_organ or last == CENTRAL_COMMITTEE_SHORT):
            continue
        by_start = by_start or {other.start: other for other in field.findings}
        owner = None
        if (is_organ and after == "of") or (last == CENTRAL_COMMITTEE_SHORT and after == ","):
            owner = _owner(field, at + 1 + (words[at + 1] in ARTICLES), by_start, gazetteer)
        elif is_organ and after != "of":
            owner = _shared_owner(field, at, by_start, gazetteer)
        surface = _text(field, finding.start, at)
        if owner is not None and surface not in owner and words[finding.start] not in gazetteer.chambers:
            finding.name = f"{surface} of the {owner}"


def _owner(field: FieldFindings, at: int, by_start: dict[int, Finding], gazetteer: Gazetteer) -> str | None:
    """The name of the body that begins at a word, its country before it; None where none does."""
    words = field.tokens.words
    owner = by_start.get(at)
    if owner is not None and owner.entity_type == "organization":
        return owner.name or plain(field.surface(owner))
    if owner is not None and owner.entity_type in ("place", "nationality"):
        body = by_start.get(owner.end)
        if body is not None and body.entity_type == "organization" and not body.name:
            return _text(field, at, body.end)
    end = at
    while end < len(words) and end - at < LONGEST_LIST and (words[end][0].isupper() or words[end] == "-"):
        end += 1
    if end - at > FEWEST_WORDS and words[end - 1] in gazetteer.heads_of_countries:
        return _text(field, at, end)
    return None


def _shared_owner(
    field: FieldFindings, at: int, by_start: dict[int, Finding], gazetteer: Gazetteer
) -> str | None:
    """Whose the organs are that are named together: "the Bureau and the Secretariat of the Hill Party".

    That of the organ right behind the "and", else the central committee that the list ends with.
    """
    words = field.tokens.words
    for end in range(at + 1, min(at + LONGEST_LIST, len(words) - 2)):
        word = words[end]
        body = by_start.get(end)
        if body is not None and body.entity_type == "organization":
            name = body.name or plain(field.surface(body))
            if CENTRAL_COMMITTEE in name and name != CENTRAL_COMMITTEE:
                return name
            organ, _, owner = name.partition(" of the ")
            if owner and words[end - 1] in ARTICLES and organ.split()[-1] in gazetteer.organ_heads:
                return owner
        if word == CENTRAL_COMMITTEE_SHORT and words[end + 1] in (",", "of"):
            owner_of = _owner(field, end + 2 + (words[end + 2] in ARTICLES), by_start, gazetteer)
            return owner_of and f"{word} of the {owner_of}"
        if word in (".", ";", ":") or (word == "of" and words[end + 1] != "the"):
            return None
    return None


class _Bodies:
    """The organizations of one article by the shorter names that they can be called by."""

    def __init__(self, names: Iterable[str], gazetteer: Gazetteer) -> None:
        self._longer: dict[str, set[str]] = {}
        for name in dict.fromkeys(names):
            for shorter in gazetteer.remembered(_shorter_names)(name):
                self._longer.setdefault(shorter, set()).add(name)

    def fullest(self, surface: str) -> str | None:
        """The one longer name that this one is short for; None when there is none or more than one."""
        found = self._longer.get(surface.casefold())
        if found is None:
            return None
        longest = [one for one in found if not any(one != two and one in two for two in found)]
        return longest[0] if len(longest) == 1 else None


def _shorter_names(name: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """What a body can be called by instead of its whole name, case folded."""
    found = []
    words = name.split()
    for cut in range(1, len(words)):
        rest = words[cut:]
        if words[cut - 1] in ARTICLES:  # "Panel of the Budget Committee" is not that committee
            continue
        is_one = len(rest) == 1 and rest[0] in gazetteer.short_bodies
        is_owned = len(rest) > 1 and (
            rest[-1] in gazetteer.committee_heads or _is_owner(words[:cut], gazetteer)
        )
        if is_one or is_owned:
            found.append(" ".join(rest).casefold())
        if words[cut] in OF and (cut > 1 or words[0] in gazetteer.short_bodies):
            found.append(" ".join(words[:cut]).casefold())
    return tuple(found)


def _is_owner(words: list[str], gazetteer: Gazetteer) -> bool:
    """Whether the words before a body's name say whose it is: a country, a people, a chamber."""
    if words[-1] in gazetteer.chambers:
        words = words[:-1]
    return not words or gazetteer.types.get(" ".join(words)) in ("place", "nationality", "organization")
