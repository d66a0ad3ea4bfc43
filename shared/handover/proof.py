"""Is this the one for whom the link is? Link key and sign-in together; short of both, every answer is the same."""

import hmac

from shared.handover.answers import NotForYouError, Presented
from shared.handover.principal import Principal
from shared.handover.sealing import fits
from shared.handover.secrets import PublicKey
from shared.onboarding.ids import is_id
from shared.onboarding.model import DESK, Onboarding
from shared.onboarding.store import Store
from shared.onboarding.transaction import Kept

NOBODY = "0" * 25
HAND_OVER = "Pass.HandOver"


class Proof:
    """Holds what is presented against what is stored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, presented: Presented) -> Kept:
        """Return the row that link key and sign-in are right for.

        The same reads, the same code checked and the same key derived in every branch; an id that cannot be one is
        looked for all the same.

        Raises:
            NotForYouError: not proven.
        """
        kept = await self._store.read_unseen(presented.onboarding if is_id(presented.onboarding) else NOBODY)
        delivery = kept.row.delivery if kept else None
        right_key = fits(presented.link_key, PublicKey.parse(delivery.public_key) if delivery else None)
        right_person = _is_collector(presented.principal, kept.row if kept else None)
        if kept is None or not right_key or not right_person:
            raise NotForYouError
        return kept


def _is_collector(principal: Principal | None, row: Onboarding | None) -> bool:
    """Tell whether this is the one person the link is for or, at the desk, one who may hand over for others."""
    collector = row.delivery.collector if row and row.delivery else ""
    claimed = principal.object_id if principal and _may_collect(principal) else ""
    is_named = hmac.compare_digest(claimed.casefold(), collector.casefold()) and bool(claimed)
    return is_named or (row is not None and principal is not None and _collects_at_desk(principal, row))


def _may_collect(principal: Principal) -> bool:
    """A person of our own: no app, and no guest, of whom another organisation says who it is."""
    return principal.is_person and not principal.is_guest


def _collects_at_desk(principal: Principal, row: Onboarding) -> bool:
    """Nobody at the desk collects for himself, nor what he has asked for or released."""
    if row.delivery is None or row.delivery.collector != DESK or not _may_collect(principal):
        return False
    own = (row.delivery.subject, row.ask.by if row.ask else "", row.release.by if row.release else "")
    return HAND_OVER in principal.roles and principal.object_id.casefold() not in {one.casefold() for one in own}
