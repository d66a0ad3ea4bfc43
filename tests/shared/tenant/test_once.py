"""Changes and counted reads are one request each, whatever the answer; other reads are repeated a little."""

import asyncio
import contextlib
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from shared.tenant import graph as graph_module
from shared.tenant.errors import (
    TenantError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
    TokenRefusedError,
)
from shared.tenant.graph import GraphConnection
from shared.tenant.mail import GraphMailer
from shared.tenant.passes import GraphPasses
from shared.tenant.ports.mail import Mail
from shared.tenant.ports.passes import PassOrder
from shared.tenant.profiles import GraphProfiles
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

USER = "11111111-1111-4111-8111-111111111111"
PASS = "33333333-3333-4333-8333-333333333333"
CODE = "Zx7-kQ9wLp"
KEY = "mK3vQ0yq9bX1nT5rW8cE2uI6oP4aS7dF0gH3jL5zV1B"
TOKEN = "eyJhbGciOiJub25lIn0.dG9rZW4tdGhhdC1tdXN0LW5vdC1sZWFr.c2lnbmF0dXJl"
CREATED = {
    "id": PASS,
    "temporaryAccessPass": CODE,
    "createdDateTime": "2030-06-03T06:29:58.1234567Z",
    "startDateTime": "2030-06-03T06:30:00Z",
    "lifetimeInMinutes": 480,
    "isUsableOnce": False,
    "isUsable": False,
    "methodUsabilityReason": "NotYetValid",
}
ORDER = PassOrder(datetime(2030, 6, 3, 6, 30, tzinfo=UTC), 480, one_time=False)
MAIL = Mail("m@contoso.example", "Link", f"https://x/pass/1#{KEY}", f"<a href='https://x/pass/1#{KEY}'>", "1abc")

type Once = tuple[str, str, Act]
type Act = Callable[[GraphConnection], Awaitable[object]]
ONCE: dict[str, Once] = {
    "create": ("POST", ".*/temporaryAccessPassMethods", lambda g: GraphPasses(g).create(USER, ORDER)),
    "delete": ("DELETE", ".*/temporaryAccessPassMethods/.*", lambda g: GraphPasses(g).delete(USER, PASS)),
    "mail": ("POST", ".*/sendMail", lambda g: GraphMailer(g, "desk@contoso.example").send(MAIL)),
    "assign": ("POST", ".*/assign", lambda g: GraphProfiles(g).assign(PASS, ())),
    "look": ("GET", ".*/temporaryAccessPassMethods", lambda g: GraphPasses(g).look(USER)),
}


@pytest.fixture(params=ONCE)
def once(request: pytest.FixtureRequest) -> Once:
    """Give each call that must be sent once: method, path and how to do it."""
    return ONCE[request.param]


async def failure(act: Act, connection: GraphConnection) -> TenantError:
    """Do it, and return what it raised, having looked for every secret in all that hangs on to the error."""
    with pytest.raises(TenantError) as raised:
        await act(connection)
    error = raised.value
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    for secret in (CODE, KEY, TOKEN):
        assert secret not in shown
    return error


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_gateway_errors_are_unavailable_after_one_request(
    once: Once, status: int, connection: GraphConnection, fake: FakeGraph
) -> None:
    """A 5xx is not repeated, with Retry-After or without: the change may have been made."""
    method, path, act = once
    fake.on(method, path, Answer(status, None, {"Retry-After": "1"}))
    began = time.monotonic()
    assert isinstance(await failure(act, connection), TenantUnavailableError)
    assert len(fake.asked) == 1
    assert time.monotonic() - began < 0.9


async def test_throttling_is_handed_up_at_once(once: Once, connection: GraphConnection, fake: FakeGraph) -> None:
    """A 429 is not slept on: its Retry-After belongs to the budget of all instances."""
    method, path, act = once
    fake.on(method, path, refusal(429, "TooManyRequests", "Too many requests", Retry_After="7"))
    began = time.monotonic()
    error = await failure(act, connection)
    assert isinstance(error, TenantThrottledError)
    assert error.retry_after == 7
    assert len(fake.asked) == 1
    assert time.monotonic() - began < 0.9


@pytest.mark.parametrize("fault", ["reset", "silence"])
async def test_a_lost_answer_is_unavailable_after_one_request(
    once: Once, fault: str, connection: GraphConnection, fake: FakeGraph
) -> None:
    """A reset and a commit that is never answered look alike: unknown, and sent once."""
    method, path, act = once
    fake.on(method, path, Answer(201, CREATED, fault=fault))
    assert isinstance(await failure(act, connection), TenantUnavailableError)
    assert len(fake.asked) == 1


async def test_a_redirect_is_never_followed_nor_taken_for_success(
    once: Once, connection: GraphConnection, fake: FakeGraph
) -> None:
    """The SDK takes a redirect with a Location for done; here it is unknown, and nothing is sent elsewhere."""
    method, path, act = once
    for status in (301, 302, 303, 307, 308):
        fake.asked.clear()
        fake.on(method, path, Answer(status, None, {"Location": f"{fake.url}/elsewhere"}))
        assert isinstance(await failure(act, connection), TenantUnavailableError)
        assert len(fake.asked) == 1


async def test_a_claims_challenge_is_not_answered_by_sending_again(
    once: Once, connection: GraphConnection, fake: FakeGraph
) -> None:
    """The SDK would post again with new claims after a 401."""
    method, path, act = once
    challenge = {"WWW_Authenticate": 'Bearer error="insufficient_claims", claims="eyJ9"'}
    fake.on(method, path, refusal(401, "InvalidAuthenticationToken", "Continuous access", **challenge))
    assert isinstance(await failure(act, connection), TokenRefusedError)
    assert len(fake.asked) == 1


async def test_an_answer_that_breaks_off_or_makes_no_sense_is_unavailable(
    connection: GraphConnection, fake: FakeGraph
) -> None:
    """Half a 201, HTML, another JSON, or no code: the pass may exist, its code is lost, and it is nowhere shown."""
    whole = {"temporaryAccessPass": CODE, **CREATED}
    lacking = [{key: value for key, value in CREATED.items() if key != gone} for gone in CREATED]
    for bad in (
        Answer(201, whole, fault="cut"),
        Answer(201, f'{{"temporaryAccessPass": "{CODE}"'),
        Answer(201, f"<html>{CODE}</html>", {"Content-Type": "text/html"}),
        Answer(201, [CREATED]),
        Answer(201, {**CREATED, "createdDateTime": f"soon {CODE}"}),
        Answer(201, {**CREATED, "createdDateTime": "2030-06-03T06:30:00"}),
        Answer(201, {**CREATED, "lifetimeInMinutes": CODE}),
        Answer(201, {**CREATED, "isUsableOnce": None}),
        Answer(204, None),
        *(Answer(201, part) for part in lacking),
    ):
        fake.asked.clear()
        fake.on("POST", ".*/temporaryAccessPassMethods", bad)
        error = await failure(ONCE["create"][2], connection)
        assert isinstance(error, TenantUnavailableError)
        assert len(fake.asked) == 1


async def test_no_log_at_any_level_holds_a_secret(
    connection: GraphConnection, fake: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at DEBUG, neither code, link key nor token is written, in success and in failure."""
    for name in ("", "httpx", "httpcore", "azure"):
        caplog.set_level(logging.DEBUG, logger=name)
    bad = f"no: {KEY} {TOKEN}"
    for result in (Answer(201, CREATED), Answer(201, f'{{"x": "{CODE}"'), refusal(400, "x", bad), Answer(504)):
        fake.on("POST", ".*/(temporaryAccessPassMethods|sendMail)", result)
        for act in ("create", "mail"):
            try:
                await ONCE[act][2](connection)
            except TenantError as error:
                logging.getLogger("test").debug("failed", exc_info=error)
    assert "httpx" in {record.name for record in caplog.records}
    for secret in (CODE, KEY, *TOKEN.split(".")[1:]):
        assert secret not in caplog.text


async def test_addresses_with_user_ids_are_not_logged_by_default(
    connection: GraphConnection, fake: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    """At INFO the HTTP library would write every address."""
    caplog.set_level(logging.INFO)
    fake.on("POST", ".*", Answer(201, CREATED))
    await ONCE["create"][2](connection)
    assert USER not in caplog.text


async def test_spans_hold_no_user_id(
    connection: GraphConnection, fake: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the SDK tells OpenTelemetry names the template of an address, not the address, nor any body."""
    export = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter").InMemorySpanExporter()
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    processor = pytest.importorskip("opentelemetry.sdk.trace.export").SimpleSpanProcessor(export)
    provider = sdk.TracerProvider()
    provider.add_span_processor(processor)
    for module in (
        "kiota_http.httpx_request_adapter",
        "kiota_http.middleware.middleware",
        "kiota_abstractions.request_information",
        "kiota_authentication_azure.azure_identity_access_token_provider",
    ):
        monkeypatch.setattr(f"{module}.tracer", provider.get_tracer("test"))
    for result in (Answer(201, CREATED), Answer(504), Answer(201, f'{{"x": "{CODE}"')):
        fake.on("POST", ".*/(temporaryAccessPassMethods|sendMail)", result)
        for act in ("create", "mail"):
            with contextlib.suppress(TenantError):
                await ONCE[act][2](connection)
    spans = "".join(span.to_json() for span in export.get_finished_spans())
    assert "temporaryAccessPassMethods" in spans
    for secret in (USER, CODE, KEY, TOKEN, "desk@contoso.example"):
        assert secret not in spans


async def test_a_read_is_repeated_until_it_works(connection: GraphConnection, fake: FakeGraph) -> None:
    """The policy is read through a 503 and a short 429."""
    policy = {
        "state": "enabled",
        "minimumLifetimeInMinutes": 60,
        "maximumLifetimeInMinutes": 480,
        "defaultLifetimeInMinutes": 60,
        "isUsableOnce": False,
        "includeTargets": [{"targetType": "group", "id": "all_users"}],
        "excludeTargets": [],
    }
    short = refusal(429, "TooManyRequests", "later", Retry_After="0")
    fake.on("GET", ".*/temporaryAccessPass", Answer(503), short, Answer(200, policy))
    assert (await GraphPasses(connection).policy()).include == {"all_users"}
    assert len(fake.asked) == 3


async def test_a_read_gives_up_after_three_and_does_not_wait_long(connection: GraphConnection, fake: FakeGraph) -> None:
    """Three requests at most, and a Retry-After beyond ten seconds is handed up without a wait."""
    fake.on("GET", ".*/temporaryAccessPass", Answer(503))
    with pytest.raises(TenantUnavailableError):
        await GraphPasses(connection).policy()
    assert len(fake.asked) == 1 + graph_module.REPEATS
    fake.asked.clear()
    fake.on("GET", ".*/temporaryAccessPass", refusal(429, "TooManyRequests", "later", Retry_After="60"))
    began = time.monotonic()
    with pytest.raises(TenantThrottledError) as raised:
        await GraphPasses(connection).policy()
    assert raised.value.retry_after == 60
    assert len(fake.asked) == 1
    assert time.monotonic() - began < 1


async def test_what_is_refused_is_not_asked_again(connection: GraphConnection, fake: FakeGraph) -> None:
    """A 4xx will stay one."""
    fake.on("GET", ".*/temporaryAccessPass", refusal(400, "badRequest", "no"))
    with pytest.raises(TenantRefusedError):
        await GraphPasses(connection).policy()
    assert len(fake.asked) == 1


async def test_a_change_cannot_be_sent_as_a_read(connection: GraphConnection, fake: FakeGraph) -> None:
    """Only a GET is ever repeated, and a call does not show where it goes."""
    create, look = connection.calls.passes.new_pass(USER, ORDER), connection.calls.passes.held_by(USER)
    for wrong in (connection.read(create), connection.read_once(create), connection.change(look)):
        with pytest.raises(ValueError, match="change"):
            await wrong
    assert USER not in repr(create)
    assert fake.asked == []


async def test_a_read_that_is_answered_with_nothing_is_unavailable(
    connection: GraphConnection, fake: FakeGraph
) -> None:
    """A 204 tells nothing of what was asked."""
    fake.on("GET", ".*", Answer(204))
    with pytest.raises(TenantUnavailableError, match="nothing"):
        await connection.read_once(connection.calls.passes.held_by(USER))


async def test_cancelling_a_call_is_not_swallowed(connection: GraphConnection, fake: FakeGraph) -> None:
    """A host that stops cancels its handlers; that is no answer of Graph's."""
    fake.on("POST", ".*", Answer(201, CREATED, fault="silence"))
    task = asyncio.ensure_future(ONCE["create"][2](connection))
    await fake.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
