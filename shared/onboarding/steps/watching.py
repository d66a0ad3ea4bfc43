"""What is asked once for all hires: who has signed in, and who has no other way in when the pass ends.

The hint of the first hire that is due serves all that are due. A lease stands before each question, so that many hints
or two instances ask it once; whoever is cut off leaves the other rows as due as they were.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import batched

from shared.handover.mails.reminders import not_signed_in, sessions_end
from shared.handover.sending.remind import Reminding
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.spans import STEP_TAKES
from shared.onboarding.statuses import Step
from shared.onboarding.steps import knowing
from shared.onboarding.steps.knowing import OtherMethods
from shared.onboarding.steps.standing import Standing
from shared.onboarding.steps.waiting import StepContext, reason_of
from shared.onboarding.transaction import Change
from shared.runtime.leases import Leases, LeaseTakenError
from shared.tenant.errors import TenantError
from shared.tenant.ports.reports import Registered, RegistrationReport, SignInLog

log = logging.getLogger("day_one_pass")

WATCH = "watch"
AT_ONCE = 8

type Uses = Mapping[str, tuple[datetime, ...]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What becomes of it: people are reminded, and of each account it is looked what it has come to be."""

    reminding: Reminding
    standing: Standing


class Watching:
    """Does the two steps that ask about all hires at once. News of an account comes first, its step a minute later."""

    def __init__(
        self, context: StepContext, leases: Leases, tenant: tuple[SignInLog, RegistrationReport], learned: Learned
    ) -> None:
        self._store = context.store
        self._clock = context.clock
        self._leases = leases
        self._sign_ins, self._report = tenant
        self._reminding = learned.reminding
        self._standing = learned.standing

    async def run(self, step: Step) -> None:
        """Ask for all hires for whom this step is due."""
        try:
            async with self._leases.held(WATCH, step, STEP_TAKES):
                rows = await self._due(step)
                if rows and step is Step.CHECK_USE:
                    await self._check_use(rows)
                elif rows:
                    await self._check_methods(rows)
        except LeaseTakenError:
            return

    async def _due(self, step: Step) -> list[Onboarding]:
        """Read the rows for which the step is due; the sweep has moved on the one whose hint this is."""
        now = self._clock.now()
        found = await self._store.due_times.due_for(step, now, now + STEP_TAKES)
        rows: list[Onboarding] = []
        for batch in batched(found.entries, AT_ONCE, strict=False):
            kept = await asyncio.gather(*(self._store.read(entry.id) for entry in batch))
            rows += [one.row for one in kept if one is not None and schedule.is_due(one.row, step, now)]
        return rows

    async def _check_use(self, rows: Collection[Onboarding]) -> None:
        # The newest entry first: of what was in the log by then, the second question misses nothing.
        newest = await self._newest(rows)
        uses = await self._uses(rows)
        if uses is None:
            uses, newest = {}, None
        await _for_each(rows, lambda row: self._settle_use(row, uses, newest))

    async def _newest(self, rows: Collection[Onboarding]) -> datetime | None:
        """Tell how far the log is, where there is anybody to be missed."""
        now = self._clock.now()
        missed = [row for row in rows if Reason.NOT_SIGNED_IN not in row.told and knowing.is_missed(row, now)]
        since = min((row.issued.valid_from for row in missed if row.issued), default=None)
        try:
            return await self._sign_ins.newest(since) if since else None
        except TenantError as error:
            _log_unread("sign-in log", error)
            return None

    async def _uses(self, rows: Collection[Onboarding]) -> Uses | None:
        """Tell who has used a pass; None where the log is not to be read, which proves nothing of anybody."""
        users = [row.subject.id for row in rows if row.subject]
        since = min(row.issued.valid_from for row in rows if row.issued)
        try:
            return await self._sign_ins.uses_of_passes(users, since)
        except TenantError as error:
            _log_unread("sign-in log", error)
            return None

    async def _settle_use(self, row: Onboarding, uses: Uses, newest: datetime | None) -> None:
        if await self._standing.has_risen(row):
            return
        now = self._clock.now()
        at = knowing.first_use(row, uses.get(row.subject.id.lower(), ())) if row.subject else None
        is_missed = Reason.NOT_SIGNED_IN not in row.told and knowing.is_known_unused(row, newest)
        if at is not None:
            await self._transit(row, Did.USED, lambda fresh: lifecycle.used(fresh, at, now))
        elif is_missed and await self._reminding.remind(row, not_signed_in):
            await self._transit(row, Did.NOT_SIGNED_IN, lambda fresh: lifecycle.missed(fresh, now))
        else:
            await self._transit(row, Did.USE_NOT_SEEN_YET, lambda fresh: lifecycle.use_checked(fresh, now))

    async def _check_methods(self, rows: Collection[Onboarding]) -> None:
        try:
            seen = await self._report.registered([row.subject.user_principal_name for row in rows if row.subject])
        except TenantError as error:
            _log_unread("report of registered methods", error)
            seen = {}
        await _for_each(rows, lambda row: self._settle_methods(row, seen))

    async def _settle_methods(self, row: Onboarding, seen: Mapping[str, Registered]) -> None:
        if await self._standing.has_risen(row):
            return
        now = self._clock.now()
        held = seen.get(row.subject.id.lower()) if row.subject else None
        verdict = knowing.other_methods(row, held)
        none_at = held.at if held and verdict is OtherMethods.NONE else None
        is_said = verdict is OtherMethods.NONE or knowing.is_last_word(row, now)
        if verdict is OtherMethods.SOME:
            await self._transit(row, Did.OTHER_METHOD_SEEN, lambda fresh: lifecycle.stays_in(fresh, now))
        elif is_said and await self._reminding.remind(row, partial(sessions_end, none_at=none_at)):
            await self._transit(row, Did.SESSIONS_END, lambda fresh: lifecycle.may_be_out(fresh, now))
        else:
            await self._transit(row, Did.METHODS_UNKNOWN, lambda fresh: lifecycle.methods_checked(fresh, now))

    async def _transit(self, row: Onboarding, did: Did, change: Callable[[Onboarding], Onboarding]) -> None:
        """Commit what was learned, if the row still asks what it asked."""
        now, asked = self._clock.now(), row.due

        def decide(fresh: Onboarding) -> Change | None:
            return Change(change(fresh), Audit(did, now)) if fresh.due == asked else None

        await self._store.update(row.id, decide)


async def _for_each(rows: Collection[Onboarding], settle: Callable[[Onboarding], Awaitable[None]]) -> None:
    for batch in batched(rows, AT_ONCE, strict=False):
        await asyncio.gather(*(settle(row) for row in batch))


def _log_unread(what: str, error: TenantError) -> None:
    """Neither is needed for anything: no answer leaves things unknown until the next look."""
    log.warning("%s not read: %s", what, reason_of(error)[0].value)
