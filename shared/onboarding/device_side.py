"""The device side of an onboarding: the profile's scope, memberships of groups, and what was said of the device."""

from dataclasses import dataclass
from datetime import datetime

from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import WebSignIn
from shared.websignin.readiness import Verdict


@dataclass(frozen=True, slots=True)
class Web:
    """The device side. `retry_at`: when a waiting one is tried again. `seen_at`: when it was last seen in scope.

    `group` and `device` are ids of objects: what was seen; `device` None where only the group is looked at.
    """

    status: WebSignIn = WebSignIn.PENDING
    reason: Reason | None = None
    detail: str = ""
    group: str | None = None
    retry_at: datetime | None = None
    seen_at: datetime | None = None
    device: str | None = None


UNTOUCHED = Web()


@dataclass(frozen=True, slots=True)
class Membership:
    """A device that is in a group by this app's doing, or is about to be: the ids of both objects.

    `until`: after it nothing of the request to join can happen any more. `joined`: whether it is known to have.
    """

    group: str
    device: str
    until: datetime
    joined: bool = False

    def is_of(self, group: str | None, device: str | None) -> bool:
        """Tell whether it is this device in this group."""
        return (self.group, self.device) == (group, device)


@dataclass(frozen=True, slots=True)
class Look:
    """What was last said of the hire's device, and when."""

    at: datetime
    verdict: Verdict
