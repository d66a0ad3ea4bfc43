"""Handing the pass to one proven person, once.

Two things are needed together: the link's key, and the sign-in of the collector or the code that goes with a hire's
link. Short of both, every answer is the same. The claim is one conditional write, made before anything is shown.
"""

import hmac
import logging
from datetime import timedelta

from shared.handover.collecting.answers import NoClaimError, Presented, Shown, View
from shared.handover.collecting.claim import ClaimState, Look, claim_hash, look, look_until
from shared.handover.collecting.proof import Proof, Proven
from shared.handover.collecting.view import sealed_pass, view
from shared.handover.keys.sealing import Binding, SealBrokenError, unseal
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Claim, IssuedPass, Onboarding
from shared.onboarding.requests.reissue import is_spent, reissue_until
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError

log = logging.getLogger("day_one_pass")

MOST_CONFLICTS = 8


class Collecting:
    """Answers the page."""

    def __init__(self, store: Store, proof: Proof, clock: Clock, reissue_window: timedelta) -> None:
        self._store = store
        self._proof = proof
        self._clock = clock
        self._window = reissue_window

    async def state(self, presented: Presented) -> View:
        """Tell the proven person where things stand.

        Raises:
            NotForYouError: not proven.
        """
        proven = await self._proof.of(presented)
        return view(proven.kept.row, presented, self._clock.now(), self._window)

    async def reveal(self, presented: Presented) -> Shown | View:
        """Show the pass to the one claim, as often as that may look; else tell where things stand.

        Raises:
            NotForYouError: not proven.
            NoClaimError: no claim id.
            SealBrokenError: the sealed pass does not open; only a fresh one helps.
        """
        for _ in range(MOST_CONFLICTS):
            proven = await self._proof.of(presented)
            try:
                return await self._show(proven, presented)
            except ConflictError:
                continue
        raise StorageUnavailableError("This hand-over is asked for by too many at once.")

    async def finish(self, presented: Presented) -> None:
        """Erase the sealed pass, for the hire is in. Only the winning claim may say so; any other changes nothing.

        Raises:
            NotForYouError: not proven.
            NoClaimError: no claim id.
        """
        proven = await self._proof.of(presented)
        presented_hash = _hash(presented)
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            held = fresh.claim
            if held is None or held.state.ended or not hmac.compare_digest(held.state.claim_hash, presented_hash):
                return None
            return Change(lifecycle.handed_over(fresh, now), Audit(Did.HIRE_IS_IN, now, caller=held.by))

        await self._store.update(proven.kept.row.id, decide)

    async def _show(self, proven: Proven, presented: Presented) -> Shown | View:
        row, now = proven.kept.row, self._clock.now()
        made, sealed, key = row.issued, sealed_pass(row), presented.link_key
        if made is None or sealed is None or key is None or row.plan is None or now < row.plan.opens:
            return view(row, presented, now, self._window)
        presented_hash = _hash(presented)
        held = row.claim.state if row.claim else None
        verdict = look(held, presented_hash, valid_from=made.valid_from, valid_until=made.valid_until, now=now)
        if verdict is Look.REFUSED or row.ended_at is not None or is_spent(row, presented_hash):
            return view(row, presented, now, self._window)
        code = unseal(sealed, key, _binding(row, made))
        if verdict is Look.FIRST:
            row = await self._claim(proven, ClaimState(presented_hash, now))
        claimed_at = held.claimed_at if held else now
        again_until = look_until(claimed_at, made.valid_from, made.valid_until)
        return Shown(code, now, made.valid_from, made.valid_until, again_until, reissue_until(row, self._window))

    async def _claim(self, proven: Proven, state: ClaimState) -> Onboarding:
        opened = lifecycle.opened(proven.kept.row, Claim(state, proven.by))
        audit = Audit(Did.OPENED, state.claimed_at, caller=proven.by)
        row = await self._store.commit(proven.kept, Change(opened, audit))
        log.info("opened", extra={"onboarding": row.id})
        return row


def _hash(presented: Presented) -> str:
    if presented.claim is None:
        raise NoClaimError
    return claim_hash(presented.claim)


def _binding(row: Onboarding, made: IssuedPass) -> Binding:
    if row.delivery is None or row.delivery.number != made.delivery:
        raise SealBrokenError
    return Binding(row.id, made.id, row.delivery.subject, row.delivery.collector, made.delivery)
