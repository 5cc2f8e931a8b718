"""Which field of a record is the text, the title, the date: by the names people use.

The names are rows of `seeds/field_names.csv`, the earlier the more preferred; `--map text=story`
puts one's own name in their place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from flows.reading.inputs import InputError

FIELDS: Final = ("text", "html", "title", "date", "url", "outlet", "authors", "language", "agency", "id")
NAMES_PATH: Final = Path(__file__).resolve().parents[2] / "seeds" / "field_names.csv"

# Where the value sits when it is an object: {"name": "Reuters"}, {"rendered": "<p>..."}, {"$date": ...}.
_TEXT_KEYS = ("text", "rendered", "main", "value", "full", "body", "content", "html", "#text", "$t", "_")
_NAME_KEYS = ("name", "display_name", "full_name", "title", "original", "text", "value", "domain", "#text")
_INNER_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": _TEXT_KEYS,
    "html": _TEXT_KEYS,
    "title": _TEXT_KEYS,
    "date": ("$date", "date", "published", "value", "text", "$numberLong", "#text"),
    "url": ("url", "href", "permalink", "canonical", "@id", "value", "text", "#text"),
    "outlet": _NAME_KEYS,
    "authors": _NAME_KEYS,
    "language": ("code", "iso", "name", "value", "#text"),
    "agency": _NAME_KEYS,
    "id": ("$oid", "@id", "value", "#text"),
}
_NAME_PARTS = (("first_name", "last_name"), ("given_name", "family_name"), ("first", "last"))
_WEAK_NAMES = frozenset({"name", "id", "uri", "uuid"})  # `user.name` is not the title
_NOTHING = frozenset({"", "nan", "null", "none", "n/a"})
_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://\S+\Z")
_PAGE_HEAD_CHARS = 2000
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 4
_MAX_PLANNED_KEYS = 200


class _Plan(NamedTuple):
    """For records with certain keys: per field the ways to its value, best first; and inner records."""

    paths: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Per field the names it goes by, the most preferred first. Made by `default` or `parse`."""

    names: tuple[tuple[str, tuple[str, ...]], ...]
    records: frozenset[str] = frozenset()
    mapped: frozenset[str] = frozenset()

    @staticmethod
    def default() -> FieldMap:
        """The names of `seeds/field_names.csv`."""
        return _default_map()

    @staticmethod
    def parse(mappings: Sequence[str]) -> FieldMap:
        """The default names, with `field=name` replacing those of its field.

        A name is a key of the record (case and punctuation do not matter) or a way into it with dots
        (`article.body`). The same field twice: the first that has a value counts. Raises InputError.
        """
        own: dict[str, list[str]] = {}
        for mapping in mappings:
            field, equals, name = (part.strip() for part in mapping.partition("="))
            if not equals or not name:
                raise InputError(f"--map {mapping}: write it as FIELD=NAME, for example --map text=story.")
            if field not in FIELDS:
                raise InputError(
                    f"--map {mapping}: there is no field {field!r}. Choose of {', '.join(FIELDS)}."
                )
            own.setdefault(field, []).append(name)
        base = _default_map()
        names = tuple((field, tuple(own.get(field, usual))) for field, usual in base.names)
        return FieldMap(names, base.records, frozenset(own))

    def has_text(self, keys: Iterable[str]) -> bool:
        """Whether records with these keys can have a text."""
        return any(field in ("text", "html") and paths for field, paths in self._plan(keys).paths)

    def fields_known(self, keys: Iterable[str]) -> int:
        """How many of the fields are found among the keys."""
        return sum(bool(paths) for _, paths in self._plan(keys).paths)

    def has_own_text(self, record: Mapping[str, Any]) -> bool:
        """Whether the record itself has a text, not just a summary or a record inside."""
        summaries = _summary_names()
        return any(
            len(path) == 1 and normal_name(path[0]) not in summaries and isinstance(record[path[0]], str)
            for field, paths in self._plan(record).paths
            if field in ("text", "html")
            for path in paths
            if path[0] in record
        )

    def find(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that are there and not empty, by canonical name; strings, `authors` also a list.

        A whole HTML page comes as `html`, everything else as `text`; never both. An id that is a web
        address (the guid of RSS, the uri of ninjs) is the `url` when there is no other.
        """
        found = self._found(record)
        if "url" not in found and "url" not in self.mapped and _WEB_ADDRESS.match(found.get("id", "")):
            found["url"] = found["id"]
        text, html = found.get("text"), found.get("html")
        if isinstance(text, str):
            found.pop("html", None)
            if _WHOLE_PAGE.search(text, 0, _PAGE_HEAD_CHARS):
                found["html"] = found.pop("text")
        elif isinstance(html, str) and not _WHOLE_PAGE.search(html, 0, _PAGE_HEAD_CHARS):
            found["text"] = found.pop("html")
        return found

    def _found(self, record: Mapping[str, Any], *, inner: bool = False) -> dict[str, Any]:
        plan = self._plan(record)
        found: dict[str, Any] = {}
        for field, paths in plan.paths:
            for path in paths:
                value = _value(field, _at(record, path))
                if value:
                    found[field] = value
                    break
        if not inner:
            for key in plan.records:
                part = record[key]
                if isinstance(part, Mapping):
                    for field, value in self._found(part, inner=True).items():
                        if field not in self.mapped:
                            found.setdefault(field, value)
        return found

    def _plan(self, keys: Iterable[str]) -> _Plan:
        names = tuple(keys)
        if len(names) > _MAX_PLANNED_KEYS or sum(map(len, names)) > _MAX_PLANNED_KEYS * 100:
            return _plan_of(self, names)
        return _cached_plan(self, names)


def normal_name(name: str) -> str:
    """The name without case and punctuation: `Pub-Date` is `pubdate`."""
    return "".join(filter(str.isalnum, name.casefold()))


def _kept_name(name: str) -> str:
    """The normal name; one with an underscore in front, as Elasticsearch writes `_source`, as it is."""
    return name.casefold() if name.startswith("_") else normal_name(name)


def names_text(keys: Iterable[str]) -> str:
    """Up to twelve keys for a message, long ones cut."""
    names = [_printable(key[:40]) for key in keys]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more if names else "none"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


@cache
def _rows() -> Mapping[str, tuple[str, ...]]:
    with NAMES_PATH.open(encoding="utf-8", newline="") as stream:
        rows = [(row["field"], _kept_name(row["name"])) for row in csv.DictReader(stream)]
    return {
        field: tuple(name for other, name in rows if other == field)
        for field in dict.fromkeys(field for field, _ in rows)
    }


@cache
def _default_map() -> FieldMap:
    rows = _rows()
    names = {field: rows.get(field, ()) for field in FIELDS}
    names["text"] += rows["summary"]
    return FieldMap(tuple(names.items()), frozenset(rows["record"]))


@cache
def _summary_names() -> frozenset[str]:
    return frozenset(_rows()["summary"])


def _plan_of(fields: FieldMap, keys: tuple[str, ...]) -> _Plan:
    by_name: dict[str, str] = {}
    for key in keys:
        by_name.setdefault(key.casefold() if key.casefold() in fields.records else normal_name(key), key)
    by_name.pop("", None)
    dotted = _dotted(fields, keys)
    paths = []
    for field, names in fields.names:
        ways: list[tuple[str, ...]] = []
        for name in names:
            known = by_name.get(_kept_name(name))
            if field in fields.mapped and name in keys:
                ways.append((name,))
            elif known is not None:
                ways.append((known,))
            elif field in fields.mapped and "." in name:
                ways.append(tuple(name.split(".")))
        if field not in fields.mapped:
            ways += [(key,) for key in dotted.get(field, ())]
        if ways:
            paths.append((field, tuple(ways)))
    return _Plan(tuple(paths), tuple(key for name, key in by_name.items() if name in fields.records))


_cached_plan = lru_cache(maxsize=256)(_plan_of)


def _dotted(fields: FieldMap, keys: tuple[str, ...]) -> dict[str, list[str]]:
    """Flattened records: `source.name` is the outlet's name, `index.link` a link."""
    field_of = {normal_name(name): field for field, names in reversed(fields.names) for name in names}
    found: dict[str, list[str]] = {}
    for key in keys:
        before, dot, last = key.rpartition(".")
        if not dot:
            continue
        outer, name = normal_name(before.rpartition(".")[2]), normal_name(last)
        if outer in field_of and last in _INNER_KEYS[field_of[outer]]:
            found.setdefault(field_of[outer], []).append(key)
        elif name in field_of and (
            outer in fields.records or (outer not in field_of and name not in _WEAK_NAMES)
        ):
            found.setdefault(field_of[name], []).append(key)
    return found


def _at(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = record
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _value(field: str, value: Any) -> str | list[str] | None:
    if isinstance(value, str):  # the usual case first
        return _clean(value)
    if field == "authors" and isinstance(value, list):
        return [author for item in value if (author := _string(field, item, _MAX_DEPTH))]
    if field in ("text", "html") and isinstance(value, list):
        return "\n\n".join(part for item in value if (part := _string(field, item, _MAX_DEPTH))) or None
    return _string(field, value, _MAX_DEPTH)


def _string(field: str, value: Any, depth: int) -> str | None:
    """The value as a string, taken out of the objects and lists around it; None when there is none."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, bool) or value is None or not depth:
        return None
    if isinstance(value, int):
        return str(value) if -(10**30) < value < 10**30 else None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else None
    if isinstance(value, list):
        return next((found for item in value if (found := _string(field, item, depth - 1))), None)
    if isinstance(value, Mapping):
        for key in _INNER_KEYS[field]:
            if key in value and (found := _string(field, value[key], depth - 1)):
                return found
        if field == "authors":
            parts = {normal_name(key): part for key, part in value.items() if isinstance(part, str)}
            for first, last in _NAME_PARTS:
                names = [_clean(parts.get(normal_name(name), "")) for name in (first, last)]
                if any(names):
                    return " ".join(filter(None, names))
    return None


def _clean(value: str) -> str | None:
    stripped = value.replace("\0", "").strip()
    if len(stripped) < 5 and stripped.casefold() in _NOTHING:
        return None
    try:
        stripped.encode()
    except UnicodeEncodeError:  # half of a character pair, as broken \\u escapes leave it
        stripped = _SURROGATES.sub("\ufffd", stripped)
    return stripped or None
