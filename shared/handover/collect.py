"""Handing the pass to one proven person, once.

Two things are needed together: the link's key and the sign-in of the collector. Short of both, every answer is the
same. The claim is one conditional write, made before anything is shown.
"""

import hmac
import logging
from datetime import datetime

from shared.handover.answers import NoClaimError, NotForYouError, Presented, Shown, State, View
from shared.handover.claim import ClaimState, Look, claim_hash, look, look_until
from shared.handover.principal import Principal
from shared.handover.sealing import Binding, SealBrokenError, fits, unseal
from shared.handover.secrets import PublicKey, SealedPass
from shared.onboarding import lifecycle
from shared.onboarding.ids import is_id
from shared.onboarding.model import DESK, Claim, IssuedPass, Onboarding, Status
from shared.onboarding.record import Audit, Did
from shared.onboarding.store import Change, Kept, Store
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError

log = logging.getLogger("day_one_pass")

NOBODY = "0" * 25
HAND_OVER = "Pass.HandOver"
MOST_CONFLICTS = 8
_ENDS = {Status.CANCELLED: State.CANCELLED, Status.USED: State.USED, Status.FAILED: State.FAILED}
"""The ends that say for themselves how it went, whether somebody had opened the pass or not."""


class Collecting:
    """Answers the page."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def state(self, presented: Presented) -> View:
        """Tell the proven person where things stand.

        Raises:
            NotForYouError: not proven.
        """
        kept = await self._proven(presented)
        return _view(kept.row, presented, self._clock.now())

    async def reveal(self, presented: Presented) -> Shown | View:
        """Show the pass to the one claim, as often as that may look; else tell where things stand.

        Raises:
            NotForYouError: not proven.
            NoClaimError: no claim id.
            SealBrokenError: the sealed pass does not open; only a fresh one helps.
        """
        for _ in range(MOST_CONFLICTS):
            kept = await self._proven(presented)
            try:
                return await self._show(kept, presented)
            except ConflictError:
                continue
        raise StorageUnavailableError("This hand-over is asked for by too many at once.")

    async def finish(self, presented: Presented) -> None:
        """Erase the sealed pass, for the hire is in. Only the winning claim may say so; any other changes nothing.

        Raises:
            NotForYouError: not proven.
            NoClaimError: no claim id.
        """
        kept = await self._proven(presented)
        presented_hash = _hash(presented)
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            held = fresh.claim
            if held is None or held.state.ended or not hmac.compare_digest(held.state.claim_hash, presented_hash):
                return None
            return Change(lifecycle.handed_over(fresh, now), Audit(Did.HIRE_IS_IN, now, caller=held.by))

        await self._store.update(kept.row.id, decide)

    async def _show(self, kept: Kept, presented: Presented) -> Shown | View:
        row, now = kept.row, self._clock.now()
        made, sealed, key = row.issued, _sealed(row), presented.link_key
        if made is None or sealed is None or key is None or row.plan is None or now < row.plan.opens:
            return _view(row, presented, now)
        presented_hash = _hash(presented)
        held = row.claim.state if row.claim else None
        verdict = look(held, presented_hash, valid_from=made.valid_from, valid_until=made.valid_until, now=now)
        if verdict is Look.REFUSED or row.ended_at is not None:
            return _view(row, presented, now)
        code = unseal(sealed, key, _binding(row, made))
        if verdict is Look.FIRST:
            await self._claim(kept, ClaimState(presented_hash, now), presented.principal)
        claimed_at = held.claimed_at if held else now
        again_until = look_until(claimed_at, made.valid_from, made.valid_until)
        return Shown(code, now, made.valid_from, made.valid_until, again_until)

    async def _claim(self, kept: Kept, state: ClaimState, principal: Principal | None) -> None:
        by = principal.object_id if principal else ""
        opened = lifecycle.opened(kept.row, Claim(state, by))
        await self._store.commit(kept, Change(opened, Audit(Did.OPENED, state.claimed_at, caller=by)))
        log.info("opened", extra={"onboarding": kept.row.id})

    async def _proven(self, presented: Presented) -> Kept:
        """The same reads and the same hash in every branch; an id that cannot be one is looked for all the same."""
        kept = await self._store.read(presented.onboarding if is_id(presented.onboarding) else NOBODY)
        delivery = kept.row.delivery if kept else None
        right_key = fits(presented.link_key, PublicKey.parse(delivery.public_key) if delivery else None)
        right_person = _is_collector(presented.principal, kept.row if kept else None)
        if kept is None or not right_key or not right_person:
            raise NotForYouError
        return kept


def _is_collector(principal: Principal | None, row: Onboarding | None) -> bool:
    """Tell whether this is the one person the link is for or, at the desk, one who may hand over for others."""
    collector = row.delivery.collector if row and row.delivery else ""
    claimed = principal.object_id if principal and principal.is_person else ""
    is_named = hmac.compare_digest(claimed.casefold(), collector.casefold()) and bool(claimed)
    return is_named or (row is not None and principal is not None and _collects_at_desk(principal, row))


def _collects_at_desk(principal: Principal, row: Onboarding) -> bool:
    """Nobody at the desk collects for himself, nor what he has asked for or released."""
    if row.delivery is None or row.delivery.collector != DESK or not principal.is_person:
        return False
    own = (row.delivery.subject, row.ask.by if row.ask else "", row.release.by if row.release else "")
    return HAND_OVER in principal.roles and principal.object_id.casefold() not in {one.casefold() for one in own}


def _hash(presented: Presented) -> str:
    if presented.claim is None:
        raise NoClaimError
    return claim_hash(presented.claim)


def _sealed(row: Onboarding) -> SealedPass | None:
    """What there is to show; a pass that the policy blocks at present is of no use to anybody."""
    if row.status is Status.WAITING:
        return None
    return SealedPass.parse(row.issued.sealed) if row.issued and row.issued.sealed else None


def _binding(row: Onboarding, made: IssuedPass) -> Binding:
    if row.delivery is None or row.delivery.number != made.delivery:
        raise SealBrokenError
    return Binding(row.id, made.id, row.delivery.subject, row.delivery.collector, made.delivery)


def _view(row: Onboarding, presented: Presented, now: datetime) -> View:
    if row.plan is None:
        raise NotForYouError
    made = row.issued
    mine = _is_claim_of(row, presented)
    return View(
        state=_state(row, now),
        now=now,
        who=row.subject.display_name if row.subject else row.hire.display_name,
        user=row.subject.user_principal_name if row.subject else "",
        zone=row.plan.zone,
        opens_at=row.plan.opens,
        valid_from=made.valid_from if made else row.plan.valid_from,
        valid_until=made.valid_until if made else row.plan.valid_until,
        opened_at=row.claim.state.claimed_at if row.claim else None,
        used_at=row.used_at,
        mine=mine,
        again_until=_again_until(row, now) if mine else None,
    )


def _is_claim_of(row: Onboarding, presented: Presented) -> bool:
    if row.claim is None or presented.claim is None:
        return False
    return hmac.compare_digest(row.claim.state.claim_hash, claim_hash(presented.claim))


def _again_until(row: Onboarding, now: datetime) -> datetime | None:
    """Tell until when the winning claim may look; None once the sealed pass is erased, or that time is over."""
    if row.claim is None or row.claim.state.ended or row.ended_at is not None or row.issued is None or not _sealed(row):
        return None
    until = look_until(row.claim.state.claimed_at, row.issued.valid_from, row.issued.valid_until)
    return until if now < until else None


def _state(row: Onboarding, now: datetime) -> State:
    if row.status in _ENDS:
        return _ENDS[row.status]
    if row.claim is not None:
        return State.OPENED
    if row.plan is None or row.ended_at is not None or now >= row.plan.closes:
        return State.EXPIRED
    if now < row.plan.opens:
        return State.TOO_EARLY
    return State.OPEN if _sealed(row) is not None else State.NOT_READY
