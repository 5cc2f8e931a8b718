"""The outlet an article was published by: its name as found and its domain.

Which row of seeds/outlets.csv that is, is decided in SQL, from the domain first and the name second.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache

from flows.parsing.text import SEEDS

_NOTICE = re.compile(
    r"(?:(?:©|\(c\)|copyright)[\s,:]{0,3}){1,3}(?:(?:19|20)\d\d)?(?:\s?[-–]\s?(?:(?:19|20)\d\d|present))?,?\s{0,2}(?:by\s)?"
    r"(?P<name>[^\W\d_][^.|;:\n]{2,60}?)\s?(?:[,.|;-]\s{0,3})?(?:all\srights\sreserved.{0,200}|$)",
    re.I | re.S,
)
_LEGAL = re.compile(
    r",?\s(?:inc|ltd|llc|plc|gmbh|ag|limited|corp|co|pte|pvt|s\.?a|s\.?p\.?a|b\.?v|ab|oy|as)\.?$", re.I
)
_NOT_A_NAME = re.compile(
    r"(?:the )?(?:author|authors|publisher|company|all rights.*|this (?:site|website|article).*|photo.*"
    r"|image.*|getty.*|reserved.*)",
    re.I,
)
_MOST_MASTHEAD_WORDS = 6
_SMALL_WORDS = frozenset({"of", "the", "and", "de", "do", "da", "di", "del", "la", "le", "for", "&"})
_BESIDE_MASTHEAD = re.compile(r"\s?[|·•]\s?|,\s")


@cache
def _outlets() -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    domains: dict[str, str] = {}
    with (SEEDS / "outlets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for domain in filter(None, row["domain"].split("|")):
                domains[domain] = row["outlet_name"]
            for name in (row["outlet_name"], *filter(None, row["aliases"].split("|"))):
                names[name.casefold()] = row["outlet_name"]
    return names, domains


def outlet_named(name: str) -> str | None:
    """Return the outlet of seeds/outlets.csv that bears a name, None when none does."""
    names, domains = _outlets()
    folded = name.strip().casefold()
    return names.get(folded) or names.get(folded.removeprefix("the ")) or domains.get(folded)


def domain_outlet(domain: str | None) -> str | None:
    """Return the outlet of seeds/outlets.csv that publishes under a domain, None when none does."""
    return _outlets()[1].get(domain) if domain else None


@cache
def _masthead_words() -> tuple[dict[str, bool], tuple[str, ...]]:
    """The rows of `seeds/masthead_words.csv`: last words with whether they need a "The", and openings."""
    with (SEEDS / "masthead_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return (
        {row["words"].casefold(): row["needs_article"] == "true" for row in rows if row["position"] == "end"},
        tuple(row["words"].casefold() + " " for row in rows if row["position"] == "start"),
    )


def masthead_outlet(line: str) -> str | None:
    """Return the outlet whose masthead a line above a headline is, None when it is none.

    An outlet of seeds/outlets.csv, or a few capitalised words that are named as newspapers are; what
    stands behind a bar or a comma ("The Harbour Courier, 4 May 2019") is left out.
    """
    name = _BESIDE_MASTHEAD.split(line.strip(), maxsplit=1)[0]
    known = outlet_named(name)
    if known:
        return known
    words = name.split()
    if not 2 <= len(words) <= _MOST_MASTHEAD_WORDS or not all(
        word[0].isupper() or word in _SMALL_WORDS for word in words
    ):
        return None
    last_words, openings = _masthead_words()
    needs_article = last_words.get(words[-1].casefold())
    if needs_article is None:
        is_masthead = name.casefold().startswith(openings)
    else:
        is_masthead = not needs_article or (words[0].casefold() == "the" and len(words) > 2)
    if not is_masthead:
        return None
    return clean_outlet(name.title() if name.isupper() else name)


def clean_outlet(name: str | None) -> str | None:
    """Return an outlet's name as found, without a leading @ or a legal form; None when it is none."""
    if not name:
        return None
    name = _LEGAL.sub("", " ".join(name.split()).lstrip("@")).strip(" ,|-–©")
    if (
        not 2 <= len(name) <= 80
        or not any(map(str.isalpha, name))
        or "://" in name
        or _NOT_A_NAME.fullmatch(name)
    ):
        return None
    return name


def notice_outlet(lines: Iterable[str]) -> str | None:
    """Return the outlet that a copyright notice among the page chrome names, None when there is none."""
    for line in lines:
        match = _NOTICE.match(line.strip())
        if match:
            name = clean_outlet(match["name"])
            if name and len(name.split()) <= 6:
                return name
    return None
