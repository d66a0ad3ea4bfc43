"""Is this the one for whom the link is? Link key and proof together; short of both, every answer is the same.

The proof is the collector's sign-in or, with a hire's link, the pick-up code. A code is brought once: from then on the
browser's visit stands for it, so that the code is neither kept nor sent again.
"""

import asyncio
import hmac
from dataclasses import dataclass
from datetime import datetime

from shared.handover.callers.principal import Principal
from shared.handover.collecting.answers import NotForYouError, Presented
from shared.handover.keys import pickup
from shared.handover.keys.pickup import NO_CODE, CodeHash, Pickup, PickupCode
from shared.handover.keys.sealing import fits
from shared.handover.keys.secrets import PublicKey, VisitId
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.collector import DESK
from shared.onboarding.ids import is_id
from shared.onboarding.model import Delivery, Onboarding
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change, Kept
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError, StorageUnavailableError

NOBODY = "0" * 25
HAND_OVER = "Pass.HandOver"
MOST_CONFLICTS = 8
MOST_HASHES = 4
"""At once in one worker, 16 MiB each: a flood of codes takes no more memory than that."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A row, and the object id of whoever has proven that it is theirs to collect; with a code, the hire's own."""

    kept: Kept
    by: str


@dataclass(frozen=True, slots=True)
class _Try:
    """A code that counts, right or wrong: the row it is for, and the visit that brings it."""

    kept: Kept
    pickup: Pickup
    visit: VisitId

    def made(self, *, right: bool, now: datetime) -> Change:
        """Return what is to be stored of it."""
        row = lifecycle.code_tried(self.kept.row, pickup.tried(self.pickup, self.visit, now, right=right))
        did = Did.CODE_BROUGHT if right else Did.CODE_WRONG
        return Change(row, Audit(did, now, caller=row.delivery.subject if right and row.delivery else ""))


class Proof:
    """Holds what is presented against what is stored."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._hashes = asyncio.Semaphore(MOST_HASHES)

    async def of(self, presented: Presented) -> Proven:
        """Return the row that link key and proof are right for.

        The same reads, the same code checked and the same key derived in every branch; an id that cannot be one is
        looked for all the same. Where a pick-up code is refused, one hash and one write besides, in every branch.

        Raises:
            NotForYouError: not proven.
            StorageUnavailableError: no answer; whether a code was counted is not known.
        """
        for _ in range(MOST_CONFLICTS):
            kept = await self._of_link(presented)
            by = _who(kept, presented)
            if kept is not None and by:
                return Proven(kept, by)
            if presented.code is None:
                raise NotForYouError
            try:
                return await self._by_code(kept, presented, presented.code)
            except ConflictError:
                # Another try came between: what this one is worth is decided by what is known since.
                continue
        raise StorageUnavailableError("This link is tried by too many at once.")

    async def _of_link(self, presented: Presented) -> Kept | None:
        """Return the row if the link's key is right for it."""
        kept = await self._store.read_unseen(place_of(presented.onboarding))
        delivery = _delivery(kept)
        right = fits(presented.link_key, PublicKey.parse(delivery.public_key) if delivery else None)
        return kept if right else None

    async def _by_code(self, kept: Kept | None, presented: Presented, code: PickupCode) -> Proven:
        """Take a code, and store that it was tried before anybody learns whether it was right.

        The write is on the condition that nothing was tried meanwhile: of many codes sent at once, one is a try.
        """
        now = self._clock.now()
        one = _try(kept, presented, now)
        right = await self._fits(code, one.pickup.code if one else NO_CODE)
        if one is None:
            await self._store.write_unseen(place_of(presented.onboarding))
            raise NotForYouError
        await self._store.commit(one.kept, one.made(right=right, now=now))
        if not right:
            raise NotForYouError
        fresh = await self._store.read(one.kept.row.id)
        by = _who(fresh, presented)
        if fresh is None or not by:
            # Another browser has brought the code since.
            raise NotForYouError
        return Proven(fresh, by)

    async def _fits(self, code: PickupCode, held: CodeHash) -> bool:
        async with self._hashes:
            return await asyncio.to_thread(pickup.fits, code, held)


def place_of(onboarding: str) -> str:
    """Return the id to look under: one that cannot be an id leads to nobody."""
    return onboarding if is_id(onboarding) else NOBODY


def _delivery(kept: Kept | None) -> Delivery | None:
    return kept.row.delivery if kept else None


def _try(kept: Kept | None, presented: Presented, now: datetime) -> "_Try | None":
    """Return what a code counts for now; None where none does: no such link, none with a code, a pause, a lock."""
    delivery = _delivery(kept)
    held = delivery.pickup if delivery else None
    if kept is None or held is None or presented.visit is None or not pickup.takes_a_try(held, now):
        return None
    return _Try(kept, held, presented.visit)


def _who(kept: Kept | None, presented: Presented) -> str:
    """Return the object id of whoever has proven himself, empty for nobody. The code speaks for the hire."""
    delivery = _delivery(kept)
    if delivery is not None and pickup.has_brought(delivery.pickup, presented.visit):
        return delivery.subject
    principal = presented.principal
    return principal.object_id if principal and _is_collector(principal, kept.row if kept else None) else ""


def _is_collector(principal: Principal, row: Onboarding | None) -> bool:
    """Tell whether this is the one person the link is for or, at the desk, one who may hand over for others."""
    collector = row.delivery.collector if row and row.delivery else ""
    claimed = principal.object_id if _may_collect(principal) else ""
    is_named = hmac.compare_digest(claimed.casefold(), collector.casefold()) and bool(claimed)
    return is_named or (row is not None and _collects_at_desk(principal, row))


def _may_collect(principal: Principal) -> bool:
    """A person of our own: no app, and no guest, of whom another organisation says who it is."""
    return principal.is_person and not principal.is_guest


def _collects_at_desk(principal: Principal, row: Onboarding) -> bool:
    """Nobody at the desk collects for himself, nor what he has asked for, released or let go of."""
    if row.delivery is None or row.delivery.collector != DESK or not _may_collect(principal):
        return False
    asked, released = row.ask.askers if row.ask else (), (row.release.by,) if row.release else ()
    own = (row.delivery.subject, *asked, *released, *row.let_go_by)
    return HAND_OVER in principal.roles and principal.object_id.casefold() not in {one.casefold() for one in own}
