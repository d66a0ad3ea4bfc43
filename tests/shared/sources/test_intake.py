"""Taking a delivery: limits, proof, shape, in that order."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.webhooks import sign
from shared.sources.errors import (
    ContentTypeError,
    DeliveryError,
    EventShapeError,
    PayloadTooLargeError,
    SecretMalformedError,
    SignatureRejectedError,
)
from shared.sources.intake import MAX_BODY_BYTES, UnknownKindError, make_source, receive

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECRETS = {"2026-a": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "2026-b": "whsec_" + "Ab1/" * 8}
ACME = make_source("acme", "standard", SECRETS)


def _body(timestamp: str = "2026-11-20T09:00:00Z", **more: str) -> bytes:
    data = {"externalId": "10042", "displayName": "Ada King", "startDate": "2026-12-07", **more}
    return json.dumps({"type": "hire.created", "timestamp": timestamp, "data": data}).encode()


def _signed(body: bytes, by: str = "2026-a", **headers: str) -> dict[str, str]:
    return {**sign(SECRETS[by], "msg_1", NOW, body), **{k.replace("_", "-"): v for k, v in headers.items()}}


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_a_signed_event_becomes_a_delivery(secret: str) -> None:
    """With the sender's id, the source's name and the secret that proved it."""
    body = _body()
    delivery = receive(ACME, _signed(body, secret), body, NOW)
    assert (delivery.event_id, delivery.source, delivery.secret_name) == ("msg_1", "acme", secret)
    assert delivery.event.hire.external_id == "10042"


def test_a_body_over_256_kib_is_too_large_and_one_of_256_kib_is_not() -> None:
    """Size is looked at before anything else, and much may be passed over as unknown."""
    whole = _body(note="x" * (MAX_BODY_BYTES - len(_body(note=""))))
    assert len(whole) == MAX_BODY_BYTES
    assert receive(ACME, _signed(whole), whole, NOW).event_id == "msg_1"
    with pytest.raises(PayloadTooLargeError):
        receive(ACME, {}, whole + b" ", NOW)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_json_in_utf_8_is_taken_however_it_is_spelt(content_type: str) -> None:
    """Media types do not care for case."""
    body = _body()
    assert receive(ACME, _signed(body, content_type=content_type), body, NOW)


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "application/jsonx"],
)
def test_another_content_type_is_refused(content_type: str) -> None:
    """Even when everything else is right."""
    body = _body()
    with pytest.raises(ContentTypeError):
        receive(ACME, _signed(body, content_type=content_type), body, NOW)


def test_a_missing_or_doubled_content_type_is_refused() -> None:
    """There is no default."""
    body = _body()
    headers = _signed(body)
    with pytest.raises(ContentTypeError):
        receive(ACME, {**headers, "Content-Type": "application/json"}, body, NOW)
    del headers["content-type"]
    with pytest.raises(ContentTypeError):
        receive(ACME, headers, body, NOW)


def test_an_unsigned_body_is_not_even_read() -> None:
    """Proof comes before shape: a stranger learns nothing about what we would take."""
    with pytest.raises(SignatureRejectedError):
        receive(ACME, {"content-type": "application/json"}, b"not json", NOW)


def test_an_event_from_the_far_future_is_refused_for_it_would_outrank_all_later_ones() -> None:
    """Order goes by the source's own time; a day ahead is a sloppy zone, more is not."""
    near, far = _body("2026-11-21T10:00:00Z"), _body("2026-11-21T10:00:01Z")
    assert receive(ACME, _signed(near), near, NOW)
    with pytest.raises(EventShapeError, match="/timestamp"):
        receive(ACME, _signed(far), far, NOW)


def test_a_source_of_unknown_kind_or_without_a_secret_cannot_be_built() -> None:
    """Settings are at fault, and are told so when they are read."""
    with pytest.raises(UnknownKindError, match="standard"):
        make_source("acme", "carrier-pigeon", SECRETS)
    with pytest.raises(SecretMalformedError, match="acme"):
        make_source("acme", "standard", {})
    with pytest.raises(SecretMalformedError, match="2026-a"):
        make_source("acme", "standard", {"2026-a": "hunter2"})


def test_neither_secrets_nor_personal_data_show_in_a_repr() -> None:
    """Of a source and of a delivery."""
    body = _body()
    assert "key" not in repr(ACME)
    assert "Ada" not in repr(receive(ACME, _signed(body), body, NOW))


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
        receive(ACME, {**headers, **_signed(body)} if signed else headers, body, NOW + skew)
