"""Every problem that the API's description names, route by route, provoked once; and none that it does not name."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import azure.functions as func
import pytest

from functions.deliveries import create_blueprint as deliveries
from functions.hand_over import create_blueprint as hand_over
from functions.health import create_blueprint as health
from functions.hr_events import create_blueprint as hr_events
from functions.openapi import document
from functions.pass_tables import create_blueprint as pass_tables
from functions.passes import create_blueprint as passes
from functions.people import create_blueprint as people
from functions.problems import URN, statuses
from functions.readiness import create_blueprint as readiness
from sandbox.http import Answer
from sandbox.people import HireOfCompany
from sandbox.settings import HR_SECRET_SETTING, HR_SOURCE, hr_source
from shared.handover.callers.refusals import MOST
from shared.onboarding.deliveries.model import person
from shared.onboarding.model import SCHEMA
from shared.runtime.clock import SystemClock
from shared.runtime.errors import SettingsError, StorageUnavailableError
from shared.services import Services, compose
from tests.doorways.story import ADMIN, ATTACKER, START, Case, Story

NEVER = "0" * 25
BIG = b'"' + b"x" * 300_000 + b'"'
JSON = {"Content-Type": "application/json"}
FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
FAULTS: Mapping[str, dict[str, Any]] = {
    "tenant-busy": {"status": 429, "retryAfter": 60},
    "tenant-unavailable": {"status": 503},
    "tenant-refused": {"status": 400, "code": "Request_BadRequest"},
    "permission-missing": {"status": 403, "code": "Authorization_RequestDenied"},
}
SHEET = {"columns": {"externalId": "No.", "displayName": "Name", "startDate": "Entry", "userName": "Account"}}
ELSEWHERE = {"authentication-off", "settings", "storage-unavailable", "broken-off"}
"""What no request can bring about: shown below by the same functions, in an app that cannot work."""


def documented() -> set[tuple[str, str]]:
    """Return each operation's id with each kind of problem that the document names for it."""
    return {
        (operation["operationId"], kind.removeprefix(URN))
        for item in document()["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
        for response in operation["responses"].values()
        for kind in kinds(response)
    }


def kinds(response: dict[str, Any]) -> list[str]:
    """Return the problem types that a documented response may have."""
    content = response.get("content", {}).get("application/problem+json")
    return list(content["schema"]["allOf"][1]["properties"]["type"]["enum"]) if content else []


@dataclass(slots=True)
class Scene:
    """Hires in the states that problems need: opened, waiting for a release, withdrawn, gone on with by a newer app."""

    story: Story
    opened: Case
    waiting: Case
    ended: Case
    newer: Case

    @classmethod
    def of(cls, story: Story) -> "Scene":
        """Bring them there, beside a source of tables."""
        sheet = {"kind": "csv", "secrets": {"a": HR_SECRET_SETTING}, "options": SHEET}
        sources = {HR_SOURCE: hr_source(), "sheet": sheet}
        story.world.restart_host(0, {"HR_SOURCES": json.dumps(sources)})
        waiting = story.posts(story.hire("wanda-wieder"))
        ended = story.posts(story.hire("jonas-keller"))
        story.world.advance("PT1M")
        story.posts(ended.hire, kind="hire.cancelled")
        newer = story.posts(story.hire("pia-papierlos"))
        opened = story.posts(story.hire())
        opened.collected()
        waiting.until("waiting")
        entity = next(row for row in story.rows() if row["RowKey"] == f"o|{newer.id}")
        story.world.storage.table("onboardings").update_entity({**entity, "schema": SCHEMA + 1})
        return cls(story, opened, waiting, ended, newer)

    def send(self, method: str, path: str, role: str = "", by: str = ADMIN, **more: Any) -> Answer:
        """Send a request as somebody with one role, or as nobody."""
        app = more.pop("app", False)
        headers = {**JSON, "Idempotency-Key": "problem-1", **self.story.world.of_the_page(), **more.pop("headers", {})}
        if role:
            headers["Authorization"] = f"Bearer {self.story.company.token(by, role, app=app)}"
        return self.story.world.request(method, path, headers=headers, **more)

    def delivery(self, hire: HireOfCompany) -> dict[str, Any]:
        """Return the newest delivery about a hire, as it is stored."""
        whom = person("acme", hire.employee_id)
        kept = [row for row in self.story.world.storage.rows("people") if row["PartitionKey"] == "deliveries|acme"]
        return max((row for row in kept if whom in row["people"].split()), key=lambda row: str(row["RowKey"]))

    def failing(self, kind: str, act: Callable[[], Answer]) -> Answer:
        """Send a request while Graph fails."""
        self.story.fault("/v1.0/users/", **FAULTS[kind])
        answer = act()
        self.story.mended()
        return answer


Row = tuple[str, str, Callable[[Scene], Answer]]


def roles() -> Iterator[Row]:
    """Nobody, and the wrong role, at each route that wants one."""
    routes = (
        ("pass_request", "POST", ""),
        ("pass_list", "GET", ""),
        ("pass_status", "GET", f"/{NEVER}"),
        ("pass_revoke", "DELETE", f"/{NEVER}"),
        ("pass_resend", "POST", f"/{NEVER}/resend"),
        ("pass_confirm", "POST", f"/{NEVER}/confirm"),
        ("pass_confirm_all", "POST", "/confirm"),
        ("pass_retry", "POST", f"/{NEVER}/retry"),
        ("pass_table", "POST", "/table"),
    )
    for name, method, rest in routes:
        path, right = f"/api/passes{rest}", "Pass.Request" if name == "pass_resend" else "Pass.Admin"
        yield name, "sign-in", lambda scene, method=method, path=path: scene.send(method, path)
        yield name, "role-missing", lambda scene, method=method, path=path: scene.send(method, path, "Pass.HandOver")
        if method != "GET":
            yield name, "cross-site", lambda s, m=method, p=path, r=right: s.send(m, p, r, headers=FOREIGN)
        if NEVER in rest:
            yield name, "unknown-onboarding", lambda s, m=method, p=path, r=right: s.send(m, p, r, json_body={})


def check_ups() -> Iterator[Row]:
    """What a request for the check-up may be refused for."""
    yield "readiness", "sign-in", lambda scene: scene.send("GET", "/api/readiness")
    yield "readiness", "role-missing", lambda scene: scene.send("GET", "/api/readiness", "Pass.Request")


def erasures() -> Iterator[Row]:
    """What a request to erase a person may be refused for."""
    path = "/api/people/acme/nobody"
    yield "person_erase", "sign-in", lambda scene: scene.send("DELETE", path)
    yield "person_erase", "role-missing", lambda scene: scene.send("DELETE", path, "Pass.Request")
    yield "person_erase", "cross-site", lambda scene: scene.send("DELETE", path, "Pass.Admin", headers=FOREIGN)
    yield "person_erase", "unknown-person", lambda scene: scene.send("DELETE", path, "Pass.Admin")


def bodies() -> Iterator[Row]:
    """What no body may be, at each route that reads one for a role."""
    wrong: Mapping[str, dict[str, Any]] = {
        "unreadable-body": {"body": b'{"user": '},
        "payload-too-large": {"body": BIG},
        "content-type": {"body": b"{}", "headers": {"Content-Type": "text/plain"}},
        "body-shape": {"json_body": {"replace": "perhaps"}},
    }
    routes = (
        ("pass_request", "", "Pass.Request"),
        ("pass_resend", f"/{NEVER}/resend", "Pass.Request"),
        ("pass_confirm", f"/{NEVER}/confirm", "Pass.Admin"),
        ("pass_confirm_all", "/confirm", "Pass.Admin"),
    )
    for name, rest, role in routes:
        for kind, sent in wrong.items():
            path = f"/api/passes{rest}"
            yield name, kind, lambda s, path=path, role=role, sent=sent: s.send("POST", path, role, **sent)


def roll_backs() -> Iterator[Row]:
    """At each route that reads a row: one that a newer version of the app wrote, before that was taken back."""
    orders = (("revoke", "DELETE", ""), ("resend", "POST", "/resend"), ("confirm", "POST", "/confirm"))
    for name, method, rest in (("status", "GET", ""), *orders, ("retry", "POST", "/retry")):
        role = "Pass.Request" if name == "resend" else "Pass.Admin"

        def at(scene: Scene, method: str = method, rest: str = rest, role: str = role) -> Answer:
            return scene.send(method, f"/api/passes/{scene.newer.id}{rest}", role, json_body={})

        yield f"pass_{name}", "newer-version", at

    def request(scene: Scene) -> Answer:
        body = {"user": scene.newer.hire.upn, "reason": "why"}
        return scene.send("POST", "/api/passes", "Pass.Request", json_body=body)

    def event(scene: Scene) -> Answer:
        return scene.story.company.post(scene.story.company.event(scene.newer.hire, START))

    def erase(scene: Scene) -> Answer:
        return scene.send("DELETE", f"/api/people/acme/{scene.newer.hire.employee_id}", "Pass.Admin")

    yield "pass_request", "newer-version", request
    yield "pass_list", "newer-version", lambda scene: scene.send("GET", "/api/passes", "Pass.Read")
    yield "hr_event", "newer-version", event
    yield "person_erase", "newer-version", erase


def requests() -> Iterator[Row]:
    """What a request for a pass, and a search, may run into."""

    def ask(scene: Scene, user: str = "nobody@larkspur.example", **more: Any) -> Answer:
        return scene.send("POST", "/api/passes", "Pass.Request", json_body={"user": user, "reason": "why"}, **more)

    def search(scene: Scene) -> Answer:
        return scene.send("GET", f"/api/passes?user={scene.opened.hire.upn}", "Pass.Read")

    def twice(scene: Scene) -> Answer:
        key = {"headers": {"Idempotency-Key": "the-same-key"}}
        assert ask(scene, scene.story.hire("zofia-nowak").upn, **key).status == 202
        return ask(scene, scene.opened.hire.upn, **key)

    yield "pass_request", "idempotency-key", lambda scene: ask(scene, headers={"Idempotency-Key": "short"})
    yield "pass_request", "refused", ask
    yield "pass_request", "key-reused", twice
    yield "pass_request", "on-its-way", lambda scene: ask(scene, user=scene.opened.hire.upn)
    yield "pass_list", "query", lambda scene: scene.send("GET", "/api/passes?status=lost", "Pass.Read")
    for kind in FAULTS:
        yield "pass_request", kind, lambda scene, kind=kind: scene.failing(kind, lambda: ask(scene))
        yield "pass_list", kind, lambda scene, kind=kind: scene.failing(kind, lambda: search(scene))


def tables() -> Iterator[Row]:
    """What a table of requests may run into."""

    def post(scene: Scene, *rows: str, query: str = "source=sheet&reason=why", **more: Any) -> Answer:
        body = "\n".join(("No.,Name,Entry,Account", *rows)).encode()
        headers = {"Content-Type": "text/csv", **more.pop("headers", {})}
        given = {"body": body, "headers": headers, **more}
        return scene.send("POST", f"/api/passes/table?{query}", "Pass.Request", **given)

    def good(scene: Scene, hire: HireOfCompany | None = None) -> Answer:
        return post(scene, f"1,Ada,{START},{(hire or scene.story.hire('zofia-nowak')).upn}")

    yield "pass_table", "unreadable-body", post
    yield "pass_table", "payload-too-large", lambda scene: post(scene, body=BIG)
    yield "pass_table", "content-type", lambda scene: post(scene, headers={"Content-Type": "application/json"})
    yield "pass_table", "body-shape", lambda scene: post(scene, query="source=sheet")
    yield "pass_table", "idempotency-key", lambda scene: post(scene, headers={"Idempotency-Key": "short"})
    yield "pass_table", "unknown-source", lambda scene: post(scene, query="source=acme&reason=why")
    yield "pass_table", "rows-refused", lambda scene: post(scene, f"1,Ada,{START},nobody@larkspur.example")
    yield "pass_table", "newer-version", lambda scene: good(scene, scene.newer.hire)
    for kind in FAULTS:
        yield "pass_table", kind, lambda scene, kind=kind: scene.failing(kind, lambda: good(scene))


def cases() -> Iterator[Row]:
    """What cannot be done with an onboarding as it stands, or not by this person."""

    def at(scene: Scene, case: Case, rest: str, role: str, **more: Any) -> Answer:
        method = "POST" if rest else "DELETE"
        return scene.send(method, f"/api/passes/{case.id}{rest}", role, **{"json_body": {}, **more})

    def resend(scene: Scene, **body: Any) -> Answer:
        return at(scene, scene.waiting, "/resend", "Pass.Request", json_body=body)

    yield "pass_revoke", "ended", lambda scene: at(scene, scene.ended, "", "Pass.Request")
    yield "pass_resend", "ended", lambda scene: at(scene, scene.ended, "/resend", "Pass.Request")
    yield "pass_resend", "already-opened", lambda scene: at(scene, scene.opened, "/resend", "Pass.Request")
    yield "pass_resend", "refused", lambda scene: resend(scene, deliverTo="contact")
    for kind in FAULTS:
        yield "pass_resend", kind, lambda scene, kind=kind: scene.failing(kind, lambda: resend(scene))
    yield "pass_confirm", "nothing-to-release", lambda scene: at(scene, scene.opened, "/confirm", "Pass.Admin")
    seen = {"json_body": {"user": "aaaaaaaa-0000-4000-8000-000000000001"}}
    yield "pass_confirm", "other-account", lambda scene: at(scene, scene.waiting, "/confirm", "Pass.Admin", **seen)
    yield "pass_confirm", "person-needed", lambda scene: at(scene, scene.waiting, "/confirm", "Pass.Admin", app=True)
    yield "pass_confirm_all", "person-needed", lambda s: s.send("POST", "/api/passes/confirm", "Pass.Admin", app=True)
    yield "pass_retry", "nothing-to-retry", lambda scene: at(scene, scene.opened, "/retry", "Pass.Admin")
    for name, role in (("resend", "Pass.Request"), ("confirm", "Pass.Admin")):
        yield (
            f"pass_{name}",
            "own-case",
            lambda scene, name=name, role=role: at(
                scene, scene.waiting, f"/{name}", role, by=scene.waiting.hire.manager
            ),
        )


def hand_overs() -> Iterator[Row]:
    """What the page may be answered."""

    def question(scene: Scene, name: str, by: str | None = None, **body: Any) -> Answer:
        token = scene.story.company.token(by or scene.opened.hire.manager)
        return scene.story.company.ask(scene.opened.link(), name, token, **body)

    def unreadable(scene: Scene, name: str) -> Answer:
        return scene.send("POST", f"/pass/{NEVER}/{name}", "Pass.Read", body=b"[]")

    def other(scene: Scene) -> Answer:
        return question(scene, "reveal", claim=scene.story.company.claim())

    def broken(scene: Scene) -> Answer:
        entity = next(one for one in scene.story.rows() if one["RowKey"] == f"o|{scene.opened.id}")
        row = json.loads(entity["doc"])
        row["claim"], row["issued"]["delivery"] = None, 99
        scene.story.rewrite({**entity, "doc": json.dumps(row)})
        return other(scene)

    for name in ("state", "reveal", "reissue", "code"):
        yield f"pass_{name}", "sign-in", lambda scene, name=name: scene.send("POST", f"/pass/{NEVER}/{name}")
        yield f"pass_{name}", "unreadable-body", lambda scene, name=name: unreadable(scene, name)
        yield f"pass_{name}", "not-for-you", lambda scene, name=name: question(scene, name, by=ATTACKER)

    def once_too_often(scene: Scene, name: str) -> Answer:
        answers = (question(scene, name, by=ATTACKER) for _ in range(MOST + 1))
        return next(answer for answer in answers if answer.status == 429)

    yield "pass_reveal", "no-claim", lambda scene: question(scene, "reveal")
    yield "pass_reveal", "not-to-be-shown", other
    yield "pass_reveal", "seal-broken", broken
    for name in ("state", "reveal", "reissue", "code"):
        yield f"pass_{name}", "too-many-refusals", lambda scene, name=name: once_too_often(scene, name)


def events() -> Iterator[Row]:
    """What an HR event may be refused for."""

    def post(scene: Scene, body: bytes = b"{}", **more: Any) -> Answer:
        return scene.story.company.post(body, **more)

    yield "hr_event", "unreadable-body", lambda scene: post(scene, b"[]")
    yield "hr_event", "signature-rejected", lambda scene: post(scene, secret="whsec_" + "QUJD" * 8)
    yield "hr_event", "unknown-source", lambda scene: post(scene, source="nobody")
    yield "hr_event", "payload-too-large", lambda scene: post(scene, BIG)
    yield "hr_event", "content-type", lambda scene: post(scene, headers={"content-type": "text/plain"})
    yield "hr_event", "event-shape", post
    for method in ("get", "options"):
        greet = f"hr_handshake_{method}"
        yield greet, "unknown-source", lambda scene, method=method: scene.send(method.upper(), "/api/hr/nobody")


def kept_deliveries() -> Iterator[Row]:
    """What looking at deliveries, and running one again, may be refused for."""
    routes = (
        ("delivery_list", "GET", ""),
        ("delivery_show", "GET", f"/{NEVER[1:]}"),
        ("delivery_replay", "POST", f"/{NEVER[1:]}/replay"),
    )
    for name, method, rest in routes:

        def send(scene: Scene, path: str, *role: str, method: str = method, rest: str = rest, **more: Any) -> Answer:
            return scene.send(method, f"/api/hr/{path}/deliveries{rest}", *role, **more)

        yield name, "sign-in", lambda scene, send=send: send(scene, "acme")
        yield name, "role-missing", lambda scene, send=send: send(scene, "acme", "Pass.Read")
        yield name, "unknown-source", lambda scene, send=send: send(scene, "nobody", "Pass.Admin")
        if rest:
            yield name, "unknown-delivery", lambda scene, send=send: send(scene, "acme", "Pass.Admin")
        if method == "POST":
            yield name, "person-needed", lambda scene, send=send: send(scene, "acme", "Pass.Admin", app=True)
            yield name, "cross-site", lambda scene, send=send: send(scene, "acme", "Pass.Admin", headers=FOREIGN)

    def not_openable(scene: Scene, method: str, rest: str) -> Answer:
        kept = scene.delivery(scene.ended.hire)
        scene.story.world.storage.table("people").update_entity({**kept, "sealed0": b"something else"})
        return scene.send(method, f"/api/hr/acme/deliveries/{kept['RowKey']}{rest}", "Pass.Admin")

    def newer(scene: Scene) -> Answer:
        """Run the event of the newer row again as if it had not been seen."""
        kept, table = scene.delivery(scene.newer.hire), scene.story.world.storage.table("onboardings")
        for row in table.query_entities(
            f"PartitionKey eq '{scene.newer.id[0]}' and RowKey ge 'e|' and RowKey lt 'e}}'"
        ):
            table.delete_entity(row)
        return scene.send("POST", f"/api/hr/acme/deliveries/{kept['RowKey']}/replay", "Pass.Admin")

    yield "delivery_show", "not-openable", lambda scene: not_openable(scene, "GET", "")
    yield "delivery_replay", "not-openable", lambda scene: not_openable(scene, "POST", "/replay")
    yield "delivery_replay", "newer-version", newer
    yield "delivery_list", "query", lambda s: s.send("GET", "/api/hr/acme/deliveries?before=x", "Pass.Admin")


ROWS: tuple[Row, ...] = (
    *(*roles(), *check_ups(), *erasures(), *bodies(), *roll_backs()),
    *(*requests(), *tables(), *cases(), *events(), *kept_deliveries(), *hand_overs()),
)


def test_the_table_is_the_document() -> None:
    """Each kind of problem at each route stands in one row here, or is one that no request can bring about."""
    provoked = [(name, kind) for name, kind, _ in ROWS]
    assert len(provoked) == len(set(provoked))
    assert set(provoked) == {(name, kind) for name, kind in documented() if kind not in ELSEWHERE}


def test_each_problem_is_answered_as_documented(story: Story) -> None:
    """One request for each row of the table: the problem's type, its status in the document, and what to do."""
    scene = Scene.of(story)
    statuses = _statuses()
    wrong = {}
    for name, kind, provoke in ROWS:
        answer = provoke(scene)
        found = answer.json() if "problem+json" in answer.headers.get("content-type", "") else {}
        if found.get("type") != f"{URN}{kind}" or answer.status not in statuses[name, kind] or not found["detail"]:
            wrong[name, kind] = (answer.status, answer.text()[:200])
    story.forgets_refusals()
    assert wrong == {}


class Failing:
    """An app in which nothing can be built."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __call__(self) -> Services:
        """Fail."""
        raise self._error


UNABLE: Mapping[str, Callable[[], Services]] = {
    "settings": Failing(SettingsError(("TENANT_ID is missing.",))),
    "storage-unavailable": Failing(StorageUnavailableError("Storage gives no answer.")),
    "broken-off": Failing(RuntimeError("as nobody foresaw")),
    "authentication-off": lambda: compose({}, SystemClock()),
}


@pytest.mark.parametrize("kind", sorted(ELSEWHERE))
def test_an_app_that_cannot_work_says_so_as_documented(kind: str) -> None:
    """Settings, storage or authentication missing, or worse: each route whose document names it says so."""
    wanted = statuses()[kind]
    functions = _functions(UNABLE[kind])
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and (operation["operationId"], kind) in documented():
                answer = asyncio.run(functions[path, method](_request(method)))
                assert (answer.status_code, json.loads(answer.get_body())["type"]) == (wanted, f"{URN}{kind}"), path


def _functions(services: Callable[[], Services]) -> dict[tuple[str, str], Callable[..., Any]]:
    """Return the functions behind the routes, by path and method."""
    app = func.FunctionApp()
    for create in (deliveries, health, hand_over, hr_events, pass_tables, passes, people, readiness):
        app.register_functions(create(services))
    return {
        (
            f"/{trigger.route}",
            str(getattr(method, "value", method)).lower(),
        ): each.get_user_function()
        for each in app.get_functions()
        for trigger in [each.get_trigger()]
        for method in trigger.methods
    }


def _request(method: str) -> func.HttpRequest:
    headers = {"Content-Type": "application/json"}
    return func.HttpRequest(
        method=method.upper(),
        url="/",
        headers=headers,
        route_params={"id": NEVER, "source": "acme", "externalId": "nobody"},
        body=b"{}",
    )


def _statuses() -> dict[tuple[str, str], set[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    for item in document()["paths"].values():
        for operation in (each for each in item.values() if isinstance(each, dict)):
            for status, response in operation["responses"].items():
                for kind in kinds(response):
                    found.setdefault((operation["operationId"], kind.removeprefix(URN)), set()).add(int(status))
    return found
