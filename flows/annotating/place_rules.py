"""Rules for the names of places that a text runs together with others, abbreviates or gives an office.

They follow how datelines are set ("WASHINGTON United States Senator ...") and how offices are named after
the place they are held in ("Bexar County District Judge").
"""

from __future__ import annotations

from flows.annotating.entity_gazetteer import Gazetteer, plain
from flows.annotating.entity_rules import FieldFindings, Finding, has_apostrophes
from flows.records import Tokens

SHORT_HEADS = frozenset(
    {"St", "St.", "ST", "ST.", "Ste", "Ste.", "Mt", "Mt.", "MT", "MT.", "Ft", "Ft.", "FT", "FT."}
)
OFFICES = frozenset({"District", "Circuit"})
COUNTIES = frozenset({"County", "Parish", "Borough"})
DIVISIONS = COUNTIES | {
    "City",
    "Town",
    "Township",
    "Village",
    "Municipality",
    "District",
    "Province",
    "Prefecture",
}
COMMONWEALTH = frozenset({"Commonwealth", "COMMONWEALTH"})
COMMONWEALTH_OF = "Commonwealth of "
FEWEST_CAPITALS = 4  # letters of a dateline's place: "WASHINGTON", not "US"


def part_at_datelines(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """The capitals of a dateline end its name: "WASHINGTON United States" is two."""
    words = tokens.words
    kept: list[Finding] = []
    for finding in findings:
        start = finding.start
        if (
            finding.entity_type in ("person", "place")
            and finding.end - start > 1
            and len(words[start]) >= FEWEST_CAPITALS
            and words[start].isupper()
            and gazetteer.is_known_place(words[start].title())
            and len(words[start + 1]) > 2
            and words[start + 1].istitle()
            and not gazetteer.is_known_place(" ".join(words[start : start + 2]).title())
        ):
            kept.append(Finding(start, start + 1, "place", finding.decided_by))
            finding.start += 1
        kept.append(finding)
    return kept


def trim_offices(tokens: Tokens, findings: list[Finding], gazetteer: Gazetteer) -> list[Finding]:
    """An office held in a place is no part of it: "Bexar County District Judge" names Bexar County."""
    words = tokens.words
    for finding in findings:
        if (
            finding.entity_type == "place"
            and finding.end - finding.start > 2
            and words[finding.end - 1] in OFFICES
            and words[finding.end - 2] in COUNTIES
            and finding.end < len(words)
            and words[finding.end] in gazetteer.single_titles
        ):
            finding.end -= 1
    return findings


def complete_saints(field: FieldFindings) -> None:
    """ "ST" before ". LOUIS" is the beginning of a name; behind a street's name it is none."""
    words, starts, ends = field.tokens.words, field.tokens.starts, field.tokens.ends
    kept: list[Finding] = []
    for number, finding in enumerate(field.findings):
        if finding.end - finding.start == 1 and words[finding.start] in SHORT_HEADS:
            end = finding.end
            if end < len(words) and words[end] == "." and starts[end] == ends[end - 1]:
                end += 1
            following = field.findings[number + 1] if number + 1 < len(field.findings) else None
            is_name = end < len(words) and words[end][0].isupper() and starts[end] - ends[end - 1] <= 1
            if not is_name:
                continue
            if following is not None and following.start == end and following.end == end + 1:
                following.start = finding.start
                continue
            if following is not None and following.start <= end:
                continue
            finding.end = end + 1
        kept.append(finding)
    field.findings = kept


def drop_divisions(field: FieldFindings) -> None:
    """The kind of a place alone names none: "the City", "the District attorney". A club may be called so."""
    words = field.tokens.words
    field.findings = [
        finding
        for finding in field.findings
        if finding.entity_type != "place"
        or finding.end - finding.start > 1
        or words[finding.start] not in DIVISIONS
    ]


def places_without_apostrophe(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """In an article that has lost its apostrophes "Alabamas" is Alabama's, so a place."""
    if has_apostrophes(fields):
        return
    for field in fields:
        for finding in field.findings:
            surface = field.surface(finding)
            is_place = len(surface) > 4 and surface[-1] == "s" and surface[:-1] in gazetteer.states_and_seats
            if is_place and not finding.is_settled and gazetteer.type_of(surface) is None:
                finding.entity_type, finding.decided_by = "place", "apostrophe lost"


def name_commonwealths(fields: list[FieldFindings], gazetteer: Gazetteer) -> None:
    """The Commonwealth of an article that names one state of that style, "Virginia", is that state."""
    if not any(word in field.tokens.text for field in fields for word in COMMONWEALTH):
        return
    states = {
        surface.title()
        for field in fields
        for finding in field.findings
        if (surface := plain(field.surface(finding)).removeprefix(COMMONWEALTH_OF)) in gazetteer.commonwealths
    }
    for field in fields:
        for finding in field.findings:
            surface = plain(field.surface(finding))
            if surface.startswith(COMMONWEALTH_OF):
                state = surface.removeprefix(COMMONWEALTH_OF)
            elif surface in COMMONWEALTH and len(states) == 1:
                (state,) = states
            else:
                continue
            if state in states:
                finding.entity_type, finding.decided_by = "place", "state in the article"
                finding.name, finding.is_settled = state, True
