"""The working days of a place, from settings and from the package `holidays`, as plain dates.

The package is imported where a place names a country, and nowhere else: it loads all of its countries at once, a
fifth of a second and eleven megabytes. Its holidays are the public ones that all people of a country or subdivision
have; half holidays, bank holidays and days off for parts of the people count as worked.
"""

from datetime import date
from functools import cache
from typing import Any

from shared.planning.workdays import SATURDAY_AND_SUNDAY, WorkWeek


class UnknownPlaceError(ValueError):
    """No holidays are known for a country or subdivision. The text says what to do, and repeats no value."""


def check_place(country: str, subdivision: str | None) -> None:
    """Check that holidays are known.

    Raises:
        UnknownPlaceError: they are not.
    """
    _place(country, subdivision)


def work_week(
    country: str | None,
    subdivision: str | None,
    year: int,
    company_days: frozenset[date] = frozenset(),
    weekend: frozenset[int] | None = None,
) -> WorkWeek:
    """Return the working days around a year: its own holidays, those of the years beside it, and the company's own.

    `weekend` is the country's where it is None. A country whose weekend changes with the years has its present one.
    """
    if country is None:
        return WorkWeek(SATURDAY_AND_SUNDAY if weekend is None else weekend, company_days)
    usual, public = _known(country, subdivision, year)
    return WorkWeek(usual if weekend is None else weekend, public | company_days)


@cache
def _known(country: str, subdivision: str | None, year: int) -> tuple[frozenset[int], frozenset[date]]:
    place = _place(country, subdivision, range(year - 1, year + 2))
    return frozenset(place.weekend), frozenset(place)


def _place(country: str, subdivision: str | None, years: range | None = None) -> Any:
    from holidays import country_holidays  # noqa: PLC0415 - as said above

    try:
        place = country_holidays(country)
    except NotImplementedError:
        raise UnknownPlaceError(
            "no holidays are known for the country; correct it (two letters, such as DE), "
            "or leave it out and list the days under holidays"
        ) from None
    if subdivision is None:
        return country_holidays(country, years=years)
    try:
        return country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError:
        known = ", ".join(place.subdivisions) or "none"
        raise UnknownPlaceError(f"the country has no such subdivision; known are: {known}") from None
