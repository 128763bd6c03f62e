"""Public holidays by place: a country, or one of its parts, as ISO 3166 names them (`DE`, `DE-BY`, `US-CA`).

The tables are those of the library `holidays`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

from domain.kit.naming import nearest


def free_days(places: Iterable[str], first: date, last: date) -> frozenset[date]:
    """The public holidays of all these places, in the years of these days. An unknown place has none."""
    years = range(first.year, last.year + 1)
    return frozenset(day for place in places for year in years for day in _of_year(place, year))


def problem_with(place: str) -> tuple[str, str] | None:
    """What is wrong with the name of a place, and the remedy; None: nothing."""
    country, _, part = place.partition("-")
    if country not in _parts():
        near = nearest(place, _parts())
        names = "write a country such as DE or US, or a part of one such as DE-BY"
        return f"no public holidays are known for {place!r}", f"did you mean {near!r}?" if near else names
    if part and part not in _parts()[country]:
        known = [f"{country}-{one}" for one in _parts()[country]]
        near = nearest(place, known)
        remedy = f"did you mean {near!r}?" if near else f"write {country!r} for the holidays of the whole country"
        return f"no public holidays are known for {place!r}", remedy
    return None


@cache
def _parts() -> Mapping[str, Sequence[str]]:
    from holidays.utils import list_supported_countries

    return {country: parts for country, parts in list_supported_countries().items() if len(country) == 2}


@lru_cache(maxsize=1_000)
def _of_year(place: str, year: int) -> tuple[date, ...]:
    from holidays import country_holidays

    if problem_with(place):
        return ()
    country, _, part = place.partition("-")
    return tuple(sorted(country_holidays(country, subdiv=part or None, years=year)))
