"""The daily digest: each desk hears who starts next and whether the devices are ready, while there is time to act.

One mail a working day for each desk, and none where nobody starts. A lease stands before it and a cell remembers it;
where somebody is cut off between mail and cell, or the answer is lost, the mail comes once more.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import batched

from shared.handover.mails.starters import Desk, Starter, starters_to_desk
from shared.onboarding.ids import digest
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Status, Step
from shared.onboarding.steps.waiting import StepContext, reason_of
from shared.planning.digest import Hours
from shared.runtime.leases import Cells, Leases, LeaseTakenError
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mailer

log = logging.getLogger("day_one_pass")

KIND, LEASE = "digest", "digest-lease"
LOOK_EVERY = timedelta(minutes=10)
"""So often one instance looks whether a digest is still to be sent, and tries again where it could not be."""
AT_ONCE = 8
COMING = frozenset({Step.CHECK_DEVICE, Step.SCOPE, Step.TELL_HOLD})
"""Whoever is still coming has one of these ahead of the start."""


@dataclass(frozen=True, slots=True)
class Digested:
    """A desk, its hours, and whose hires it hears of: those of these sites, or with None of all other sites."""

    desk: Desk
    hours: Hours
    sites: frozenset[str] | None

    @property
    def name(self) -> str:
        """Name it in storage, where no address stands."""
        return digest(f"{self.desk.address}|{self.desk.zone}")


@dataclass(slots=True)
class Digest:
    """Tells the desks. `_looked`: when this instance last looked, by desk; another instance does not know of it."""

    context: StepContext
    cells: Cells
    leases: Leases
    mailer: Mailer
    desks: tuple[Digested, ...]
    _looked: dict[str, datetime] = field(default_factory=dict)

    async def run_if_due(self) -> None:
        """Tell every desk whose hour has come, and that was not told today."""
        now = self.context.clock.now()
        for told in () if self.context.brakes.mode is Mode.OBSERVE else self.desks:
            day = told.hours.day_due(now)
            if day is None or not self._begins_to_look(told.name, now):
                continue
            try:
                async with self.leases.held(LEASE, told.name, STEP_TAKES):
                    await self._tell(told, day, now)
            except LeaseTakenError:
                continue

    def _begins_to_look(self, name: str, now: datetime) -> bool:
        """Begin to look whether a desk was told; False where this instance did so a moment ago."""
        looked = self._looked.get(name)
        if looked is not None and looked <= now < looked + LOOK_EVERY:
            return False
        self._looked[name] = now
        return True

    async def _tell(self, told: Digested, day: date, now: datetime) -> None:
        """Mail first, then remember: cut off in between, the mail comes twice."""
        known = await self.cells.read(KIND, told.name)
        if known is not None and known["day"] == day.isoformat():
            return
        until = told.hours.covered_until(day)
        starters = await self._starters(told, now, until)
        try:
            if starters:
                await self.mailer.send(starters_to_desk(starters, until, told.desk))
        except TenantError as error:
            log.warning("a desk could not be told who starts: %s", reason_of(error)[0].value)
            return
        await self.cells.put(KIND, told.name, {"day": day.isoformat()})
        log.info("a desk was told of %d who start", len(starters))

    async def _starters(self, told: Digested, now: datetime, until: datetime) -> list[Starter]:
        found = await self.context.store.due_times.until(until)
        rows = await self._rows({entry.id for entry in found.entries if entry.step in COMING})
        return [_starter(row) for row in rows if _starts(row, now, until) and self._is_whose(told, row)]

    async def _rows(self, ids: Iterable[str]) -> list[Onboarding]:
        rows: list[Onboarding] = []
        for batch in batched(sorted(ids), AT_ONCE, strict=False):
            kept = await asyncio.gather(*(self.context.store.read(one) for one in batch))
            rows += [one.row for one in kept if one is not None]
        return rows

    def _is_whose(self, told: Digested, row: Onboarding) -> bool:
        if told.sites is not None:
            return row.hire.site in told.sites
        return not any(row.hire.site in other.sites for other in self.desks if other.sites)


def desks_of(general: Digested, own: Mapping[str, Digested]) -> tuple[Digested, ...]:
    """Put together who is told: the general desk, and one for each address and zone that sites name. By site."""
    named = {one.name: one for one in own.values()}
    return (
        general,
        *(
            replace(first, sites=frozenset(site for site, one in own.items() if one.name == name))
            for name, first in named.items()
        ),
    )


def _starts(row: Onboarding, now: datetime, until: datetime) -> bool:
    """Tell whether somebody starts within these hours whom HR announced, and who is served."""
    begins = row.plan.start if row.plan else None
    served = row.request is None and row.ended_at is None and row.reason is not Reason.OUTSIDE_PILOT
    return begins is not None and now < begins < until and served


def _starter(row: Onboarding) -> Starter:
    if row.plan is None:
        raise ValueError(f"{row.id} starts without a plan")
    waits = row.reason.value if row.status is Status.WAITING and row.reason else ""
    verdict = row.device.verdict if row.device else None
    return Starter(row.hire.display_name, row.plan.start, row.plan.zone, row.hire.site or "", verdict, waits)
