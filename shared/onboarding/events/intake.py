"""Taking an HR event: its effect, its id and its audit record are stored in one transaction, then it is acknowledged.

Microsoft Graph is not touched here, and nothing waits: what is due at once gets a hint, and the sweep finds it anyway.
"""

import logging
from contextlib import suppress

from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.brakes.braking import Braking, OfOne
from shared.onboarding.codec import SeenEvent
from shared.onboarding.events import admission
from shared.onboarding.events.admission import Arrival, Calendar, Effect, Ignored
from shared.onboarding.ids import digest, new_id, shard_of
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.registry import Registry
from shared.onboarding.statuses import Status
from shared.onboarding.transaction import Change, Kept
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.sources.delivery import Delivery

log = logging.getLogger("day_one_pass")

MOST_CONFLICTS = 8
REPLAY = "replay"


class Intake:
    """Takes verified events."""

    def __init__(self, registry: Registry, calendar: Calendar, braking: Braking, clock: Clock) -> None:
        self._store = registry.store
        self._people = registry.people
        self._hints = registry.hints
        self._calendar = calendar
        self._braking = braking
        self._clock = clock

    async def take(self, delivery: Delivery) -> str:
        """Give an event its one effect, and return what that was; a replay has none.

        Raises:
            StorageUnavailableError: it may or may not be stored; the sender's retry settles it.
        """
        arrival = Arrival(delivery.source, delivery.event_id, digest(delivery.event_id), delivery.event)
        shard = shard_of(arrival.source, arrival.event.hire.external_id)
        brakes = self._braking.of_one(arrival.source)
        for _ in range(MOST_CONFLICTS):
            if await self._store.event_seen(shard, arrival.source, arrival.event_id):
                return REPLAY
            try:
                return await self._apply(shard, arrival, brakes, delivery.secret_name)
            except ConflictError:
                continue
        raise StorageUnavailableError("The row of this hire is written by too many at once.")

    async def note(self, source: str, event_id: str, outcome: str, secret: str) -> None:
        """Record a proven event that is about no hire, once. It is not looked for again: a fresh try counts for itself.

        Raises:
            StorageUnavailableError: it may or may not be recorded.
        """
        name = f"{event_id}|{outcome}"
        seen = SeenEvent(source, digest(name), self._clock.now(), outcome, secret)
        with suppress(ConflictError):
            await self._store.record_event(shard_of(source, name), seen)

    async def _apply(self, shard: str, arrival: Arrival, brakes: OfOne, secret: str) -> str:
        now = self._clock.now()
        external_id = arrival.event.hire.external_id
        named = await self._people.onboardings(arrival.source, external_id)
        newest, free_id = await self._newest(named)
        decision = admission.admit(
            arrival, newest.row if newest else None, free_id or new_id(shard), self._calendar, now
        )
        seen = SeenEvent(arrival.source, arrival.event_id, now, decision.outcome, secret)
        if isinstance(decision, Ignored):
            await self._store.record_event(shard, seen)
            return decision.outcome
        effect = await brakes.hold(decision, newest.row if newest else None, now)
        row = await self._commit(arrival, effect, named, newest, seen)
        told = "event of %s taken: %s; proven by the secret %s"
        log.info(told, arrival.source, decision.outcome, secret, extra={"onboarding": row.id})
        if (held := _held_for(row)) is not None:
            log.warning("held back: %s", held.value, extra={"onboarding": row.id})
        await self._hints.send_if_due(row, now)
        return decision.outcome

    async def _commit(
        self, arrival: Arrival, effect: Effect, named: tuple[str, ...], newest: Kept | None, seen: SeenEvent
    ) -> Onboarding:
        did = Did(f"event: {effect.outcome}")
        audit = Audit(did, seen.at, why=_held_for(effect.row), event=arrival.event_id)
        change = Change(effect.row, audit, seen)
        if not effect.fresh:
            return await self._store.commit(newest, change)
        if effect.row.id not in named:
            ids = await self._people.name(arrival.source, effect.row.hire.external_id, named, effect.row.id)
            if ids[-1] != effect.row.id:
                # Another event of the same person was first: its onboarding is the one, read it and decide again.
                raise ConflictError
        return await self._store.commit(None, change)

    async def _newest(self, named: tuple[str, ...]) -> tuple[Kept | None, str | None]:
        """Return the person's newest row, and the newest id if it has no row yet: two events at once share it."""
        free_id = None
        for onboarding in reversed(named):
            kept = await self._store.read(onboarding)
            if kept is not None:
                return kept, free_id
            free_id = free_id or onboarding
        return None, free_id


def _held_for(row: Onboarding) -> Reason | None:
    return row.reason if row.status is Status.WAITING and row.hold is not None else None
