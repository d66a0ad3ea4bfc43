"""A person in front of a real browser, and what the browser sent and complained about meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Request, ViewportSize

from tests.browser.morning import Guest

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The suggestions below a window's address bar are two pages of their own. To load them for each person takes a second
# of work, and a page of ours a tenth.
_SUGGESTIONS = "WebUIOmniboxPopup,WebUIOmniboxAimPopup"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-features={_SUGGESTIONS}",
)  # fmt: skip
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((DESKTOP, "dark"), (PHONE, "light"))
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_SECONDS = 1000


def launch(chromium: BrowserType) -> Browser:
    """Start the browser, with the back-forward cache that real ones have and test drivers switch off."""
    off = ["--disable-back-forward-cache"]
    return chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), ignore_default_args=off)


@dataclass(slots=True)
class Visitor:
    """One person with one browser profile. What was sent and said is kept from the first moment on."""

    context: BrowserContext
    page: Page
    requests: list[Request] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Keep every request of every page, and every error."""
        # Functions, for the driver hangs a mark of its own on what it calls: a bound method does not take that.
        self.context.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108
        self.context.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.context.on("weberror", lambda error: self.said.append(f"error: {error.error}"))

    def opens_mail(self, guest: Guest, page: Page | None = None) -> None:
        """Open the mail as a mail program on the web does, and follow its link."""
        page = page or self.page
        page.goto("about:blank")
        page.set_content(guest.mail["html"])
        page.get_by_role("link", name="Open the hand-over page").click()
        page.wait_for_url("**/pass/*")

    def signs_in(self, user: str, page: Page | None = None) -> None:
        """Press the button, and be somebody at the tenant's sign-in."""
        page = page or self.page
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/login?**")
        page.goto(f"{page.url}&user={quote(user)}")
        page.wait_for_url("**/pass/**")

    def comes_from_mail(self, guest: Guest) -> None:
        """Come from the mail through the sign-in to the page, as the manager."""
        self.opens_mail(guest)
        self.signs_in(guest.hire.manager)

    def arrives(self, guest: Guest, user: str | None = None) -> None:
        """Be signed in since before, as the manager or somebody else, and follow the link."""
        self._is_signed_in(guest, user or guest.hire.manager)
        self.page.goto(guest.link.url)

    def types(self, code: str) -> None:
        """Type a pick-up code over what stands in the field, and go on."""
        self.page.get_by_label("Pick-up code").fill(code)
        self.press("Go on")

    def collects(self, guest: Guest) -> str:
        """Arrive and have the pass shown; return it."""
        self.arrives(guest)
        self.press("Show the pass")
        return self.sees_pass()

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, screen: str, page: Page | None = None) -> None:
        """See a screen of the page, and no other, within a few seconds."""
        page = page or self.page
        page.locator(f'section[data-screen="{screen}"]').wait_for(state="visible", timeout=10 * _SECONDS)
        shown = page.locator("section:visible").evaluate_all("found => found.map(each => each.dataset.screen)")
        assert shown == [screen]

    def sees_pass(self) -> str:
        """See the pass, and return it as the browser would copy it."""
        self.sees("shown")
        return self.page.locator("#pass").inner_text()

    def heading(self) -> str:
        """Return the words at the top of what is shown."""
        return self.page.locator("h1:visible").inner_text()

    def words(self) -> str:
        """Return all words that are shown."""
        return self.page.locator("main").inner_text()

    def holds(self, text: str) -> bool:
        """Tell whether the page's document holds a text anywhere, shown or not."""
        return text in self.page.evaluate("document.documentElement.outerHTML + document.documentElement.textContent")

    def hides_the_page(self) -> None:
        """Switch to another app."""
        self._be_hidden(hidden=True)

    def comes_back(self) -> None:
        """Switch to the browser again."""
        self._be_hidden(hidden=False)

    def faults(self, but: tuple[str, ...] = ()) -> list[str]:
        """Return what axe finds wrong with what is shown; by all rules but these."""
        # The page's policy runs no foreign script, so axe comes in by the debugger and not by a tag.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            """but => axe.run({
              resultTypes: ['violations'], rules: Object.fromEntries(but.map((each) => [each, {enabled: false}])),
            })""",
            list(but),
        )
        return [
            f"{each['id']}: {node['html']} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def sees_well(self, screen: str) -> None:
        """See a screen by day on a phone and by night on a desktop: all of its width, and axe finds nothing."""
        self.sees(screen)
        for size, looks in LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=looks)
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (screen, looks)
            assert self.faults() == [], (screen, looks)

    def _is_signed_in(self, guest: Guest, user: str) -> None:
        """Get the session's cookie by the same redirects, without the pages that a browser would have to show."""
        app = guest.link.url.partition("/pass/")[0]
        asked = self.context.request.get(f"{app}/.auth/login/aad?post_login_redirect_uri=/.auth/me")
        assert self.context.request.get(f"{asked.url}&user={quote(user)}").ok

    def _be_hidden(self, *, hidden: bool) -> None:
        # A headless browser's page is never hidden by another one: the state and the event are what the page hears.
        self.page.evaluate(
            """hidden => {
              Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            hidden,
        )


@contextmanager
def visitor(browser: Browser, **options: Any) -> Iterator[Visitor]:
    """Give a person a fresh browser profile: on a phone in Berlin, unless `options` of a context say otherwise."""
    usual: dict[str, Any] = {
        "viewport": PHONE,
        "timezone_id": "Europe/Berlin",
        "locale": "en-GB",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**usual | options)
    context.set_default_timeout(15 * _SECONDS)
    try:
        person = Visitor(context, context.new_page())
        person.watch()
        yield person
    finally:
        context.close()
