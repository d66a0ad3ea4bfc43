"""Devices that are in a group by this app's doing: recorded before they join, and until they have left. Pure.

What stands in no row was not added by this app, and is never taken out of a group.
"""

from dataclasses import replace

from shared.onboarding.device_side import Membership
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status, WebSignIn

AT_ONCE = frozenset({Status.CANCELLED, Status.FAILED})
"""Ends after which nobody comes to sign in at the device."""


def of(row: Onboarding, group: str, device: str) -> Membership | None:
    """Return what the row records of this device in this group."""
    return next((one for one in row.memberships if one.is_of(group, device)), None)


def recorded(row: Onboarding, membership: Membership) -> Onboarding:
    """Record that a device is about to join a group, or has joined it."""
    return replace(row, memberships=(*_but(row, membership), membership))


def dropped(row: Onboarding, membership: Membership) -> Onboarding:
    """The device has left the group, or is in it by somebody else's doing."""
    return replace(row, memberships=_but(row, membership))


def needless(row: Onboarding) -> tuple[Membership, ...]:
    """Return what this row needs no more: all of it at the end, and before what was of another device or group."""
    if row.ended_at is not None or row.erased:
        return row.memberships
    if row.web.status is not WebSignIn.IN_SCOPE or row.web.device is None:
        return ()
    return tuple(one for one in row.memberships if not one.is_of(row.web.group, row.web.device))


def goes_at_once(row: Onboarding) -> bool:
    """Tell whether needless ones go now: not some time after a first use, nor while a pass may be made anew."""
    return row.ended_at is None or row.status in AT_ONCE or row.erased or bool(row.erase_for)


def _but(row: Onboarding, membership: Membership) -> tuple[Membership, ...]:
    return tuple(one for one in row.memberships if not one.is_of(membership.group, membership.device))
