"""The working days of places, by country, subdivision and the company's own word."""

import subprocess
import sys
from datetime import date

import pytest

from shared.runtime.places import UnknownPlaceError, check_place, work_week

WHIT_MONDAY = date(2030, 6, 10)


def test_public_holidays_are_those_of_the_country_and_its_subdivision() -> None:
    """Whit Monday is free in all Germany, Epiphany in Bavaria; the years beside it are known, too."""
    berlin, bavaria = work_week("DE", "BE", 2030), work_week("DE", "BY", 2030)
    assert not berlin.is_worked(WHIT_MONDAY)
    assert berlin.is_worked(date(2031, 1, 6))
    assert not bavaria.is_worked(date(2031, 1, 6))
    assert berlin.before(date(2030, 1, 2)) == date(2029, 12, 31)


@pytest.mark.parametrize(
    ("country", "weekend"),
    [
        ("EG", {4, 5}), ("JO", {4, 5}), ("SA", {4, 5}), ("DZ", {4, 5}), ("KW", {4, 5}), ("QA", {4, 5}),
        ("IL", {4, 5}), ("BD", {4, 5}), ("MV", {4, 5}), ("AE", {5, 6}), ("TR", {5, 6}), ("DE", {5, 6}),
        ("IR", {4}), ("BN", {4, 6}), ("HK", {6}), (None, {5, 6}),
    ],
)  # fmt: skip
def test_weekends_are_the_countrys(country: str | None, weekend: set[int]) -> None:
    """Friday and Saturday in much of the Middle East, one day in some places, and Saturday and Sunday elsewhere."""
    assert work_week(country, None, 2030).weekend == weekend


def test_the_company_adds_days_and_may_have_another_weekend() -> None:
    """What settings say of a place comes on top of what its country has."""
    week = work_week("MY", "KTN", 2030, frozenset({date(2030, 6, 4)}), frozenset({4, 5}))
    assert week.is_worked(date(2030, 6, 9))
    assert not week.is_worked(date(2030, 6, 7))
    assert not week.is_worked(date(2030, 6, 4))
    assert work_week(None, None, 2030, frozenset({date(2030, 6, 4)})).after(date(2030, 6, 3)) == date(2030, 6, 5)


@pytest.mark.parametrize(
    ("country", "subdivision", "says"), [("XX", None, "two letters"), ("DE", "ZZ", "known are: BB")]
)
def test_an_unknown_place_says_what_to_do(country: str, subdivision: str | None, says: str) -> None:
    """A wrong letter in settings must not be a calendar without holidays."""
    with pytest.raises(UnknownPlaceError, match=says):
        check_place(country, subdivision)


def test_the_calendars_are_loaded_only_where_a_place_names_a_country() -> None:
    """All countries come in with the first: an app whose sites name none never pays for them."""
    code = (
        "import sys; from shared.runtime.places import work_week; import shared.runtime.settings.loading;"
        "work_week(None, None, 2030); print('holidays' in sys.modules);"
        "work_week('DE', None, 2030); print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
