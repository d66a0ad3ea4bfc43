"""HR systems as the tests of sources play them: a source, a request to it, and what was heard."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from shared.sources.configured import HrSource, make_source
from shared.sources.hire import HireEvent
from shared.sources.intake import receive
from shared.sources.kind import Kind, Source
from shared.sources.kinds import KINDS
from shared.sources.request import Headers, Request
from shared.sources.verdict import Heard

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECRETS = {"2026-a": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "2026-b": "whsec_" + "Ab1/" * 8}
"""Both can be read as text, too."""


def source(
    kind: str,
    secrets: Mapping[str, str] = SECRETS,
    options: Mapping[str, Any] | None = None,
    kinds: Mapping[str, Kind[Any]] = KINDS,
) -> Source[Any]:
    """Build a source named after its kind."""
    named = {label: f"HR_{number}" for number, label in enumerate(secrets)}
    given = {named[label]: text for label, text in secrets.items()}
    return make_source(kind, HrSource(kind=kind, secrets=named, options=dict(options or {})), given, kinds)


def post(
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    body: bytes,
    now: datetime = NOW,
    query: Mapping[str, str] | None = None,
) -> Request:
    """Write a POST."""
    fields = headers.items() if isinstance(headers, Mapping) else headers
    return Request("POST", Headers(fields), query or {}, body, now)


def heard(sender: Source[Any], request: Request) -> Heard:
    """Receive a request that is proven."""
    verdict = receive(sender, request)
    assert isinstance(verdict, Heard), verdict
    return verdict


def event(verdict: Heard) -> HireEvent:
    """Return the one event in it."""
    assert len(verdict.items) == 1
    says = verdict.items[0].says
    assert isinstance(says, HireEvent), says
    return says
