"""A real browser, one morning to visit, and a person who finds out at the end whether anything leaked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from sandbox.world import World
from tests.browser.morning import SETTINGS, Morning
from tests.browser.visitor import AXE, Visitor, launch, visitor

_KEY = re.compile(r"#[A-Za-z0-9_-]{43}|[?&=/][A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
_MISSES = "Failed to load resource"


@pytest.fixture(scope="session")
def morning() -> Iterator[Morning]:
    """Keep one morning for this test process; each test takes a hire of its own from it."""
    with World.start(zygote=True, timers=False, settings=SETTINGS) as world:
        yield Morning.begin(world)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Keep a browser for one module: its driver holds the thread's event loop, which other modules' tests need."""
    assert AXE.exists(), "axe is missing: run `npm ci`"
    with sync_playwright() as driver:
        found = launch(driver.chromium)
        yield found
        found.close()


@pytest.fixture
def person(browser: Browser, morning: Morning) -> Iterator[Visitor]:
    """Give a person on a phone in Berlin; afterwards nothing may have leaked or been complained of."""
    with visitor(browser) as somebody:
        yield somebody
        leaked(somebody, morning)


def leaked(somebody: Visitor, morning: Morning) -> None:
    """See that no address and no Referer ever held a link's key, and that no policy was broken."""
    for request in somebody.requests:
        # A navigation's own entry shows what was followed, fragment and all; what is sent ends before it.
        sent = request.url.split("#")[0]
        assert not _KEY.search(sent), sent
        referer = request.headers.get("referer", "")
        assert "/pass/" not in referer, referer
    complaints = [said for said in somebody.said if _MISSES not in said]
    assert complaints == []
    logs = "".join(morning.world.logs().values())
    assert "/pass/" not in logs or not re.search(r"/pass/[0-9a-f]{25}#[A-Za-z0-9_-]{43}", logs)
