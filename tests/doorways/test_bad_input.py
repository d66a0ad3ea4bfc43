"""What bad input gets at the HR doorway: the right answer, nothing stored that should not be, nothing given away."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest

from sandbox.http import Answer, call
from sandbox.webhooks import sign
from tests.doorways.story import DESK, START, Story

CANARY = "Zaphod Kanarienvogel"


def event(story: Story, **changes: Any) -> dict[str, Any]:
    """Write a good event that carries a name found nowhere else."""
    return story.company.event(story.hire(), START, displayName=CANARY, **changes)


def assert_refused(story: Story, answer: Answer, status: int, kind: str) -> dict[str, Any]:
    """See a problem of that kind, nothing stored, and nothing of the body answered or logged."""
    assert answer.status == status, answer.text()
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = dict(answer.json())
    assert body["type"] == f"urn:day-one-pass:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert CANARY.encode() not in answer.body
    assert CANARY not in "".join(story.world.logs().values())
    assert story.rows() == []
    return body


def test_unsigned(story: Story) -> None:
    """An event without any signature is answered 401."""
    body = json.dumps(event(story)).encode()
    answer = story.world.request("POST", "/api/hr/acme", body=body, headers={"Content-Type": "application/json"})
    assert_refused(story, answer, 401, "signature-rejected")


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header(story: Story, missing: str) -> None:
    """Each header of the signature is needed; the answer names the one that is empty."""
    answer = story.company.post(event(story), headers={missing: ""})
    assert missing in assert_refused(story, answer, 401, "signature-rejected")["detail"]


def test_badly_signed(story: Story) -> None:
    """A signature by another secret is answered 401."""
    answer = story.company.post(event(story), secret="whsec_" + "QUJD" * 8)
    assert_refused(story, answer, 401, "signature-rejected")


def test_a_body_changed_after_signing(story: Story) -> None:
    """One byte more than what was signed is answered 401."""
    body = json.dumps(event(story)).encode()
    headers = sign(story.world.vault.hr, "msg_1", story.now(), body)
    tampered = call("POST", f"{story.world.app}/api/hr/acme", body=body + b" ", headers=headers)
    assert_refused(story, tampered, 401, "signature-rejected")


@pytest.mark.parametrize("seconds", [-310, 310, -86_400, 86_400])
def test_stale_or_from_the_future(story: Story, seconds: int) -> None:
    """A signature more than five minutes old, or ahead, is answered 401."""
    answer = story.company.post(event(story), skew=timedelta(seconds=seconds))
    assert_refused(story, answer, 401, "signature-rejected")


@pytest.mark.parametrize("seconds", [-290, 290])
def test_clocks_may_differ_a_little(story: Story, seconds: int) -> None:
    """A signature less than five minutes off is taken."""
    assert story.company.post(event(story), skew=timedelta(seconds=seconds)).status == 202


@pytest.mark.parametrize("source", ["nobody", "ACME", "acme%2F..", "admin"])
def test_an_unknown_source(story: Story, source: str) -> None:
    """A source that settings do not name is answered 404."""
    assert_refused(story, story.company.post(event(story), source=source), 404, "unknown-source")


def test_too_large(story: Story) -> None:
    """One byte over 256 KiB is answered 413, however well signed."""
    body = json.dumps(event(story)).encode()
    answer = story.company.post(body + b" " * (256 * 1024 + 1 - len(body)))
    assert_refused(story, answer, 413, "payload-too-large")


def test_the_largest_body_is_taken(story: Story) -> None:
    """Exactly 256 KiB are read."""
    body = json.dumps(event(story)).encode()
    assert story.company.post(body + b" " * (256 * 1024 - len(body))).status == 202


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp", ""]
)
def test_a_wrong_content_type(story: Story, content_type: str) -> None:
    """Anything but JSON is answered 415."""
    answer = story.company.post(event(story), headers={"content-type": content_type})
    assert_refused(story, answer, 415, "content-type")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{'type': 1}", b'{"a":1,"a":2}'])
def test_not_a_json_object(story: Story, body: bytes) -> None:
    """What is no JSON object is answered 400."""
    assert_refused(story, story.company.post(body), 400, "unreadable-body")


WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"externalId": None}, "/data/externalId"),
    ({"externalId": 1001}, "/data/externalId"),
    ({"externalId": " "}, "/data/externalId"),
    ({"externalId": "x" * 129}, "/data/externalId"),
    ({"displayName": ""}, "/data/displayName"),
    ({"displayName": "two\nlines"}, "/data/displayName"),
    ({"startDate": None}, "/data/startDate"),
    ({"startDate": "03.06.2030"}, "/data/startDate"),
    ({"startDate": 20300603}, "/data/startDate"),
    ({"startTime": "8"}, "/data/startTime"),
    ({"startTime": "08:00:00"}, "/data/startTime"),
    ({"timezone": 2}, "/data/timezone"),
    ({"timezone": "x" * 65}, "/data/timezone"),
    ({"site": ["Berlin"]}, "/data/site"),
    ({"department": {}}, "/data/department"),
    ({"userName": 7}, "/data/userName"),
    ({"preferredLanguage": "x" * 36}, "/data/preferredLanguage"),
    ({"manager": "noor"}, "/data/manager"),
    ({"manager": {"userName": 1}}, "/data/manager/userName"),
    ({"manager": {"externalId": []}}, "/data/manager/externalId"),
    ({"emails": "a@b"}, "/data/emails"),
    ({"emails": [{"type": "home", "value": 1}]}, "/data/emails/0/value"),
    ({"phoneNumbers": [{"type": 1}]}, "/data/phoneNumbers/0/type"),
    ({"phoneNumbers": {}}, "/data/phoneNumbers"),
    ({"device": "serial"}, "/data/device"),
    ({"device": {"serialNumber": 5}}, "/data/device/serialNumber"),
    ({"device": {"deviceId": "x" * 65}}, "/data/device/deviceId"),
]


WRONG_ENVELOPES: list[tuple[dict[str, Any], str]] = [
    ({"type": 1}, "/type"),
    ({"type": None}, "/type"),
    ({"timestamp": "yesterday"}, "/timestamp"),
    ({"timestamp": "2030-05-27T08:00:00"}, "/timestamp"),
    ({"timestamp": "2030-02-31T08:00:00Z"}, "/timestamp"),
    ({"timestamp": 1}, "/timestamp"),
    ({"data": []}, "/data"),
    ({"data": None}, "/data"),
]


def test_a_field_of_the_wrong_shape(story: Story) -> None:
    """A field of the wrong shape is answered 422, and named."""
    hire = story.hire()
    for change, field in WRONG_FIELDS:
        wrong = story.company.event(hire, START, **{"displayName": CANARY, **change})
        assert_names_the_field(story, wrong, field, change)


def test_an_envelope_of_the_wrong_shape(story: Story) -> None:
    """Type, time and data are checked as the fields are."""
    right = event(story)
    for change, field in WRONG_ENVELOPES:
        assert_names_the_field(story, {**right, **change}, field, change)


def assert_names_the_field(story: Story, wrong: dict[str, Any], field: str, change: dict[str, Any]) -> None:
    """Post what is wrong in one field, and see it refused and the field named."""
    answer = story.company.post(wrong)
    assert answer.status == 422, change
    body = assert_refused(story, answer, 422, "event-shape")
    assert [error["field"] for error in body["errors"]] == [field], change


def test_several_wrong_fields_are_named_at_once(story: Story) -> None:
    """A sender mends all of them after one answer."""
    wrong = event(story, startTime="noon", timezone=1, site=2)
    body = assert_refused(story, story.company.post(wrong), 422, "event-shape")
    assert {error["field"] for error in body["errors"]} == {"/data/startTime", "/data/timezone", "/data/site"}


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"timezone": "Europe/Bonn"}, "unknown-timezone"),
    ({"timezone": "localtime"}, "unknown-timezone"),
    ({"startDate": "2030-02-31"}, "impossible-start"),
    ({"startDate": "0000-00-00"}, "impossible-start"),
    ({"startDate": "9999-12-31"}, "impossible-start"),
    ({"startDate": "1066-10-14"}, "impossible-start"),
    ({"startTime": "25:00"}, "impossible-start"),
]


def test_well_shaped_and_impossible(story: Story) -> None:
    """What a sender cannot mend by sending again is acknowledged, stored, and shown as failed with the reason.

    Nothing of its body is logged.
    """
    cases = [story.posts(story.newcomer(), displayName=CANARY, **changes) for changes, _ in IMPOSSIBLE]
    for case, (changes, reason) in zip(cases, IMPOSSIBLE, strict=True):
        seen = case.read()
        assert (seen["status"], seen["reason"]) == ("failed", reason), changes
        assert seen["advice"], changes
    for _ in range(3):
        story.later(minutes=2)
    mails = story.mails()
    assert [mail["to"] for mail in mails] == [[DESK]] * len(cases)
    assert all(sum(case.id in mail["text"] for mail in mails) == 1 for case in cases)
    assert story.asked("POST", "temporaryAccessPass") == []
    assert CANARY not in "".join(story.world.logs().values())


def test_a_failed_hire_is_mended_by_the_next_event(story: Story) -> None:
    """The correction from HR puts the same onboarding right."""
    case = story.posts(story.hire(), timezone="Europe/Bonn")
    story.world.advance("PT1M")
    mended = story.posts(case.hire, kind="hire.updated")
    assert mended.id == case.id
    mended.until("issued")


def test_a_replay_has_no_effect(story: Story) -> None:
    """The same event again, and again a day later with a fresh signature, is acknowledged and changes nothing."""
    once = event(story)
    assert story.company.post(once, "msg_same").status == 202
    story.world.wait_idle()
    case = story.case(story.hire())
    before = case.read()
    for _ in range(2):
        answer = story.company.post(once, "msg_same")
        assert (answer.status, answer.json()) == (202, {"outcome": "replay"})
        story.world.advance("P1D")
    assert case.read() == before
    assert len(story.rows()) == 1


def test_the_same_hire_created_twice_is_one_onboarding(story: Story) -> None:
    """Two events about one hire, sent as two, make one onboarding and one pass."""
    first = story.posts(story.hire())
    story.world.advance("PT1M")
    second = story.posts(story.hire())
    assert first.id == second.id
    first.until("issued")
    assert len(story.asked("POST", "temporaryAccessPassMethods")) == 1


def test_storage_down_and_the_retry_succeeds(story: Story) -> None:
    """While storage refuses the app the sender is told 503; the very same delivery succeeds when it is back."""
    story.fault("/msi/token.*storage", status=403)
    story.world.restart_host()
    once = event(story)
    webhook_id = f"msg_{secrets.token_hex(4)}"
    answer = story.company.post(once, webhook_id)
    story.mended()
    assert_refused(story, answer, 503, "storage-unavailable")
    assert story.company.post(once, webhook_id).json() == {"outcome": "planned"}
    story.case(story.hire()).until("issued")


def test_both_secrets_count_while_one_is_rotated(story: Story) -> None:
    """A source with two active secrets may sign with either."""
    fresh = "whsec_" + "QUJD" * 8
    sources = {"acme": {"kind": "standard", "secrets": {"a": "HR_ACME_SECRET_A", "b": "HR_ACME_SECRET_B"}}}
    host = story.world.start_host({"HR_SOURCES": json.dumps(sources), "HR_ACME_SECRET_B": fresh})
    outcomes = [
        story.company.post(event(story, externalId=number), secret=secret, host=host.address).status
        for number, secret in (("1", fresh), ("2", story.world.vault.hr), ("3", "whsec_" + "QUJE" * 8))
    ]
    assert outcomes == [202, 202, 401]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_handshakes_change_nothing(story: Story, method: str) -> None:
    """GET and OPTIONS say whether the source exists, and no more."""
    assert story.world.request(method, "/api/hr/acme").status == 204
    assert story.world.request(method, "/api/hr/nobody").status == 404
    assert story.rows() == []


def test_names_from_outside_do_no_harm_on_their_way(story: Story) -> None:
    """A name full of markup, quotes and key characters comes through the way unharmed, and harms no mail."""
    case = story.posts(
        story.hire(), externalId="LK|1001'/\\?#%\"<b>", displayName="<script>alert(1)</script> ' or 1 eq 1"
    )
    assert case.waits_for("employee-number-differs")["externalId"] == "LK|1001'/\\?#%\"<b>"
    assert all("<script>alert" not in mail["html"] for mail in story.mails())
