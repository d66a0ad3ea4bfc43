"""What the page says when there is no pass to show, and what helps."""

import json
import re

import pytest
from playwright.sync_api import Browser, Route, expect

from shared.handover.pages.page import REFUSAL_TITLE
from tests.browser.morning import Guest, Morning
from tests.browser.visitor import Visitor, visitor

STRANGER = "tomas.vesely@larkspur.example"


def test_too_early_says_when_to_come_back_and_gives_a_calendar_entry(person: Visitor, morning: Morning) -> None:
    """Before the window: day and time, a countdown, and an entry for the calendar without link or key."""
    guest = morning.early
    person.arrives(guest)
    person.sees("too-early")
    assert person.heading() == "Come back today at 16:00", "before the manager in Berlin goes home, by his own clock"
    assert re.search(r"\d+\nhours?\n\d+\nminutes?", person.page.get_by_role("timer").inner_text())
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="Add to my calendar").click()
    assert download.value.suggested_filename == "first-sign-in.ics"
    entry = download.value.path().read_bytes().decode()
    unfolded = entry.replace("\r\n ", "")
    assert "DTSTART:20300603T140000Z" in unfolded
    assert f"SUMMARY:First sign-in of {guest.hire.name}: collect the pass" in unfolded
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    assert unfolded.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0")
    assert guest.link.key not in unfolded
    assert "http" not in unfolded


def test_too_early_moves_on_by_itself(person: Visitor, morning: Morning) -> None:
    """When the countdown ends, the page asks again."""
    guest = morning.take_shared()
    person.page.clock.install()
    answer = {"state": "too-early", "now": "2030-06-03T05:29:00Z", "opensAt": "2030-06-03T05:30:00Z"}
    hours = {
        "who": "A",
        "zone": "Europe/Berlin",
        "validFrom": "2030-06-03T06:00:00Z",
        "validUntil": "2030-06-03T16:00:00Z",
    }
    person.page.route("**/state", lambda route: route.fulfill(status=200, json={**answer, **hours}))
    person.arrives(guest)
    person.sees("too-early")
    person.page.unroute("**/state")
    person.page.clock.fast_forward("01:05")
    person.sees("open")


def test_a_pass_in_the_making_appears_by_itself(person: Visitor, morning: Morning) -> None:
    """While the pass is being made the page looks again by itself, and shows the button when it is there."""
    person.arrives(morning.unmade)
    if morning.row(morning.unmade)["issued"] is None:
        person.sees("not-ready")
        assert "need do nothing" in person.words()
        morning.make_the_missing_pass()
    person.page.locator('section[data-screen="open"]').wait_for(state="visible", timeout=25_000)


def test_a_pass_that_has_ended(person: Visitor, morning: Morning) -> None:
    """Too late: a fresh pass is one button and one question away, and who can help is named."""
    person.arrives(morning.ended)
    person.sees("expired")
    assert "Its hours are over" in person.words()
    assert re.search(r"Until \w+ \d June 2030 at \d\d:\d\d you can make a fresh one here", person.words())
    assert person.page.locator('section:visible a[href^="mailto:it.desk@"]').count() == 1
    person.press("Make a fresh pass")
    person.sees("anew")
    assert person.heading() == f"Is {morning.ended.hire.name} signed in already?"
    person.press("Yes, signed in")
    person.sees("is-in")
    person.press("Back")
    person.sees("expired")
    assert morning.row(morning.ended)["reissues"] == []


def test_a_pass_that_did_not_work_is_made_anew_by_the_same_page(person: Visitor, morning: Morning) -> None:
    """Asked first whether the hire is in; then the page waits by itself, and shows another pass."""
    guest = morning.take()
    code = person.collects(guest)
    person.press("Cover")
    person.press("It did not work")
    person.sees("anew")
    person.press("No: make a fresh pass")
    person.sees("not-ready")
    assert "longer than it should" not in person.words()
    morning.made(guest)
    person.page.locator('section[data-screen="open"]').wait_for(state="visible", timeout=25_000)
    person.press("Show the pass")
    assert person.sees_pass() != code
    assert not person.holds(code)


def test_a_hire_who_was_withdrawn(person: Visitor, morning: Morning) -> None:
    """Called off: nothing to do."""
    person.arrives(morning.cancelled)
    person.sees("cancelled")
    assert morning.cancelled.hire.name in person.words()


def test_a_hire_who_has_signed_in(person: Visitor, morning: Morning) -> None:
    """Used: when they signed in; and who did not open the pass hears that somebody did, and whom to tell."""
    person.arrives(morning.used)
    person.sees("used")
    assert person.heading() == f"{morning.used.hire.name} signed in today at 08:01"
    assert "opened today at 07:31, and not in this browser" in person.words()
    assert person.page.locator('section:visible a[href^="mailto:it.desk@"]').count() == 1


def test_a_hire_who_cannot_be_planned_any_more(person: Visitor, morning: Morning) -> None:
    """An update from HR that cannot be: no fault of the manager's, and the desk knows."""
    person.arrives(morning.failed)
    person.sees("failed")
    assert person.heading() == f"There is no pass for {morning.failed.hire.name} yet"
    assert "the helpdesk has been told" in person.words()


def test_the_wrong_person_reads_the_words_of_a_dead_link(person: Visitor, morning: Morning) -> None:
    """A colleague with the link learns nothing: not even whether there is such a link."""
    guest = morning.take_shared()
    person.arrives(guest, STRANGER)
    person.sees("refused")
    wrong_person = person.words()
    assert person.heading() == REFUSAL_TITLE
    assert guest.hire.name not in wrong_person
    dead = Guest(guest.hire, guest.link, {"html": guest.mail["html"].replace(guest.link.key, "A" * 42 + "E")})
    person.opens_mail(dead)
    person.sees("refused")
    assert person.words() == wrong_person
    assert morning.row(guest)["claim"] is None


def test_another_account_is_one_button_away(person: Visitor, morning: Morning) -> None:
    """Who is signed in as somebody else signs in as himself, and the key is still there."""
    guest = morning.take_shared()
    person.arrives(guest, STRANGER)
    person.press("Use another account")
    person.sees("sign-in")
    person.signs_in(guest.hire.manager)
    person.sees("open")


def test_opened_already_in_another_browser(person: Visitor, browser: Browser, morning: Morning) -> None:
    """The second browser is told when the pass was opened, is shown nothing, and knows whom to tell."""
    guest = morning.take()
    code = person.collects(guest)
    with visitor(browser) as other:
        other.arrives(guest)
        other.sees("elsewhere")
        assert re.fullmatch(r"Opened already today at \d\d:\d\d", other.heading())
        assert "Was it not you?" in other.words()
        assert other.page.locator("section:visible a").get_attribute("href") == (
            f"mailto:it.desk@larkspur.example?subject=First%20sign-in%2C%20reference%20{guest.link.onboarding}"
        )
        assert not other.holds(code)


def test_two_browsers_press_at_once_and_one_is_shown_the_pass(
    person: Visitor, browser: Browser, morning: Morning
) -> None:
    """Both see the button; whoever presses second is told that it was opened."""
    guest = morning.take()
    person.arrives(guest)
    with visitor(browser) as other:
        other.arrives(guest)
        other.sees("open")
        person.press("Show the pass")
        person.sees_pass()
        other.press("Show the pass")
        other.sees("elsewhere")


def test_a_key_lost_on_the_way_is_said_plainly(person: Visitor, morning: Morning) -> None:
    """Signing in that ends in a new window without the key: signed in, and back to the mail."""
    guest = morning.take_shared()
    person.arrives(guest)
    person.sees("open")
    other_window = person.context.new_page()
    other_window.goto(guest.link.url.split("#")[0])
    person.sees("no-key", other_window)
    assert "You are signed in." in other_window.locator("main").inner_text()
    person.opens_mail(guest, other_window)
    person.sees("open", other_window)


def test_a_key_lost_before_signing_in(person: Visitor, morning: Morning) -> None:
    """Without key and without sign-in the page does not claim that anybody is signed in."""
    person.page.goto(morning.amelie.link.url.split("#")[0])
    person.sees("no-key")
    assert "You are signed in" not in person.words()


@pytest.mark.parametrize(
    ("status", "body", "screen"),
    [
        (409, {"type": "urn:day-one-pass:problem:seal-broken"}, "broken"),
        (503, {"type": "urn:day-one-pass:problem:storage-unavailable"}, "fault"),
        (500, None, "fault"),
    ],
)
def test_the_apps_own_troubles(person: Visitor, morning: Morning, status: int, body: object, screen: str) -> None:
    """A broken seal needs a fresh link; storage that is down and a crash pass by themselves."""

    def fails(route: Route) -> None:
        route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(body) if body else "")

    person.page.route("**/state", fails)
    person.arrives(morning.take_shared())
    person.sees(screen)
    person.page.unroute("**/state")
    if screen == "fault":
        # Nobody has pressed anything: the page tries again by itself.
        person.page.locator('section[data-screen="open"]').wait_for(state="visible", timeout=10_000)


def test_offline_loses_nothing(person: Visitor, morning: Morning) -> None:
    """In a tunnel the page says so; out of it, it goes on by itself and the pass is fetched with one tap."""
    guest = morning.take()
    person.arrives(guest)
    person.sees("open")
    person.context.set_offline(True)
    person.press("Show the pass")
    expect(person.page.get_by_role("heading", name="You are offline")).to_be_visible()
    person.context.set_offline(False)
    person.sees("open")
    person.press("Show the pass")
    person.sees_pass()


def test_an_answer_that_was_lost_on_the_way_is_fetched_again(person: Visitor, morning: Morning) -> None:
    """The claim was made and its answer never arrived: the same browser gets the pass with one tap more."""
    guest = morning.take()
    person.arrives(guest)
    person.sees("open")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    person.page.route("**/reveal", lose)
    person.press("Show the pass")
    person.sees("fault")
    assert morning.row(guest)["claim"] is not None
    person.page.unroute("**/reveal")
    person.sees("covered")
    person.press("Show the pass again")
    person.sees_pass()
