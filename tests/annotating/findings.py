"""Findings written by hand: what a rule of the entities is given in its test, and what it leaves."""

import re

from flows.annotating.entity_rules import FieldFindings, Finding
from flows.records import Field, Tokens

TOKEN = re.compile(r"(?:[A-Z]\.)+|'s|\d+(?:[.:]\d+)*|\w+|[^\w\s]")


def tokenize(text: str) -> Tokens:
    found = list(TOKEN.finditer(text))
    return Tokens(
        text,
        tuple(m.group() for m in found),
        tuple(m.start() for m in found),
        tuple(m.end() for m in found),
    )


def field(text: str, name: Field = "text", **types: str) -> FieldFindings:
    """A field where the model found the first occurrence of each of `types` (a space written as _)."""
    tokens = tokenize(text)
    findings = []
    for written, entity_type in types.items():
        wanted = tokenize(written.replace("_", " ")).words
        start = next(at for at in range(len(tokens.words)) if tokens.words[at : at + len(wanted)] == wanted)
        findings.append(Finding(start, start + len(wanted), entity_type, "model"))
    findings.sort(key=lambda finding: finding.start)
    return FieldFindings(name, tokens, findings)


def spans(text: str, *written: str, entity_type: str = "organization") -> FieldFindings:
    """Like `field` for strings that are no identifiers."""
    return field(text, **dict.fromkeys(written, entity_type))


def found(*fields: FieldFindings) -> list[tuple[str, str]]:
    return [(f.surface(finding), finding.entity_type) for f in fields for finding in f.findings]
