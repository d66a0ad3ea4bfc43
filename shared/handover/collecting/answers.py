"""What the hand-over page asks, and what it may be answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.handover.callers.principal import Principal
from shared.handover.keys.pickup import PickupCode
from shared.handover.keys.secrets import ClaimId, LinkKey, PassCode, VisitId


class NotForYouError(Exception):
    """Link key and proof are not both right. Which of them, and whether there is such a link, is not said.

    Nor, of a code, whether it was counted, came in a pause, or is not looked at any more.
    """


class NoClaimError(Exception):
    """The request brings no claim id of the right form."""


class State(StrEnum):
    """What the page shows to whoever has the link and is the right person."""

    TOO_EARLY = "too-early"
    NOT_READY = "not-ready"
    OPEN = "open"
    OPENED = "opened"
    USED = "used"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class View:
    """The truth about one hand-over, for the proven person. Instants in UTC.

    `user` is the name to type at the lock screen, empty before the account is found. `mine`: the claim that asks is the
    one that opened the pass; it may look again until `again_until`, None where it may not. `reissue_until`: until
    when the pass may be made anew, None where it may not. `used_at`: the first sign-in
    with the pass, as far as the sign-in log has shown it.
    """

    state: State
    now: datetime
    who: str
    user: str
    zone: str
    opens_at: datetime
    valid_from: datetime
    valid_until: datetime
    opened_at: datetime | None
    used_at: datetime | None
    mine: bool
    again_until: datetime | None
    reissue_until: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The pass, in clear, for the one answer it goes into. The claim that got it may look until `again_until`.

    `reissue_until`: until when it may be made anew, None where it may not.
    """

    code: PassCode
    now: datetime
    valid_from: datetime
    valid_until: datetime
    again_until: datetime
    reissue_until: datetime | None


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request brings: the id in the path, the key and the claim as sent, and who App Service says it is.

    With a hire's link the page brings a visit, and once the code, in place of a sign-in.
    """

    onboarding: str
    link_key: LinkKey | None
    claim: ClaimId | None
    principal: Principal | None
    visit: VisitId | None = None
    code: PickupCode | None = None
