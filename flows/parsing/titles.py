"""The headline of a text copy, and of a page.

A headline is taken only where it stands as one: on its own line above the text, or in a page's heading
that agrees with the page's own metadata.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import NamedTuple

from flows.parsing.text import SEEDS

MAX_TITLE_CHARS = 250
MAX_TITLE_WORDS = 32

_HOST = re.compile(
    r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|de|fr|it|es|co\.uk|ch|at|nl|info|ru|pl|tv|news)", re.I
)
_WORD = re.compile(r"\w+")
_CREDIT = re.compile(r"\s*(?:\((?:[A-Z][\w.&/ -]{0,30})\)|[-–—]\s?[A-Z]{2,6})\s*$")
_ABBREVIATIONS = ("...", "..", "U.S.", "U.K.", "U.N.", "Inc.", "Co.", "Jr.")
_SECTIONS = ("home", "news", "blog archiv", "blog archive", "archiv", "archive")
_SENTENCES = re.compile(r"[a-z]{4}[.!?][\"”]?\s[A-Z\"“]")
_OPENERS = "\"'“‘«„‹「『¿¡$£€#([<"
_NOT_ENDING = (",", ";", ":", "-", "–", "—", "(", "/")
_SEPARATOR = re.compile(r"\s+[|│\-–—·•»›:>~]+\s+|\s*[|│›·•]\s*|(?<=[^\x00-\x7f])[-_—–](?=[^\x00-\x7f])")


_MAX_MARKERS = 4  # "CORRECTED-RPT-UPDATE 2-"


class _Marker(NamedTuple):
    flag: str
    in_headlines: str


class _Markers(NamedTuple):
    """The rows of `seeds/headline_flags.csv` by their marker, and where one may stand in a title."""

    rows: dict[str, _Marker]
    opening: re.Pattern[str]
    in_brackets: re.Pattern[str]


@cache
def _markers() -> _Markers:
    with (SEEDS / "headline_flags.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["marker"]: _Marker(row["flag"], row["in_headlines"]) for row in csv.DictReader(file)}
    words = "|".join(re.escape(marker) for marker in sorted(rows, key=len, reverse=True))
    marker = (
        rf"(?:(?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)|first|second|third|fourth)\s)?(?P<word>{words})"
        r"(?:\s?(?P<number>\d{1,2}))?"
    )
    return _Markers(
        rows,
        re.compile(marker + r"(?:(?P<tight>[-–—])|\s?:\s|\s[-–—]\s)\s?(?=\S)", re.I),
        re.compile(rf"[(\[]{marker}[)\]]", re.I),
    )


def without_markers(title: str) -> tuple[str, tuple[str, ...]]:
    """Return a title without a wire's own markers ("UPDATE 2-", "(LEAD)"), and the flags they stand for.

    What newspapers write too ("Exclusive: ...") is a flag and stays in the title. The markers are the rows
    of `seeds/headline_flags.csv`; `in_headlines` says where headlines have the word before a colon as
    well: `small` in small letters, `always` also in capitals, empty nowhere.
    """
    flags: dict[str, None] = {}
    for _ in range(_MAX_MARKERS):
        found = _bracketed(title) or _opening(title)
        if found is None:
            break
        rest, flag = found
        flags[flag] = None
        if rest == title:
            break
        title = rest
    return title, tuple(flags)


def _bracketed(title: str) -> tuple[str, str] | None:
    """The title without a marker in brackets at either end, and its flag."""
    markers = _markers()
    found = markers.in_brackets.match(title)
    if found is None and title.endswith((")", "]")):
        found = markers.in_brackets.fullmatch(title, max(title.rfind("("), title.rfind("["), 0))
    if found is None or not (found["word"][0].isupper() or found["ordinal"]):
        return None
    rest = title[: found.start()].rstrip() or title[found.end() :].lstrip(" -–—:")
    return (rest, markers.rows[found["word"].upper()].flag) if any(map(str.isalnum, rest)) else None


def _opening(title: str) -> tuple[str, str] | None:
    """The title without the marker it opens with, and its flag; as it is when the word is the headline's."""
    markers = _markers()
    found = markers.opening.match(title)
    if found is None:
        return None
    row, rest = markers.rows[found["word"].upper()], title[found.end() :]
    is_capital, is_numbered = found["word"].isupper(), bool(found["number"] or found["ordinal"])
    if found["tight"]:  # "EXCLUSIVE-Bank to close", not "Lead-free", "URGENT-CARE CLINICS", "LEAD 2-1 LOST"
        is_word = rest.isupper() and rest[0].isdigit() if is_numbered else rest.isupper() or rest[0].islower()
        return (rest, row.flag) if is_capital and not is_word else None
    if is_numbered or (is_capital and row.in_headlines != "always"):
        return rest, row.flag
    is_headline = is_capital or (row.in_headlines and found["word"][0].isupper())
    return (title, row.flag) if is_headline else None


def key(text: str) -> str:
    """Return a title's words, folded, for comparing two copies of it."""
    return " ".join(_WORD.findall(text.casefold()))


def looks_like_title(line: str, blank_follows: bool) -> bool:
    """Whether the first line of a text copy reads as its headline.

    A line that ends with a full stop is one only if it is in capitals, or a blank line follows and it is
    short or has Nearly Every Word With a Capital.
    """
    if not 3 <= len(line) <= MAX_TITLE_CHARS or line.endswith(_NOT_ENDING):
        return False
    if not (line[0].isalnum() or line[0] in _OPENERS):
        return False
    words = line.split()
    if len(words) > MAX_TITLE_WORDS or sum(map(str.isalpha, line)) < 0.5 * len(line.replace(" ", "")):
        return False
    if len(words) == 1 and len(line) < 4:
        return False
    body = _CREDIT.sub("", line)
    if body.endswith((".", "。", '."', ".”")) and not body.endswith(_ABBREVIATIONS):
        most = 20 if is_headline_case(words) else 15
        return line.isupper() or (blank_follows and len(words) <= most and not _SENTENCES.search(line))
    return blank_follows or len(words) <= 24


def is_headline_case(words: list[str]) -> bool:
    """Whether a line's longer words are nearly all written with a capital."""
    long = [w for w in (w.strip("\"'“”‘’(),.:;!?") for w in words) if len(w) > 3]
    return len(long) >= 2 and sum(w[0].isupper() or w[0].isdigit() for w in long) >= 0.75 * len(long)


def without_site(title: str, names: set[str]) -> str:
    """Return a page title without the site's name at either end.

    `names` are keys (see `key`) the site is known by: its name, its domain. A last part behind a bar is
    a site's name also when nobody knows it, if it is short and a longer headline stands before it.
    """
    while True:
        parts = list(_SEPARATOR.finditer(title))
        if not parts:
            return title.strip()
        head, tail = title[: parts[-1].start()].strip(), title[parts[-1].end() :].strip()
        first, rest = title[: parts[0].start()].strip(), title[parts[0].end() :].strip()
        if not tail:
            title = head
        elif not first:
            title = rest
        elif head and _is_site(tail, names):
            title = head
        elif rest and _is_site(first, names):
            title = rest
        elif "|" in parts[-1][0] and len(tail.split()) <= 4 and len(head) >= len(tail):
            title = head
        elif not tail.isascii() and " " not in parts[-1][0] and len(tail) <= 6 and len(head) >= 2 * len(tail):
            title = head  # 标题-网站
        else:
            return title.strip()


def _is_site(part: str, names: set[str]) -> bool:
    folded = key(part)
    squeezed = folded.replace(" ", "")
    if folded in _SECTIONS or _HOST.fullmatch(part.strip()):
        return True
    return bool(squeezed) and any(squeezed == n.replace(" ", "") for n in names)


def page_title(
    headings: list[str], subheadings: list[str], candidates: list[str], names: set[str]
) -> str | None:
    """Return the headline of a page, None when it shows none.

    `headings` are the page's printed first headings, `subheadings` those that are a headline only if the
    metadata says the same, `candidates` the titles of the metadata, the `<title>` last; `names` as in
    `without_site`. What the reader sees as the headline comes before what the metadata calls it.
    """
    printed = [h for h in dict.fromkeys(headings) if key(h) and len(h) <= 400 and not _is_site(h, names)]
    if len({key(h) for h in printed}) == 1 and candidates:
        first = _first_part(candidates[-1], printed[0])
        if first:  # the only heading is the site's name: "Headline | Site"
            names = names | {key(printed[0])}
            printed = []
    metadata = [t for t in (without_site(c, names) for c in candidates) if t and not _is_site(t, names)]
    whole = {key(c) for c in candidates} | {key(t) for t in metadata}
    for heading in printed:
        if key(heading) in whole:
            return heading
    for heading in printed:  # "KICKER Headline" in one heading
        for title in metadata:
            joined = "" if len(title.split()) >= 5 else " "  # "KickerHeadline" where mark-up parted them
            if len(title.split()) >= 3 and key(heading).endswith(joined + key(title)):
                return title
    if len({key(h) for h in printed}) == 1 and len(printed[0]) <= MAX_TITLE_CHARS:
        return printed[0]
    for heading in subheadings:
        if key(heading) in whole and len(heading.split()) >= 2:
            return heading
    best, best_score = None, 0.4
    for heading in printed:
        words = set(key(heading).split())
        for title in candidates:
            other = set(key(title).split())
            common = len(words & other)
            score = common / max(1, len(words)) * (0.5 + 0.5 * common / max(1, len(other)))
            if score > best_score + 1e-9 and len(heading) <= MAX_TITLE_CHARS:
                best, best_score = heading, score
    if best is not None:
        return best
    if metadata:
        return metadata[0]
    return next((h for h in printed if len(h) <= MAX_TITLE_CHARS and len(h.split()) >= 2), None)


def _first_part(page_title: str, heading: str) -> str | None:
    """The part of a page's `<title>` before the heading, if that is all the heading is and it is longer."""
    folded = key(heading)
    for separator in _SEPARATOR.finditer(page_title):
        first = page_title[: separator.start()].strip()
        if key(page_title[separator.end() :]) == folded and key(first) != folded:
            return first if len(first) > 1.2 * len(heading) else None
    return None
