"""Instants in words, and foreign text made harmless."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.wording import NO_NAME, clean, clock_time, day, name, period, plain, when

NEW_YORK_BEFORE = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "words"),
    [
        ("2026-11-30T07:00Z", "Europe/Berlin", "Monday 30 November 2026, 08:00 (Europe/Berlin, UTC+01:00)"),
        ("2026-07-01T07:00Z", "Europe/Berlin", "Wednesday 1 July 2026, 09:00 (Europe/Berlin, UTC+02:00)"),
        ("2027-01-01T02:00Z", "America/New_York", "Thursday 31 December 2026, 21:00 (America/New_York, UTC-05:00)"),
        ("2026-03-01T20:00Z", "Asia/Kolkata", "Monday 2 March 2026, 01:30 (Asia/Kolkata, UTC+05:30)"),
        ("2026-07-01T12:00Z", "America/St_Johns", "Wednesday 1 July 2026, 09:30 (America/St_Johns, UTC-02:30)"),
        ("2026-07-01T12:00Z", "Asia/Kathmandu", "Wednesday 1 July 2026, 17:45 (Asia/Kathmandu, UTC+05:45)"),
        ("2026-01-05T09:00Z", "Europe/London", "Monday 5 January 2026, 09:00 (Europe/London, UTC+00:00)"),
        ("2026-01-05T09:00Z", "UTC", "Monday 5 January 2026, 09:00 (UTC)"),
    ],
)
def test_an_instant_is_told_with_date_time_zone_and_offset(instant: str, zone: str, words: str) -> None:
    """Nobody has to guess the day, the zone or the season."""
    assert when(datetime.fromisoformat(instant), zone) == words


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    """In the night the clocks go back, the offset tells the two hours apart."""
    first, second = (when(NEW_YORK_BEFORE + timedelta(hours=h), "America/New_York") for h in (0, 1))
    assert first == "Sunday 1 November 2026, 01:30 (America/New_York, UTC-04:00)"
    assert second == "Sunday 1 November 2026, 01:30 (America/New_York, UTC-05:00)"


def test_a_period_names_the_day_once() -> None:
    """Within one day and offset, date and zone are told once."""
    start = datetime(2026, 11, 30, 7, tzinfo=UTC)
    assert (
        period(start, start + timedelta(hours=10), "Europe/Berlin")
        == "Monday 30 November 2026, 08:00 to 18:00 (Europe/Berlin, UTC+01:00)"
    )


@pytest.mark.parametrize(
    ("start", "hours", "zone"),
    [(datetime(2026, 11, 30, 20, tzinfo=UTC), 10, "Europe/Berlin"), (NEW_YORK_BEFORE, 4, "America/New_York")],
    ids=["over midnight", "over a change of the clocks"],
)
def test_a_period_over_a_border_is_told_in_full(start: datetime, hours: int, zone: str) -> None:
    """Where day or offset changes, both ends are whole."""
    end = start + timedelta(hours=hours)
    assert period(start, end, zone) == f"{when(start, zone)} to {when(end, zone)}"


def test_day_and_time_are_local() -> None:
    """Parts of an instant are told in the zone too."""
    late = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)
    assert day(late, "Asia/Tokyo") == "Tuesday 1 December 2026"
    assert clock_time(late, "Asia/Tokyo") == "08:05"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna\r\nBcc: evil@x", "Anna Bcc: evil@x"),
        ("Anna\u2028\u2029\x85\x0b\x00Berg", "Anna Berg"),
        ("\u202eanna\u202c\u2066x\u2069\u200f\u200e\u061c", "annax"),
        ("An\u00adna\ufeff\u200b\u2060", "Anna"),
        ("\U000e0041\U000e0042Anna", "Anna"),
        ("Anna\ud800", "Anna"),
        ("  Anna \t\u3000 Berg ", "Anna Berg"),
        ("e\u0301" + "\u0301" * 50 + "x", "é" + "\u0301" * 4 + "x"),
        ("山田 太郎", "山田 太郎"),
        ("محمد علی\u200cپور", "محمد علی\u200cپور"),
        ("O'Brien-Łuk & Sons", "O'Brien-Łuk & Sons"),
    ],
)
def test_foreign_text_is_cleaned_and_otherwise_kept(text: str, shown: str) -> None:
    """What bends a line, hides or turns text goes; names of the world stay as they are."""
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("www.evil.example", "www. evil. example"),
        ("https://10.0.0.1/x", "https: //10. 0. 0. 1/x"),
        ("http://evil/x", "http: //evil/x"),
        ("a@evil.example", "a@evil. example"),
        ("evil\u3002example", "evil\u3002 example"),
        ("evil.\u200bexample", "evil. example"),
        ("J.R. Ewing jr.", "J. R. Ewing jr."),
    ],
)
def test_a_name_in_a_mail_is_never_a_link(text: str, shown: str) -> None:
    """No client makes a link of what stood in a name."""
    assert plain(text) == shown


@pytest.mark.parametrize("empty", ["", "  ", "\u202e", "\u200d", "\r\n"])
def test_a_name_is_never_empty(empty: str) -> None:
    """A sentence about somebody without a name still reads."""
    assert name(empty) == NO_NAME


def test_long_text_is_cut() -> None:
    """No name fills the screen; huge ones cost nothing."""
    assert plain("x" * 500, 20) == "x" * 19 + "…"
    assert len(plain("." + "a.b" * 1_000_000, 50)) <= 50


@given(text=st.text(alphabet=st.characters(), max_size=200), limit=st.integers(2, 150))
def test_clean_and_plain_text_keep_their_promise(text: str, limit: int) -> None:
    """Whatever comes in, one printable line within the limit comes out, and cleaning it again changes nothing."""
    for made in (clean(text, limit), plain(text, limit)):
        assert len(made) <= limit
        assert not any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs", "Cn", "Co"} for char in made)
        assert not any(
            unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
            for char in made
        )
        assert made == made.strip(" ")
        assert "://" not in plain(text, limit)
