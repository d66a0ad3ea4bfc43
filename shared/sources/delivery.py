"""A source of HR events, and one delivery from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.sources.hire import HireEvent
from shared.sources.standard_webhooks import SigningSecret


@dataclass(frozen=True, slots=True)
class Source:
    """An HR system as the settings name it. `kind` says how it signs and what it sends."""

    name: str
    kind: str
    secrets: tuple[SigningSecret, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived, within the limits of size and content type, nothing of it verified."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified event. `event_id` is the sender's own and the same on each retry; it may hold anything visible.

    `secret_name` tells which secret proved it, so that people see when an old one is no longer in use.
    """

    event_id: str
    source: str
    event: HireEvent
    sent_at: datetime
    secret_name: str
