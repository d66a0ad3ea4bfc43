"""JSON Web Tokens of the sandbox, signed with HS256 and a key shared by the processes of one sandbox world.

They live in real time, not in the sandbox's: a token is the business of the machine, as it is in Azure.
"""

import base64
import hmac
import json
import secrets
import time
from pathlib import Path
from typing import Any

KEY_BYTES = 32
PEOPLE_AUDIENCE = "api://day-one-pass"


class TokenError(Exception):
    """The token is not one of ours, or no longer. The text says why, and never holds the token."""


def load_key(directory: Path) -> bytes:
    """Read the signing key from `directory`/signing.key; make it first if there is none (mode 600)."""
    path = directory / "signing.key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        draft = directory / "signing.key.new"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(KEY_BYTES))
        draft.replace(path)
    return path.read_bytes()


def issue(claims: dict[str, Any], key: bytes, *, life: int) -> str:
    """Sign `claims`, valid from now for `life` seconds of real time."""
    now = int(time.time())
    times = {"iat": now, "nbf": now - 60, "exp": now + life}
    signed = ".".join(_encode(part) for part in ({"alg": "HS256", "typ": "JWT"}, claims | times))
    return f"{signed}.{_base64(_signature(signed, key))}"


def verify(token: str, key: bytes, *, audience: str | frozenset[str]) -> dict[str, Any]:
    """Return the claims of a token we signed for `audience`, else raise TokenError. The issuer is not checked."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_base64(_signature(signed, key)).encode(), signature.encode()):
        raise TokenError("the signature does not fit")
    header, _, payload = signed.partition(".")
    if _decode(header).get("alg") != "HS256":
        raise TokenError("only HS256 is accepted")
    claims = _decode(payload)
    if claims.get("aud") not in ({audience} if isinstance(audience, str) else audience):
        raise TokenError("Invalid audience.")
    if not claims.get("nbf", 0) <= time.time() < claims.get("exp", 0):
        raise TokenError("Lifetime validation failed, the token is expired.")
    return claims


def _signature(signed: str, key: bytes) -> bytes:
    return hmac.digest(key, signed.encode(), "sha256")


def _encode(part: dict[str, Any]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(part: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError as fault:
        raise TokenError("the token is not well formed") from fault
    if not isinstance(value, dict):
        raise TokenError("the token is not well formed")
    return value
