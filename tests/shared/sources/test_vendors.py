"""What the vendors' kinds have for themselves: forms, handshakes, names of things, and what they pass over."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.sources.errors import UnreadableBodyError
from shared.sources.form_text import read_form
from shared.sources.hire import EventKind
from shared.sources.verdict import Mention
from tests.shared.sources.conformance import NUMBER, START, Api, Sender, deliver, knock
from tests.shared.sources.kinds import bamboohr, deel, finch, gusto, hibob, merge, personio
from tests.shared.sources.senders import NOW

FORM = "application/x-www-form-urlencoded"
BAMBOO_API = Api("https://api.bamboohr.com/api/gateway.php/acme", {"apiKey": "a key of our own"})


def named(sender: Sender, body: bytes) -> Mention:
    """Deliver a body, and return the record that it names."""
    ((mention, _),) = deliver(sender, body).named
    return mention


@pytest.mark.parametrize(
    ("form", "read"),
    [
        (b"a=1&b=%C3%A4+x", {"a": "1", "b": "\u00e4 x"}),
        (b"data[id]=7&data[changed][0]=x&data[changed][1]=y", {"data": {"id": "7", "changed": ["x", "y"]}}),
        (b"data%5Bid%5D=7&empty=", {"data": {"id": "7"}, "empty": ""}),
        (b"rows[1]=b&rows[0]=a", {"rows": {"1": "b", "0": "a"}}),
    ],
)
def test_a_form_with_brackets_means_what_json_would(form: bytes, read: dict[str, Any]) -> None:
    """Names in brackets are objects, and those that count from nought are lists."""
    assert read_form(form) == read


@pytest.mark.parametrize(
    "form",
    [
        b"a",
        b"a=1&a=2",
        b"a=1&a[b]=2",
        b"a[b]=1&a=2",
        b"a[=1",
        b"a[]=1",
        b"a=%FF",
        b"\xff=1",
        b"a" + b"[b]" * 9 + b"=1",
    ],
)
def test_a_form_without_one_meaning_is_refused(form: bytes) -> None:
    """And no word of it is repeated."""
    with pytest.raises(UnreadableBodyError) as refused:
        read_form(form)
    assert "%FF" not in str(refused.value)
    with pytest.raises(UnreadableBodyError):
        read_form(b"&".join(b"f%d=1" % number for number in range(2001)))


def test_bamboohr_names_a_record_in_json_and_in_a_form() -> None:
    """Created, updated, and gone; the form as it is published."""
    assert named(bamboohr.SENDER, bamboohr.event()) == Mention("67890")
    assert named(bamboohr.SENDER, bamboohr.event("employee.deleted")) == Mention("67890", deleted=True)
    body = b"type=employee.updated&data[companyId]=12345&data[employeeId]=67890&data[changedFields][0]=firstName"
    headers = {**bamboohr.sign(bamboohr.SENDER.secret, body, NOW), "Content-Type": FORM}
    answered = knock(bamboohr.SENDER, headers, body)
    assert (answered.status, answered.named) == (200, ((Mention("67890"), "2026-a"),))


def test_bamboohr_signs_the_body_and_behind_it_the_timestamp_in_either_style() -> None:
    """Digits or written out; the other way round, as many guides have it, proves nothing."""
    body = bamboohr.event()
    assert knock(bamboohr.SENDER, bamboohr.sign(bamboohr.SENDER.secret, body, NOW, iso=True), body).status == 200
    stamp = str(int(NOW.timestamp()))
    other = bamboohr.sign(bamboohr.SENDER.secret, b"", NOW)["X-BambooHR-Signature"]
    swapped = {**bamboohr.sign(bamboohr.SENDER.secret, body, NOW), "X-BambooHR-Signature": other}
    assert knock(bamboohr.SENDER, {**swapped, "X-BambooHR-Timestamp": stamp}, body).status == 401


def test_bamboohr_with_a_way_to_its_records_is_not_taken_at_its_word() -> None:
    """The record, not the event, is planned from, also where fields were posted; a deletion names the same record."""
    reading = replace(bamboohr.SENDER, api=BAMBOO_API)
    assert named(reading, bamboohr.posted(bamboohr.employee())) == Mention("67890")
    assert named(reading, bamboohr.posted(bamboohr.employee("Deleted"))) == Mention("67890", deleted=True)


def test_posted_fields_are_read_by_the_names_that_the_settings_say() -> None:
    """BambooHR lets every field be called otherwise."""
    renamed = replace(bamboohr.SENDER, options={"hireDate": "starts", "workEmail": "upn"})
    fields = {**bamboohr.FIELDS, "starts": "2026-12-14", "upn": "ada.king@example.com"}
    (delivery,) = deliver(renamed, bamboohr.posted(bamboohr.employee(**fields))).taken
    hire = delivery.event.hire
    assert (hire.start_date, hire.user_name, hire.site) == ("2026-12-14", "ada.king@example.com", "Berlin")
    assert delivery.event.occurred_at == datetime(2026, 11, 20, 9, 49, 14, tzinfo=UTC)


def test_the_ping_of_hibob_is_answered_without_proof_and_nothing_else_is() -> None:
    """It has no effect; the webhook cannot be saved without it."""
    for ping in hibob.SENDER.pings:
        answered = knock(hibob.SENDER, {"Content-Type": "application/json"}, ping)
        assert (answered.status, answered.noted, answered.named) == (200, (), ())
    assert knock(hibob.SENDER, {"Content-Type": "application/json"}, b'"Ping"').status == 401


def test_an_entry_of_hibobs_tables_names_the_employee_it_is_about() -> None:
    """A start that moves is an entry in a table; an event of something else is none of ours."""
    body = hibob.event("table.entry.updated", employeeId="7", tableId="lifecycle", effectiveDate=START)
    assert named(hibob.SENDER, body) == Mention("7")


@pytest.mark.parametrize("payload", [{"person_id": 7}, {"person": {"id": "7"}}, {"id": "7"}], ids=str)
def test_personio_names_a_person_in_one_of_three_ways(payload: dict[str, Any]) -> None:
    """Which of them is not published for every event."""
    assert named(personio.SENDER, personio.event("person.updated", **payload)) == Mention("7")


def test_an_employment_of_personio_is_never_taken_for_a_person() -> None:
    """Its own id is that of the employment; with the person's beside it, the person is read."""
    assert deliver(personio.SENDER, personio.event("employment.created", id="9")).named == ()
    assert named(personio.SENDER, personio.event("employment.updated", id="9", person_id="7")) == Mention("7")


def test_personios_token_may_come_in_the_header_of_a_gateway() -> None:
    """For App Service authentication looks at Authorization first."""
    moved = replace(personio.SENDER, options={"tokenHeader": "x-personio-token"})
    headers = {"Content-Type": "application/json", "X-Personio-Token": moved.secret}
    assert knock(moved, headers, moved.hire).status == 200
    assert knock(moved, personio.sign(moved.secret), moved.hire).status == 401


def test_finchs_secret_is_base64_without_a_prefix() -> None:
    """And its id is signed along, so that it names the delivery."""
    assert named(finch.SENDER, finch.event("individual.updated")) == Mention(finch.INDIVIDUAL)
    with pytest.raises(Exception, match="must be the base64 that Finch shows"):
        replace(finch.SENDER, secrets={"a": "not base64, and no secret"}).source()


def test_merge_pads_its_signature_or_does_not() -> None:
    """Guides differ, so both are the same."""
    body = merge.SENDER.hire
    for padded in (True, False):
        assert knock(merge.SENDER, merge.sign(merge.SENDER.secret, body, padded=padded), body).status == 200


def test_merge_tells_the_record_or_names_it() -> None:
    """With the data told along nothing has to be read; its own time orders it."""
    (delivery,) = deliver(merge.SENDER, merge.event("Employee.Changed")).taken
    assert delivery.event.occurred_at == datetime(2026, 11, 20, 9, 49, 14, tzinfo=UTC)
    assert (delivery.event.kind, delivery.event.hire.external_id) == (EventKind.UPDATED, NUMBER)
    assert named(merge.SENDER, merge.event(start_date=...)) == Mention(merge.EMPLOYEE["id"])
    (gone,) = deliver(merge.SENDER, merge.event("employee.changed", employment_status="INACTIVE")).taken
    assert gone.event.kind is EventKind.CANCELLED


def test_merge_tells_of_other_companies_too_and_they_are_passed_over() -> None:
    """Webhooks are shared across an organization."""
    answered = deliver(merge.SENDER, merge.event(account="somebody-else"))
    assert (answered.taken, answered.noted) == ((), ("passed-over: another linked account",))


def test_gustos_verification_token_is_answered_and_neither_kept_nor_believed() -> None:
    """It comes without proof; anything else without a signature is refused, a token beside other things too."""
    token = {"verification_token": "xYz-token-of-the-subscription", "webhook_subscription_uuid": "u-1"}
    answered = knock(gusto.SENDER, {"Content-Type": "application/json"}, json.dumps(token).encode())
    assert (answered.status, answered.body, answered.noted, answered.named) == (200, None, (), ())
    more = json.dumps({**token, "event_type": "employee.created"}).encode()
    assert knock(gusto.SENDER, {"Content-Type": "application/json"}, more).status == 401


@pytest.mark.parametrize("kind", ["employee.rehired", "employee.rehire_cancelled", "employee.terminated"])
def test_gusto_names_who_comes_back_and_who_does_not(kind: str) -> None:
    """What it comes to is in the record."""
    assert named(gusto.SENDER, gusto.event(kind)) == Mention(gusto.EMPLOYEE)


def test_deel_signs_the_word_post_before_the_body() -> None:
    """The label names the key, is not signed, and decides nothing."""
    body, labels = deel.SENDER.hire, ("New Webhook", "2026-b", "")
    for label in labels:
        headers = {**deel.sign(deel.SENDER.secret, body), "x-deel-hmac-label": label}
        assert knock(deel.SENDER, headers, body).status == 200
    bare = gusto.sign(deel.SENDER.secret, body)["X-Gusto-Signature"]
    assert knock(deel.SENDER, {**deel.sign(deel.SENDER.secret, body), "x-deel-signature": bare}, body).status == 401


def test_deels_events_mean_what_the_settings_say() -> None:
    """Which fields and types there are is the customer's to look up; a moment counts by its day."""
    options = {"employeeNumber": "no", "displayName": "who", "startDate": "begins", "created": ["worker.onboarded"]}
    told = replace(deel.SENDER, options=options)
    body = deel.event("worker.onboarded", {"no": 10042, "who": "Ada King", "begins": f"{START}T22:00:00Z"})
    (delivery,) = deliver(told, body).taken
    assert (delivery.event.hire.external_id, delivery.event.hire.start_date) == (NUMBER, START)
    assert deliver(told, deel.event()).noted == ("passed-over: type contract.created",)
