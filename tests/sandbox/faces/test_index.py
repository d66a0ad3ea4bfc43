"""The index moves the clock, posts as the HR system, and keeps other web sites out."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from sandbox.tenant.faces.moments import Moment, Start, next_morning, next_notice, with_notice
from sandbox.tenant.faces.travel import halts
from sandbox.tenant.times import instant
from sandbox.webhooks import sign
from tests.sandbox.faces.conftest import SECRET, ListeningApp, page
from tests.sandbox.tenant.client import NOW, Client, Reply

BERLIN = "Europe/Berlin"
SATURDAY = instant(NOW)


async def submit(client: Client, form: str, headers: dict[str, str] | None = None, **fields: Any) -> Reply:
    """Send a form as a browser without scripts does, and follow nothing."""
    return await client.send("POST", f"/_faces/{form}", data=fields, headers=headers, allow_redirects=False)


async def now(client: Client) -> datetime:
    """Read the clock, to the second."""
    return instant((await client.control("GET", "clock"))["now"]).replace(microsecond=0)


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"advance": "PT1H"}, datetime(2030, 6, 1, 10, 0, tzinfo=UTC)),
        ({"to": "2030-06-03T14:00:00Z"}, datetime(2030, 6, 3, 14, 0, tzinfo=UTC)),
        ({"local": "2030-06-03T08:00", "zone": "Pacific/Apia"}, datetime(2030, 6, 2, 19, 0, tzinfo=UTC)),
    ],
)
async def test_the_clock_moves(client: Client, fields: dict[str, Any], seen: datetime) -> None:
    """By a step, to an instant, or to a time of day somewhere."""
    answer = await submit(client, "clock", **fields)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert (await now(client) - seen).total_seconds() < 5
    assert "The clock was moved" in await page(client, "/")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"to": "2029-01-01T00:00:00Z"}, 409),
        ({"local": "2030-06-03T08:00", "zone": "Not/There"}, 400),
        ({"local": "2030-06-03T08:00", "zone": "../../etc/passwd"}, 400),
        ({"advance": "a while"}, 400),
        ({"local": "9999-12-31T23:59", "zone": "America/Denver"}, 400),
        ({}, 400),
    ],
)
async def test_a_time_that_cannot_be_is_said_to_be_so(client: Client, fields: dict[str, Any], status: int) -> None:
    """The page comes back with a sentence, and the clock stands where it stood."""
    before = await now(client)
    answer = await submit(client, "clock", **fields)
    assert answer.status == status
    assert 'role="alert"' in answer.body.decode()
    assert (await now(client) - before).total_seconds() < 5


async def test_an_event_is_posted_as_the_hr_system_does(client: Client, app: ListeningApp) -> None:
    """Signed at the sandbox's time, with what Entra holds of the hire, and told on the page."""
    answer = await submit(client, "hire", hire="diego-ramirez", when="date", date="2030-06-10", time="10:15")
    assert answer.status == 303
    ((path, headers, body),) = app.asked
    assert path == "/api/hr/acme"
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert abs((moment - SATURDAY).total_seconds()) < 10
    assert headers["webhook-signature"] == sign(SECRET, headers["webhook-id"], moment, body)["webhook-signature"]
    event: dict[str, Any] = json.loads(body)
    assert event["type"] == "hire.created"
    assert event["data"] == {
        "externalId": "LK-1101",
        "userName": "diego.ramirez@larkspur.example",
        "displayName": "Diego Ramírez",
        "startDate": "2030-06-10",
        "startTime": "10:15",
        "site": "Denver",
        "department": "Sales",
        "manager": {"userName": "renee.castillo@larkspur.example"},
    }
    text = await page(client, "/")
    assert "HR posted a new hire for Diego Ramírez, start Mon 10 Jun" in text
    assert "starts Mon 10 Jun at 10:15" in text


async def test_a_refused_event_is_told_and_not_awaited(client: Client, app: ListeningApp) -> None:
    """What the app answered stands there as text; no start is expected."""
    app.status = 401
    await submit(client, "hire", hire="amelie-brandt")
    text = await page(client, "/")
    assert "The app answered 401: &lt;b&gt;no&lt;/b&gt;" in text
    assert "chip plain" not in text


@pytest.mark.parametrize(
    "fields",
    [
        {"hire": "nobody"},
        {"hire": "amelie-brandt", "kind": "hire.eaten"},
        {"hire": "amelie-brandt", "when": "date", "date": "soon"},
        {"hire": "amelie-brandt", "when": "some day"},
        {"hire": "amelie-brandt", "time": "25:00"},
    ],
)
async def test_a_form_that_cannot_be_used_posts_nothing(
    client: Client, app: ListeningApp, fields: dict[str, Any]
) -> None:
    """A sentence instead."""
    answer = await submit(client, "hire", **fields)
    assert answer.status == 400
    assert "Nothing was posted" in answer.body.decode()
    assert app.asked == []


async def test_the_sweep_runs_on_demand(client: Client, app: ListeningApp) -> None:
    """By the admin API that Functions has for it."""
    assert (await submit(client, "sweep")).status == 303
    assert [path for path, _, _ in app.asked] == ["/admin/functions/sweep"]


async def test_a_jump_halts_where_the_app_has_something_to_do(client: Client) -> None:
    """A notice on the way is given its moment, and the clock ends where it was sent."""
    await submit(client, "hire", hire="amelie-brandt", when="date", date="2030-06-04")
    begun = datetime.now(UTC)
    await submit(client, "clock", to="2030-06-03T15:00:00Z")
    assert (datetime.now(UTC) - begun).total_seconds() > 2
    assert (await now(client) - instant("2030-06-03T15:00:00Z")).total_seconds() < 5


async def test_a_reset_forgets_the_visits(client: Client) -> None:
    """The story begins anew with the tenant."""
    await submit(client, "hire", hire="amelie-brandt")
    await client.control("POST", "reset", {"now": NOW})
    text = await page(client, "/")
    assert "HR posted" not in text
    assert "Nothing yet" in text


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}],
)
async def test_another_web_site_changes_nothing(client: Client, headers: dict[str, str]) -> None:
    """Neither the clock by a form, nor the directory by a script."""
    before = await now(client)
    assert (await submit(client, "clock", headers, advance="PT5H")).status == 403
    assert (await client.send("POST", "/_sandbox/reset", json={}, headers=headers)).status == 403
    assert (await now(client) - before).total_seconds() < 5


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
async def test_a_foreign_name_for_this_machine_is_refused(client: Client, host: str) -> None:
    """DNS rebinding makes a foreign page ours in the browser's eyes; its name gives it away."""
    assert (await client.send("GET", "/inbox", headers={"Host": host})).status == 421


async def test_the_page_itself_may_change_things(client: Client) -> None:
    """A form of ours, as a browser sends it."""
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": client.address}):
        assert (await submit(client, "clock", headers, advance="PT1M")).status == 303


def test_the_next_notice_is_the_working_day_before() -> None:
    """For a start on a Monday that is Friday; without starts it is the next 16:00 people work."""
    monday = Start(date(2030, 6, 10), time(9), BERLIN)
    assert next_notice(SATURDAY, [monday], BERLIN).shown() == "Fri 07 Jun, 16:00 Berlin"
    assert next_notice(SATURDAY, [], BERLIN).shown() == "Mon 03 Jun, 16:00 Berlin"
    assert with_notice(SATURDAY, BERLIN) == date(2030, 6, 4)


def test_the_next_morning_is_the_first_still_to_come() -> None:
    """Over all zones; those gone by do not count."""
    starts = [Start(date(2030, 6, 3), time(8, 30), "Pacific/Apia"), Start(date(2030, 6, 3), time(9), BERLIN)]
    assert next_morning(SATURDAY, starts, BERLIN).shown() == "Mon 03 Jun, 07:30 Apia"
    assert next_morning(instant("2030-06-03T06:00:00Z"), starts, BERLIN).shown() == "Tue 04 Jun, 08:00 Berlin"
    assert next_morning(SATURDAY, [], BERLIN) == Moment(datetime(2030, 6, 3, 6, tzinfo=UTC), BERLIN)


def test_halts_lie_between_now_and_then() -> None:
    """The notice, the link, the pass; the one that the clock is sent to is one of them."""
    start = Start(date(2030, 6, 4), time(9), BERLIN)
    found = halts(SATURDAY, instant("2030-06-04T05:20:00Z"), [start])
    assert [f"{at.astimezone(UTC):%d %H:%M}" for at in found] == ["03 14:00", "04 05:15", "04 05:20"]
    assert halts(SATURDAY, instant("2030-06-03T13:59:00Z"), [start]) == []
