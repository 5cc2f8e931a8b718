"""What stands around a mention: the title before a person, and whether a place speaks as its government.

Both are read off the words beside the mention and leave it as it is; the words are rows of `seeds/`.
"""

from __future__ import annotations

from bisect import bisect_left

from flows.annotating.entity_gazetteer import Gazetteer, plain
from flows.annotating.entity_rules import FieldFindings, Finding

LONGEST_ROLE = 6  # words
ADVERBS = frozenset({"also", "has", "have", "had", "again", "repeatedly", "later", "now", "immediately"})
MOST_ADVERBS = 2
JOINERS = frozenset({"and", ",", "or"})
CHAINED = 4  # "Paris, London, Berlin and Rome agreed": how many names back a preposition is looked for
# What can stand before the subject of a sentence, besides nothing: "that Tokyo insists", "while Paris said".
BEFORE_SUBJECT = frozenset(
    (
        "after",
        "although",
        "as",
        "because",
        "before",
        "but",
        "if",
        "once",
        "since",
        "so",
        "that",
        "though",
        "unless",
        "until",
        "what",
        "when",
        "where",
        "whereas",
        "whether",
        "which",
        "while",
        "why",
    )
)
SENTENCE_ENDS = frozenset(".!?:;\"“”‘’'—–-)")


def role_of(field: FieldFindings, finding: Finding, gazetteer: Gazetteer) -> str | None:
    """The title before a person as written, "Deputy Foreign Minister"; None without one.

    Courtesies (Mr, Dr, Your Excellency) are no role. A role ends at the name and begins in its line.
    """
    tokens = field.tokens
    words = tokens.words
    end = finding.start
    if end == 0 or words[end - 1] not in gazetteer.before_persons:
        return None
    while end and words[end - 1] in gazetteer.honorifics:
        end -= 1
    start = end
    earliest = max(0, end - LONGEST_ROLE)
    while start > earliest:
        length = _title_before(words, start, gazetteer)
        if length == 0 or start - length < earliest:
            break
        start -= length
    while start < end and start > earliest and words[start - 1] in gazetteer.role_words:
        start -= 1
    while start < end:
        length = gazetteer.title_length(words, start, end)
        if " ".join(words[start : start + length]) not in gazetteer.honorifics:
            break
        start += length
    if start == end:
        return None
    role = tokens.text[tokens.starts[start] : tokens.ends[end - 1]]
    gap = tokens.text[tokens.starts[start] : tokens.starts[finding.start]]
    return None if "\n" in gap else role


def _title_before(words: tuple[str, ...], end: int, gazetteer: Gazetteer) -> int:
    """How many words before `end` are one title, the longest there is; 0 for none."""
    if words[end - 1] not in gazetteer.last_of_titles:
        return 0
    for length in (3, 2, 1):
        if end >= length and gazetteer.title_length(words, end - length, end) == length:
            return length
    return 0


def stands_for_government(field: FieldFindings, number: int, gazetteer: Gazetteer) -> bool:
    """Whether finding `number`, a country or a capital, is the subject of what governments do.

    "Tokyo insists" and "China and Japan agreed" are; "a man in Tokyo insists" and "Bonn, Germany, said" not.
    """
    words = field.tokens.words
    finding = field.findings[number]
    at = finding.end
    limit = min(at + MOST_ADVERBS, len(words))
    while at < limit and (words[at] in ADVERBS or (words[at].endswith("ly") and words[at].islower())):
        at += 1
    return (
        at < len(words)
        and words[at] in gazetteer.government_verbs
        and finding.entity_type == "place"
        and plain(field.surface(finding)) in gazetteer.seats
        and _is_subject(field, finding)
    )


def _is_subject(field: FieldFindings, finding: Finding) -> bool:
    """Whether nothing before the name, or before the names it is joined to, takes it as its object."""
    words, text = field.tokens.words, field.tokens.text
    start = finding.start
    for _ in range(CHAINED):
        if not start or "\n" in text[field.tokens.ends[start - 1] : field.tokens.starts[start]]:
            return True
        before = words[start - 1]
        if before in SENTENCE_ENDS or before in BEFORE_SUBJECT:
            return True
        if before not in JOINERS:
            return False
        at = bisect_left(field.findings, start, key=lambda other: other.start) - 1
        joined = field.findings[at] if at >= 0 and field.findings[at].end == start - 1 else None
        if joined is None or joined.entity_type != "place":
            return before != ","  # ", Japan said": the clause before it may end here; too close to call
        if before == ",":
            return False  # "Bonn, Germany said"
        start = joined.start
    return False
