"""What single kinds of HR system have for themselves: handshakes, forms, results, and how they read a hire."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.sources.configured import SourceSettingsError
from shared.sources.hire import HireData
from shared.sources.intake import greet
from shared.sources.kinds import KINDS
from shared.sources.request import Headers, Request
from shared.sources.verdict import Answer, event_name
from tests.shared.sources.conformance import NUMBER, START, Sender, deliver, knock
from tests.shared.sources.kinds import bamboohr, cloudevents, deel, eventgrid, graph, greenhouse, mapped, scim
from tests.shared.sources.senders import NOW, source

UNRESOLVED = "@Microsoft.KeyVault(SecretUri=https://day-one.vault.azure.net/secrets/hr-acme)"


def hire(sender: Sender, body: bytes) -> HireData:
    """Deliver a body, and return the hire in it."""
    (delivery,) = deliver(sender, body).taken
    return delivery.event.hire


def greeted(sender: Sender, method: str, *headers: tuple[str, str]) -> Answer:
    """Ask for a handshake."""
    return greet(sender.source(), Request(method, Headers(headers), {}, b"", NOW))


def test_greenhouse_tells_all_that_it_knows_of_a_hire() -> None:
    """Offices become sites by the settings; the start is the offer's, never a school's or an earlier employer's."""
    (delivery,) = deliver(greenhouse.SENDER, greenhouse.SENDER.hire).taken
    assert delivery.event.occurred_at == datetime(2026, 11, 20, 8, 49, 14, tzinfo=UTC)
    assert delivery.event.hire == HireData(
        external_id=NUMBER,
        display_name="Ada King",
        start_date=START,
        site="Berlin",
        department="Research",
        home_mail="ada@example.net",
        mobile="+49 151 1",
    )


def test_a_hire_without_a_start_is_recorded_whatever_other_dates_there_are() -> None:
    """Nobody is planned from an education's start date, and Greenhouse is not told to try again."""
    answered = deliver(greenhouse.SENDER, greenhouse.event(offer=None))
    assert (answered.status, answered.taken) == (200, ())
    assert "misshapen: /timestamp" in answered.noted[0]


def test_an_office_that_the_settings_do_not_know_is_told_as_it_is() -> None:
    """Planning then says that there is no such site, instead of taking another zone in silence."""
    jobs = [{"offices": [{"name": "Atlantis"}]}]
    assert hire(greenhouse.SENDER, greenhouse.event(jobs=jobs)).site == "Atlantis"


def test_a_delivery_of_greenhouse_is_named_by_its_body_and_not_by_the_header_that_nobody_signs() -> None:
    """Otherwise a recorded delivery would be a new one under another header."""
    body = greenhouse.SENDER.hire
    signed = greenhouse.sign(greenhouse.SENDER.secret, body)
    ids = {
        knock(greenhouse.SENDER, {**signed, "Greenhouse-Event-ID": name}, body).taken[0].event_id for name in ("a", "b")
    }
    assert len(ids) == 1


def test_a_bulk_request_is_answered_operation_by_operation() -> None:
    """202 and a place to look, the good ones taken, the bad ones named by their bulk id with what to mend."""
    sender = scim.SENDER
    parts = (scim.operation("1"), scim.operation("2", method="PATCH"), scim.operation("3", displayName=7))
    answered = deliver(sender, scim.bulk(*parts))
    assert answered.status == 202
    results = answered.body["Operations"]
    assert [(result["bulkId"], result["status"]) for result in results] == [("1", "202"), ("2", "400"), ("3", "400")]
    assert "displayName" in results[2]["response"]["detail"]
    assert len(answered.taken) == 1


def test_a_scim_user_tells_all_that_it_knows_of_a_hire() -> None:
    """Core, enterprise and the company's own schema; the day of a moment is what stands before the T."""
    assert hire(scim.SENDER, scim.SENDER.hire) == HireData(
        external_id=NUMBER,
        display_name="Ada King",
        start_date=START,
        timezone="Europe/Berlin",
        site="Berlin",
        department="Research",
        user_name="ada.king@example.org",
        manager_external_id="7",
        home_mail="ada@example.net",
    )


def test_a_bulk_request_of_51_operations_or_of_another_kind_is_refused_whole() -> None:
    """As Entra refuses it; nothing of it is taken."""
    assert deliver(scim.SENDER, scim.bulk(*[scim.operation()] * 51)).status == 413
    assert deliver(scim.SENDER, b'{"schemas": ["urn:x"], "Operations": []}').status == 422


def test_a_scim_user_with_a_time_of_its_own_is_ordered_by_that() -> None:
    """The same request again is then the same event."""
    dated = replace(scim.SENDER, hire=scim.bulk(scim.operation(meta={"lastModified": "2026-11-19T09:00:00Z"})))
    (delivery,) = deliver(dated, dated.hire).taken
    assert delivery.event.occurred_at == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert delivery.event_id.endswith("#0")


def test_consent_to_a_cloudevents_web_hook_is_given_to_named_origins_only() -> None:
    """The status alone is no consent: any other origin gets the same answer without the headers."""
    asked = ("WebHook-Request-Origin", "EventGrid.azure.net")
    consent = greeted(cloudevents.SENDER, "OPTIONS", asked, ("WebHook-Request-Rate", "1000"))
    assert consent.status == 200
    assert consent.headers["WebHook-Allowed-Origin"] == "eventgrid.azure.net"
    assert consent.headers["WebHook-Allowed-Rate"] == "120"
    assert "POST" in consent.headers["Allow"]
    for refused in (
        greeted(cloudevents.SENDER, "OPTIONS", ("WebHook-Request-Origin", "evil.example")),
        greeted(cloudevents.SENDER, "OPTIONS", asked, ("WebHook-Request-Origin", "evil.example")),
        greeted(cloudevents.SENDER, "OPTIONS"),
        greeted(cloudevents.SENDER, "GET", asked),
    ):
        assert not [name for name in refused.headers if name.startswith("WebHook")]


def test_a_binary_cloudevent_is_the_same_event_as_the_structured_one() -> None:
    """Attributes stand in headers then, percent-encoded, and the body is the data alone."""
    event = cloudevents.event()
    attributes = {f"CE-{name}": event[name] for name in ("specversion", "id", "type", "time")}
    headers = {
        "Content-Type": "application/json",
        "X-Day-One-Pass-Token": cloudevents.SENDER.secret,
        "ce-source": "%2Fhr%2Fpeople",
        **attributes,
    }
    body = json.dumps(event["data"]).encode()
    (binary,) = knock(cloudevents.SENDER, headers, body).taken
    assert binary == deliver(cloudevents.SENDER, cloudevents.SENDER.hire).taken[0]
    assert knock(cloudevents.SENDER, {**headers, "ce-type": "x", "Ce-Type": "y"}, body).status == 400


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A%20%e2%82%AC", "A €"),
        ('"a \\"b\\" %20"', 'a "b"  '),
        ("%41", "A"),
        ("%C0%A0", None),
        ("%ff", None),
        ('"a', '"a'),
    ],
)
def test_an_attribute_in_a_header_is_unescaped_once_and_must_be_utf_8(written: str, meant: str | None) -> None:
    """Quoted strings of older senders first, then what is percent-encoded, as the HTTP binding says."""
    sender = cloudevents.SENDER
    data = json.dumps(cloudevents.event()["data"]).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Day-One-Pass-Token": sender.secret,
        "ce-specversion": "1.0",
        "ce-type": "hire.created",
        "ce-source": "/hr",
        "ce-id": written,
    }
    answered = knock(sender, headers, data)
    assert answered.status == (400 if meant is None else 202)
    if meant is not None:
        assert [delivery.event_id for delivery in answered.taken] == [event_name("/hr", meant)]


def test_a_token_may_stand_in_authorization_where_the_settings_say_so() -> None:
    """Behind the word Bearer, in any case of its letters, and behind no other."""
    sender = replace(scim.SENDER, options={**scim.SENDER.options, "tokenHeader": "authorization"})
    headers = {"Content-Type": "application/scim+json"}
    for scheme, status in (("Bearer", 202), ("bearer", 202), ("Basic", 401), ("", 401)):
        shown = {**headers, "Authorization": f"{scheme} {sender.secret}"}
        assert knock(sender, shown, sender.hire).status == status
    assert knock(sender, {**headers, "Authorization": sender.secret}, sender.hire).status == 401


@pytest.mark.parametrize("name", ["x" * 100_000, "\ud800", 'a"|b', "ä"])
def test_an_id_of_any_length_and_kind_becomes_a_name_that_storage_takes(name: str) -> None:
    """What is long or no plain text is named by its hash."""
    body = json.dumps(cloudevents.event(event_id=name)).encode()
    (delivery,) = deliver(cloudevents.SENDER, body).taken
    assert len(delivery.event_id) <= 256
    assert delivery.event_id.isascii()


def test_an_event_grid_subscription_is_validated_by_the_code_alone() -> None:
    """200 and the code, without the token, for it opens nothing; anything else under that header is refused."""
    validation = {"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "5-F0"}}
    headers = {"Content-Type": "application/json", "aeg-event-type": "SubscriptionValidation"}
    answered = knock(eventgrid.SENDER, headers, json.dumps([validation]).encode())
    assert (answered.status, answered.body) == (200, {"validationResponse": "5-F0"})
    for body in (
        [],
        [validation, validation],
        [{**validation, "data": {"validationCode": "<script>"}}],
        [eventgrid.event()],
    ):
        assert knock(eventgrid.SENDER, headers, json.dumps(body).encode()).status == 400


def test_a_graph_subscription_is_validated_by_handing_its_token_back() -> None:
    """As plain text and as nothing else; what is no plain token is refused, with or without a body."""
    given = {"validationToken": "Validation: Testing client application <b>reachability</b>"}
    for headers in ({"Content-Type": "text/plain; charset=utf-8"}, {}):
        answered = knock(graph.SENDER, headers, b"", query=given)
        assert (answered.status, answered.body) == (200, given["validationToken"])
    for token in ("", "two\nlines", "ä", "x" * 2049):
        assert knock(graph.SENDER, {}, b"", query={"validationToken": token}).status == 400


def test_of_the_notifications_in_one_post_only_those_of_our_subscription_count() -> None:
    """One POST may hold those of several; without one of ours it is refused, and a word about itself names nobody."""
    foreign = graph.notification(state="the-state-of-somebody-else")
    ours = graph.notification(state=graph.SECRETS["2026-b"])
    life = graph.notification(lifecycleEvent="reauthorizationRequired", changeType=None)
    answered = deliver(graph.SENDER, graph.body(foreign, ours, life))
    assert [(mention.record, secret) for mention, secret in answered.named] == [(graph.USER, "2026-b")]
    assert [note for note in answered.noted if note.startswith(("passed", "attended"))] == [
        "passed-over: clientState of another",
        "attended: reauthorizationRequired",
    ]
    for state in (None, 7, "", "ä" * 20, graph.SECRETS["2026-a"][:-1], graph.SECRETS["2026-a"] + "x"):
        assert deliver(graph.SENDER, graph.body(graph.notification(clientState=state))).status == 401


@pytest.mark.parametrize(
    ("sender", "body", "reader"),
    [
        (bamboohr.SENDER, lambda count: bamboohr.posted(*[bamboohr.employee()] * count), "_of_fields"),
        (cloudevents.SENDER, lambda count: cloudevents.body(*[cloudevents.event()] * count), "item"),
        (deel.SENDER, lambda count: deel.event("contract.created", *[deel.CONTRACT] * count), "_item"),
        (eventgrid.SENDER, lambda count: eventgrid.body(*[eventgrid.event()] * count), "_item"),
        (graph.SENDER, lambda count: graph.body(*[graph.notification()] * count), "_item"),
        (mapped.SENDER, lambda count: mapped.body(*[mapped.change()] * count), "_item"),
    ],
    ids=["bamboohr", "cloudevents", "deel", "eventgrid", "graph", "mapped"],
)
def test_of_a_batch_of_more_than_200_events_none_is_read(
    monkeypatch: pytest.MonkeyPatch, sender: Sender, body: Callable[[int], bytes], reader: str
) -> None:
    """Ninety thousand of them fit into a body, and kept a worker from everybody else for most of a minute."""
    assert deliver(sender, body(2)).status < 300
    monkeypatch.setattr(f"shared.sources.kinds.{sender.kind}.{reader}", lambda *_: pytest.fail("read"))
    assert deliver(sender, body(201)).status == 413


def test_an_event_of_any_json_is_read_by_expressions() -> None:
    """Numbers become text, days are read as the settings say, and the sender's words mean what the settings say."""
    (delivery,) = deliver(mapped.SENDER, mapped.body(mapped.change("moves", 7))).taken
    assert (delivery.event.kind, delivery.event_id) == ("hire.updated", "10042-7")
    assert delivery.event.hire.start_date == START
    assert delivery.event.hire.home_mail == "ada@example.net"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"type": "what["}, "options → type"),
        ({"fields": {**mapped.OPTIONS["fields"], "externalId": "a.b..c"}}, "options → fields → externalId"),
        ({"types": {}}, "options → types"),
        ({"types": {"joins": "hire.promoted"}}, "options → types"),
        ({"dateFormat": "%d.%m."}, "options → dateFormat"),
        ({"dateFormat": "%d%d%d"}, "options → dateFormat"),
        ({"dateFormat": "%Q"}, "options → dateFormat"),
        ({"proof": {"by": "trust"}}, "options → proof"),
        ({"proof": {"by": "hmac", "header": "X", "content": "{body}{body}"}}, "options → proof"),
        ({"proof": {**mapped.OPTIONS["proof"], "content": "{body}"}}, "options → proof"),
        ({"proof": {"by": "hmac", "header": "X"}, "occurredAt": None}, "options"),
        ({"surprise": 1}, "options → surprise"),
    ],
)
def test_what_the_settings_say_of_a_mapping_is_checked_when_they_are_loaded(change: dict[str, Any], path: str) -> None:
    """Every expression and the whole scheme, so that no hire is the first to find out."""
    with pytest.raises(SourceSettingsError) as refused:
        source("mapped", mapped.SECRETS, {**mapped.OPTIONS, **change})
    assert path in str(refused.value)


def test_any_json_may_be_proven_by_a_token_and_hold_one_event() -> None:
    """For systems that sign nothing; without a time of its own an event counts as of its arrival."""
    options = {**mapped.OPTIONS, "proof": {"by": "token"}, "items": None, "id": None, "occurredAt": None}
    sender = replace(mapped.SENDER, options=options)
    headers = {"Content-Type": "application/json", "X-Day-One-Pass-Token": sender.secret}
    (delivery,) = knock(sender, headers, json.dumps(mapped.change()).encode()).taken
    assert (delivery.event.occurred_at, delivery.event.hire.external_id) == (NOW, NUMBER)
    assert knock(sender, {**headers, "X-Day-One-Pass-Token": "another"}, b"{}").status == 401


def test_an_expression_that_cannot_digest_what_came_is_the_senders_fault() -> None:
    """And of that item alone."""
    answered = deliver(mapped.SENDER, mapped.body(mapped.change(first=1), mapped.change()))
    assert len(answered.taken) == 1
    assert "misshapen: /data cannot be read by the expressions in the settings" in answered.noted


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("text", ["", "hunter2", "ä" * 20, "two\nlines of text here", "\x00" * 20, UNRESOLVED])
def test_a_secret_that_is_none_is_named_and_not_shown(kind: str, text: str) -> None:
    """Too short to be one, or no plain text, or a reference to Key Vault that Azure could not resolve."""
    with pytest.raises(SourceSettingsError) as refused:
        source(kind, {"2026-a": text})
    assert "2026-a" in str(refused.value)
    assert not text or text not in str(refused.value)
