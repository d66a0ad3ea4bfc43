"""HR systems of other kinds than our own, side by side: from what they post to a collected pass."""

import json
from typing import Any

from sandbox.http import Answer
from tests.doorways.story import ADMIN, CFO, START, Story
from tests.doorways.test_ad_hoc import NOOR
from tests.shared.sources.kinds import cloudevents, csv, graph, greenhouse

OLD, NEW, OVERSEAS = "the-old-secret-of-europe", "the-new-secret-of-europe", "the-secret-of-america"
WHERE = {"employeeNumber": "candidate.custom_fields.employee_number.value", "offices": {"Berlin HQ": "Berlin"}}
SOURCES: dict[str, Any] = {
    "hiring-eu": {"kind": "greenhouse", "secrets": {"old": "EU_OLD", "new": "EU_NEW"}, "options": WHERE},
    "hiring-us": {"kind": "greenhouse", "secrets": {"first": "US_FIRST"}, "options": WHERE},
    "entra": {"kind": "graph", "secrets": {"a": "EU_OLD"}, "options": {"offices": {"Berlin": "Berlin"}}},
    "router": {"kind": "cloudevents", "secrets": {"a": "US_FIRST"}, "options": {"origins": ["eventgrid.azure.net"]}},
}
SECRETS = {"EU_OLD": OLD, "EU_NEW": NEW, "US_FIRST": OVERSEAS}


def posts(story: Story, secret: str, body: bytes, source: str = "hiring-eu") -> Answer:
    """Greenhouse posts."""
    return story.world.request("POST", f"/api/hr/{source}", body=body, headers=greenhouse.sign(secret, body))


def hired(story: Story, start: str, resolved_at: str, action: str = "hire_candidate") -> bytes:
    """Greenhouse's event about a hire of the company."""
    number = {"employee_number": {"name": "Employee Number", "type": "short_text", "value": story.hire().employee_id}}
    candidate = {**greenhouse.CANDIDATE, "custom_fields": number}
    return greenhouse.event(action, candidate=candidate, offer={"resolved_at": resolved_at, "starts_at": start})


def secrets_on_record(story: Story) -> set[tuple[str, str]]:
    """Return what became of each event on record, and the name of the secret that proved it."""
    rows = story.world.storage.rows("onboardings")
    return {(row["outcome"], row["secret"]) for row in rows if row["RowKey"].startswith("e|")}


def asked_of(story: Story, place: str) -> list[tuple[str, int]]:
    """Return method and status of each request that Graph has had about something."""
    asked = story.world.control("GET", "requests").json()["requests"]
    return [(str(one["method"]), int(one["status"])) for one in asked if place in one["path"]]


def test_a_hire_of_greenhouse_from_the_signed_delivery_to_the_sign_in(story: Story) -> None:
    """Pings and foreign words are acknowledged, retries change nothing, a secret is rotated, and the pass is collected.

    Two Greenhouses stand side by side, and neither's secret opens the other's door.
    """
    story.world.restart_host(0, {"HR_SOURCES": json.dumps(SOURCES), **SECRETS})
    first = hired(story, "2030-06-10", "2030-05-27T07:00:00Z")
    assert posts(story, OLD, b'{"action": "ping", "payload": {}}').status == 200
    assert posts(story, OLD, first, "hiring-us").status == 401
    assert posts(story, OVERSEAS, first).status == 401
    assert story.rows() == []
    for _ in range(2):
        assert (posts(story, OLD, first).status, len(story.rows())) == (200, 1)
    case = story.case(story.hire())
    assert case.read()["source"] == "hiring-eu"

    moved = hired(story, START, "2030-05-27T07:30:00Z")
    assert posts(story, NEW, moved).status == 200
    assert case.read()["plan"]["start"].startswith(START)
    assert posts(story, NEW, hired(story, "2030-06-17", "2030-05-27T07:10:00Z")).status == 200
    assert case.read()["plan"]["start"].startswith(START)
    assert secrets_on_record(story) == {
        ("passed-over: type ping", "old"),
        ("planned", "old"),
        ("replanned", "new"),
        ("older-than-known", "new"),
    }
    without_old = {**SOURCES, "hiring-eu": {**SOURCES["hiring-eu"], "secrets": {"new": "EU_NEW"}}}
    story.world.restart_host(0, {"HR_SOURCES": json.dumps(without_old)})
    assert posts(story, OLD, moved).status == 401
    assert posts(story, NEW, moved).status == 200

    code = case.collected()
    case.valid()
    assert case.signs_in(code)["signedIn"]
    logs = "".join(story.world.logs().values())
    assert "hiring-eu taken: replanned; proven by the secret new" in logs
    assert not [secret for secret in SECRETS.values() if secret in logs]


def test_what_was_misread_is_shown_masked_and_run_again_once_it_can_be_read(story: Story) -> None:
    """A field named wrongly: acknowledged, kept, and no value shown; mended, run again: one effect, however often.

    And it goes with the person, or with time.
    """
    wrong = {**WHERE, "employeeNumber": "candidate.custom_fields.nowhere.value"}
    misread = {**SOURCES, "hiring-eu": {**SOURCES["hiring-eu"], "options": wrong}}
    story.world.restart_host(0, {"HR_SOURCES": json.dumps(misread), **SECRETS})
    assert posts(story, NEW, hired(story, START, story.world.now())).status == 200
    admin = {"Authorization": f"Bearer {story.company.token(ADMIN, 'Pass.Admin')}"}

    def ask(rest: str = "", method: str = "GET") -> Any:
        answer = story.world.request(method, f"/api/hr/hiring-eu/deliveries{rest}", headers=admin)
        assert answer.status == 200, answer.text()
        return answer.json()

    (kept,) = ask()["items"]
    assert (kept["became"], kept["secret"]) == (["misshapen: /data/externalId must be text"], "new")
    shown = ask(f"/{kept['id']}")
    assert (shown["kind"], shown["options"]["employeeNumber"]) == ("greenhouse", wrong["employeeNumber"])
    assert "hire_candidate" in shown["body"]
    assert not [word for word in ("Ada", story.hire().employee_id, START, NEW) if word in json.dumps(shown)]

    story.world.restart_host(0, {"HR_SOURCES": json.dumps(SOURCES), **SECRETS})
    for outcome in ("planned", "replay"):
        assert ask(f"/{kept['id']}/replay", "POST")["became"] == [outcome]
    assert story.case(story.hire()).read()["plan"]["start"].startswith(START)
    assert len(story.rows()) == 1

    assert posts(story, NEW, hired(story, "2030-06-10", story.world.now())).status == 200
    assert len(ask()["items"]) == 2
    place = f"/api/people/hiring-eu/{story.hire().employee_id}"
    assert story.world.request("DELETE", place, headers=admin).status == 202
    story.world.wait_idle()
    assert [one["id"] for one in ask()["items"]] == [kept["id"]], "what was misread names nobody, and goes with time"
    story.later(days=15)
    assert ask()["items"] == []


def test_a_table_is_applied_whole_or_not_at_all_posted_or_left_in_a_container(story: Story) -> None:
    """One wrong row: nothing is stored, not even as an event; mended, all are planned; sent again, nothing changes.

    What was left is taken by the app's own identity, its verdict lies beside it, and of a wrong one the desk hears.
    """
    table = {"kind": "csv", "secrets": {"a": "TABLE"}, "options": {**csv.SENDER.options, "container": "hires"}}
    story.world.restart_host(0, {"HR_SOURCES": json.dumps({"table": table}), "TABLE": csv.SENDER.secret})

    def post(body: bytes, wish: str = "") -> Answer:
        headers = csv.posted(csv.SENDER.secret, body, story.now(), wish)
        return story.world.request("POST", "/api/hr/table", body=body, headers=headers)

    def rows(*numbers: str) -> list[str]:
        return [csv.row(number, at=story.world.now()).replace("2026-12-07", START) for number in numbers]

    good = rows("1", "2", "3")
    bad = csv.table(*good, csv.row("2"))
    assert (post(bad).status, post(bad, "dry-run/").status) == (422, 200)
    with story.world.storage.container("hires") as container:

        def left(name: str, body: bytes) -> dict[str, Any]:
            container.upload_blob(name, body)
            story.later(minutes=1)
            assert name not in set(container.list_blob_names())
            return dict(json.loads(container.download_blob(f"{name}.result.json").readall()))

        tried = left("dry-run/hires.csv", csv.table(*good))
        assert tried == {"outcome": "tried", "dryRun": True, "rows": 3, "errors": []}
        assert left("hires.csv", bad)["errors"][0]["field"] == "/rows/5/externalId"
        assert [mail["subject"] for mail in story.mails()] == ["table: a table has to be mended"]
        assert not [row for row in story.world.storage.rows("onboardings") if row["RowKey"][:2] in {"o|", "e|"}]
        for outcome in ("planned", "replay"):
            answer = post(csv.table(*good))
            assert [row["outcome"] for row in answer.json()["rows"]] == [outcome] * 3
        other = csv.table(*rows("4"))
        # At equal times the greater id is the newer word, and ids are made by chance.
        for outcomes in ({"planned"}, {"older-than-known", "unchanged"}):
            verdict = left("Größe 4.csv", other)
            assert (verdict["outcome"], verdict["rows"][0]["outcome"] in outcomes) == ("taken", True)
    admin = {"Authorization": f"Bearer {story.company.token(ADMIN, 'Pass.Admin')}"}
    place = "/api/hr/table/deliveries"
    kept = story.world.request("GET", place, headers=admin).json()["items"]
    dropped = [one for one in kept if one["secret"] == "container"]
    again = story.world.request("POST", f"{place}/{dropped[-1]['id']}/replay", headers=admin)
    assert again.json()["became"] == ["replay"]
    assert [row["status"] for row in story.rows()] == ["planned"] * 4
    assert {secret for _, secret in secrets_on_record(story)} == {"a", "container"}


def test_the_same_table_asked_for_by_hand_asks_for_all_or_for_none(story: Story) -> None:
    """One row that is refused: a verdict for each, and nothing begun; without it, all; again, nobody twice.

    Whoever asks is no target and gets no link; what an app asks for waits for a release.
    """
    columns = {**csv.SENDER.options["columns"], "userName": "Account"}
    sheet = {
        "kind": "csv",
        "secrets": {"a": "SHEET"},
        "options": {"columns": columns, "actions": {"joins": "hire.created"}},
    }
    story.world.restart_host(0, {"HR_SOURCES": json.dumps({"sheet": sheet}), "SHEET": csv.SENDER.secret})
    first, second = story.hire(), story.hire("zofia-nowak")

    def row(number: int, account: str, action: str = "joins", day: str = START) -> str:
        return f"{number},Ada,{day},{action},{story.world.now()},x,{account}"

    def post(*rows: str, query: str = "", by: str = NOOR, app: bool = False) -> Answer:
        token = story.company.token(by, "Pass.Request", app=app)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "the-table-1", "Content-Type": "text/csv"}
        body = csv.table(*rows, header=f"{csv.HEADER},Account")
        place = f"/api/passes/table?source=sheet&reason=New%20intake{query}"
        answer = story.world.request("POST", place, body=body, headers=headers)
        story.world.wait_idle()
        return answer

    good = [row(1, first.upn), row(2, second.upn)]
    bad = [row(3, NOOR), row(4, first.upn), row(5, CFO), row(6, "x@y.example", day="7 June"), row(7, "", "dances")]
    refused = post(*good, *bad)
    assert refused.status == 422
    assert [one["field"] for one in refused.json()["errors"]] == [
        *("/rows/4/userName", "/rows/5/userName", "/rows/6/userName", "/rows/7/startDate"),
    ]
    dry = post(*good, *bad, query="&dryRun=true")
    outcomes = [one["outcome"] for one in dry.json()["rows"]]
    assert (dry.status, outcomes) == (200, ["good", "good", *["refused"] * 4, "passed-over"])
    assert story.rows() == []

    assert [one["outcome"] for one in post(good[0]).json()["rows"]] == ["accepted"]
    whole = post(*good, *bad, query="&partial=true").json()["rows"]
    assert [one["outcome"] for one in whole] == ["accepted", "accepted", *["refused"] * 4, "passed-over"]
    assert len(story.rows()) == 2
    plan = story.read(whole[1]["id"])["plan"]
    assert plan["validFrom"] == f"{START}T06:00:00Z", "an hour before the start, as after an event"
    by_app = post(row(1, story.hire("jonas-keller").upn), by="feeder", app=True).json()["rows"][0]
    assert story.read(by_app["id"])["source"] == "ad-hoc"


def test_a_web_hook_is_set_up_by_its_handshake_and_answered_as_it_wants(story: Story) -> None:
    """Consent to a named origin, 202 for an event, and problems for what is none, through the real door."""
    story.world.restart_host(0, {"HR_SOURCES": json.dumps(SOURCES), **SECRETS})
    asked = {"WebHook-Request-Origin": "eventgrid.azure.net", "WebHook-Request-Rate": "120"}
    consent = story.world.request("OPTIONS", "/api/hr/router", headers=asked)
    assert (consent.status, consent.headers["webhook-allowed-origin"]) == (200, "eventgrid.azure.net")
    refused = story.world.request("OPTIONS", "/api/hr/router", headers={"WebHook-Request-Origin": "evil.example"})
    assert "webhook-allowed-origin" not in refused.headers
    batch = cloudevents.body(cloudevents.event(startDate=START), cloudevents.event(event_id="2", startDate="soon"))
    answer = story.world.request("POST", "/api/hr/router", body=batch, headers=cloudevents.sign(OVERSEAS, batch))
    assert (answer.status, answer.body) == (202, b"")
    assert {outcome for outcome, _ in secrets_on_record(story)} == {
        "planned",
        "misshapen: /data/startDate must be YYYY-MM-DD",
    }


def test_entra_itself_tells_who_starts_when(story: Story) -> None:
    """The handshake, a notification that only names a user, the day as Entra holds it; and a day that is taken back.

    The subscription is made by the app and renewed in time; a change that nobody told is found within the hour, and by
    comparing the starts to come where Entra cannot tell any more what has changed.
    """
    story.world.restart_host(0, {"HR_SOURCES": json.dumps(SOURCES), **SECRETS})
    story.sweep()
    assert asked_of(story, "/subscriptions") == [("POST", 201)]
    greeting = story.world.request("POST", "/api/hr/entra?validationToken=Validation%3A+Testing+%3Cb%3E")
    assert (greeting.status, greeting.text()) == (200, "Validation: Testing <b>")
    assert greeting.headers["content-type"].startswith("text/plain")
    hire = story.hire()
    user = next(person["id"] for person in story.company.directory()["people"].values() if person["upn"] == hire.upn)
    told = graph.body(graph.notification(state=OLD, resourceData={"id": user}))

    def starts(hire_date: str | None) -> None:
        story.change("upsert-user", user={"userPrincipalName": hire.upn, "employeeHireDate": hire_date})

    def changes(hire_date: str | None) -> None:
        starts(hire_date)
        answer = story.world.request("POST", "/api/hr/entra", body=told, headers=graph.sign(OLD, told))
        assert (answer.status, answer.body) == (202, b"")
        story.later(minutes=1)

    changes(None)
    assert story.rows() == []
    changes(f"{START}T00:00:00Z")
    case = story.case(hire)
    assert case.read()["plan"]["start"].startswith(START)
    assert case.until("issued").read()["source"] == "entra"
    starts(None)
    story.later(hours=1)
    story.later(minutes=1)
    assert case.status == "cancelled", "nobody told it"
    removed = graph.body(graph.notification(state=OLD, lifecycleEvent="subscriptionRemoved", changeType=None))
    assert story.world.request("POST", "/api/hr/entra", body=removed, headers=graph.sign(OLD, removed)).status == 202
    story.later(minutes=1)
    assert asked_of(story, "/subscriptions") == [("POST", 201), ("POST", 201), ("DELETE", 204)]
    other = story.hire("zofia-nowak")
    story.change("upsert-user", user={"userPrincipalName": other.upn, "employeeHireDate": f"{START}T00:00:00Z"})
    story.fault("/users/delta", status=410, code="syncStateNotFound", times=1)
    story.later(hours=1)
    story.later(minutes=1)
    assert story.case(other).read()["source"] == "entra"
