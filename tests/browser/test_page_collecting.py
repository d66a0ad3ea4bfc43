"""The manager's way in a real browser: from the mail to the pass, and back to it as long as it is needed."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from sandbox.http import call
from tests.browser.conftest import leaked
from tests.browser.morning import WORKS, Guest, Morning
from tests.browser.visitor import DESKTOP, PHONE, Visitor, visitor


def lock_screen(morning: Morning, guest: Guest, code: str) -> bool:
    """Type the pass at the hire's computer."""
    return bool(morning.company.sign_in(guest.hire, code)["signedIn"])


def test_from_the_mail_to_the_desktop_and_through_the_reboot(person: Visitor, morning: Morning) -> None:
    """One link, one sign-in, one button: the pass works, is looked at again after the reboot, and ends."""
    guest = morning.amelie
    person.comes_from_mail(guest)
    person.press("Show the pass")
    code = person.sees_pass()
    assert person.heading() == f"The pass for {guest.hire.name}"
    morning.be(WORKS)
    morning.world.run_timer("sweep")
    assert lock_screen(morning, guest, code)
    morning.company.reboot(guest.hire)
    person.hides_the_page()
    person.sees("covered")
    person.comes_back()
    person.press("Show the pass again")
    assert person.sees_pass() == code
    assert lock_screen(morning, guest, code)
    person.press("They are in")
    person.sees("sure")
    person.press("Yes, they are in")
    person.sees("done")
    assert morning.row(guest)["issued"]["sealed"] is None
    assert not person.holds(code)


def test_the_key_leaves_the_address_before_anything_is_sent(person: Visitor, morning: Morning) -> None:
    """What the address bar, the history and the first request show has no key in it."""
    guest = morning.take_shared()
    person.opens_mail(guest)
    person.sees("sign-in")
    assert person.page.url == guest.link.url.split("#")[0]
    assert person.page.evaluate("history.length") == 2
    person.signs_in(guest.hire.manager)
    person.sees("open")
    posted = [request for request in person.requests if request.method == "POST"]
    assert posted
    assert {request.headers.get("referer", "") for request in posted} == {""}
    assert all(guest.link.key not in request.url for request in posted)


def test_looking_changes_nothing(person: Visitor, morning: Morning) -> None:
    """Until the one button is pressed, opening the page and reloading it claims nothing."""
    guest = morning.take_shared()
    person.arrives(guest)
    person.sees("open")
    person.page.reload()
    person.sees("open")
    assert morning.row(guest)["claim"] is None


def test_the_pass_copies_bare(browser: Browser, morning: Morning) -> None:
    """Groups are drawn and not written: the button and a selection by hand both give the pass and nothing else."""
    guest = morning.take()
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as person:
        person.arrives(guest)
        person.press("Show the pass")
        person.sees("shown")
        person.press("Copy")
        expect(person.page.locator("#copied")).to_have_text("Copied")
        by_button = person.page.evaluate("navigator.clipboard.readText()")
        person.page.evaluate("navigator.clipboard.writeText('')")
        person.page.locator("#pass").click()
        person.page.keyboard.press("Control+c")
        by_hand = person.page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(r"\S{8,48}", by_button)
        assert by_hand == by_button
        groups = person.page.locator("#pass > span")
        left = groups.evaluate_all("found => found.map(each => [...each.textContent].length)")
        assert left[:2] == [4, 4]
        gap = person.page.evaluate(
            """(([left, right]) => right.getBoundingClientRect().left - left.getBoundingClientRect().right)(
                document.querySelectorAll("#pass > span"))"""
        )
        assert gap > 5
        morning.be(WORKS)
        assert lock_screen(morning, guest, by_button)


def test_a_page_that_is_hidden_holds_no_pass(person: Visitor, morning: Morning) -> None:
    """Switching to another app covers the pass and takes it out of the document, and one tap brings it back."""
    guest = morning.take()
    code = person.collects(guest)
    person.hides_the_page()
    person.sees("covered")
    assert not person.holds(code)
    person.comes_back()
    person.sees("covered")
    person.press("Show the pass again")
    assert person.sees_pass() == code


def test_an_answer_that_comes_to_a_hidden_page_is_not_shown(person: Visitor, morning: Morning) -> None:
    """Whoever switches away while the pass is on its way finds it covered."""
    guest = morning.take()
    person.arrives(guest)
    person.sees("open")
    person.page.route("**/reveal", lambda route: (person.hides_the_page(), route.continue_()))
    person.press("Show the pass")
    person.sees("covered")
    person.comes_back()
    person.page.unroute("**/reveal")
    person.press("Show the pass again")
    person.sees_pass()


def test_after_five_minutes_the_pass_is_covered(person: Visitor, morning: Morning) -> None:
    """A phone left on the table shows the pass for five minutes, not longer."""
    guest = morning.take()
    person.page.clock.install()
    code = person.collects(guest)
    person.page.clock.fast_forward("04:50")
    assert person.sees_pass() == code
    person.page.clock.fast_forward("00:15")
    person.sees("covered")
    assert not person.holds(code)


def test_closing_the_page_and_tapping_the_link_again_is_looking_again(person: Visitor, morning: Morning) -> None:
    """The browser that opened the pass may look again from the mail, until when is said; then it is over."""
    guest = morning.take()
    code = person.collects(guest)
    person.page.close()
    person.page = person.context.new_page()
    person.opens_mail(guest)
    person.sees("covered")
    assert re.search(r"until \d\d:\d\d", person.words())
    person.press("Show the pass again")
    assert person.sees_pass() == code
    row = morning.row(guest)
    morning.be(row["issued"]["valid_from"])
    morning.later(timedelta(minutes=92))
    person.press("Cover")
    person.press("Show the pass again")
    person.sees("over")
    assert not person.holds(code)


def test_the_hours_are_told_in_both_zones_and_counted_down(browser: Browser, morning: Morning) -> None:
    """A manager in Denver reads the hours of the hire's site and his own; one in Berlin reads them once."""
    guest = morning.take_shared()
    with visitor(browser, timezone_id="America/Denver", viewport=DESKTOP) as person:
        person.arrives(guest)
        person.sees("open")
        assert "Monday 3 June 2030, 08:00 to 18:00" in person.words()
        assert "Europe/Berlin, UTC+02:00" in person.words()
        assert "Where you are: 00:00 to 10:00 (UTC-06:00)" in person.words()
        live = person.page.locator("section:visible .live")
        before = live.inner_text()
        assert re.search(r"in \d+ min|left", before)
    with visitor(browser) as person:
        person.arrives(guest)
        person.sees("open")
        assert "Where you are" not in person.words()


def test_the_countdown_runs_on_the_servers_clock(person: Visitor, morning: Morning) -> None:
    """The browser's own clock is years away here: what is counted is the time until the hours of the hire."""
    guest = morning.take_shared()
    person.arrives(guest)
    person.sees("open")
    live = person.page.locator("section:visible .live")
    answer = morning.company.ask(guest.link, "state", morning.company.token(guest.hire.manager)).json()
    assert answer["now"] < answer["validUntil"]
    if answer["now"] < answer["validFrom"]:
        assert re.search(r"from 08:00: in \d\d? min \d\d? s", live.inner_text())
    else:
        assert re.search(r"now: \d h \d+ min left", live.inner_text())


@pytest.mark.parametrize("size", [PHONE, DESKTOP, {"width": 320, "height": 568}], ids=["phone", "desktop", "small"])
def test_nothing_is_wider_than_the_screen(browser: Browser, morning: Morning, size: dict[str, int]) -> None:
    """On small and usual phones and a desktop nothing is scrolled sideways, and buttons are big enough to hit."""
    guest = morning.take()
    with visitor(browser, viewport=size) as person:
        person.arrives(guest)
        for button, screen in (
            (None, "open"),
            ("Show the pass", "shown"),
            ("Read it out", "tell"),
            ("They are ready: read it out", "spell"),
        ):
            if button:
                person.press(button)
            person.sees(screen)
            assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
            small = person.page.locator("button:visible").evaluate_all(
                "found => found.filter(each => each.offsetHeight < 44).length"
            )
            assert small == 0, screen
        leaked(person, morning)


def test_the_pass_is_not_printed(person: Visitor, morning: Morning) -> None:
    """On paper there is no pass."""
    person.collects(morning.take())
    person.page.emulate_media(media="print")
    expect(person.page.locator("#pass")).to_be_hidden()


def test_the_page_is_the_same_for_every_id(person: Visitor, morning: Morning) -> None:
    """GET gives the same bytes for a real link and one that never was, small, and under a strict policy."""
    real = call("GET", f"{morning.world.app}/pass/{morning.amelie.link.onboarding}")
    never = call("GET", f"{morning.world.app}/pass/{'0' * 25}")
    assert real.body == never.body
    assert len(real.body) < 60_000
    assert "sha256-" in real.headers["content-security-policy"]
    person.page.goto(f"{morning.world.app}/pass/{'0' * 25}")
    person.sees("no-key")
