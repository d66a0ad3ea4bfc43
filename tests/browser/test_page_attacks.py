"""A real browser in strangers' hands: a scanner that presses everything, and another site that uses the sign-in."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Browser

from tests.browser.morning import Guest, Morning
from tests.browser.visitor import Visitor, visitor

QUESTIONS = ("state", "reveal", "reissue")
ROUNDS = 3


def test_a_scanner_that_runs_the_script_and_presses_everything_burns_nothing(
    person: Visitor, morning: Morning, say: Callable[[str], None]
) -> None:
    """Mail protection in a real browser, without a sign-in: every button there is, again and again."""
    guest = morning.take_shared()
    before, pressed = morning.row(guest), 0
    for _ in range(ROUNDS):
        person.opens_mail(guest)
        person.sees("sign-in")
        # Hidden ones, too: a script can press what nobody sees.
        pressed += person.page.evaluate(
            """() => {
              const found = [...document.querySelectorAll("button:not([data-act='sign-in']), summary")];
              for (const each of found) each.click();
              return found.length;
            }"""
        )
        person.sees("sign-in")
        person.press("Sign in")
        person.page.wait_for_url("**/login?**")
        pressed += 1
    assert morning.row(guest) == before
    say(f"scanners: {pressed} presses in a real browser without a sign-in, nothing changed")


def test_another_site_cannot_use_the_managers_sign_in(
    browser: Browser, morning: Morning, say: Callable[[str], None]
) -> None:
    """It knows link and key, and the manager's browser sends his session along: refused, counted, nothing changed."""
    guest = morning.take_shared()
    with visitor(browser) as manager, other_site(guest) as address:
        manager.arrives(guest)
        manager.sees("open")
        before, counted, own = morning.row(guest), crossings(morning), len(manager.requests)
        manager.page.goto(address)
        manager.page.wait_for_function("document.title === 'done'")
        manager.page.locator("form button").click()
        manager.page.wait_for_url("**/reveal")
        assert '"pass"' not in manager.page.content()
        sent = [one for one in manager.requests[own:] if one.url.endswith(QUESTIONS)]
    assert len(sent) == len(QUESTIONS) + 1
    assert morning.row(guest) == before
    assert crossings(morning) - counted == len(sent), "the session came along, and the origin was refused"
    say(f"other sites: {len(sent)} posts of a real browser with the manager's session, all refused")


def crossings(morning: Morning) -> int:
    """Count what the app has refused so far because another site sent it."""
    return "".join(morning.world.logs().values()).count("refused: cross-site")


@contextmanager
def other_site(guest: Guest) -> Iterator[str]:
    """Serve the page of a thief who has the link: another origin on the same host, so that cookies come along."""
    base = guest.link.url.partition("#")[0].rpartition("/pass/")[0]
    body = json.dumps({"key": guest.link.key, "claim": "A" * 43})
    page = f"""<!doctype html><title>Win a prize</title>
<form method="post" enctype="text/plain" action="{base}/pass/{guest.link.onboarding}/reveal">
<input type="hidden" name='{body[:-1]}, "more": "' value='"}}'><button>Here</button></form>
<script>
(async () => {{
  for (const question of {json.dumps(QUESTIONS)})
    await fetch("{base}/pass/{guest.link.onboarding}/" + question,
      {{ method: "POST", mode: "no-cors", credentials: "include", body: {json.dumps(body)} }}).catch(() => null);
  document.title = "done";
}})();
</script>"""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:  # type: ignore[override]
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
