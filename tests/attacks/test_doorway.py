"""The page's own doorway in this process: with authentication off, and when something breaks behind it."""

import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, cast

import azure.functions as func
import pytest

from functions.hand_over import create_blueprint
from shared.handover.pages.page import answer_headers
from shared.services import Services
from shared.sources.hire import EventKind
from tests.attacks.hand_overs import claim
from tests.attacks.principals import forged
from tests.model.steps import GoesOn, Point, Posts
from tests.model.world import ENVIRON, MANAGER, Link, World

QUESTIONS = ("state", "reveal", "reissue", "code")
OF_THE_PAGE = {"Origin": ENVIRON["LINK_BASE_URL"], "Sec-Fetch-Site": "same-origin"}

type Doorway = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]


@pytest.fixture
def world() -> Iterator[World]:
    """Give a world in memory with a pass to collect, now."""
    made = World()
    Posts("Anna", EventKind.CREATED, 3, None, 0).act(made)
    GoesOn("Anna", Point.OPEN).act(made)
    yield made
    made.close()


def ask(world: World, question: str, headers: Mapping[str, str], services: Callable[[], Services]) -> func.HttpResponse:
    """Send a request straight to the function, past the platform: its headers are whatever they are."""
    app = func.FunctionApp()
    app.register_functions(create_blueprint(services))
    doorway = next(
        one.get_user_function() for one in app.get_functions() if one.get_function_name() == f"pass_{question}"
    )
    link = mailed(world)
    body = json.dumps({"key": link.key, "claim": claim().reveal()}).encode()
    route = {"id": link.onboarding}
    request = func.HttpRequest(
        method="POST", url="/", headers={**OF_THE_PAGE, **headers}, route_params=route, body=body
    )
    answer = world.do(cast("Any", doorway)(request))
    assert isinstance(answer, func.HttpResponse)
    for name, value in answer_headers().items():
        assert answer.headers[name] == value, (answer.status_code, name)
    return answer


def mailed(world: World) -> Link:
    """Return the link that the manager has."""
    return world.links()[-1]


def told(answer: func.HttpResponse) -> dict[str, Any]:
    """Read what an answer says."""
    return dict(json.loads(answer.get_body()))


def switched(world: World, *, on: bool) -> Callable[[], Services]:
    """Return the world's app, as the platform would run it with its authentication on or off."""
    vars(world.app.here)["environ"] = {**ENVIRON, "WEBSITE_AUTH_ENABLED": str(on)}
    return lambda: world.app


def test_with_authentication_off_no_principal_counts(
    world: World, caplog: pytest.LogCaptureFixture, say: Callable[[str], None]
) -> None:
    """The right key and every principal that anybody can write: closed, told what to do, counted."""
    services, tries = switched(world, on=False), 0
    for headers in forged(MANAGER, ENVIRON["TENANT_ID"]):
        for question in QUESTIONS:
            answer = ask(world, question, headers, services)
            assert (answer.status_code, told(answer)["type"]) == (503, "urn:day-one-pass:problem:authentication-off")
            tries += 1
    assert caplog.text.count("refused: forged-principal") == 3 * len(QUESTIONS)
    answer = ask(world, "reveal", next(forged(MANAGER, ENVIRON["TENANT_ID"])), switched(world, on=True))
    assert "pass" in told(answer), "with the platform's word for it, the same principal is the manager"
    say(f"forged principals, authentication off: {tries} tries, none counted as anybody")


class Broken:
    """A table that fails in a way nobody foresaw, with all it was asked in its words."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"{name}: nobody foresaw this")


def test_a_crash_keeps_the_pages_headers_and_says_nothing_secret(
    world: World, caplog: pytest.LogCaptureFixture, say: Callable[[str], None]
) -> None:
    """Whatever breaks, the answer is a problem under all headers, and neither it nor the log holds key or pass."""
    caplog.set_level(logging.DEBUG)
    manager = next(forged(MANAGER, ENVIRON["TENANT_ID"]))
    services = switched(world, on=True)
    code = told(ask(world, "reveal", manager, services))["pass"]
    world.app.hand_over.collecting._proof._store._table = Broken()  # type: ignore[assignment]
    for question in QUESTIONS:
        answer = ask(world, question, manager, services)
        assert (answer.status_code, told(answer)["type"]) == (500, "urn:day-one-pass:problem:broken-off")
        for secret in (code, mailed(world).key):
            assert secret not in answer.get_body().decode()
    assert "nobody foresaw this" in caplog.text
    for secret in (code, mailed(world).key, ENVIRON["ROW_KEY_A"]):
        assert secret not in caplog.text
    say(f"crashes: {len(QUESTIONS)}, no canary in answers and logs")


def test_what_is_short_of_a_minute_is_limited_and_the_pair_never(world: World) -> None:
    """Long after its source is limited, link key and proof together are answered; a minute later so is all else."""
    services = switched(world, on=True)
    manager, stranger = (
        next(forged(who, ENVIRON["TENANT_ID"])) for who in (MANAGER, "00000000-0000-4000-8000-00000000000f")
    )
    statuses = [ask(world, "state", stranger, services).status_code for _ in range(62)]
    assert statuses == [403] * 60 + [429] * 2
    assert ask(world, "state", manager, services).status_code == 200
    world.wait(timedelta(minutes=1))
    assert ask(world, "state", stranger, services).status_code == 403
