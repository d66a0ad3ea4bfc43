"""Saying why records cannot be read: one row for the health report, and one mail to the desk until it is mended."""

import json
import logging
from collections.abc import Sequence

from shared.handover.mails.source_messages import source_to_desk
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.records.store import Waits
from shared.onboarding.steps.waiting import Brakes
from shared.runtime.clock import Clock
from shared.runtime.leases import Cells
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mailer

log = logging.getLogger("day_one_pass")

KIND = "records"
TOLD = frozenset({Reason.SOURCE_ACCESS_REFUSED, Reason.RECORD_MISSING})
"""What people have to mend; the others pass, or wait for HR to go on."""


class Trouble:
    """Notes and tells."""

    def __init__(self, cells: Cells, mailer: Mailer, brakes: Brakes, clock: Clock, desk: str) -> None:
        self._cells = cells
        self._mailer = mailer
        self._brakes = brakes
        self._clock = clock
        self._desk = desk

    async def note(self, source: str, waiting: Sequence[Waits]) -> None:
        """Keep what waits of a source, and mail the desk of each reason once until nothing waits for it any more."""
        known = await self._cells.read(KIND, source)
        heard = set(known["told"].split()) if known is not None else set()
        told = [one.reason.value for one in waiting if one.reason in heard or await self._tell(one)]
        values = {
            "at": self._clock.now().isoformat(),
            "told": " ".join(told),
            "waiting": json.dumps(
                [
                    {
                        "reason": one.reason,
                        "advice": ADVICE[one.reason],
                        "detail": one.detail,
                        "records": one.records,
                    }
                    for one in waiting
                ]
            ),
        }
        await self._cells.put(KIND, source, values)

    async def _tell(self, one: Waits) -> bool:
        if one.reason not in TOLD or self._brakes.mode is Mode.OBSERVE:
            return False
        remedy = ADVICE[one.reason] + (f" ({one.detail})" if one.detail else "")
        try:
            await self._mailer.send(source_to_desk(one.source, one.records, remedy, self._desk))
        except TenantError:
            log.warning("the desk could not be told of the HR source %s", one.source)
            return False
        return True
