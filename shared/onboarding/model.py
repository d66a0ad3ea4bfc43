"""One hire's onboarding as plain data: the truth that every step reads and writes.

Nothing here decides or does anything. Instants are aware and in UTC; ids of people and groups are Entra object ids,
lower case. The sealed pass and the public key are stored as base64url text: neither opens anything by itself.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.handover.collecting.claim import ClaimState
from shared.handover.keys.pickup import Pickup
from shared.onboarding.collector import Collector, Route
from shared.onboarding.device_side import UNTOUCHED, Look, Membership, Web
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Due, Life, Status
from shared.planning.plan import Plan
from shared.sources.hire import HireData

SCHEMA = 6


@dataclass(frozen=True, slots=True)
class Origin:
    """The newest event that shaped the row. Events are ordered by the source's own time, then by the event's own id."""

    occurred_at: datetime
    event: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The account the pass is for, as read at the last preflight. `office` and `department` are Entra's words."""

    id: str
    user_principal_name: str
    display_name: str
    office: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A person or an app asked for this delivery. `by` is an object id, `why` their words for the audit.

    `before`: object ids of those who had asked for this onboarding, or for a link of it, before.
    """

    by: str
    by_person: bool
    route: Route
    why: str = ""
    before: tuple[str, ...] = ()

    @property
    def askers(self) -> tuple[str, ...]:
        """Return all who have asked, the last first: whoever asks after them takes nobody's part from them."""
        return tuple(dict.fromkeys((self.by, *self.before)))


@dataclass(frozen=True, slots=True)
class Request:
    """What an ad-hoc request wants: for whom (user principal name or object id), and how long in minutes.

    `body` is the hash of what was posted: the same key with another body is a mistake.
    """

    user: str
    lifetime: int | None
    one_time: bool | None
    body: str


@dataclass(frozen=True, slots=True)
class Release:
    """A Pass.Admin set aside a reason of `RELEASABLE`, for this account and what its collector's link is bound to."""

    by: str
    at: datetime
    subject: str
    collector: str


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds a hire back until a Pass.Admin has let go of each reason, the first of them next.

    `since`: when an event last shaped the row, so that nobody lets go of what he has not seen. `told_at`: when the
    desk last heard that hires of the source are held back.
    """

    reasons: tuple[Reason, ...]
    since: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A link: its number, its key's public half, whom it is for. `mailed_at` None: the mail is not accepted yet.

    `collector` is what `Collector.bound` was; `pickup` the code that goes with it, None where a sign-in is the proof.
    """

    number: int
    public_key: str
    subject: str
    collector: str
    made_at: datetime
    mailed_at: datetime | None
    pickup: Pickup | None = None

    def is_same_link(self, other: "Delivery | None") -> bool:
        """Tell whether it is the same link, whatever codes were tried with it meanwhile."""
        return other is not None and (self.number, self.public_key) == (other.number, other.public_key)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A pass is being asked of Graph, or was and the answer is not known. After `deadline` nothing of it can happen.

    `start` is the start of validity asked for, None for at once; lifetime in minutes.
    """

    id: str
    begun: datetime
    deadline: datetime
    start: datetime | None
    lifetime: int
    one_time: bool


@dataclass(frozen=True, slots=True)
class IssuedPass:
    """A pass of ours in Graph. `sealed` is None once it is erased, or where the code was lost with its process."""

    id: str
    made_at: datetime
    valid_from: datetime
    valid_until: datetime
    one_time: bool
    delivery: int
    sealed: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The one winning claim on the pass, and the object id of the person who made it: on a hire's link, the hire's."""

    state: ClaimState
    by: str


@dataclass(frozen=True, slots=True)
class Reissue:
    """The collector had the pass made anew: `by` is the object id of the person.

    `claim` is the hash of the claim that ended with it, None where nobody had opened the pass before.
    """

    at: datetime
    by: str
    claim: str | None


@dataclass(frozen=True, slots=True)
class Onboarding:
    """One hire's way to the first sign-in.

    `reason` and `detail` say why it waits or how it ended; `retry_at`: when a waiting one is looked at again.
    `attempts`: those whose outcome is not known. `doomed`: Graph may hold a pass of ours that has to go. `told`: what
    the desk was mailed about. `methods_known`: whether the hire can sign in without the pass is known, or people were
    told that it is not. `heard`: who was mailed last that this is his to collect; `tell_move_at`: when he is to hear of
    other hours than he knows. `shut`: routes whose channel did not take what goes by it. `fresh_codes`: how often the
    holder of the code had link and code made anew. `follows`: the start of the onboarding before this one, which a
    rehire's is later than. `let_go_by`: object ids of those who let go of a hold. `erase_for`: object id of who asked
    for all of it to be erased at once. `memberships`: what it answers for until that is taken back, erased or not.
    `erased`: nothing personal is left besides; `forgotten`: nor is the map that says who is who in the audit. `trace`:
    the W3C trace context (traceparent) in which whatever is done for it is told; empty where nobody listened yet.
    """

    id: str
    source: str
    hire: HireData
    origin: Origin
    created: datetime
    status: Status
    plan: Plan | None
    reason: Reason | None = None
    detail: str = ""
    retry_at: datetime | None = None
    ended_at: datetime | None = None
    subject: Subject | None = None
    collector: Collector | None = None
    ask: Ask | None = None
    request: Request | None = None
    release: Release | None = None
    hold: Hold | None = None
    let_go_by: tuple[str, ...] = ()
    follows: datetime | None = None
    noticed_at: datetime | None = None
    heard: Collector | None = None
    tell_move_at: datetime | None = None
    shut: tuple[Route, ...] = ()
    fresh_codes: int = 0
    delivery: Delivery | None = None
    attempts: tuple[Attempt, ...] = ()
    issued: IssuedPass | None = None
    reviewed_at: datetime | None = None
    claim: Claim | None = None
    handed_over_at: datetime | None = None
    reissues: tuple[Reissue, ...] = ()
    used_at: datetime | None = None
    use_checked_at: datetime | None = None
    methods_checked_at: datetime | None = None
    methods_known: bool = False
    doomed: bool = False
    told: tuple[Reason, ...] = ()
    web: Web = UNTOUCHED
    device: Look | None = None
    memberships: tuple[Membership, ...] = ()
    due: Due | None = None
    web_due: Due | None = None
    device_due: Due | None = None
    erase_for: str = ""
    erased: bool = False
    forgotten: bool = False
    trace: str = ""
    version: int = 0
    schema: int = SCHEMA

    def due_in(self, life: Life) -> Due | None:
        """Return the next thing to do in one of its lives."""
        return {Life.PASS: self.due, Life.WEB_SIGN_IN: self.web_due, Life.DEVICE: self.device_due}[life]
