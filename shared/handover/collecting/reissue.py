"""Having the pass made anew, by the proven person and with the link that is out: nobody came, or it did not work."""

import logging
from datetime import timedelta

from shared.handover.collecting.answers import NotForYouError, Presented, View
from shared.handover.collecting.proof import Proof
from shared.handover.collecting.view import view
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.requests.reissue import may_be_reissued
from shared.onboarding.sweeping.releasing import Releasing
from shared.onboarding.transaction import Change

log = logging.getLogger("day_one_pass")


class Reissuing:
    """Puts an onboarding back to its pass; who may have one is checked when it is made, as for any other."""

    def __init__(self, releasing: Releasing, proof: Proof, window: timedelta) -> None:
        self._store = releasing.store
        self._clock = releasing.clock
        self._releasing = releasing
        self._proof = proof
        self._window = window

    async def reissue(self, presented: Presented) -> View:
        """Have the pass made anew where that may be, and tell where things stand then. Asked twice at once, it is once.

        Raises:
            NotForYouError: not proven.
        """
        found = await self._proof.of(presented)
        proven, by = found.kept.row, found.by
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not _same_link(fresh, proven) or not may_be_reissued(fresh, now, self._window):
                return None
            return Change(lifecycle.reissued(fresh, by, now), Audit(Did.MADE_ANEW, now, caller=by))

        row = await self._store.update(proven.id, decide)
        if row is None or not _same_link(row, proven):
            raise NotForYouError
        if row.reissues and row.reissues[-1].at == now:
            log.info("made anew by the collector", extra={"onboarding": row.id})
            # Somebody waits at the page: the pass is not left to the next sweep.
            await self._releasing.release_at_once(row)
        return view(row, presented, self._clock.now(), self._window)


def _same_link(row: Onboarding, proven: Onboarding) -> bool:
    return row.delivery is not None and row.delivery.is_same_link(proven.delivery)
