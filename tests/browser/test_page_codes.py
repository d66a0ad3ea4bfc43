"""A hire with a link of his own and a phone, and a code that his manager tells him."""

import re
from datetime import timedelta

from playwright.sync_api import Browser

from shared.handover.pickup import PAUSES
from tests.browser.conftest import leaked
from tests.browser.morning import Morning
from tests.browser.visitor import Visitor, visitor

WRONG = "bbbb cccc"


def test_from_the_mail_and_the_code_to_the_pass_and_back(person: Visitor, morning: Morning) -> None:
    """One field and one button; then the page is the hire's, asks for no sign-in, and forgets the code."""
    guest = morning.with_code
    person.opens_mail(guest)
    person.sees("code")
    assert [request for request in person.requests if request.method == "POST"] == [], (
        "nothing is asked before the code"
    )
    # A scanner that runs the script presses what nobody sees, too.
    person.page.evaluate("for (const each of document.querySelectorAll('button:not([data-act^=sign])')) each.click()")
    person.page.reload()
    person.sees("code")
    assert morning.row(guest)["delivery"]["pickup"]["wrong"] == 0
    field = person.page.get_by_label("Pick-up code")
    wanted = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false", "type": "text"}
    assert {name: field.get_attribute(name) for name in wanted} == wanted
    assert field.evaluate("found => found === document.activeElement")
    assert person.faults() == []
    person.types("the code")
    assert "No code has a digit, a vowel, L or Y" in person.words()
    person.types(guest.code[:6])
    assert "this has 5" in person.words()
    person.types(f" {guest.code.lower().replace('-', ' – ')} ")
    person.sees("open")
    assert person.heading() == "Your pass"
    assert "when you sit at the new computer" in person.words()
    person.press("Show the pass")
    code = person.sees_pass()
    assert not person.page.get_by_role("button", name="Read it out").is_visible()
    assert not person.holds(guest.code)
    person.opens_mail(guest)
    person.sees("covered")
    person.press("Show the pass again")
    assert person.sees_pass() == code
    person.press("I am in")
    assert person.heading() == "Do you see the desktop?"
    person.press("Yes, I am in")
    person.sees("done")
    assert morning.row(guest)["claim"]["by"] == morning.row(guest)["subject"]["id"]
    stored = person.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert not re.search(guest.code.replace("-", "-?"), stored, re.IGNORECASE)


def test_wrong_codes_cost_a_pause_and_a_try_and_five_of_them_the_link(browser: Browser, morning: Morning) -> None:
    """How long to wait, how many tries are left at most, and in the end what to do; a reload forgets none of it."""
    guest = morning.locked
    with visitor(browser, color_scheme="dark") as person:
        person.page.clock.install()
        person.opens_mail(guest)
        for left, pause in zip((4, 3, 2, 1), PAUSES, strict=True):
            person.sees("code")
            person.types(WRONG)
            person.page.get_by_text(f"At most {f'{left} tries are' if left > 1 else 'one try is'} left.").wait_for()
            minutes, seconds = divmod(int(pause.total_seconds()), 60)
            wait = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
            assert f"Wait {wait}, then try again." in person.words()
            assert person.page.get_by_role("button", name="Go on").is_disabled()
            assert left < 4 or person.faults() == []
            person.page.clock.fast_forward(int(pause.total_seconds() + 1) * 1000)
            morning.later(pause + timedelta(seconds=1))
        person.types(WRONG)
        person.sees("locked")
        assert person.faults() == []
        assert "Call your manager" in person.words()
        person.page.reload()
        person.sees("locked")
        stored = morning.row(guest)["delivery"]["pickup"]
        assert (stored["wrong"], stored["visit"]) == (5, "")
        leaked(person, morning)
