"""The people a byline names.

An agency, an outlet, a role, a place or an address in a byline is no author.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from flows.parsing.agencies import agency_named
from flows.parsing.outlets import outlet_named
from flows.parsing.text import SEEDS, one_line

MAX_AUTHORS = 20

_EMAIL = re.compile(
    r"[(<\[]?\s?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,30}){1,4}\s?[)>\]]?|\[email.protected\]"
)
_HANDLE = re.compile(r"(?:^|\s)[(]?@\w{2,30}[)]?")
_BRACKETED = re.compile(r"\s?[(\[][^()\[\]]{0,80}[)\]]")
_SPLIT = re.compile(
    r"\s*(?:[;|•·\n\t]|\s[-–—]\s|,?\s(?:and|und|et|y|e|och|og|en|i|&|with|mit|avec)\s|,\s|\s?/\s?|、|，)\s*",
    re.I,
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|ph\.d|md|m\.d|mba|msc|esq|dds|rn|mph|dphil)\.?", re.I)
_AFTER = re.compile(
    r"\s(?:in|at|for|of|from|special to|reports?|reporting|updated|published|posted|on|via|à|aus|am|im|para)"
    r"\s.*$",
    re.I,
)
_PICTURES = re.compile(
    r"[\s,;|/]{1,3}(?:illustrations?|illustrationen|fotos?|photos?|pictures|bilder|grafik(?:en)?|graphics)"
    r"(?:\s(?:von|by|de|par|di)\s|\s?:).*$",
    re.I,
)
_COMPANY = re.compile(
    r"\b(?:gmbh|ag|inc|ltd|llc|plc|e\.?\s?v|s\.?p\.?a|b\.v|corp|verlag|media|foundation|stiftung|institut[eo]?)\.?$",
    re.I,
)
_SAYS = re.compile(r"\s(?:says|said|sagt|schreibt|dice|dit)$", re.I)
_NAME_WORD = re.compile(r"[^\W\d_][\w.'’‘`-]*")
_PARTICLES = (
    "de del della der den di do dos da das du van von ter ten la le las los el al bin binti bint ibn abu y e"
    " af zu zum vom st"
)
_SMALL = frozenset(_PARTICLES.split())


class _Words(NamedTuple):
    leads: re.Pattern[str]
    bare_leads: frozenset[str]
    roles: re.Pattern[str]
    nobody: frozenset[str]


@cache
def _words() -> _Words:
    kinds: dict[str, list[str]] = {"lead": [], "label": [], "role": [], "nobody": []}
    with (SEEDS / "byline_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kinds[row["kind"]].append(row["words"])
    leads, labels, roles = (
        "|".join(map(re.escape, sorted(kinds[kind], key=lambda w: (-len(w), w))))
        for kind in ("lead", "label", "role")
    )
    return _Words(
        leads=re.compile(rf"(?:{leads})(?:\s?[:：]\s?|\s)|(?:{labels})\s?[:：]\s?", re.I),
        bare_leads=frozenset(w.casefold() for kind in ("lead", "label") for w in kinds[kind]),
        roles=re.compile(rf"(?:^|.*\s)(?:{roles})(?:\s(?:at|for|of|in)\s.*)?", re.I | re.S),
        nobody=frozenset(w.casefold() for w in kinds["nobody"]),
    )


def author_names(value: Any, not_authors: Collection[str] = ()) -> tuple[str, ...]:
    """Return the people's names in a byline, a list of names, or a schema.org author, in order, once each.

    `not_authors` are names, folded, that are no person here: the site, the outlet.
    """
    found: dict[str, str] = {}
    for raw in _strings(value):
        for name in _names_in(one_line(raw), not_authors):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MAX_AUTHORS]


def _strings(value: Any, depth: int = 0) -> Iterable[str]:
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("[") and text.endswith("]"):  # a list that went through a CSV file
            yield from re.findall(r"['\"]([^'\"]{1,200})['\"]", text) or [text.strip("[]")]
        elif text:
            yield text
    elif depth < 4 and isinstance(value, dict):
        yield from _strings(value.get("name"), depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple)):
        for item in value[: 2 * MAX_AUTHORS]:
            yield from _strings(item, depth + 1)


def _names_in(line: str, not_authors: Collection[str]) -> Iterable[str]:
    if "://" in line or line.startswith("www."):
        return
    line = _HANDLE.sub(" ", _EMAIL.sub(" ", line))
    line = _PICTURES.sub("", _BRACKETED.sub("", line))
    for _ in range(3):
        lead = _words().leads.match(line.strip())
        if not lead:
            break
        line = line.strip()[lead.end() :]
    if agency_named(line) or outlet_named(line):
        return
    for part in _SPLIT.split(line):
        name = _person(part.strip(" \t,.;:|-–—*_\"'’"), not_authors)
        if name:
            yield name


def _person(name: str, not_authors: Collection[str]) -> str | None:
    words = _words()
    lead = words.leads.match(name)
    if lead:
        name = name[lead.end() :].strip()
    if _SAYS.search(name):  # a reader's comment
        return None
    name = _AFTER.sub("", name).strip(" ,.-–—:")
    if not 2 <= len(name) <= 60 or _SUFFIX.fullmatch(name) or (any(map(str.isdigit, name)) and " " in name):
        return None
    folded = name.casefold()
    if (
        folded in words.nobody
        or folded in words.bare_leads
        or folded in not_authors
        or words.roles.fullmatch(name)
    ):
        return None
    if agency_named(name) or outlet_named(name) or len(name.split()) > 6 or name.startswith("@"):
        return None
    if (
        _COMPANY.search(name)
        or not any(map(str.isalpha, name))
        or re.search(r"\.(?:com|org|net|de|co|fr|it|es|ru|info|tv)$", folded)
    ):
        return None
    if name.isupper() and " " in name:
        return " ".join(
            w.lower() if w.casefold() in _SMALL and i else _capitalised(w) for i, w in enumerate(name.split())
        )
    return name


def _capitalised(word: str) -> str:
    if len(word) <= 2 and not word.endswith(".") and "." not in word:
        return word
    word = "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
    return re.sub(r"^(Mc|O['’]|D['’])(\w)", lambda m: m[1] + m[2].upper(), word)


def is_lead(line: str) -> bool:
    """Return whether a line begins as a byline does ("By", "Text von")."""
    return _words().leads.match(line) is not None


def is_personal(name: str) -> bool:
    """Return whether a name is written as a person's full name is: two to six capitalised words."""
    words = name.split()
    return (
        2 <= len(words) <= 6
        and words[0][:1].isupper()
        and words[-1][:1].isupper()
        and all(
            _NAME_WORD.fullmatch(w) and (w[0].isupper() or w.casefold().rstrip(".") in _SMALL) for w in words
        )
    )


def byline_authors(line: str, not_authors: Collection[str] = ()) -> tuple[str, ...] | None:
    """Return the people a line of a text names if the whole line is a byline, else None.

    A byline starts with "By" or its like, is no sentence, and names nothing but people, agencies,
    outlets, places and roles; the people must be written as names are. It may name none ("By Reuters").
    """
    if (
        len(line) > 160
        or len(line.split()) > 22
        or (line.endswith((".", "?", "!")) and not line.lower().endswith((" jr.", " sr.")))
    ):
        return None
    if not _words().leads.match(line):
        return None
    names = author_names(line, not_authors)
    if not names:
        rest = re.sub(r"^by\s", "", line, flags=re.I)
        return () if agency_named(rest) or outlet_named(rest) or _words().roles.fullmatch(rest) else None
    personal = [n for n in names if is_personal(n)]
    if not personal or personal[0] != names[0]:
        return None
    return tuple(personal)
