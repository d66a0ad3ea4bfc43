"""The faces in a real browser: the clock, the inbox, the sign-in, and the lock screen with its scripts.

One browser and one event loop for the module: starting a browser is what costs.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from sandbox.tenant.app import start
from sandbox.tenant.clock import TenantClock
from sandbox.tenant.times import instant
from tests.browser.visitor import AXE, CHROMIUM, FLAGS
from tests.sandbox.faces.conftest import send_mail, way
from tests.sandbox.tenant.client import AMELIE, NOW, Client, device_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE, DESKTOP = (390, 844), (1280, 800)
_SLOWEST = 30_000
_SHUT_IN = "Blocked script execution"
expect.set_options(timeout=_SLOWEST)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Keep a browser for this module."""
    async with async_playwright() as driver:
        found = await driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="module")
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """Give a caller of a freshly seeded tenant, which runs alone."""
    clock = tmp_path / "clock"
    TenantClock(clock).reset(instant(NOW))
    running = await start(0, tmp_path, clock, "sandbox")
    async with aiohttp.ClientSession() as session:
        yield Client(running.address, session)
    await running.stop()


@pytest_asyncio.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"], loop_scope="module")
async def visit(request: pytest.FixtureRequest, browser: Browser, client: Client) -> AsyncIterator[Page]:
    """Give a page of a fresh profile; afterwards nothing stuck out, no script had failed, no policy been broken."""
    width, height = request.param
    context = await browser.new_context(
        viewport={"width": width, "height": height}, base_url=client.address, reduced_motion="reduce"
    )
    context.set_default_timeout(_SLOWEST)
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    # A mail's own script is refused, as it should be.
    assert [words for words in said if _SHUT_IN not in words] == []
    await context.close()


async def test_a_button_moves_the_clock(visit: Page, client: Client) -> None:
    """The page shows the new time and tells of it; the tenant has it."""
    await visit.goto("/")
    await expect(visit.locator(".clock time").first).to_contain_text("11:00:")
    await visit.get_by_role("button", name="+1 hour").click()
    await expect(visit.locator(".clock time").first).to_contain_text("12:00:")
    await expect(visit.get_by_text("The clock was moved to here")).to_be_visible()
    assert (await client.control("GET", "clock"))["now"].startswith("2030-06-01T10:00")


async def test_a_mail_is_opened_and_its_link_followed(visit: Page, client: Client) -> None:
    """Mailbox, list, mail, text; the link opens a page of its own, and a script in the mail does nothing."""
    link = f"{client.address}/_sandbox/clock#key"
    body = "<p>Dear Jana</p><script>document.body.textContent='run'</script>" + f'<a href="{link}">Open it</a>'
    await send_mail(client, "Your link", body, "jana.hoffmann@larkspur.example")
    await visit.goto("/inbox")
    await visit.get_by_role("link", name="Jana Hoffmann").click()
    await visit.get_by_role("link", name="Your link").click()
    mail = visit.frame_locator("iframe")
    await expect(mail.get_by_text("Dear Jana")).to_be_visible()
    async with visit.context.expect_page() as opened:
        await mail.get_by_role("link", name="Open it").click()
    assert (await opened.value).url == link
    await visit.get_by_role("link", name="As text").click()
    await expect(visit.locator("pre")).to_contain_text(link)


async def test_one_chooses_who_one_is_by_typing(visit: Page, client: Client) -> None:
    """The list narrows down, Enter takes the one that is left, and the state comes back with a token."""
    back = f"{client.address}/_sandbox/clock?state=s1"
    await visit.goto(f"/login?redirect={back}")
    await visit.keyboard.type("desk tech")
    await expect(visit.locator("#people li:visible")).to_have_count(1)
    await visit.keyboard.press("Enter")
    await visit.wait_for_url("**/_sandbox/clock?state=s1&token=*")


async def _to_the_globe(page: Page) -> None:
    """Slide the picture away and unfold the sign-in options, with the keyboard alone."""
    await expect(page.locator("#screen")).to_have_attribute("data-state", "lock")
    await page.keyboard.press("Enter")
    await expect(page.locator("#name")).to_be_focused()
    await page.locator("#options").press("Enter")
    await expect(page.get_by_role("button", name="PIN")).to_be_visible()


async def _type_pass(page: Page, code: str) -> None:
    await page.get_by_role("button", name="Web sign-in").press("Enter")
    await page.get_by_role("button", name="Sign in", exact=True).press("Enter")
    await page.keyboard.type(AMELIE)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Enter Temporary Access Pass")).to_be_visible()
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")


async def test_the_globe_signs_in_and_again_after_a_restart(visit: Page, client: Client) -> None:
    """A wrong pass is told with its reason, the right one leads to the desktop, and a restart asks again."""
    await client.change("add-member", group="Devices – Finance", member=device_of("amelie-brandt"))
    code = str((await client.make_pass()).body["temporaryAccessPass"])
    await visit.goto(f"/lock-screen?device={device_of('amelie-brandt')}")
    await _to_the_globe(visit)
    await _type_pass(visit, "wrong")
    await expect(visit.get_by_text("That Temporary Access Pass is incorrect")).to_be_visible()
    await expect(visit.locator("#exact")).to_contain_text("wrong-pass")
    await visit.keyboard.type(code)
    await visit.keyboard.press("Enter")
    await expect(visit.get_by_role("heading", name="Welcome, Amélie Brandt")).to_be_focused()
    assert (await client.control("GET", f"devices/{device_of('amelie-brandt')}"))["session"]["user"] == AMELIE
    await visit.locator("#again").press("Enter")
    await _to_the_globe(visit)
    assert (await client.control("GET", f"devices/{device_of('amelie-brandt')}"))["reboots"] == 1
    await _type_pass(visit, code)
    await expect(visit.get_by_role("heading", name="Welcome, Amélie Brandt")).to_be_visible()
    assert code not in await visit.content()


@pytest.mark.parametrize("looks", ["light", "dark"])
async def test_axe_finds_nothing(browser: Browser, client: Client, looks: Literal["light", "dark"]) -> None:
    """Contrast, names, roles and order hold on every face and each screen of the sign-in, at phone width."""
    amelie, jana = device_of("amelie-brandt"), "jana.hoffmann@larkspur.example"
    await client.change("add-member", group="Devices – Finance", member=amelie)
    mail = await send_mail(client, "Your link", "<p>Dear Jana</p>", jana)
    options: dict[str, Any] = {
        "viewport": {"width": PHONE[0], "height": PHONE[1]},
        "color_scheme": looks,
        "reduced_motion": "reduce",
    }
    context = await browser.new_context(base_url=client.address, **options)
    page = await context.new_page()
    await client.send("POST", "/_sandbox/telemetry", json={"spans": way()})
    faults = {}
    login = f"/login?redirect={client.address}/_sandbox/clock"
    box, lock = f"/inbox?box={jana}", f"/lock-screen?device={amelie}"
    for path in ("/", "/inbox", box, f"{box}&mail={mail}", login, "/requests", "/traces", lock):
        await page.goto(path)
        faults[path] = await _faults(page)
    await _to_the_globe(page)
    faults["options"] = await _faults(page)
    await page.get_by_role("button", name="Web sign-in").press("Enter")
    await page.get_by_role("button", name="Sign in", exact=True).press("Enter")
    await expect(page.locator("#answer")).to_be_visible()
    faults["dialog"] = await _faults(page)
    await context.close()
    assert {place: found for place, found in faults.items() if found} == {}


async def _faults(page: Page) -> list[str]:
    """Return what axe finds wrong; it comes in by the debugger, for the faces' policy runs no foreign script."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]


async def test_without_the_profile_there_is_no_globe(visit: Page) -> None:
    """The options show a password and a PIN; why there is no more stands outside the screen."""
    await visit.goto(f"/lock-screen?device={device_of('diego-ramirez')}")
    await _to_the_globe(visit)
    await expect(visit.get_by_role("button", name="Web sign-in")).to_have_count(0)
    await expect(visit.locator("#note")).to_contain_text("No globe: no-web-sign-in")
    await visit.keyboard.type("x")


async def test_without_the_internet_the_globe_says_so(visit: Page, client: Client) -> None:
    """It is there, and its dialog asks for nothing."""
    await client.change("add-member", group="Devices – Finance", member=device_of("olaf-offline"))
    await visit.goto(f"/lock-screen?device={device_of('olaf-offline')}")
    await _to_the_globe(visit)
    await visit.get_by_role("button", name="Web sign-in").click()
    await visit.get_by_role("button", name="Sign in", exact=True).click()
    await expect(visit.get_by_text("You’ll need the Internet for this")).to_be_visible()
    await expect(visit.locator("#answer")).to_be_hidden()
