"""What bad input gets from every kind of HR system: one table, which each kind passes with its own vectors."""

import base64
import gzip
import json
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from shared.sources.hire import EventKind
from shared.sources.kinds import KINDS
from shared.sources.verdict import Mention
from tests.shared.sources.conformance import NUMBER, START, Answered, Sender, deliver, knock
from tests.shared.sources.senders import NOW

SENDERS: tuple[Sender, ...] = tuple(
    import_module(f"tests.shared.sources.kinds.{kind}").SENDER for kind in sorted(KINDS)
)
MALFORMED = ("", " ", "x", "ä", "0", "sha256 ", "Bearer", "v1,", "a,b", "\x00", "\ud800", "١٢٣", "=" * 5000)


@pytest.fixture(params=SENDERS, ids=lambda sender: sender.kind)
def sender(request: pytest.FixtureRequest) -> Sender:
    """Give each kind in turn."""
    found: Sender = request.param
    return found


def signed(sender: Sender, body: bytes) -> dict[str, str]:
    """Make the headers that prove a body now."""
    return sender.sign(sender.secret, body, NOW)


def assert_refused(answered: Answered, *statuses: int) -> None:
    """See a problem with that status, and nothing stored."""
    assert answered.status in statuses, answered
    assert not answered.taken
    assert not answered.named
    assert not answered.noted
    assert answered.body["detail"]


def without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    """Leave a header out."""
    return {key: value for key, value in headers.items() if key.lower() != name.lower()}


def test_every_kind_has_its_vectors_and_every_vector_its_kind() -> None:
    """A kind without vectors would pass every test there is."""
    vectors = {path.stem for path in (Path(__file__).parent / "kinds").glob("*.py")}
    assert vectors == set(KINDS)


def test_a_hire_is_read_and_acknowledged_as_the_sender_wants(sender: Sender) -> None:
    """Number and day come out as they are, whatever the sender calls them."""
    answered = deliver(sender, sender.hire)
    assert answered.status == sender.taken
    if sender.names is not None:
        assert (answered.named, answered.taken) == (((Mention(sender.names), "2026-a"),), ())
        return
    (delivery,) = answered.taken
    assert (delivery.event.kind, delivery.secret_name) == (EventKind.CREATED, "2026-a")
    assert (delivery.event.hire.external_id, delivery.event.hire.start_date) == (NUMBER, START)
    assert delivery.event.hire.display_name == "Ada King"


def test_a_withdrawal_names_the_same_person_and_is_the_later_word(sender: Sender) -> None:
    """Otherwise it would call off nobody."""
    if sender.names is not None:
        assert deliver(sender, sender.cancelled).named == ((Mention(sender.names, deleted=True), "2026-a"),)
        return
    hired, cancelled = deliver(sender, sender.hire).taken[0], deliver(sender, sender.cancelled).taken[0]
    assert cancelled.event.kind is EventKind.CANCELLED
    assert cancelled.event.hire.external_id == hired.event.hire.external_id
    assert cancelled.event.occurred_at > hired.event.occurred_at or not sender.has_time


def test_each_active_secret_proves_and_is_named(sender: Sender) -> None:
    """So that people see when the old one is no longer in use."""
    for name, secret in sender.secrets.items():
        answered = deliver(sender, sender.hire, secret=secret)
        assert [one.secret_name for one in answered.taken] + [by for _, by in answered.named] == [name]


def test_each_header_of_the_proof_is_needed_once_and_in_any_case(sender: Sender) -> None:
    """Missing and doubled, as two fields or joined by the platform, it proves nothing; names in capitals do."""
    headers = signed(sender, sender.hire)
    capitals = {name.upper(): value for name, value in headers.items()}
    assert knock(sender, capitals, sender.hire).status == sender.taken
    for name in sender.proof:
        rest, value = without(headers, name), next(v for n, v in headers.items() if n.lower() == name.lower())
        assert_refused(knock(sender, rest, sender.hire), 401)
        assert_refused(knock(sender, [*headers.items(), (name.lower(), value)], sender.hire), 401)
        assert_refused(knock(sender, {**rest, name: f"{value},{value}"}, sender.hire), 401)


@pytest.mark.parametrize("value", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_header_of_the_proof_is_refused(sender: Sender, value: str) -> None:
    """One typed refusal, whatever stands in it."""
    headers = signed(sender, sender.hire)
    for name in sender.proof:
        assert_refused(knock(sender, {**without(headers, name), name: value}, sender.hire), 401)


def test_a_truncated_lengthened_or_foreign_proof_is_refused(sender: Sender) -> None:
    """A part of the right one, the right one with more behind it, and a right one by a key that is none of ours."""
    headers = signed(sender, sender.hire)
    for name in sender.proof:
        value = next(v for n, v in headers.items() if n.lower() == name.lower())
        for changed in (value[:-1], value + "0", value[:-2] + "\u00e4"):
            assert_refused(knock(sender, {**without(headers, name), name: changed}, sender.hire), 401)
    foreign = "whsec_" + base64.b64encode(b"a key that is none of ours, and long").decode()
    assert_refused(deliver(sender, sender.hire, secret=foreign), 401)


def test_what_was_signed_is_the_raw_body(sender: Sender) -> None:
    """The same written otherwise is another body; a token proves whatever comes with it."""
    headers = signed(sender, sender.hire)
    again = json.dumps(json.loads(sender.hire), indent=1).encode() if sender.is_json else sender.hire + b"\n"
    answered = knock(sender, headers, again)
    assert answered.status == (401 if sender.signs_body else sender.taken)


@pytest.mark.parametrize("seconds", [-301, -300, 300, 301])
def test_a_signed_time_is_held_to_five_minutes(sender: Sender, seconds: int) -> None:
    """Either way; where no time is signed, the age of a delivery proves nothing, and the event's own time decides."""
    answered = deliver(sender, sender.hire, timedelta(seconds=seconds))
    if sender.signs_time and abs(seconds) > 300:
        assert_refused(answered, 401)
    else:
        assert answered.status == sender.taken


def test_a_retry_is_the_same_event(sender: Sender) -> None:
    """Proven anew and a minute later, it has the same id and time; without a time of its own it is a new word."""
    tries = deliver(sender, sender.hire), deliver(sender, sender.hire, timedelta(minutes=1))
    if sender.names is not None:
        # However often it is named, the record is read as it then is.
        assert tries[0].named == tries[1].named
        return
    first, second = tries[0].taken[0], tries[1].taken[0]
    assert (first.event_id == second.event_id) is sender.has_time
    assert (first.event.occurred_at == second.event.occurred_at) is sender.has_time


def test_a_compressed_body_is_refused(sender: Sender) -> None:
    """Named as such or not: what is signed is read as it is."""
    packed = gzip.compress(sender.hire)
    headers = signed(sender, packed)
    assert_refused(knock(sender, {**headers, "Content-Encoding": "gzip"}, packed), 415)
    assert_refused(knock(sender, headers, packed), 400)


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "utf-8; charset=latin-1", '"', "utf-8,utf-16"])
def test_another_charset_is_refused(sender: Sender, charset: str) -> None:
    """JSON is UTF-8, whatever a header claims."""
    headers = signed(sender, sender.hire)
    essence = next(value for name, value in headers.items() if name.lower() == "content-type").partition(";")[0]
    claimed = {**without(headers, "content-type"), "Content-Type": f"{essence}; charset={charset}"}
    assert_refused(knock(sender, claimed, sender.hire), 415)


def test_a_missing_doubled_or_foreign_content_type_is_refused(sender: Sender) -> None:
    """There is no default."""
    headers = without(signed(sender, sender.hire), "content-type")
    assert_refused(knock(sender, headers, sender.hire), 415)
    for value in (
        "",
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/json,text/plain",
    ):
        assert_refused(knock(sender, {**headers, "Content-Type": value}, sender.hire), 415)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a": ' + b"1" * 5000 + b"}",
        b'"\xed\xa0\x80"',
    ],
    ids=range(9),
)
def test_what_is_no_json_with_one_meaning_is_refused_however_well_proven(sender: Sender, body: bytes) -> None:
    """A sender learns that the body is at fault, and nothing is kept."""
    assert_refused(deliver(sender, body), 400)


@pytest.mark.parametrize("body", [b"null", b"1", b'""', b"[]", b"{}", b"[null]", b'[{}, [], "x", 1]'])
def test_json_of_another_shape_leads_to_no_hire(sender: Sender, body: bytes) -> None:
    """Refused, or acknowledged and recorded, as the sender needs it; never an error of ours."""
    answered = deliver(sender, body)
    assert answered.status in {sender.taken, sender.faulty, 400, 422}
    assert not answered.taken
    assert not answered.named


def test_a_body_of_300_kib_is_refused(sender: Sender) -> None:
    """However well proven, and whatever is in it."""
    body = sender.hire + b" " * (300 * 1024 - len(sender.hire))
    assert_refused(deliver(sender, body), 413)


def test_an_event_of_an_unknown_type_is_acknowledged_recorded_and_passed_over(sender: Sender) -> None:
    """HR systems send what nobody asked for; a refusal would only make them send it again."""
    answered = deliver(sender, sender.unknown)
    assert answered.status == sender.taken
    assert not answered.taken
    assert all(note.startswith("passed-over: type ") for note in answered.noted)


def test_a_ping_is_acknowledged(sender: Sender) -> None:
    """A ping that fails disables the webhook."""
    for ping in sender.pings:
        answered = deliver(sender, ping)
        assert (answered.status, answered.taken) == (sender.taken, ())


def test_a_misshapen_event_gets_what_keeps_the_sender_sane(sender: Sender) -> None:
    """Whoever can mend it is told; whoever would only repeat it is acknowledged, and the record names the fields."""
    answered = deliver(sender, sender.misshapen)
    assert (answered.status, answered.taken) == (sender.faulty, ())
    assert "externalId" in json.dumps(answered.body) + "".join(answered.noted)
    assert "Ada" not in json.dumps(answered.body) + "".join(answered.noted)


@pytest.mark.parametrize(
    "batching", [sender for sender in SENDERS if sender.partly_bad], ids=lambda sender: sender.kind
)
def test_of_a_batch_the_good_are_taken_and_the_bad_recorded(batching: Sender) -> None:
    """One item that is misshapen holds up no other."""
    answered = deliver(batching, batching.partly_bad or b"")
    assert answered.status == batching.taken
    assert [delivery.event.hire.external_id for delivery in answered.taken] == [NUMBER]
    assert [note.partition(":")[0] for note in answered.noted] == ["misshapen"]


def test_no_secret_shows_in_what_is_built_of_it(sender: Sender) -> None:
    """Neither of the source nor of what it takes."""
    shown = repr(sender.source()) + repr(deliver(sender, sender.hire))
    assert not [secret for secret in sender.secrets.values() if secret in shown or secret[6:] in shown]
