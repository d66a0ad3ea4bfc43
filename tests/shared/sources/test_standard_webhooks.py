"""Standard Webhooks: what is believed, and what is not."""

import base64
import hashlib
import hmac
import secrets as random_secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.webhooks import sign
from shared.sources.errors import SecretMalformedError, SignatureRejectedError
from shared.sources.proof import Secret
from shared.sources.request import Headers, Request
from shared.sources.standard_webhooks import Verified, signing_secret
from shared.sources.standard_webhooks import verify as verify_request

# The test vector that the specification's own libraries share.
VECTOR_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR_BODY = b'{"test": 2432232314}'
VECTOR_HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
NOW = datetime.fromtimestamp(1614265330, UTC)
OLD, NEW = signing_secret("old", VECTOR_SECRET), signing_secret("new", "whsec_" + "Ab1/" * 8)
MATCH = VECTOR_HEADERS["webhook-signature"]
OTHER = "v1," + base64.b64encode(bytes(32)).decode()


def verify(headers: Mapping[str, str], body: bytes, secrets: list[Secret], now: datetime) -> Verified:
    """Verify a POST with these headers."""
    return verify_request(Request("POST", Headers(headers.items()), {}, body, now), tuple(secrets))


def _with(name: str, value: str) -> dict[str, str]:
    return {**VECTOR_HEADERS, name: value}


def _rejected(headers: Mapping[str, str], body: bytes = VECTOR_BODY, now: datetime = NOW) -> str:
    with pytest.raises(SignatureRejectedError) as refused:
        verify(headers, body, [OLD, NEW], now)
    return str(refused.value)


def test_the_published_vector_is_verified_and_signed_alike() -> None:
    """Id, time and the secret's name come out; the sandbox's own signer makes the same signature."""
    verified = verify(VECTOR_HEADERS, VECTOR_BODY, [OLD], NOW)
    assert verified.webhook_id == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert (verified.sent_at, verified.secret_name) == (NOW, "old")
    signed = sign(VECTOR_SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, VECTOR_BODY)
    assert signed["webhook-signature"] == MATCH


def test_header_names_are_found_in_any_case() -> None:
    """HTTP does not care, and proxies rewrite them."""
    headers = {name.title(): value for name, value in VECTOR_HEADERS.items()}
    assert verify(headers, VECTOR_BODY, [OLD], NOW).secret_name == "old"


@pytest.mark.parametrize("active", [[OLD, NEW], [NEW, OLD], [OLD]])
def test_while_secrets_are_rotated_the_one_that_matched_is_named(active: list[Secret]) -> None:
    """So that people see when the old one is no longer in use."""
    assert verify(VECTOR_HEADERS, VECTOR_BODY, active, NOW).secret_name == "old"


@pytest.mark.parametrize(
    "signatures",
    [f"{OTHER} {MATCH}", f"{MATCH} {OTHER}", f"v1a,abc {MATCH}", f"nonsense {MATCH}", f"v2,x  {MATCH}", f"v1, {MATCH}"],
)
def test_one_right_signature_among_others_is_enough(signatures: str) -> None:
    """Senders sign with several secrets at once; unknown versions are passed over."""
    assert verify(_with("webhook-signature", signatures), VECTOR_BODY, [OLD], NOW).secret_name == "old"


@pytest.mark.parametrize("seconds", [-300, -299, 0, 300])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    """The bound itself is inside."""
    assert verify(VECTOR_HEADERS, VECTOR_BODY, [OLD], NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
def test_a_stale_or_future_delivery_is_rejected(seconds: int) -> None:
    """However right its signature."""
    assert "five minutes" in _rejected(VECTOR_HEADERS, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("name", sorted(VECTOR_HEADERS))
def test_each_header_is_needed_and_named_when_missing_or_doubled(name: str) -> None:
    """A doubled header would be read differently by different readers."""
    assert name in _rejected({key: value for key, value in VECTOR_HEADERS.items() if key != name})
    assert "twice" in _rejected({**VECTOR_HEADERS, name.upper(): VECTOR_HEADERS[name]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", ""),
        ("webhook-id", "a.b"),
        ("webhook-id", "a b"),
        ("webhook-id", "ä"),
        ("webhook-id", "x" * 257),
        ("webhook-id", "a\n"),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "1614265330.5"),
        ("webhook-timestamp", "-1614265330"),
        ("webhook-timestamp", "+1614265330"),
        ("webhook-timestamp", "1_614_265_330"),
        ("webhook-timestamp", "١٦١٤٢٦٥٣٣٠"),
        ("webhook-timestamp", "999999999999"),
        ("webhook-timestamp", "9" * 5000),
        ("webhook-timestamp", " 1614265330"),
        ("webhook-timestamp", "1614265330\n"),
        ("webhook-signature", ""),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", MATCH.removeprefix("v1,")),
        ("webhook-signature", MATCH.replace("v1,", "v1a,")),
        ("webhook-signature", MATCH.replace("v1,", "V1,")),
        ("webhook-signature", MATCH.rstrip("=")),
        ("webhook-signature", MATCH + "ä"),
        ("webhook-signature", OTHER),
        ("webhook-signature", " ".join([OTHER] * 16 + [MATCH])),
        ("webhook-signature", "v1," + "A" * 5000),
    ],
)
def test_every_malformed_header_is_a_rejection_that_echoes_nothing(name: str, value: str) -> None:
    """One typed error, never a bare ValueError, and its text holds nothing that was sent."""
    reason = _rejected(_with(name, value))
    assert len(value) <= 3 or value not in reason


@pytest.mark.parametrize("body", [b"", VECTOR_BODY + b" ", VECTOR_BODY.replace(b" ", b""), b"\xff"])
def test_another_body_is_rejected(body: bytes) -> None:
    """The raw bytes count: the same JSON written otherwise is another body."""
    assert "no signature or token fits" in _rejected(VECTOR_HEADERS, body)


def test_a_signed_delivery_cannot_be_cut_anew_into_another_id_and_body() -> None:
    """`a.1.{…}` would also be id `a.1`: ids hold no full stop."""
    secret = VECTOR_SECRET
    headers = sign(secret, "a", NOW, b"1614265330.{}")
    cut = {**headers, "webhook-id": f"a.{headers['webhook-timestamp']}"}
    verify(headers, b"1614265330.{}", [OLD], NOW)
    assert "full stop" in _rejected(cut, b"{}")


def test_without_a_secret_nothing_is_believed() -> None:
    """Not even a signature with an empty key."""
    with pytest.raises(SignatureRejectedError):
        verify(VECTOR_HEADERS, VECTOR_BODY, [], NOW)


def test_every_candidate_is_compared_with_every_secret_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A match ends nothing early."""
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest

    def counting(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return real(left, right)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    verify(_with("webhook-signature", f"{MATCH} {OTHER} {OTHER}"), VECTOR_BODY, [OLD, NEW], NOW)
    assert len(compared) == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_!!!!",
        "whsec_ä",
        "whsec_" + base64.b64encode(bytes(23)).decode(),
        "whsec_" + base64.b64encode(bytes(65)).decode(),
        "whsk_" + base64.b64encode(bytes(32)).decode(),
    ],
)
def test_a_secret_that_is_none_is_named_and_not_shown(text: str) -> None:
    """Neither in the text nor in a chained cause."""
    with pytest.raises(SecretMalformedError) as refused:
        signing_secret("2026-a", text)
    assert "2026-a" in str(refused.value)
    assert len(text) < 7 or text.removeprefix("whsec_") not in str(refused.value)
    assert refused.value.__cause__ is None


def test_neither_secret_nor_what_came_shows_in_a_repr() -> None:
    """Reprs end up in logs."""
    request = Request("POST", Headers(VECTOR_HEADERS.items()), {"q": "2432232314"}, VECTOR_BODY, NOW)
    assert "2432232314" not in repr(request)
    assert MATCH not in repr(request)
    assert "MfKQ" not in repr(OLD)
    assert repr(OLD.key)[2:-1] not in repr(OLD)


HEADER_NAMES = st.sampled_from([*VECTOR_HEADERS, "Webhook-Id", "content-type"]) | st.text(max_size=20)
HEADER_VALUES = st.sampled_from([*VECTOR_HEADERS.values(), OTHER]) | st.text(max_size=100) | st.from_regex(r"v1,.*")


@given(st.dictionaries(HEADER_NAMES, HEADER_VALUES), st.binary(max_size=200))
def test_no_headers_and_bytes_do_anything_but_be_rejected(headers: dict[str, str], body: bytes) -> None:
    """Whatever strangers send, the answer is one typed error."""
    if body != VECTOR_BODY:
        _rejected(headers, body)


@given(st.binary(max_size=500), st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True), st.integers(-300, 300))
def test_whatever_is_signed_is_verified_and_whatever_is_changed_is_not(body: bytes, name: str, skew: int) -> None:
    """Any body of any bytes; one bit more or another id, and it is rejected."""
    key = base64.b64encode(random_secrets.token_bytes(32)).decode()
    secret = signing_secret("any", f"whsec_{key}")
    headers = sign(f"whsec_{key}", name, NOW + timedelta(seconds=skew), body)
    assert verify(headers, body, [secret], NOW).webhook_id == name
    for changed in ({**headers, "webhook-id": name + "x"}, {**headers, "webhook-timestamp": "1614265331"}):
        if changed != headers:
            with pytest.raises(SignatureRejectedError):
                verify(changed, body, [secret], NOW)
    with pytest.raises(SignatureRejectedError):
        verify(headers, body + b"\0", [secret], NOW)


def test_the_signature_is_what_the_specification_says() -> None:
    """HMAC-SHA256 over id, time and body, worked out here by hand."""
    key = base64.b64decode(VECTOR_SECRET.removeprefix("whsec_"))
    content = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + VECTOR_BODY
    assert "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() == MATCH
