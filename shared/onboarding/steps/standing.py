"""Whether an account whose pass was collected has become one that no pass is made for. Looked at while the pass lives.

From the moment somebody has collected nothing of this deletes the pass, for a person may be in mid-set-up. The helpdesk
hears of it once, and revokes the pass if that is right.
"""

import logging

from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.eligibility.authority import Rules, is_beyond_this_app
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.steps.waiting import StepContext, reason_of
from shared.onboarding.transaction import Change
from shared.tenant.errors import TenantError
from shared.tenant.ports.people import Directory

log = logging.getLogger("day_one_pass")


class Standing:
    """Reads roles and groups again beside what is looked at anyway."""

    def __init__(self, context: StepContext, directory: Directory, rules: Rules) -> None:
        self._store = context.store
        self._clock = context.clock
        self._waiting = context.waiting
        self._directory = directory
        self._rules = rules

    async def has_risen(self, row: Onboarding) -> bool:
        """Tell whether there was news, which row and desk now have; the look it was made with is still to be done."""
        if Reason.PRIVILEGED_SINCE in row.told or not self._pass_lives(row) or not await self._is_beyond(row):
            return False
        told = await self._waiting.told(row, Reason.PRIVILEGED_SINCE, "", row.status)
        if told == row.told:
            return False
        now, asked = self._clock.now(), row.due

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.due != asked:
                return None
            return Change(lifecycle.risen(fresh), Audit(Did.PRIVILEGE_SEEN, now, why=Reason.PRIVILEGED_SINCE))

        await self._store.update(row.id, decide)
        return True

    def _pass_lives(self, row: Onboarding) -> bool:
        return row.issued is not None and self._clock.now() < row.issued.valid_until

    async def _is_beyond(self, row: Onboarding) -> bool:
        """Tell whether no pass would be made for the account any more; what cannot be read is read at the next look."""
        try:
            privileges = await self._directory.privileges(row.subject.id) if row.subject else None
        except TenantError as error:
            log.warning("roles not read: %s", reason_of(error)[0].value, extra={"onboarding": row.id})
            return False
        return privileges is not None and is_beyond_this_app(privileges, self._rules) is not None
