"""The page in every language: nothing runs over the edge of a screen, everybody can use it, and it can be switched.

Served here without the app: each screen is put on show with the longest of what it may say.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from shared.handover.pages.page import CODE, HAND_OVER, page_body, page_headers
from shared.languages.language import Language
from tests.browser.visitor import Visitor, visitor

PATH = "/pass/0123456789abcdef012345678"
URL = f"https://pass.example{PATH}"
KEY = "K" * 43
DESKTOPS, PHONES = (1280,), (360, 320)
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff"
ANSWER = {
    "now": "2030-06-03T05:10:00Z",
    "who": f"Maximiliana {LONG_NAME}",
    "user": f"maximiliana.{LONG_NAME.lower()}@larkspur.example",
    "desk": "information.technology.desk@larkspur.example",
    "zone": "America/Argentina/ComodRivadavia",
    "opensAt": "2030-06-05T05:30:00Z",
    "validFrom": "2030-06-05T06:00:00Z",
    "validUntil": "2030-06-05T23:00:00Z",
    "openedAt": "2030-05-29T06:01:00Z",
    "usedAt": "2030-05-29T06:02:00Z",
    "reissueUntil": "2030-09-18T23:00:00Z",
    "mine": True,
    "againUntil": "2030-06-03T07:31:00Z",
}
STATES = {
    "too-early": {}, "not-ready": {}, "open": {}, "used": {"mine": False}, "failed": {}, "cancelled": {},
    "expired": {"validUntil": "2030-06-01T23:00:00Z"},
}  # fmt: skip
WIDER = """() => {
  const showing = (name) => {
    for (const each of document.querySelectorAll("[data-screen]")) each.hidden = each.dataset.screen !== name;
  };
  const wide = (name) => [...document.querySelectorAll("main, main *, footer *")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 0.5)
    .map((each) => `${innerWidth} ${name} ${each.tagName} ${each.textContent.slice(0, 60)}`);
  const now = document.querySelector("[data-screen]:not([hidden])").dataset.screen;
  const every = [...document.querySelectorAll("[data-screen]")].map((each) => each.dataset.screen);
  for (const each of document.querySelectorAll("details")) each.open = true;
  const found = every.flatMap((name) => { showing(name); return wide(name); });
  showing(now);
  return found;
}"""
EMPTY_LINES = """() => [...document.querySelectorAll(".steps p")].filter((each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  const lines = [...range.getClientRects()].filter((line) => line.width > 0);
  const tops = lines.map((line) => line.top).sort((one, other) => one - other);
  return tops.some((top, index) => index && top - tops[index - 1] > 40);
}).map((each) => each.textContent)"""
"""A line of text is some 25 pixels high."""
AGAIN = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
"""What a browser says to a page that it puts on show again: it then asks anew, as after any long wait."""


class Stage:
    """A page of a language, and what the app would answer it."""

    def __init__(self, person: Visitor) -> None:
        self.person = person
        self.answer: dict[str, Any] = {}
        person.context.route("https://pass.example/**", self._serve)

    def opens(self, language: Language, state: str, path: str = PATH) -> Page:
        """Arrive with a key while things stand so."""
        self.answer = {**ANSWER, "state": state}
        page = self.person.page
        page.goto("about:blank")
        page.goto(f"https://pass.example{path}?lang={language}#{KEY}")
        return page

    def comes_to(self, state: str, **more: Any) -> None:
        """Let things stand so, and the page ask again."""
        self.answer = {**ANSWER, **more, "state": state}
        self.person.page.evaluate(AGAIN)
        self.person.sees(state)

    def _serve(self, route: Route) -> None:
        request = route.request
        if request.method == "GET":
            language = Language(request.url.partition("?lang=")[2][:2] or "en")
            name = CODE if "/code?" in request.url else HAND_OVER
            route.fulfill(body=page_body(name, language), headers=page_headers(name))
        elif request.url.endswith("/reveal"):
            route.fulfill(json={**self.answer, "pass": "9rK#mT2w"})
        else:
            route.fulfill(json=self.answer)


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Stage]:
    """Keep one page for all languages: what is new with each is its words alone."""
    with visitor(browser, viewport={"width": PHONES[-1], "height": 700}) as person:
        yield Stage(person)
        assert person.said == [], "no policy was broken in any language"


@pytest.mark.parametrize("language", Language)
def test_nothing_runs_over_the_edge_of_a_screen_and_everybody_can_use_it(stage: Stage, language: Language) -> None:
    """Every screen on phones and a desktop, with long names; axe finds nothing; the language is named to readers."""
    page = stage.opens(language, "open")
    assert page.evaluate("document.documentElement.lang") == language.tag
    for state, more in STATES.items():
        stage.comes_to(state, **more)
    stage.comes_to("open")
    page.locator('[data-act="reveal"]:visible').click()
    stage.person.sees("shown")
    # What a screen has said stays in it when the next one comes: so all of them are measured at once.
    for widths in (DESKTOPS, PHONES):
        for width in widths:
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate(WIDER) == []
            assert page.evaluate(EMPTY_LINES) == []
        assert stage.person.faults(but=("color-contrast",)) == [], "colours are the same in every language"
    page.locator('[data-act="tell"]').click()
    page.locator('[data-act="spell"]:visible').click()
    assert page.evaluate(WIDER) == []
    stage.opens(language, "locked", path=f"{PATH}/code")
    stage.person.sees("locked")
    assert page.evaluate(WIDER) == [], "nor on the page of whoever holds the code"


def test_the_language_is_switched_by_a_link_and_the_key_stays_in_the_browser(stage: Stage) -> None:
    """By keyboard as well; the address has the language alone, and so has the way to the sign-in and back."""
    page = stage.opens(Language.ENGLISH, "open")
    stage.person.sees("open")
    page.locator("nav summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="日本語").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{URL}?lang=ja")
    stage.person.sees("open")
    assert page.get_by_role("button", name="パスを表示").is_visible()
    assert page.locator('nav a[aria-current="true"]').get_attribute("lang") == "ja-JP"
    asked = [request for request in stage.person.requests if request.method == "POST"]
    assert KEY in (asked[-1].post_data or "")
    assert not [request.url for request in stage.person.requests if KEY in request.url.split("#")[0]]


def test_what_is_printed_has_the_steps_and_never_the_pass(stage: Stage) -> None:
    """On paper stand the instructions, for whom and when; the pass, its characters and every button are left out."""
    page = stage.opens(Language.GERMAN, "open")
    page.locator('[data-act="reveal"]:visible').click()
    stage.person.sees("shown")
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    shown = page.locator("#pass").evaluate("each => each.checkVisibility()")
    page.emulate_media(media="screen")
    assert not shown
    assert "Anmeldeoptionen" in printed
    assert LONG_NAME in printed
    assert "Kopieren" not in printed
    page.locator('[data-act="tell"]').click()
    page.locator('[data-act="spell"]:visible').click()
    page.emulate_media(media="print")
    assert not page.locator(".card").evaluate("each => each.checkVisibility()")
    page.emulate_media(media="screen")
