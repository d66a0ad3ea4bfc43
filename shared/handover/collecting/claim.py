"""Who may look at a pass, and for how long: one claim, which may look again.

Plain functions of what the row holds and the present instant. Making the claim is one conditional write of the row,
before anything is shown; that is the caller's.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.handover.keys.secrets import ClaimId

LOOK_AGAIN = timedelta(minutes=90)
_LABEL = b"day-one-pass/claim/v1\0"


class Look(StrEnum):
    """What a claim may do now. FIRST has to be won by a conditional write before it shows anything."""

    FIRST = "first"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ClaimState:
    """The claim a row holds. `ended`: "they are in" was pressed, or the sealed pass is erased."""

    claim_hash: str
    claimed_at: datetime
    ended: bool = False


def claim_hash(claim: ClaimId) -> str:
    """Return what the row stores of a claim id: 64 hex digits. Fast on purpose: the id is 32 random bytes."""
    return hashlib.sha256(_LABEL + claim.reveal().encode("ascii")).hexdigest()


def look_until(claimed_at: datetime, valid_from: datetime, valid_until: datetime) -> datetime:
    """Tell when looking again ends: 90 minutes after the later of claim and start of validity, or with the pass.

    Set-up with a reboot asks for the pass twice, and a claim made early must not run out before the pass works.
    """
    return min(max(claimed_at, valid_from) + LOOK_AGAIN, valid_until)


def look(
    held: ClaimState | None, presented: str, *, valid_from: datetime, valid_until: datetime, now: datetime
) -> Look:
    """Decide what the claim with hash `presented` may do. Ends are exclusive.

    Not checked here: link key, proof, and whether the window has opened.
    """
    if now >= valid_until:
        return Look.REFUSED
    if held is None:
        return Look.FIRST
    same = hmac.compare_digest(held.claim_hash.encode(), presented.encode())
    if not same or held.ended or now >= look_until(held.claimed_at, valid_from, valid_until):
        return Look.REFUSED
    return Look.AGAIN
