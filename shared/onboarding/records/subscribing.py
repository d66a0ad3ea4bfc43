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
from shared.onboarding.ids import digest
from shared.onboarding.reasons import ADVICE
from shared.onboarding.records.naming import Naming
from shared.onboarding.records.told import Told
from shared.onboarding.steps.waiting import reason_of
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.leases import Cells
from shared.sources.kind import Source
from shared.sources.verdict import Lifecycle, Mention
from shared.tenant.errors import ChangesOver, TenantError
from shared.tenant.ports.changes import ChangedUsers, Subscription, UserChanges

log = logging.getLogger("day_one_pass")

KIND = "subscriptions"
MOST_CONFLICTS = 8
EVERY, AGAIN = timedelta(hours=1), timedelta(minutes=10)
LASTS, RENEWED_BEFORE = timedelta(days=28), timedelta(days=7)
"""Users can be subscribed to for 29 days at most: a week of failures is not the end."""
TOLD_AFTER = 3
"""Vain looks: what passes by itself has mostly passed by then."""
BY_DELTA = "delta"
"""Stands where the name of an event's secret would: nothing proved it but our own question."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What is known of a source's subscription; texts are empty before there is one.

    `state`: the hash of the client state it was made with. `link`: where to ask for changes. `asked`: what a lifecycle
    notification has asked for since the last look. `failures`: how many looks were in vain since the last good one, and
    `told` of which reasons the desk has heard since, with spaces between.
    """

    next: datetime
    id: str = ""
    until: datetime | None = None
    state: str = ""
    link: str = ""
    asked: str = ""
    failures: int = 0
    told: str = ""

    @classmethod
    def of(cls, entity: Mapping[str, Any]) -> Self:
        """Read it as it is stored."""
        until = datetime.fromisoformat(entity["until"]) if entity["until"] else None
        state, link, asked = (str(entity[name]) for name in ("state", "link", "asked"))
        # A version that told nobody of a fault wrote neither.
        failures, told = int(entity.get("failures", 0)), str(entity.get("told", ""))
        return cls(datetime.fromisoformat(entity["next"]), entity["id"], until, state, link, asked, failures, told)

    def written(self) -> dict[str, Any]:
        """Write it to be stored."""
        until = self.until.isoformat() if self.until else ""
        texts = {"id": self.id, "state": self.state, "link": self.link, "asked": self.asked, "told": self.told}
        return {"next": self.next.isoformat(), "until": until, "failures": self.failures, **texts}


class Compares(Protocol):
    """Compares a source's list with what is known of it, as `Reconciling` does."""

    async def soon(self, source: str, /) -> None:
        """Compare with the next sweep."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What is done where Entra does not tell: the starts to come are compared, and the desk hears why."""

    comparing: Compares
    told: Told


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Looks after subscriptions. `address`: of this app; `observes`: nothing may be changed in the tenant."""

    sources: Mapping[str, Source[Any]]
    changes: UserChanges
    cells: Cells
    naming: Naming
    finding: Finding
    clock: Clock
    address: str
    observes: bool = False

    async def run_if_due(self) -> None:
        """Look after what is due of every source, each by one instance; after a fault again in ten minutes."""
        for source in self.sources.values():
            if source.kind.records is None or not source.kind.records.in_tenant:
                continue
            now = self.clock.now()
            entity = await self.cells.read(KIND, source.name)
            known = Subscribed.of(entity) if entity is not None else Subscribed(now)
            if now < known.next:
                continue
            try:
                await self.cells.swap(KIND, source.name, entity, replace(known, next=now + AGAIN).written())
            except ConflictError:
                continue
            await self._look(source, known, now)

    async def attend(self, source: str, lifecycle: Lifecycle) -> None:
        """Look with the next sweep, for Graph has asked for it.

        Raises:
            StorageUnavailableError: not known to be noted; Graph sends it again.
        """
        for _ in range(MOST_CONFLICTS):
            entity, now = await self.cells.read(KIND, source), self.clock.now()
            known = Subscribed.of(entity) if entity is not None else Subscribed(now)
            try:
                await self.cells.swap(KIND, source, entity, replace(known, next=now, asked=lifecycle.word).written())
            except ConflictError:
                continue
            return
        raise StorageUnavailableError("A subscription's row is written by too many at once.")

    async def _look(self, source: Source[Any], known: Subscribed, now: datetime) -> None:
        looked = known
        try:
            looked = known if self.observes else await self._subscribed(source, known, now)
            found = await self._changed(source.name, looked.link)
        except TenantError as error:
            looked = await self._failed(source.name, replace(looked, next=now + AGAIN), error)
        else:
            await self._name(source.name, found)
            looked = replace(looked, next=now + EVERY, link=found.link, asked="", failures=0, told="")
        await self._keep(source.name, looked, now + AGAIN)

    async def _name(self, source: str, found: ChangedUsers) -> None:
        for user in found.changed:
            await self.naming.take(source, Mention(user), BY_DELTA)
        for user in found.removed:
            await self.naming.take(source, Mention(user, deleted=True), BY_DELTA)

    async def _failed(self, source: str, looked: Subscribed, error: TenantError) -> Subscribed:
        """Mail the desk of each reason once, when looks have failed for long; where the mail fails, the next time."""
        log.warning("the subscription of %s could not be looked after: %s", source, error)
        looked = replace(looked, failures=looked.failures + 1)
        why, detail = reason_of(error)
        if looked.failures < TOLD_AFTER or why in looked.told.split():
            return looked
        remedy = ADVICE[why] + (f" ({detail})" if detail else "")
        told = self.finding.told
        heard = await told.tell(subscription_fault_to_desk(source, why, remedy, told.desk))
        return replace(looked, told=f"{looked.told} {why}".strip()) if heard else looked

    async def _keep(self, source: str, looked: Subscribed, claimed: datetime) -> None:
        """Keep what a look has found, and what was asked for meanwhile; `claimed` is the next look it began with."""
        entity = await self.cells.read(KIND, source)
        if entity is not None and (fresh := Subscribed.of(entity)).next != claimed:
            looked = replace(looked, next=fresh.next, asked=fresh.asked)
        try:
            await self.cells.swap(KIND, source, entity, looked.written())
        except ConflictError:
            log.info("%s: asked for another look meanwhile; this one is done again", source)

    async def _subscribed(self, source: Source[Any], known: Subscribed, now: datetime) -> Subscribed:
        state = source.secrets[0].key.decode("ascii")
        until = now + LASTS
        if known.id and known.state == digest(state) and known.asked != Lifecycle.REMOVED:
            ends = known.until is None or known.until - now < RENEWED_BEFORE
            if not ends and known.asked != Lifecycle.REAUTHORIZE:
                return known
            if await self.changes.renew(known.id, until):
                return replace(known, until=until, asked="")
        address = f"{self.address}/api/hr/{source.name}"
        made = await self.changes.subscribe(Subscription(address, state, until))
        log.info("Entra tells %s of its users until %s", source.name, until)
        if known.id:
            await self.changes.unsubscribe(known.id)
        return replace(known, id=made, until=until, state=digest(state), asked="")

    async def _changed(self, source: str, link: str) -> ChangedUsers:
        try:
            return await self.changes.since(link or None)
        except ChangesOver:
            log.warning("%s: who has changed lately cannot be told any more; the starts to come are compared", source)
            fresh = await self.changes.since(None)
            await self.finding.comparing.soon(source)
            return fresh
