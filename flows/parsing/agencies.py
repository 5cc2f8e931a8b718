"""The news agency an article is credited to.

A credit stands at an edge: in brackets behind the headline, in the dateline, in the byline, as the last
words. An agency that is only mentioned ("told Reuters") has written nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from flows.parsing.text import SEEDS


class Agency(NamedTuple):
    """One row of seeds/agencies.csv, or an agency only the record itself names."""

    agency_id: str
    agency_name: str


_EDGE = " \t.,;:()[]-–—―_/|©*\"'“”"
_ARTICLE = re.compile(r"(?:the|la|le|l'|die|der|agencia|agence|agenzia|agência)\s", re.I)
_DESK = re.compile(
    r"\s(?:(?:(?:staff|national|sports?|business|religion|political|education|health|science|entertainment|special"
    r"|legal|chief|senior|foreign|diplomatic|medical|music|movie|television|aviation|economics?)\s){0,2}"
    r"(?:writers?|reporters?|correspondents?|editors?|photographers?|bureau|staff|life!?|canada|health|news(?:\sservice)?))$",
    re.I,
)
_TITLE_CREDIT = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]\s*$")
_DASH_CREDIT = re.compile(r"\s[-–—]\s?([A-Z]{2,6}|Reuters|dpa|Xinhua|Yonhap|Kyodo)$")
_OPENING = re.compile(
    r"(?:[(\[]([^()\[\]]{2,40})[)\]]|([A-Z][\w.&/' ]{1,35}?|dpa|ddp))\s{0,2}(?:[-–—―_:|]|--|&#151;)\s"
)
_OPENING_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]\s")
_CLOSING = re.compile(
    r"(?:(?:^|[.!?…\"'”’»)]\s{0,3})[(\[](?:source:\s?|photo:\s?|via\s|by\s|with inputs? from\s)?"
    r"([^()\[\]]{2,40})[)\]]"
    r"|\s(?:--?|[–—―])\s?([A-Z][\w. ]{1,30}|dpa)"
    r"|(?:^|\s)/\s?([A-Z][A-Za-z ]{1,20}?)\s?/?"
    r"|(?:^|\s)(?:©|\(c\)|copyright)\s?(?:\d{4}\s)?(?:by\s)?([A-Z][\w. ]{1,40}?|dpa))[.\s]{0,3}$",
    re.I,
)
_CLOSING_MARK = re.compile(r"[(\[/©–—―]|\s-|copyright", re.I)  # one of them stands in every closing credit
_WHOLE = re.compile(
    r"(?:source|sources|agency|credit|credits|by|from|courtesy|with inputs? from|via|fonte|fuente|quelle)?"
    r"\s?[:\-–—|/]{0,2}\s?"
    r"([^\n]{2,60}?)[\s.;*/|-]{0,5}",
    re.I,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s,:©(c)]{0,6}(?:19|20)?\d{0,2}[-–\s]{0,3}(?:\d{4}\s)?,?\s?(?:by\s)?"
    r"(?P<name>[A-Z][\w.&'’ -]{1,50}?|dpa)(?:[.,;]|\sall\srights|\smay\snot|\sinc\b|\sltd\b|\sllc\b|$)",
    re.I,
)
_SIGN_OFF = re.compile(
    r"(?:^|[(\[])(?:additional\s)?reporting by [^;()]{3,200};(?:[^;()]{3,160};){0,4}"
    r"\s?(?:\w+\s)?(?:writing|editing|compiled)(?:\sand\s\w+)? by [^;()]{3,160}",
    re.I,
)
_OPENING_DAY = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d{1,2}\s[(\[]([^()\[\]]{2,40})[)\]]\s?[-–—]"
)
_BYLINE_SPLIT = re.compile(r"\s*(?:[,;|/•·]|\s[-–—]\s|\band\b|\bvia\b|\bfor\b|\bwith\b)\s*")


class _Names(NamedTuple):
    codes: dict[str, Agency]
    names: dict[str, Agency]
    domains: dict[str, Agency]


@cache
def _names() -> _Names:
    codes: dict[str, Agency] = {}
    names: dict[str, Agency] = {}
    domains: dict[str, Agency] = {}
    with (SEEDS / "agencies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            agency = Agency(row["agency_id"], row["agency_name"])
            for code in filter(None, row["codes"].split("|")):
                codes[code] = agency
            for name in (row["agency_name"], *filter(None, row["aliases"].split("|"))):
                if name.isascii() and " " not in name and (name.isupper() or len(name) <= 5):
                    codes[name] = agency  # "SANA" in lower case is somebody's name
                else:
                    names[name.casefold()] = agency
            for domain in filter(None, row["domains"].split("|")):
                domains[domain] = agency
    return _Names(codes, names, domains)


@cache
def agency_named(name: str) -> Agency | None:
    """Return the agency of seeds/agencies.csv a credit names, None when it names none.

    Short codes ("AP", "dpa") count only as written in the seeds, full names in any case; of a joint
    credit ("AP/AFP", "dpa/lno") the first known name counts. Desks are ignored ("AP Sports Writer").
    """
    known = _names()
    name = name.strip(_EDGE)
    if not 2 <= len(name) <= 60:
        return None
    for candidate in (name, _DESK.sub("", name)):
        found = known.codes.get(candidate) or known.names.get(candidate.casefold())
        if found is None:
            bare = _ARTICLE.sub("", candidate, count=1)
            found = known.codes.get(bare) or known.names.get(bare.casefold())
        if found is not None:
            return found
    first, joint, _ = name.partition("/")  # "Jane Roe/Reuters" is the credit of a photograph
    first = first.strip(_EDGE)
    return (known.codes.get(first) or known.names.get(first.casefold())) if joint else None


def agency_of_domain(domain: str | None) -> Agency | None:
    """Return the agency that publishes under a domain, None when none does."""
    return _names().domains.get(domain) if domain else None


def stated_agency(value: str) -> Agency | None:
    """Return the agency a record names in its own field; one the seeds do not know keeps its name."""
    value = " ".join(value.split())
    known = agency_named(value)
    if known or not value or len(value) > 100:
        return known
    slug = re.sub(r"[^\w]+", "-", value.casefold()).strip("-")
    return Agency(slug, value) if slug else None


def title_credit(title: str) -> str | None:
    """Return the bracketed or dashed credit behind a headline as written, None when there is none."""
    match = _TITLE_CREDIT.search(title) or _DASH_CREDIT.search(title)
    return match[1].strip() if match else None


def opening_credit(paragraph: str) -> str | None:
    """Return the credit a text opens with ("AP - ", "(Reuters) --") as written, None when there is none."""
    match = _OPENING.match(paragraph[:80])
    if match:
        return (match[1] or match[2]).strip()
    match = _OPENING_BRACKET.match(paragraph[:80]) or _OPENING_DAY.match(paragraph[:80])
    return match[1].strip() if match else None


def byline_agency(line: str) -> Agency | None:
    """Return the agency a byline names, alone or beside a writer ("By Jane Roe, Associated Press")."""
    line = " ".join(line[:500].split())
    for part in (line, *_BYLINE_SPLIT.split(re.sub(r"^by\s", "", line, flags=re.I))):
        found = agency_named(part)
        if found is not None:
            return found
    return None


def closing_agency(found: list[str]) -> Agency | None:
    """Return the agency the last paragraphs credit, None when they credit none."""
    for paragraph in reversed(found[-3:]):
        if len(paragraph) <= 90:
            whole = _WHOLE.fullmatch(paragraph)
            agency = agency_named(paragraph) or (agency_named(whole[1]) if whole else None)
            if agency is not None:
                return agency
        tail = paragraph[-80:]
        closing = _CLOSING.search(tail) if _CLOSING_MARK.search(tail) else None
        if closing:
            agency = agency_named(next(g for g in closing.groups() if g))
            if agency is not None:
                return agency
        sign_off = paragraph[-600:]
        if ";" in sign_off and _SIGN_OFF.search(sign_off):
            return agency_named("Reuters")
        if len(paragraph) <= 400:
            agency = copyright_agency(paragraph)
            if agency is not None:
                return agency
    return None


def copyright_agency(line: str) -> Agency | None:
    """Return the agency whose copyright notice a line is, None when it is none."""
    match = _COPYRIGHT.match(line)
    return agency_named(match["name"]) if match else None


def article_agency(
    title: str | None, found: list[str], dateline_credit: str, bylines: Iterable[str], notices: Iterable[str]
) -> Agency | None:
    """Return the agency credited at an edge of the article, None when none is.

    `bylines` are the lines and names that say who wrote it, `notices` the chrome that was taken off.
    """
    edges = [dateline_credit, title_credit(title) if title else None]
    edges += [opening_credit(paragraph) for paragraph in found[:2]]
    for edge in edges:
        agency = agency_named(edge) if edge else None
        if agency is not None:
            return agency
    for line in bylines:
        agency = byline_agency(line)
        if agency is not None:
            return agency
    agency = closing_agency(found)
    if agency is not None:
        return agency
    for line in notices:
        agency = copyright_agency(line) or agency_named(line) or closing_agency([line])
        if agency is not None:
            return agency
    return None
