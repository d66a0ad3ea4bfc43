"""Reading aloud, keyboards, screen readers, the back button: what people do with a page besides looking at it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import leaked
from tests.browser.morning import Morning
from tests.browser.visitor import DESKTOP, PHONE, Visitor, visitor

SPOKEN = {
    "capital letter": re.compile(r"[A-Z][a-z-]+"),
    "small letter": re.compile(r"[a-z-]+"),
    "digit": re.compile(r"zero|one|two|three|four|five|six|seven|eight|nine"),
    "sign": re.compile(r"[a-z].+"),
}
PERSISTED = "addEventListener('pageshow', event => { window.persisted = event.persisted; });"


def spelled(person: Visitor) -> tuple[str, str, str]:
    """Return kind, glyph and word of the character that is being read out."""
    kind, glyph, word = (
        person.page.locator(f'section:visible [data-fill="{name}"]').inner_text() for name in ("kind", "glyph", "word")
    )
    return kind, glyph, word


def test_read_it_out_one_character_at_a_time(person: Visitor, morning: Morning) -> None:
    """First whom to call and what they have to hear, then each character in words, case and signs said."""
    guest = morning.take()
    code = person.collects(guest)
    person.press("Read it out")
    person.sees("tell")
    for said in ("on a number you already know", "See or hear", "Never send", "the globe", guest.hire.upn):
        assert said in person.words()
    person.press("They are ready: read it out")
    read = ""
    for position in range(len(code)):
        person.sees("spell")
        assert "number you already know" in person.words()
        assert f"Character {position + 1} of {len(code)}" in person.words()
        kind, glyph, word = spelled(person)
        assert SPOKEN[kind].fullmatch(word), (kind, word)
        if kind.endswith("letter"):
            assert (word[0], glyph.isupper()) == (glyph, kind.startswith("capital"))
        assert code not in person.page.content()
        read += glyph
        person.page.locator("#next").click()
    assert read == code
    person.sees("read")
    assert not person.holds(code)
    person.press("Read it out again")
    person.press("Back")
    person.sees("tell")


def test_what_is_read_out_cannot_be_copied(browser: Browser, morning: Morning) -> None:
    """Select all and copy gives nothing there."""
    with visitor(browser, permissions=["clipboard-read", "clipboard-write"]) as person:
        person.collects(morning.take())
        person.press("Read it out")
        person.press("They are ready: read it out")
        person.page.evaluate("navigator.clipboard.writeText('before')")
        person.page.keyboard.press("Control+a")
        person.page.keyboard.press("Control+c")
        assert person.page.evaluate("navigator.clipboard.readText()") == "before"


def test_switching_to_the_dialler_goes_on_where_it_was(person: Visitor, morning: Morning) -> None:
    """The page is covered while the phone is dialled, and goes on at the same character with one tap."""
    person.collects(morning.take())
    person.press("Read it out")
    person.press("They are ready: read it out")
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.press("ArrowRight")
    third = spelled(person)
    person.hides_the_page()
    person.sees("covered")
    assert person.page.locator('[data-fill="glyph"]').text_content() == ""
    person.comes_back()
    person.press("Go on reading at character 3")
    person.sees("spell")
    assert spelled(person) == third


def test_the_keyboard_alone_is_enough(browser: Browser, morning: Morning) -> None:
    """Sign in, show, read out, cover, show again and end, without a pointer; the focus is always to be seen."""
    guest = morning.take()
    with visitor(browser, viewport=DESKTOP) as person:
        person.opens_mail(guest)
        person.sees("sign-in")
        person.page.keyboard.press("Tab")
        outline = person.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert (focused(person.page), outline) == ("Sign in", "solid")
        person.page.keyboard.press("Enter")
        person.page.wait_for_url("**/login?**")
        person.page.goto(f"{person.page.url}&user={guest.hire.manager}")
        for screen, button in (
            ("open", "Show the pass"), ("shown", "Read it out"), ("tell", "They are ready: read it out"),
            ("spell", "See the whole pass"), ("shown", "Cover"), ("covered", "Show the pass again"),
            ("shown", "They are in"), ("sure", "Yes, they are in"),
        ):  # fmt: skip
            person.sees(screen)
            tab_to(person.page, button)
            person.page.keyboard.press("Enter")
        person.sees("done")
        leaked(person, morning)


def test_a_new_screen_begins_at_its_heading(person: Visitor, morning: Morning) -> None:
    """A screen reader hears the new screen's heading, for the focus goes there."""
    person.arrives(morning.take_shared())
    person.sees("open")
    assert person.page.evaluate("document.activeElement.tagName") == "H1"


@pytest.mark.parametrize(("looks", "size"), [("light", PHONE), ("dark", DESKTOP)], ids=["phone-light", "desktop-dark"])
def test_axe_finds_nothing(browser: Browser, morning: Morning, looks: Any, size: Any) -> None:
    """Contrast, names, roles and order hold on every screen of the page."""
    guest = morning.take()
    with visitor(browser, viewport=size, color_scheme=looks) as person:
        faults: dict[str, list[str]] = {}

        def look(screen: str) -> None:
            person.sees(screen)
            faults[screen] = person.faults()

        person.opens_mail(guest)
        look("sign-in")
        person.signs_in("tomas.vesely@larkspur.example")
        look("refused")
        person.press("Use another account")
        person.sees("sign-in")
        person.signs_in(guest.hire.manager)
        look("open")
        for button, screen in (
            ("Show the pass", "shown"), ("Read it out", "tell"), ("They are ready: read it out", "spell"),
            ("See the whole pass", "shown"), ("Cover", "covered"), ("They are in", "sure"),
            ("Yes, they are in", "done"),
        ):  # fmt: skip
            person.press(button)
            look(screen)
        person.page.goto(guest.link.url)
        look("over")
        person.press("It did not work")
        look("anew")
        person.press("Yes, signed in")
        look("is-in")
        person.page.evaluate("localStorage.clear()")
        person.page.reload()
        look("elsewhere")
        for other, screen in (
            (morning.early, "too-early"),
            (morning.ended, "expired"),
            (morning.used, "used"),
            (morning.failed, "failed"),
            (morning.cancelled, "cancelled"),
        ):
            person.opens_mail(other)
            look(screen)
        person.page.evaluate("sessionStorage.clear()")
        person.page.reload()
        look("no-key")
        assert {screen: found for screen, found in faults.items() if found} == {}


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_ask(browser: Browser, morning: Morning, wish: Any, moves: bool) -> None:
    """The sign of a pass in the making stands still where motion is not wanted; the control shows that it can turn."""
    with visitor(browser, reduced_motion=wish) as person:
        hours = {"validFrom": "2030-06-03T06:00:00Z", "validUntil": "2030-06-03T16:00:00Z"}
        person.page.route("**/state", lambda route: route.fulfill(status=200, json={"state": "not-ready", **hours}))
        person.arrives(morning.take_shared())
        person.sees("not-ready")
        assert person.page.evaluate("document.getAnimations().length > 0") is moves


def back(page: Page) -> bool:
    """Press the back button; tell whether the page came alive from the back-forward cache."""
    # Such a page is never loaded again, so there is no load to wait for.
    page.evaluate("history.back()")
    page.wait_for_function("window.persisted !== undefined")
    return bool(page.evaluate("window.persisted"))


def test_the_back_button_shows_no_pass(person: Visitor, morning: Morning) -> None:
    """Leaving wipes the page, and the back button finds it covered."""
    person.page.add_init_script(PERSISTED)
    guest = morning.take()
    code = person.collects(guest)
    person.page.evaluate("delete window.persisted")
    person.page.goto(f"{morning.world.app}/api/health")
    back(person.page)
    person.sees("covered")
    assert not person.holds(code)
    person.press("Show the pass again")
    assert person.sees_pass() == code


def test_a_page_that_comes_alive_from_the_cache_holds_no_pass(person: Visitor, morning: Morning) -> None:
    """Where something on the way takes `no-store` off and the browser keeps the page, it was wiped as it was left."""

    def without_no_store(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "cache-control"}
        route.fulfill(response=answer, headers=headers)

    person.page.add_init_script(PERSISTED)
    person.page.route("**/pass/**", without_no_store)
    code = person.collects(morning.take())
    person.page.evaluate(
        """() => {
          delete window.persisted;
          window.alive = true;
          addEventListener("pageshow", () => { window.seen = document.getElementById("pass").textContent; });
        }"""
    )
    person.page.goto(f"{morning.world.app}/api/health")
    assert back(person.page)
    assert person.page.evaluate("[window.alive, window.seen]") == [True, ""]
    person.sees("covered")
    assert not person.holds(code)


def test_the_back_forward_cache_is_really_on(browser: Browser, morning: Morning) -> None:
    """The control: in this browser a page comes back alive, with all that stood in it, from that cache."""
    with visitor(browser) as person:
        person.page.add_init_script(PERSISTED)
        person.page.goto(f"{morning.world.tenant}/login?redirect=http://127.0.0.1/")
        person.page.evaluate("delete window.persisted; document.body.append('left here')")
        person.page.goto(f"{morning.world.app}/api/health")
        assert back(person.page)
        assert person.holds("left here")


def focused(page: Page) -> str:
    """Return the words that are shown of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText")).strip()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something with these words has the focus."""
    for _ in range(12):
        if focused(page) == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words!r} cannot be reached by Tab")
