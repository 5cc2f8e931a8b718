"""Findings written by hand: what a rule of the entities is given in its test, and what it leaves."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from flows.annotating.entity_gazetteer import Gazetteer
from flows.annotating.entity_rules import FieldFindings, Finding, fields_of
from flows.annotating.recognized import LaidOut, Recognized
from flows.records import Field, Mention, Tokens

TOKEN = re.compile(r"(?:[A-Z]\.)+|'s|\d+(?:[.:]\d+)*|\w+|[^\w\s]")


def tokenize(text: str) -> Tokens:
    found = list(TOKEN.finditer(text))
    return Tokens(
        text,
        tuple(m.group() for m in found),
        tuple(m.start() for m in found),
        tuple(m.end() for m in found),
    )


@cache
def seeds_gazetteer() -> Gazetteer:
    """The names of the seeds, read once."""
    return Gazetteer(tokenize)


def recognized(title: Tokens, text: Tokens, mentions: Sequence[Mention]) -> Recognized:
    """A text with mentions that are given by their characters."""
    spans = []
    for mention in mentions:
        starts = (title if mention.field == "title" else text).starts
        spans.append((bisect_left(starts, mention.start_char), bisect_left(starts, mention.end_char)))
    return Recognized(title, text, list(mentions), spans)


def bare_field(text: str, name: Field = "text") -> FieldFindings:
    """A field with no findings."""
    tokens = tokenize(text)
    both = (tokens, tokenize("")) if name == "title" else (tokenize(""), tokens)
    return fields_of(LaidOut([recognized(*both, [])]), seeds_gazetteer())[name == "text"]


def field(text: str, name: Field = "text", **types: str) -> FieldFindings:
    """A field where the model found the first occurrence of each of `types` (a space written as _)."""
    found = bare_field(text, name)
    tokens, findings = found.tokens, found.findings
    for written, entity_type in types.items():
        wanted = tokenize(written.replace("_", " ")).words
        start = next(at for at in range(len(tokens.words)) if tokens.words[at : at + len(wanted)] == wanted)
        findings.append(Finding(start, start + len(wanted), entity_type, "model"))
    findings.sort(key=lambda finding: finding.start)
    return found


def spans(text: str, *written: str, entity_type: str = "organization") -> FieldFindings:
    """Like `field` for strings that are no identifiers."""
    return field(text, **dict.fromkeys(written, entity_type))


def found(*fields: FieldFindings) -> list[tuple[str, str]]:
    return [(f.surface(finding), finding.entity_type) for f in fields for finding in f.findings]
