"""One proven event of one hire, as the product takes it."""

from dataclasses import dataclass

from shared.sources.hire import HireEvent


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified event. `event_id` is the same on each retry, and may hold anything visible.

    `secret_name` tells which secret proved it, so that people see when an old one is no longer in use.
    """

    event_id: str
    source: str
    event: HireEvent
    secret_name: str
