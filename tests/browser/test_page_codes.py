"""A hire with a link of his own and a phone, and a code that his manager tells him."""

import re
from datetime import timedelta

from playwright.sync_api import Browser

from shared.handover.keys.pickup import PAUSES
from tests.browser.conftest import leaked
from tests.browser.morning import Guest, Morning
from tests.browser.visitor import Visitor, visitor

WRONG = "bbbb cccc"
OLU = "olu.bakare@larkspur.example"


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
    with visitor(browser) as manager:
        has_both_made_anew(manager, morning, guest)
        leaked(manager, morning)


def has_both_made_anew(manager: Visitor, morning: Morning, guest: Guest) -> None:
    """From the mail about the lock to a fresh link and code: by the manager's sign-in alone, and with one press."""
    morning.world.run_timer("sweep")
    mails = morning.company.mails(guest.hire.manager_mail)
    locked = next(mail for mail in mails if guest.hire.name in mail["subject"] and "code any more" in mail["subject"])
    manager.page.set_content(locked["html"])
    manager.page.get_by_role("link", name="Have a fresh code made").click()
    begins(manager, "sign-in")
    manager.signs_in(OLU)
    begins(manager, "refused")
    manager.page.context.clear_cookies()
    manager.page.reload()
    manager.signs_in(guest.hire.manager)
    begins(manager, "locked")
    assert morning.row(guest)["fresh_codes"] == 0, "looking changes nothing"
    manager.press("Make a fresh link and code")
    begins(manager, "on-its-way")
    morning.world.wait_idle()
    manager.page.reload()
    begins(manager, "not-locked")
    assert morning.row(guest)["fresh_codes"] == 1
    fresh = morning.company.code(guest.hire.manager_mail, guest.hire)
    assert fresh not in {"", guest.code}
    assert not manager.holds(fresh)


def begins(person: Visitor, screen: str) -> None:
    """See a new screen, on a phone and on a desktop, with the reader's focus on its heading."""
    person.sees_well(screen)
    assert person.page.locator("h1:visible").evaluate("each => each === document.activeElement")
