"""The digest of those who start: whoever needs somebody comes first, and nothing of it can be used by others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.handover.mails.starters import MOST_NAMED, Desk, Starter, starters_to_desk
from shared.websignin.readiness import Gap, Obstacle, State, Verdict, unready

START = datetime(2030, 6, 3, 7, tzinfo=UTC)
UNTIL = datetime(2030, 6, 3, 22, tzinfo=UTC)
DESK = Desk("desk@larkspur.example", "Europe/Berlin")
READY = Starter("Amélie Brandt", START, "Europe/Berlin", "Berlin", Verdict(State.READY), "")


def test_whoever_needs_somebody_comes_first() -> None:
    """Not ready, or a pass that waits; unknown, or not looked at; then those of whom nothing wrong is known."""
    starters = (
        READY,
        replace(READY, name="Prepared on the day", verdict=unready(Gap.NO_DEVICE_KNOWN)),
        replace(READY, name="Never looked", verdict=None),
        replace(READY, name="Waits", waits="manager-missing"),
        replace(READY, name="Gap", verdict=unready(Gap.PERMISSION_MISSING, "Device.Read.All")),
        replace(READY, name="Old", verdict=unready(Obstacle.BUILD_TOO_OLD, "10.0.22621.1")),
    )
    mail = starters_to_desk(starters, UNTIL, DESK)
    places = [
        mail.text.index(one)
        for one in ("Old ·", "Waits ·", "Gap ·", "Never looked ·", "Prepared on the day ·", "Amélie Brandt ·")
    ]
    assert places == sorted(places)
    assert mail.subject == "Who starts next: 6 people start, 4 need a look"
    assert "up to the end of Monday 3 June 2030" in mail.text
    assert "Ready. The pass waits: manager-missing." in mail.text
    assert "Unknown: permission-missing (Device.Read.All). The app lacks" in mail.text
    assert "Amélie Brandt · Berlin · Monday 3 June 2030, 09:00 (Europe/Berlin, UTC+02:00): Ready." in mail.text


def test_one_who_is_ready_is_told_calmly() -> None:
    """With no number that does not agree."""
    assert (
        starters_to_desk([READY], UNTIL, DESK).subject
        == "Who starts next: 1 person starts, nothing is known to be wrong"
    )
    old = replace(READY, verdict=unready(Obstacle.BUILD_TOO_OLD))
    assert starters_to_desk([old], UNTIL, DESK).subject == "Who starts next: 1 person starts, 1 needs a look"


def test_a_wave_is_counted_where_it_is_not_named() -> None:
    """Those who need somebody are named; the mail stays one that can be read."""
    old = replace(READY, name="Old", verdict=unready(Obstacle.BUILD_TOO_OLD))
    mail = starters_to_desk([READY] * 200 + [replace(old, starts_at=START + timedelta(hours=1))], UNTIL, DESK)
    assert mail.text.index("Old ·") < mail.text.index("Amélie")
    assert mail.text.count("Amélie Brandt ·") == MOST_NAMED - 1
    assert "141 more are not named here, and 0 of them need a look." in mail.text


def test_a_name_from_hr_is_harmless() -> None:
    """No markup, no link, no second line."""
    mail = starters_to_desk([replace(READY, name="<b>x</b>\nhttps://evil.example")], UNTIL, DESK)
    assert "<b>x" not in mail.html
    assert "https://evil.example" not in mail.text + mail.html
