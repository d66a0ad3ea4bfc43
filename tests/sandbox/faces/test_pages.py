"""Every face: there, shut in by its headers, marked as a sandbox, and deaf to names that would be markup."""

import re

import pytest

from sandbox.tenant import seed
from tests.sandbox.faces.conftest import HOSTILE, page, send_mail
from tests.sandbox.tenant.client import AMELIE, Client, device_of, passes

FACES = [
    "/",
    "/inbox",
    f"/inbox?box={AMELIE}",
    "/lock-screen",
    "/requests",
    "/traces",
    "/login?redirect=http://127.0.0.1:1/",
]


@pytest.mark.parametrize("path", FACES)
async def test_a_face_runs_its_own_scripts_and_styles_alone(client: Client, path: str) -> None:
    """The policy names nothing but the tenant itself, and nothing stands inline; every asset named is there."""
    reply = await client.send("GET", path)
    assert reply.status == 200
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["Cache-Control"] == "no-store"
    text = reply.body.decode()
    assert "Sandbox." in text
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", text)
    for asset in set(re.findall(r'(?:src|href)="(/_faces/[^"]+)"', text)):
        assert (await client.send("GET", asset)).status == 200, asset


@pytest.mark.parametrize("path", FACES)
async def test_a_hostile_name_stays_a_name(hostile: Client, path: str) -> None:
    """A name that would be markup is shown, not run."""
    text = await page(hostile, path)
    assert "<script>alert" not in text
    if path.startswith(("/requests", "/traces", "/inbox?")):
        return
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;Zoë" in text


async def test_a_hostile_subject_stays_a_subject(hostile: Client) -> None:
    """The list and the open mail show it as text, in attributes too."""
    mail = await send_mail(hostile, HOSTILE, "<p>x</p>")
    for form in ("page", "text"):
        text = await page(hostile, "/inbox", box=AMELIE, mail=mail, **{"as": form})
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;" in text


async def test_hostile_parameters_stay_text(client: Client) -> None:
    """What a link brings along is escaped in every face that repeats it."""
    for path, query in (
        ("/inbox", {"box": HOSTILE}),
        ("/requests", {"q": HOSTILE}),
        ("/traces", {"trace": HOSTILE}),
        ("/lock-screen", {"device": HOSTILE}),
        ("/login", {"redirect": "http://127.0.0.1:1/", "q": HOSTILE, "state": HOSTILE}),
    ):
        assert "<script>alert" not in await page(client, path, **query)


async def test_no_pass_is_in_clear_on_any_face(client: Client) -> None:
    """Not where it was made, and not where somebody wrote it into an address, encoded or not."""
    code = str((await client.make_pass()).body["temporaryAccessPass"])
    await client.send("GET", f"/v1.0/users/{code}")
    await client.send("GET", f"/v1.0/users/{''.join(f'%{ord(c):02x}' for c in code)}")
    await client.send("POST", passes(AMELIE), json={"temporaryAccessPass": code, "note": f"it is {code}"})
    for path in FACES:
        assert code not in await page(client, path), path
    log = await page(client, "/requests")
    assert log.count("temporaryAccessPassMethods") >= 2
    assert "***" in log


async def test_the_log_shows_only_what_was_searched_for(client: Client) -> None:
    """By method, path, status or fault."""
    await client.make_pass()
    await client.graph("GET", "/v1.0/users/nobody")
    assert "users/nobody" not in await page(client, "/requests", q="POST 201")
    assert "users/nobody" in await page(client, "/requests", q="404")
    assert "Nothing was asked" in await page(client, "/requests", q="PATCH")


async def test_the_sign_in_page_finds_people_by_their_part(client: Client) -> None:
    """Managers by their hires, the desk by its name; every link keeps what it came with."""
    back = "http://127.0.0.1:1/callback?state=a%26b"
    text = await page(client, "/login", redirect=back, q="manager zofia")
    assert "tomas.vesely" in text
    assert "olu.bakare" not in text
    found = re.search(r'<a href="(/login[^"]+)"', text)
    assert found
    answer = await client.send("GET", found[1].replace("&amp;", "&"), allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("http://127.0.0.1:1/callback?state=a%26b&token=")


async def test_a_disabled_account_cannot_be_chosen(client: Client) -> None:
    """It is not in the list."""
    assert "gesa.gesperrt" not in await page(client, "/login", redirect="http://127.0.0.1:1/")


async def test_the_lock_screen_knows_its_device(client: Client) -> None:
    """Zone and way of writing of its owner's office, and the globe only where the verdict would let it work."""
    berlin = (await client.send("GET", f"/_faces/devices/{device_of('marcus-adeyemi')}")).body
    denver = (await client.send("GET", f"/_faces/devices/{device_of('diego-ramirez')}")).body
    assert (berlin["zone"], berlin["locale"], berlin["globe"], berlin["missing"]) == (
        "Europe/Berlin", "en-GB", True, None,
    )  # fmt: skip
    assert (denver["zone"], denver["locale"], denver["globe"]) == ("America/Denver", "en-US", False)
    assert denver["missing"]["reason"] == "no-web-sign-in"


@pytest.mark.parametrize("path", ["/_faces/no.css", "/_faces/..%2fshell.py", "/_faces/devices/x", "/inbox/x/body"])
async def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    """No file but the listed ones, no device and no mail that does not exist."""
    assert (await client.send("GET", path)).status == 404


async def test_faces_are_no_requests_to_graph(client: Client) -> None:
    """Neither pages nor a browser's own asking for an icon come into the log that tests count."""
    for path in (*FACES, "/favicon.ico", "/_faces/pulse", f"/_faces/devices/{seed.stable_id('device', 'x')}"):
        await client.send("GET", path)
    assert (await client.control("GET", "requests"))["requests"] == []
