"""What people decided about names, read from seeds: countries, organizations, types, title and head words.

The rules ask it two things: what a whole string is, and which words of a name say something about it.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from flows import place_names
from flows.annotating.answers import kept
from flows.records import Tokens

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SEED_FILES = (
    "countries.csv",
    "organizations.csv",
    "people.csv",
    "regions.csv",
    "entity_types.csv",
    "name_words.csv",
    "given_names.csv",
)
NOT_AN_ENTITY = "none"  # in entity_types.csv: never an entity
LEFT_TO_MODEL = "open"  # in entity_types.csv: means this or that, the model decides
CITY_FROM = 30_000  # people
GENERIC_DIVISIONS = frozenset(
    {"Central", "Centre", "Eastern", "Northern", "Southern", "Western", "North East", "North West"}
)
CAPITALS_FROM = 4  # shorter strings are not looked up in their ALL-CAPS form: "Mali" yes, "US" no


# What a word is: looked for by a rule, a known name, the first and the second word of known names.
SOUGHT, LONE, HEAD, SECOND = (1 << bit for bit in range(4))


class Entry(NamedTuple):
    """What a string is: its type and the words it is made of."""

    entity_type: str
    words: tuple[str, ...]


@kept
def plain(surface: str) -> str:
    """The surface with straight apostrophes and single spaces: the key of every look-up by string."""
    return " ".join(surface.replace("’", "'").split())


def read_seed(name: str) -> Iterator[dict[str, str]]:
    """Rows of one file in `seeds/`."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seeds_digest() -> str:
    """8 hex digits that change with the content of any seed the gazetteer reads."""
    content = hashlib.sha256()
    for name in SEED_FILES:
        content.update((SEEDS / name).read_bytes())
    return content.hexdigest()[:8]


class Gazetteer:
    """Known names. `types` maps a plain string to its type.

    `long_names` holds those of several words by their first two, longest first, `lone_names` those of one.
    """

    def __init__(self, tokenize: Callable[[str], Tokens]) -> None:
        self.types: dict[str, str] = {}
        self.names: dict[str, str] = {}
        for surface, entity_type, entity_name in _known_names():
            self.types[surface] = entity_type
            if entity_type not in (NOT_AN_ENTITY, LEFT_TO_MODEL):
                self.names[surface] = entity_name
        capitals = {
            name.upper(): entity_type
            for name, entity_type in self.types.items()
            if len(name) >= CAPITALS_FROM and not name.islower()
        }
        self.types = capitals | self.types
        known = [
            Entry(entity_type, words)
            for entity_type, words in zip(
                self.types.values(), _words_of(list(self.types), tokenize), strict=True
            )
            if entity_type not in (NOT_AN_ENTITY, LEFT_TO_MODEL) and words
        ]
        known.sort(key=lambda entry: (-len(entry.words), entry.words))
        self.long_names: dict[tuple[str, ...], list[Entry]] = {}
        self.lone_names: dict[str, Entry] = {}
        for entry in known:
            if len(entry.words) > 1:
                self.long_names.setdefault(entry.words[:2], []).append(entry)
            else:
                self.lone_names.setdefault(entry.words[0], entry)
        roles: dict[str, set[str]] = {}
        for row in read_seed("name_words.csv"):
            roles.setdefault(row["word_role"], set()).add(row["word"])
        self.organization_heads = frozenset(roles["organization_head"])
        self.place_heads = frozenset(roles["place_head"])
        self.facility_heads = frozenset(roles["facility_head"])
        self.head_words = self.organization_heads | self.place_heads | self.facility_heads
        self.particles = frozenset(roles["name_particle"])
        self.surnames_first = frozenset(roles["surname_first"])
        self.before_place = frozenset(roles["before_place"])
        self.person_nouns = frozenset(roles["person_noun"])
        self.team_verbs = frozenset(roles["team_verb"])
        self.given_names = frozenset(row["given_name"] for row in read_seed("given_names.csv"))
        self.plural_titles = frozenset(roles["plural_title"])
        self.honorifics = frozenset(roles["honorific"])
        self.team_members = frozenset(roles["team_member"])
        self.storms = frozenset(roles["storm"])
        self.great_storms = {
            name.rpartition(" ")[2]: name
            for name, entity_type in self.types.items()
            if entity_type == "event" and name.partition(" ")[0] in self.storms and name.count(" ") == 1
        }
        self.government_verbs = frozenset(roles["government_verb"])
        self.role_words = frozenset(roles["role_word"])
        self.type_of_head = {
            word: "facility" if kind == "site" else kind
            for kind in ("law", "event", "product", "site")
            for word in roles[f"{kind}_head"]
        }
        self.chambers = _with_capitals(roles["chamber"])
        self.committee_heads = _with_capitals(roles["committee_head"])
        self.department_heads = _with_capitals(roles["department_head"])
        self.commonwealths = _with_capitals(roles["commonwealth"])
        self.offices = frozenset(roles["office"])
        self.body_heads = self.department_heads | self.committee_heads
        self.body_starts = self.chambers | self.body_heads
        self.heads_of_countries = frozenset(roles["country_head"])
        self.heads_of_purposes = frozenset(roles["purpose_head"])
        self.short_bodies = frozenset(roles["short_body"])
        self.organ_heads = (
            self.committee_heads | self.department_heads | self.short_bodies | roles["organ_head"]
        )
        self.posts = frozenset(roles["post_of"])
        self.parties = frozenset(roles["party"])
        self.furniture = _phrases(_with_capitals(roles["furniture"]), tokenize)
        self.subjects = _phrases(_with_capitals(roles["portfolio"]), tokenize)
        self.known_surnames = frozenset(
            alias
            for row in read_seed("people.csv")
            for alias in row["aliases"].split("|")
            if " " not in alias
        )
        self.state_codes = frozenset(_state_codes())
        self.seats = frozenset(_seats_of_government())
        self.states_and_seats = self.seats | self.state_codes
        self.titles = _phrases(_with_capitals(roles["title"] | roles["honorific"]), tokenize)
        phrases = {phrase for same_head in self.titles.values() for phrase in same_head}
        self.single_titles = frozenset(phrase[0] for phrase in phrases if len(phrase) == 1)
        self.titles_of_two = frozenset(phrase for phrase in phrases if len(phrase) == 2)
        self.last_of_two = frozenset(phrase[1] for phrase in self.titles_of_two)
        self.last_of_titles = frozenset(phrase[-1] for phrase in phrases)
        self.before_persons = self.last_of_titles | self.honorifics
        self.before_names = (
            self.single_titles | self.last_of_two | self.before_place | self.person_nouns | {","}
        )
        self.sought = self.furniture.keys() | self.body_heads | self.storms | {"("}
        self.places = frozenset(_place_names())
        # Which of these a word is, as bits; a word that is not there is none.
        self.marks: dict[str, int] = defaultdict(int)
        heads, seconds = zip(*self.long_names, strict=True)
        for mark, words in ((SOUGHT, self.sought), (LONE, self.lone_names), (HEAD, heads), (SECOND, seconds)):
            for word in words:
                self.marks[word] |= mark
        # Entity type of a string, `none` when it is known to be no entity, None when it is not known.
        self.type_of = kept(lambda surface: self.types.get(plain(surface)))
        self._remembered: dict[Any, Any] = {}

    def remembered[Answer](self, function: Callable[[str, Gazetteer], Answer]) -> Callable[[str], Answer]:
        """A function of a string and this gazetteer, as one of the string, with a memory for its answers."""
        answers: Callable[[str], Answer] | None = self._remembered.get(function)
        if answers is None:
            answers = self._remembered[function] = kept(lambda string: function(string, self))
        return answers

    def is_known_place(self, name: str) -> bool:
        """Whether a city of 30,000 people or more or a first-level division bears this name."""
        return name in self.places

    def name_of(self, surface: str) -> str | None:
        """The full name of a known surface, "United Nations" for "UN", None when it is not known."""
        return self.names.get(surface)

    def long_names_at(self, words: tuple[str, ...], at: int) -> list[Entry]:
        """The known names of several words that stand at `at`, longest first."""
        entries = self.long_names.get(words[at : at + 2], ())
        return [entry for entry in entries if words[at : at + len(entry.words)] == entry.words]

    def title_length(self, words: tuple[str, ...], start: int, end: int) -> int:
        """How many words from `start` on are a title before a name: "Prime Minister" -> 2, none -> 0."""
        for phrase in self.titles.get(words[start], ()):
            if start + len(phrase) <= end and words[start : start + len(phrase)] == phrase:
                return len(phrase)
        return 0

    def subject_end(self, words: tuple[str, ...], start: int, end: int) -> int | None:
        """Where the longest subject of a department or committee that begins here ends; None without one."""
        for phrase in self.subjects.get(words[start], ()):
            if start + len(phrase) <= end and words[start : start + len(phrase)] == phrase:
                return start + len(phrase)
        return None

    def ends_with_title(self, words: tuple[str, ...], end: int) -> bool:
        """Whether the words before `end` end with a title: "... told Mr" does."""
        return end > 0 and (
            words[end - 1] in self.single_titles
            or (end > 1 and words[end - 1] in self.last_of_two and words[end - 2 : end] in self.titles_of_two)
        )


def _known_names() -> Iterator[tuple[str, str, str]]:
    """Surface, type and full name. Later ones win: what is said in entity_types.csv stands above all."""
    countries = list(read_seed("countries.csv"))
    for row in countries:
        for demonym in filter(None, row["demonyms"].split("|")):
            yield plain(demonym), "nationality", demonym
    for row in countries:
        if row["capital"]:
            yield plain(row["capital"]), "place", row["capital"]
    for row in countries:
        for name in filter(None, (row["entity_name"], *row["aliases"].split("|"))):
            yield plain(name), "place", row["entity_name"]
    for row in read_seed("people.csv"):
        for name in filter(None, (row["person_name"], *row["aliases"].split("|"))):
            if " " in name:
                yield plain(name), "person", name
    for row in read_seed("organizations.csv"):
        names = (row["entity_name"], *row["aliases"].split("|"), *row["shared_aliases"].split("|"))
        for name in filter(None, names):
            yield plain(name), row["entity_type"], row["entity_name"]
    for row in read_seed("entity_types.csv"):
        yield plain(row["entity_text"]), row["entity_type"], row["entity_text"]


def _seats_of_government() -> Iterator[str]:
    """Countries and their capitals: what a government is called by."""
    for row in read_seed("countries.csv"):
        for name in filter(None, (row["entity_name"], row["capital"], *row["aliases"].split("|"))):
            yield plain(name)


def _state_codes() -> Iterator[str]:
    """The states of the US as they stand behind a politician's party: "OH", "Ohio", "Ark"."""
    for row in read_seed("regions.csv"):
        if row["country_code"] == "US" and row["region_kind"] == "region":
            for name in (row["region_name"], row["admin1_code"], *row["aliases"].split("|")):
                yield name.removesuffix(".")


def _with_capitals(words: set[str]) -> frozenset[str]:
    """The words, and those of some length in capitals too, as headlines have them."""
    return frozenset(words | {word.upper() for word in words if len(word) >= CAPITALS_FROM})


def _phrases(phrases: Iterable[str], tokenize: Callable[[str], Tokens]) -> dict[str, list[tuple[str, ...]]]:
    """First word -> the phrases that begin with it, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in _words_of(sorted(phrases), tokenize):
        found.setdefault(words[0], []).append(words)
    for same_head in found.values():
        same_head.sort(key=len, reverse=True)
    return found


def _words_of(lines: Sequence[str], tokenize: Callable[[str], Tokens]) -> Iterator[tuple[str, ...]]:
    """The words of each line; tokenized together, since no tokenizer reaches across the end of a line."""
    tokens = tokenize("\n".join(lines))
    first = end_char = 0
    for line in lines:
        end_char += len(line) + 1
        end = bisect_left(tokens.starts, end_char, first)
        yield tokens.words[first:end]
        first = end


def _place_names() -> Iterator[str]:
    """Cities (GeoNames) and first-level divisions (ISO 3166-2), with and without accents."""
    names = [name for name, population in place_names.cities().items() if population >= CITY_FROM]
    names += place_names.divisions()
    for name in names:
        if name not in GENERIC_DIVISIONS:
            yield name
            if not name.isascii():
                yield without_accents(name)


def without_accents(name: str) -> str:
    """The name in its base letters: "Bogotá" -> "Bogota"."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
