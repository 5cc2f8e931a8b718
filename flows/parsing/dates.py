"""The day an article was published, and what says so.

Strict throughout: a date is one only if year, month and day are written down. The clock and the file's
time are never asked; `today` only rules out dates that lie ahead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from flows.records import PublishedBasis

EARLIEST_YEAR = 1600
"""No newspaper is older (Relation, Strasbourg, 1605)."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<{0}>1[6-9]\d\d|20\d\d)(?!\d)"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s{1,3})?"
_DAY = r"(?P<{0}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DATE = (
    _WEEKDAY
    + "(?:"
    + "|".join(
        (
            _YEAR.format("y1")
            + r"(?P<s1>[-/.])(?P<m1>0?[1-9]|1[0-2])(?P=s1)(?P<d1>0?[1-9]|[12]\d|3[01])(?!\d)",
            _MONTH.format("m2")
            + r"\s{0,3}"
            + _DAY.format("d2")
            + r"(?!\d),?\s{0,3},?\s{0,2}"
            + _YEAR.format("y2"),
            _DAY.format("d3")
            + r"[\s.-]{0,3}(?:of\s)?"
            + _MONTH.format("m3")
            + r"[\s,-]{0,3}"
            + _YEAR.format("y3"),
            r"(?P<a4>0?[1-9]|[12]\d|3[01])(?P<s4>[-/.])(?P<b4>0?[1-9]|[12]\d|3[01])(?P=s4)"
            + _YEAR.format("y4"),
            _YEAR.format("y5") + r"\s?年\s?(?P<m5>0?[1-9]|1[0-2])\s?月\s?(?P<d5>0?[1-9]|[12]\d|3[01])\s?日",
            _YEAR.format("y6") + r"\s?년\s?(?P<m6>0?[1-9]|1[0-2])\s?월\s?(?P<d6>0?[1-9]|[12]\d|3[01])\s?일",
        )
    )
    + ")"
)
_WRITTEN = re.compile(_DATE, re.I)
_COMPACT = re.compile(
    r"(?P<y>(?:1[6-9]|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?:T?\d{4,6}(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_UNIX = re.compile(
    rf"{_WEEKDAY}{_MONTH.format('m')}\s{{1,3}}{_DAY.format('d')}\s[\d:]{{4,8}}\s(?:[A-Z]{{2,5}}\s)?{_YEAR.format('y')}",
    re.I,
)
"""What `date` prints: Tue Jan 28 15:28:56 CET 2020."""
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d{1,9})?|-?\d{12,13}")
_TIME = r"(?:at\s|T)?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\.\d{1,6})?\s?(?:[ap]\.?m\.?)?"
_ZONE = r"(?:\(?(?:[A-Z]{2,4}|[A-Z][a-z]+ time|[+-]\d{2}:?\d{2}|Z|IST|hours|hrs|Uhr)\)?)"
_STAMP = re.compile(
    r"(?:(?:first|last|originally)\s)?(?:(?P<label>published|publication date|posted|updated|update|modified"
    r"|edited|created|released?|date|issued|uploaded|dated|as of|veröffentlicht|stand|aktualisiert|publié"
    r"|mis à jour|publicado|actualizado|pubblicato|aggiornato|data|datum|fecha)"
    r"(?:\s(?:on|at|am|le|el|em|il))?\s{0,2}[:：]?\s{0,3})?"
    rf"[(\[]?(?:{_TIME}\s{{0,2}}(?:{_ZONE})?[\s,|-]{{1,3}})?"
    rf"(?P<date>{_DATE})"
    rf"(?:[\s,|@·•-]{{0,5}}{_TIME}\s{{0,2}}(?:{_ZONE})?)?[)\]]?\s{{0,3}}[.|]?",
    re.I,
)
_PART = re.compile(r"\s{0,3}[|•·]\s{0,3}|\s{1,3}[-–—]{1,2}\s{1,3}|;\s{1,3}")
_URL_DATE = re.compile(
    r"[/_-](?P<y>(?:19|20)\d\d)(?P<s>[/_-])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.?-]|$)"
    r"|/(?P<y2>(?:19|20)\d\d)-?(?P<m2>0[1-9]|1[0-2])/?(?P<d2>0[1-9]|[12]\d|3[01])(?=/|$)"
)
_URL_MONTH_NAME = re.compile(
    r"/(?P<y>(?:19|20)\d\d)/(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(?P<d>0?[1-9]|[12]\d|3[01])(?=/|$)"
)
_OTHER_MONTH_WORDS = (
    "januar jänner jän janvier janv enero ene janeiro gennaio genn gen januari tammikuuta"
    " stycznia styczeń ledna leden січня января ocak ιανουαρίου",
    "februar feber février févr fév febrero fevereiro fev febbraio febbr febr februari helmikuuta"
    " lutego luty února únor лютого февраля şubat φεβρουαρίου",
    "märz mär mrz mars marzo marz março maart maaliskuuta marca marzec března březen березня"
    " марта mart μαρτίου",
    "april avril avr abril abr aprile huhtikuuta kwietnia kwiecień dubna duben квітня апреля nisan απριλίου",
    "mai mayo maio maggio magg mag mei maj toukokuuta maja května květen травня мая mayıs μαΐου",
    "juni juin junio junho giugno giu kesäkuuta czerwca czerwiec června červen червня июня haziran ιουνίου",
    "juli juillet juil julio julho luglio lug heinäkuuta lipca lipiec července červenec липня"
    " июля temmuz ιουλίου",
    "august août agosto ago augustus augusti elokuuta sierpnia sierpień srpna srpen серпня"
    " августа ağustos αυγούστου",
    "september septembre septiembre setiembre set setembro settembre sett syyskuuta września"
    " wrzesień září вересня сентября eylül σεπτεμβρίου",
    "oktober okt octobre octubre outubro out ottobre ott lokakuuta października październik října"
    " říjen жовтня октября ekim οκτωβρίου",
    "november novembre noviembre novembro marraskuuta listopada listopad листопада ноября kasım νοεμβρίου",
    "dezember dez desember décembre déc diciembre dic dezembro dicembre december joulukuuta"
    " grudnia grudzień prosince prosinec грудня декабря aralık δεκεμβρίου",
)
_OTHER_MONTHS = {
    word: number for number, words in enumerate(_OTHER_MONTH_WORDS, start=1) for word in words.split()
}
"""Months as dates are written in other languages. Czech listopad is left to November, as in Polish."""
MONTH = "(?i:" + "|".join(sorted({*_MONTHS, *_OTHER_MONTHS}, key=lambda word: (-len(word), word))) + r")\b\.?"
"""A pattern for the name of a month, whole or short, in any of these languages."""
_OTHER_DATE = re.compile(
    r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?:\.|º|er)?\s{0,3}(?:de\s|d[’'])?(?P<m>[^\W\d_]{3,12})\.?,?\s{0,3}"
    r"(?:del?\s)?(?P<y>(?:19|20)\d\d)(?!\d)"
)
_SHORT_YEAR = re.compile(
    r"(?<![\d.])(?P<d>0?[1-9]|[12]\d|3[01])\.(?P<m>0?[1-9]|1[0-2])\.(?P<y>\d\d)(?![\d.])"
)
_UPDATED = re.compile(
    r"updat|modif|edited|bearbeitet|aktuali|actuali|geändert|mis à jour|aggiornat|bijgewerkt|uppdater"
    r"|oppdater|обновл|güncel",
    re.I,
)
_SPACED = re.compile(
    r"(?<!\d)(\d{1,2})(?:(?=\.\s)|\s(?=[.|]))\s?([.|])\s?(\d{1,2})\s?\2\s?((?:19|20)\d\d)(?!\d)"
)
"""4. 2. 2022 and 26 | 01 | 2022."""
_CLOCK = re.compile(r"(?<!\d)\d{1,2}\s?[:.hH]\s?\d{2}(?:[:.]\d{2})?(?!\d)")
_NUMBER = re.compile(r"\d{2}")
_NAMES_A_DAY = re.compile(r"\d.*\d{4}|\d{4}.*\d", re.S)


def plausible(day: date, today: date) -> date | None:
    """Return the day unless it lies more than a day ahead or before the first newspaper."""
    return day if day.year >= EARLIEST_YEAR and day <= today + timedelta(days=1) else None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _of_match(match: re.Match[str]) -> date | None:
    """The day a match of `_DATE` stands for; 04/05/2019 is two days and therefore none."""
    groups = match.groupdict()
    for n in "12356":
        if groups[f"y{n}"]:
            return _day(groups[f"y{n}"], groups[f"m{n}"], groups[f"d{n}"])
    first, second, year = groups["a4"], groups["b4"], groups["y4"]
    if int(first) > 12 or groups["s4"] == ".":  # with dots the day comes first wherever it is written so
        return _day(year, second, first)
    if int(second) > 12:
        return _day(year, first, second)
    return _day(year, first, second) if int(first) == int(second) else None


def stated_date(value: Any, today: date) -> date | None:
    """Return the day a metadata field states, None when it states none or could be two days.

    Understood: dates and datetimes, ISO 8601, RFC 5322, seconds or milliseconds since 1970, days written
    in English, and through dateparser in other languages. The day is the one written, in whatever time
    zone it was written. "04/05/2019" is no date: nobody can say which month it is.
    """
    if isinstance(value, datetime):
        return plausible(value.date(), today)
    if isinstance(value, date):
        return plausible(value, today)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value).strip() if isinstance(value, str) else format(value, ".0f")
    if not text or len(text) > 100:
        return None
    found = _stated(text)
    return plausible(found, today) if found else None


@lru_cache(maxsize=4096)
def _stated(text: str) -> date | None:
    if len(text) >= 10 and text[4] == "-" and text[7] == "-":
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            pass
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _day(compact["y"], compact["m"], compact["d"])
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.lstrip("-").partition(".")[0]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC).date() if 0 < seconds < 4e9 else None
    written = _WRITTEN.search(text)
    if written:
        return _of_match(written)
    printed = _UNIX.fullmatch(text)
    if printed:
        return _day(printed["y"], printed["m"], printed["d"])
    return _in_other_words(text)


def _in_other_words(text: str) -> date | None:
    """A day written with another language's month names; dateparser must find all three parts."""
    if len(text) > 60 or not _NAMES_A_DAY.search(text) or not any(c.isalpha() for c in text):
        return None
    day = _other_day(text)
    if day:
        return day
    import dateparser

    settings = {
        "STRICT_PARSING": True,
        "REQUIRE_PARTS": ["year", "month", "day"],
        "PARSERS": ["absolute-time"],
    }
    found = dateparser.parse(text, settings=settings)
    return found.date() if found else None


def _other_day(text: str) -> date | None:
    match = _OTHER_DATE.search(text)
    number = _OTHER_MONTHS.get(match["m"].casefold()) if match else None
    return _day(match["y"], str(number), match["d"]) if match and number else None


def shown_date(text: str, language: str | None, today: date) -> tuple[date | None, bool]:
    """Return the day a short printed line shows, and whether it says that this is the day of a change.

    A line with more than eight words or another number beside the date (a time of day is none) shows none.
    "04/05/2019" is read the way the page's language tag says: the month first in the United States, the
    day first in other languages and countries; English without a country says nothing.
    """
    if len(text) > 120:
        return None, False
    text = _SPACED.sub(r"\1.\3.\4", text)
    match = _WRITTEN.search(text)
    found = None
    if match:
        found = _of_match(match)
        if found is None and match["a4"]:
            found = _by_language(match["a4"], match["b4"], match["y4"], language)
    else:
        match = _OTHER_DATE.search(text)
        found = _other_day(text) if match else None
        if match is None:
            match = _SHORT_YEAR.search(text)
            found = _day(f"20{match['y']}", match["m"], match["d"]) if match else None
    if match is None or found is None or not plausible(found, today):
        return None, False
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    if sum(any(map(str.isalpha, word)) for word in rest.split()) > 8 or _NUMBER.search(_CLOCK.sub("", rest)):
        return None, False
    return found, says_update(text[: match.start()])


def says_update(label: str) -> bool:
    """Whether what stands before a day says that it is the day of a change."""
    return _UPDATED.search(label) is not None


def _by_language(first: str, second: str, year: str, language: str | None) -> date | None:
    tag = (language or "").replace("_", "-").casefold()
    if not tag or tag == "en":
        return None
    return _day(year, first, second) if tag == "en-us" else _day(year, second, first)


def url_date(url: str | None, today: date) -> date | None:
    """Return the day in the path of a URL ("/2019/12/16/"), None when there is none."""
    if not url:
        return None
    path = url.partition("://")[2].partition("?")[0].partition("#")[0][:1000]
    path = path[path.find("/") :] if "/" in path else ""
    match = _URL_DATE.search(path)
    if match:
        found = _day(match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])
    else:
        match = _URL_MONTH_NAME.search(path)
        found = _day(match["y"], match["m"], match["d"]) if match else None
    return plausible(found, today) if found else None


def stamp_date(line: str, today: date) -> tuple[date | None, str]:
    """Return the day of a line that is nothing but a date stamp, and its label ("updated"), else (None, "").

    "Monday, January 4, 2019" and "Xinhua | Updated: 2017-09-15 17:52" are stamps, a sentence with a date in
    it is none. Parts beside the date may be up to five words long.
    """
    if len(line) > 120 or not any(map(str.isdigit, line)):
        return None, ""
    whole = _STAMP.fullmatch(line)
    if whole:
        parts = [line]
    else:
        parts = _PART.split(line)
        if len(parts) == 1 or any(len(p.split()) > 5 for p in parts if not _STAMP.fullmatch(p)):
            return None, ""
    for part in parts:
        match = _STAMP.fullmatch(part)
        if match:
            inner = _WRITTEN.search(match["date"])
            found = _of_match(inner) if inner else None
            if found and plausible(found, today):
                return found, (match["label"] or "").lower()
    return None, ""


def written_date(text: str, today: date) -> date | None:
    """Return the first full day written in a short text such as a dateline, None when there is none."""
    text = text[:200]
    match = _WRITTEN.search(text)
    found = _of_match(match) if match else _other_day(text)
    return plausible(found, today) if found else None


def publication_date(
    metadata: Any, url: str | None, dateline: str, stamps: Sequence[tuple[date, str]], today: date
) -> tuple[date | None, PublishedBasis]:
    """Return the day of publication and its basis, (None, "none") when nothing states one.

    In this order: the record's or page's metadata, the URL, a dateline with a year, a stamp that stands
    alone at either end of the text (of several the first that is not labelled as an update).
    """
    found = stated_date(metadata, today)
    if found:
        return found, "metadata"
    found = url_date(url, today)
    if found:
        return found, "url"
    found = written_date(dateline, today) if dateline else None
    if found:
        return found, "dateline"
    if stamps:
        first = [
            day
            for day, label in stamps
            if not label.startswith(("updat", "modif", "aktual", "mis ", "actual", "aggior"))
        ]
        return (first or [day for day, _ in stamps])[0], "text"
    return None, "none"
