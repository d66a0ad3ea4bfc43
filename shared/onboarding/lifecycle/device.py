"""The device side: its group in scope, its membership, and the looks at it. It holds up no pass."""

from dataclasses import replace
from datetime import datetime

from shared.onboarding import memberships
from shared.onboarding.device_side import Look, Membership, Web
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import WebSignIn
from shared.websignin.readiness import Verdict


def web_in_scope(row: Onboarding, group: str, now: datetime, device: str | None = None) -> Onboarding:
    """The device group stands in the profile's scope, and the device, where one is looked at, in the group."""
    return replace(row, web=Web(WebSignIn.IN_SCOPE, group=group, device=device, seen_at=now))


def web_alone(row: Onboarding, detail: str, again_at: datetime) -> Onboarding:
    """What has come into the profile's scope is not in its companion's yet: the globe is there all the same.

    The companion is tried again at `again_at`.
    """
    return replace(row, web=replace(row.web, reason=Reason.COMPANION_NOT_IN_SCOPE, detail=detail, retry_at=again_at))


def web_waits(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """The device side waits; the pass goes on."""
    return replace(row, web=replace(row.web, status=WebSignIn.WAITING, reason=reason, detail=detail, retry_at=retry_at))


def web_failed(row: Onboarding, reason: Reason, detail: str) -> Onboarding:
    """Give up the device side until a person puts it back to work; the pass goes on."""
    return replace(row, web=replace(row.web, status=WebSignIn.FAILED, reason=reason, detail=detail, retry_at=None))


def web_resumed(row: Onboarding) -> Onboarding:
    """Put the device side back to work, unless it has come to its end."""
    return row if row.web.status is WebSignIn.IN_SCOPE else replace(row, web=Web())


def device_judged(row: Onboarding, verdict: Verdict, now: datetime) -> Onboarding:
    """The hire's device was looked at. It holds up nothing."""
    return replace(row, device=Look(now, verdict))


def left_group(row: Onboarding, membership: Membership) -> Onboarding:
    """The device is not in the group by this row's doing any more."""
    return replace(memberships.dropped(row, membership), web=replace(row.web, reason=None, detail="", retry_at=None))


def leave_put_off(row: Onboarding, reason: Reason, detail: str, retry_at: datetime) -> Onboarding:
    """The device cannot leave the group yet."""
    return replace(row, web=replace(row.web, reason=reason, detail=detail, retry_at=retry_at))
