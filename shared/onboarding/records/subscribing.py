"""Keeping Entra telling us of its users, for sources that are the tenant itself, and finding what was not told.

Each hour, and as soon as a lifecycle notification asks for it: the subscription is made, or renewed before it ends, and
then the users who have changed since the last look are named to be read, as by a notification. So what was missed while
there was no subscription is found, an hour late at worst. Where Entra cannot tell that any more, the starts to come are
compared instead. What is known of a source lies in one row; one instance looks. Cut off in between, a subscription may
be made twice: what is told twice is read once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from shared.handover.mails.source_messages import subscription_fault_to_desk
from shared.onboarding.chores import Chores, Rhythm, Turn
from shared.onboarding.ids import digest
from shared.onboarding.reasons import ADVICE
from shared.onboarding.records.naming import Naming
from shared.onboarding.steps.waiting import reason_of
from shared.sources.kind import Source
from shared.sources.verdict import Lifecycle, Mention
from shared.tenant.errors import ChangesOver, TenantError
from shared.tenant.ports.changes import ChangedUsers, Subscription, UserChanges

log = logging.getLogger("day_one_pass")

RHYTHM = Rhythm("subscriptions", every=timedelta(hours=1), again=timedelta(minutes=10), told_after=3)
LASTS, RENEWED_BEFORE = timedelta(days=28), timedelta(days=7)
"""Users can be subscribed to for 29 days at most: a week of failures is not the end."""
BY_DELTA = "delta"
"""Stands where the name of an event's secret would: nothing proved it but our own question."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What is known of a source's subscription; texts are empty before there is one.

    `state`: the hash of the client state it was made with. `link`: where to ask for changes.
    """

    id: str = ""
    until: datetime | None = None
    state: str = ""
    link: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read it as it is kept from turn to turn; before the first one nothing is."""
        until = datetime.fromisoformat(kept["until"]) if kept.get("until") else None
        return cls(kept.get("id", ""), until, kept.get("state", ""), kept.get("link", ""))

    def written(self) -> dict[str, str]:
        """Write it to be kept."""
        until = self.until.isoformat() if self.until else ""
        return {"id": self.id, "until": until, "state": self.state, "link": self.link}


class Compares(Protocol):
    """Compares a source's list with what is known of it, as `Reconciling` does."""

    async def soon(self, source: str, /) -> None:
        """Compare with the next sweep."""
        ...


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Looks after subscriptions.

    `comparing`: finds whom Entra does not tell of. `address`: of this app; `desk`: who hears of what lasts;
    `observes`: nothing may be changed in the tenant.
    """

    sources: Mapping[str, Source[Any]]
    changes: UserChanges
    chores: Chores
    naming: Naming
    comparing: Compares
    address: str
    desk: str
    observes: bool = False

    async def run_if_due(self) -> None:
        """Look after what is due of every source, each by one instance; after a fault again in ten minutes."""
        for source in self.sources.values():
            if source.kind.records is None or not source.kind.records.in_tenant:
                continue
            turn = await self.chores.turn(source.name)
            if turn is not None:
                await self._look(source, turn)

    async def attend(self, source: str, lifecycle: Lifecycle) -> None:
        """Look with the next sweep, for Graph has asked for it.

        Raises:
            StorageUnavailableError: not known to be noted; Graph sends it again.
        """
        await self.chores.soon(source, lifecycle.word)

    async def _look(self, source: Source[Any], turn: Turn) -> None:
        try:
            turn = turn if self.observes else await self._looked_after(source, turn)
            found = await self._changed(source.name, Subscribed.of(turn.kept).link)
        except TenantError as error:
            await self._failed(source.name, turn, error)
            return
        await self._name(source.name, found)
        await self.chores.done(replace(turn, kept={**turn.kept, "link": found.link}))

    async def _looked_after(self, source: Source[Any], turn: Turn) -> Turn:
        """See to the subscription; what was asked for is done then, even if nobody can say yet what it missed."""
        fresh = await self._subscribed(source, Subscribed.of(turn.kept), turn)
        return replace(turn, asked=frozenset(), kept=fresh.written())

    async def _name(self, source: str, found: ChangedUsers) -> None:
        for user in found.changed:
            await self.naming.take(source, Mention(user), BY_DELTA)
        for user in found.removed:
            await self.naming.take(source, Mention(user, deleted=True), BY_DELTA)

    async def _failed(self, source: str, turn: Turn, error: TenantError) -> None:
        log.warning("the subscription of %s could not be looked after: %s", source, error)
        why, detail = reason_of(error)
        remedy = ADVICE[why] + (f" ({detail})" if detail else "")
        await self.chores.failed(turn, why, subscription_fault_to_desk(source, why, remedy, self.desk))

    async def _subscribed(self, source: Source[Any], known: Subscribed, turn: Turn) -> Subscribed:
        state = source.secrets[0].key.decode("ascii")
        until = turn.began + LASTS
        if known.id and known.state == digest(state) and Lifecycle.REMOVED not in turn.asked:
            ends = known.until is None or known.until - turn.began < RENEWED_BEFORE
            if not ends and Lifecycle.REAUTHORIZE not in turn.asked:
                return known
            if await self.changes.renew(known.id, until):
                return replace(known, until=until)
        address = f"{self.address}/api/hr/{source.name}"
        made = await self.changes.subscribe(Subscription(address, state, until))
        log.info("Entra tells %s of its users until %s", source.name, until)
        if known.id:
            await self._ended(source.name, known.id)
        return replace(known, id=made, until=until, state=digest(state))

    async def _ended(self, source: str, subscription: str) -> None:
        """End the one before; where Graph fails it ends by itself in time, and what both tell is read once."""
        try:
            await self.changes.unsubscribe(subscription)
        except TenantError as error:
            log.warning("%s: the subscription before is left to end by itself: %s", source, error)

    async def _changed(self, source: str, link: str) -> ChangedUsers:
        if link:
            try:
                return await self.changes.since(link)
            except ChangesOver:
                log.warning("%s: who has changed lately cannot be told; the starts to come are compared", source)
        # A first link tells of nobody who has changed before it.
        fresh = await self.changes.since(None)
        await self.comparing.soon(source)
        return fresh
