"""Takes a delivery from an HR system: limits first, then proof, then shape; nothing is stored here."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from shared.sources import standard
from shared.sources.delivery import Delivery, Request, Source
from shared.sources.errors import (
    ContentTypeError,
    EventShapeError,
    FieldFault,
    PayloadTooLargeError,
    SecretMalformedError,
)
from shared.sources.standard_webhooks import SigningSecret

type Reader = Callable[[Source, Request, datetime], Delivery]

MAX_BODY_BYTES = 256 * 1024
# The source's own time decides order: one event from the far future would make every later one look old. A day leaves
# room for senders that write local time with a Z.
MAX_AHEAD = timedelta(days=1)
# One small module per kind of HR system; a new one is entered here and nowhere else.
KINDS: Mapping[str, Reader] = MappingProxyType({"standard": standard.read})


class UnknownKindError(ValueError):
    """The settings name a kind of source that this product does not know."""


def make_source(name: str, kind: str, secrets: Mapping[str, str]) -> Source:
    """Build a source from settings: `secrets` maps a secret's name to its text (`whsec_…`).

    Raises:
        UnknownKindError: the kind is none of KINDS.
        SecretMalformedError: a secret is none, or there is not one.
    """
    if kind not in KINDS:
        raise UnknownKindError(f"the source {name} has an unknown kind: use one of {', '.join(sorted(KINDS))}")
    if not secrets:
        raise SecretMalformedError(f"the source {name} has no signing secret: nothing it sends could be believed")
    return Source(name, kind, tuple(SigningSecret.parse(label, text) for label, text in secrets.items()))


def receive(source: Source, headers: Mapping[str, str], body: bytes, now: datetime) -> Delivery:
    """Verify and read one delivery; header names in any case, `body` the raw bytes.

    Not checked: whether it came before, and whether its start can be (planning does).

    Raises:
        PayloadTooLargeError, ContentTypeError, SignatureRejectedError, EventRejectedError: the sender's fault.
    """
    _check_limits(headers, body)
    delivery = KINDS[source.kind](source, Request(headers, body), now)
    if delivery.event.occurred_at - now > MAX_AHEAD:
        raise EventShapeError((FieldFault("/timestamp", "lies more than a day in the future"),))
    return delivery


def _check_limits(headers: Mapping[str, str], body: bytes) -> None:
    if len(body) > MAX_BODY_BYTES:
        raise PayloadTooLargeError(f"the body is larger than {MAX_BODY_BYTES // 1024} KiB")
    types = [value for name, value in headers.items() if name.lower() == "content-type"]
    if len(types) != 1 or not _is_json(types[0]):
        raise ContentTypeError("the content type must be application/json, in UTF-8")


def _is_json(content_type: str) -> bool:
    essence, *parameters = (part.strip().lower().replace('"', "") for part in content_type.split(";"))
    charsets = [value for value in parameters if value.startswith("charset=")]
    return essence == "application/json" and all(value in {"charset=utf-8", "charset=utf8"} for value in charsets)
