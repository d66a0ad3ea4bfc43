"""Photograph every state of the hand-over page and lay all of it out on one sheet: build/hand-over.png.

Each picture is the real page in a real browser, brought to its state through the doorways. Modes: phone and desktop,
light and dark; on the desktop in Denver, for a hire in Berlin.
"""

import argparse
import base64
import html
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from sandbox.world import World
from tests.browser.morning import SETTINGS, WORKS, Guest, Morning
from tests.browser.visitor import DESKTOP, PHONE, Visitor, launch, visitor

ROOT = Path(__file__).resolve().parent.parent
MODES: Mapping[str, Mapping[str, Any]] = {
    "phone-light": {"viewport": PHONE, "color_scheme": "light", "device_scale_factor": 2},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark", "device_scale_factor": 2},
    "desktop-light": {"viewport": DESKTOP, "color_scheme": "light", "timezone_id": "America/Denver"},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark", "timezone_id": "America/Denver"},
}
_OTHER_PERSON = "tomas.vesely@larkspur.example"
_SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:0;padding:24px;background:#888;font:15px sans-serif;color:#fff;width:{width}px}}
h2{{margin:28px 0 12px}}div{{display:flex;flex-wrap:wrap;gap:18px;align-items:flex-start}}
figure{{margin:0}}img{{display:block;border-radius:6px}}figcaption{{padding:4px 0}}
.phone img{{width:240px}}.desktop img{{width:480px}}</style>{rows}"""


def main() -> int:
    """Take the pictures; return 0."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--mode", choices=MODES, action="append", help="only these")
    options = parser.parse_args()
    folder = options.out / "hand-over"
    folder.mkdir(parents=True, exist_ok=True)
    with World.start(timers=False, settings=SETTINGS) as world, sync_playwright() as driver:
        morning = Morning.begin(world)
        browser = launch(driver.chromium)
        for mode in options.mode or MODES:
            print(f"{mode} …", flush=True)
            _photograph(browser, morning, mode, folder)
        sheet = options.out / "hand-over.png"
        _lay_out(browser, folder, sheet)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures, all of them on {sheet}")
    return 0


def _photograph(browser: Browser, morning: Morning, mode: str, folder: Path) -> None:
    for old in folder.glob(f"{mode}-*.png"):
        old.unlink()
    with visitor(browser, **MODES[mode]) as person:
        seen: list[str] = []

        def shot(screen: str, name: str = "") -> None:
            person.sees(screen)
            seen.append(screen)
            person.page.screenshot(path=folder / f"{mode}-{len(seen):02}-{name or screen}.png", full_page=True)

        guest = morning.take()
        _before(person, morning, guest, shot)
        _collecting(person, morning, guest, shot)
        _afterwards(person, morning, guest, shot)
        _by_code(person, morning, shot)
        _troubles(person, morning, shot)
        every = person.page.locator("section").evaluate_all("found => found.map(each => each.dataset.screen)")
        if missing := set(every) - set(seen):
            raise SystemExit(f"no picture of {', '.join(sorted(missing))}")


def _before(person: Visitor, morning: Morning, guest: Guest, shot: Callable[..., None]) -> None:
    person.opens_mail(guest)
    shot("sign-in")
    person.signs_in(_OTHER_PERSON)
    shot("refused")
    person.press("Use another account")
    person.sees("sign-in")
    person.signs_in(guest.hire.manager)
    person.sees("open")
    person.opens_mail(morning.early)
    shot("too-early")
    person.opens_mail(morning.unmade)
    shot("not-ready")


def _collecting(person: Visitor, morning: Morning, guest: Guest, shot: Callable[..., None]) -> None:
    person.opens_mail(guest)
    shot("open")
    person.press("Show the pass")
    shot("shown")
    person.page.locator("section summary").click()
    shot("shown", "globe-does-not-open")
    person.page.locator("section summary").click()
    person.press("Read it out")
    shot("tell")
    person.press("They are ready: read it out")
    shot("spell")
    person.page.locator("#next").click()
    shot("spell", "spell-on")
    person.hides_the_page()
    person.comes_back()
    shot("covered", "covered-while-reading")
    person.press("Go on reading at character 2")
    person.sees("spell")
    while person.page.locator("#next").is_visible():
        person.page.locator("#next").click()
    shot("read")
    person.press("See the whole pass")
    person.press("Cover")
    morning.be(WORKS)
    person.press("Show the pass again")
    shot("shown", "shown-and-works")
    person.press("Cover")
    shot("covered")


def _afterwards(person: Visitor, morning: Morning, guest: Guest, shot: Callable[..., None]) -> None:
    person.press("They are in")
    shot("sure")
    person.press("Yes, they are in")
    shot("done")
    person.page.goto(guest.link.url)
    shot("over")
    person.page.evaluate("localStorage.clear()")
    person.page.reload()
    shot("elsewhere")
    for screen, other in (
        ("used", morning.used),
        ("expired", morning.ended),
        ("cancelled", morning.cancelled),
        ("failed", morning.failed),
    ):
        person.opens_mail(other)
        shot(screen)
    person.opens_mail(morning.ended)
    person.press("Make a fresh pass")
    shot("anew")
    person.press("Yes, signed in")
    shot("is-in")


def _by_code(person: Visitor, morning: Morning, shot: Callable[..., None]) -> None:
    """Show the hire's own page; what the app says to the right code is said in its place."""
    guest = morning.with_code
    person.opens_mail(guest)
    shot("code")
    person.types("12345")
    shot("code", "code-mistyped")
    person.types("bbbb cccc")
    person.page.get_by_text("At most 4 tries").wait_for()
    shot("code", "code-wrong")
    hours = {
        "who": guest.hire.name,
        "user": guest.hire.upn,
        "zone": "Europe/Berlin",
        "desk": "it.desk@larkspur.example",
    }
    hours |= {"now": WORKS, "validFrom": "2030-06-03T06:00:00Z", "validUntil": "2030-06-03T16:00:00Z"}
    again = {"againUntil": "2030-06-03T07:30:00Z"}
    person.page.route("**/state", lambda route: route.fulfill(json={**hours, "state": "open"}))
    person.page.route("**/reveal", lambda route: route.fulfill(json={**hours, **again, "pass": "9rK#mT2w"}))
    person.page.reload()
    shot("open", "open-to-the-hire")
    person.press("Show the pass")
    shot("shown", "shown-to-the-hire")
    person.press("I am in")
    shot("sure", "sure-of-the-hire")
    person.page.unroute("**/state")
    person.page.unroute("**/reveal")
    person.page.evaluate("sessionStorage.setItem(`wrong${location.pathname}`, '5.0')")
    person.page.reload()
    shot("locked")


def _troubles(person: Visitor, morning: Morning, shot: Callable[..., None]) -> None:
    """Show what the page says when the app fails: a browser's own answers stand for the app's."""
    person.opens_mail(morning.take_shared())
    person.sees("open")
    person.page.route("**/reveal", lambda route: route.fulfill(status=409, json={}))
    person.press("Show the pass")
    shot("broken")
    person.page.route("**/state", lambda _: None)
    person.page.reload()
    shot("wait")
    person.page.unroute("**/state")
    person.page.route("**/state", lambda route: route.fulfill(status=503, json={}))
    person.page.reload()
    shot("fault")
    person.page.unroute("**/state")
    person.context.set_offline(True)
    person.press("Try again now")
    person.page.get_by_role("heading", name="You are offline").wait_for()
    shot("fault", "offline")
    person.context.set_offline(False)
    person.page.evaluate("sessionStorage.clear()")
    person.page.reload()
    shot("no-key")


def _lay_out(browser: Browser, folder: Path, sheet: Path) -> None:
    rows = "".join(_row(folder, mode) for mode in MODES)
    page = browser.new_page(viewport={"width": 2080, "height": 900})
    page.set_content(_SHEET.format(width=2030, rows=rows))
    page.screenshot(path=sheet, full_page=True)
    page.close()


def _row(folder: Path, mode: str) -> str:
    pictures = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}">'
        f"<figcaption>{html.escape(file.stem.removeprefix(mode)[1:])}</figcaption></figure>"
        for file in sorted(folder.glob(f"{mode}-*.png"))
    )
    return f'<h2>{mode}</h2><div class="{mode.partition("-")[0]}">{pictures}</div>' if pictures else ""


if __name__ == "__main__":
    sys.exit(main())
