"""Taking a delivery: limits, proof, shape, in that order."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.webhooks import sign
from shared.sources.configured import SourceSettingsError
from shared.sources.errors import (
    ContentTypeError,
    DeliveryError,
    EventShapeError,
    PayloadTooLargeError,
    SignatureRejectedError,
)
from shared.sources.intake import MAX_BODY_BYTES
from shared.sources.verdict import Heard
from tests.shared.sources.senders import NOW, SECRETS, event, heard, post, source

ACME = source("standard")


def receive(headers: Mapping[str, str], body: bytes, now: datetime = NOW) -> Heard:
    """Let the source receive a POST."""
    return heard(ACME, post(headers, body, now))


def _body(timestamp: str = "2026-11-20T09:00:00Z", **more: str) -> bytes:
    data = {"externalId": "10042", "displayName": "Ada King", "startDate": "2026-12-07", **more}
    return json.dumps({"type": "hire.created", "timestamp": timestamp, "data": data}).encode()


def _signed(body: bytes, by: str = "2026-a", **headers: str) -> dict[str, str]:
    return {**sign(SECRETS[by], "msg_1", NOW, body), **{k.replace("_", "-"): v for k, v in headers.items()}}


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_a_signed_event_becomes_a_delivery(secret: str) -> None:
    """With the sender's id, and the name of the secret that proved it."""
    body = _body()
    verdict = receive(_signed(body, secret), body)
    assert (verdict.items[0].event_id, verdict.secret_name) == ("msg_1", secret)
    assert event(verdict).hire.external_id == "10042"


def test_a_body_over_256_kib_is_too_large_and_one_of_256_kib_is_not() -> None:
    """Size is looked at before anything else, and much may be passed over as unknown."""
    whole = _body(note="x" * (MAX_BODY_BYTES - len(_body(note=""))))
    assert len(whole) == MAX_BODY_BYTES
    assert receive(_signed(whole), whole).items[0].event_id == "msg_1"
    with pytest.raises(PayloadTooLargeError):
        receive({}, whole + b" ")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_json_in_utf_8_is_taken_however_it_is_spelt(content_type: str) -> None:
    """Media types do not care for case."""
    body = _body()
    assert receive(_signed(body, content_type=content_type), body)


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "application/jsonx"],
)
def test_another_content_type_is_refused(content_type: str) -> None:
    """Even when everything else is right."""
    body = _body()
    with pytest.raises(ContentTypeError):
        receive(_signed(body, content_type=content_type), body)


def test_a_missing_or_doubled_content_type_is_refused() -> None:
    """There is no default."""
    body = _body()
    headers = _signed(body)
    with pytest.raises(ContentTypeError):
        receive({**headers, "Content-Type": "application/json"}, body)
    del headers["content-type"]
    with pytest.raises(ContentTypeError):
        receive(headers, body)


def test_an_unsigned_body_is_not_even_read() -> None:
    """Proof comes before shape: a stranger learns nothing about what we would take."""
    with pytest.raises(SignatureRejectedError):
        receive({"content-type": "application/json"}, b"not json", NOW)


def test_an_event_from_the_far_future_is_refused_for_it_would_outrank_all_later_ones() -> None:
    """Order goes by the source's own time; a day ahead is a sloppy zone, more is not."""
    near, far = _body("2026-11-21T10:00:00Z"), _body("2026-11-21T10:00:01Z")
    assert receive(_signed(near), near)
    with pytest.raises(EventShapeError, match="/timestamp"):
        receive(_signed(far), far)


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_compressed_body_is_refused_with_what_to_do(coding: str) -> None:
    """The raw bytes are what is signed; nobody unpacks them here."""
    body = _body()
    with pytest.raises(ContentTypeError, match="without a content encoding"):
        receive(_signed(body, content_encoding=coding), body)


def test_a_source_that_cannot_be_built_says_every_fault_at_once() -> None:
    """Settings are at fault, and are told so when they are read, without a value of theirs."""
    with pytest.raises(SourceSettingsError, match=r"must be one of .*standard"):
        source("carrier-pigeon")
    with pytest.raises(SourceSettingsError) as refused:
        source("standard", {"2026-a": "hunter2", "2026-b": ""}, {"wings": 2})
    text = str(refused.value)
    assert all(part in text for part in ("2026-a", "2026-b", "options → wings"))
    assert "hunter2" not in text


def test_neither_secrets_nor_personal_data_show_in_a_repr() -> None:
    """Of a source and of what was heard."""
    body = _body()
    assert "MfKQ" not in repr(ACME)
    assert "Ada" not in repr(receive(_signed(body), body))


@given(
    st.dictionaries(st.sampled_from(["content-type", "webhook-id", "Webhook-Timestamp"]) | st.text(), st.text()),
    st.binary(),
    st.booleans(),
    st.timedeltas(timedelta(minutes=-6), timedelta(minutes=6)),
)
def test_no_delivery_raises_anything_but_the_typed_errors(
    headers: dict[str, str], body: bytes, signed: bool, skew: timedelta
) -> None:
    """Strangers and holders of the secret alike."""
    with pytest.raises(DeliveryError):
        receive({**headers, **_signed(body)} if signed else headers, body, NOW + skew)
