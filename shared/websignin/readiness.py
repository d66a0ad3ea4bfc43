"""Whether a hire's device will let a pass in on the first morning, judged from what could be read of it. Pure.

What is known to be wrong outweighs what is not known, and nothing unknown ever makes a device ready.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from shared.websignin.builds import LEAST, Build, shows_web_sign_in

SEEN_WITHIN = timedelta(days=30)
"""A device unseen for longer may have missed the profile, or lie in a drawer.

Not shorter: Entra renews the time of a device's last sign-in only every 14 ± 5 days, and Intune itself takes a device
for lost after 30 (its compliance status validity period, unless changed).
https://learn.microsoft.com/entra/identity/devices/manage-stale-devices
"""


class State(StrEnum):
    """What is said of a device."""

    READY = "ready"
    NOT_READY = "not ready"
    UNKNOWN = "unknown"


class Obstacle(StrEnum):
    """Why a device is not ready: known, and for a person to mend. In the order in which one is told of several."""

    DEVICE_MISSING = "device-missing"
    NOT_WINDOWS = "not-windows"
    HYBRID_JOINED = "hybrid-joined"
    ONLY_REGISTERED = "only-registered"
    DEVICE_DISABLED = "device-disabled"
    BUILD_TOO_OLD = "build-too-old"
    NOT_MANAGED = "not-managed"
    NOT_SEEN_LATELY = "not-seen-lately"
    PROFILE_UNUSABLE = "profile-unusable"
    EXCLUDED = "excluded"
    OUTSIDE_SCOPE = "outside-scope"
    PROFILE_NOT_APPLIED = "profile-not-applied"


class Gap(StrEnum):
    """Why it cannot be told whether a device is ready."""

    NO_DEVICE_KNOWN = "no-device-known"
    SERIAL_UNKNOWN = "serial-unknown"
    SERIAL_TWICE = "serial-twice"
    PERMISSION_MISSING = "permission-missing"
    TENANT_UNAVAILABLE = "tenant-unavailable"
    TENANT_REFUSED = "tenant-refused"
    NOT_SHOWN = "not-shown"
    SCOPE_UNCLEAR = "scope-unclear"
    PROFILE_PENDING = "profile-pending"
    STEP_FAILED = "step-failed"


class Join(StrEnum):
    """How a device belongs to Entra: Graph's own words for `trustType`."""

    ENTRA = "AzureAd"
    HYBRID = "ServerAd"
    REGISTERED = "Workplace"


class Reach(StrEnum):
    """Whether the profile's scope takes the device in. `TO_COME`: the app itself brings it there in time."""

    IN_SCOPE = "in scope"
    TO_COME = "to come"
    OUTSIDE = "outside"
    EXCLUDED = "excluded"
    UNCLEAR = "unclear"
    NO_PROFILE = "no usable profile"


class Applied(StrEnum):
    """What Intune reports of the profile on the device. `SILENT`: nothing, as before the device's next sync."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Unlearned:
    """A fact that could not be learned, and why. `detail` is for people: the permission, the property."""

    why: Gap
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Told[T]:
    """A fact, and what there is to say about it to people."""

    value: T
    detail: str = ""


type Fact[T] = Told[T] | Unlearned


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What is known of one device. `seen`: when Entra or Intune last heard of it, whichever is later."""

    windows: Fact[bool]
    join: Fact[Join]
    enabled: Fact[bool]
    build: Fact[Build]
    managed: Fact[bool]
    seen: Fact[datetime]
    reach: Fact[Reach]
    applied: Fact[Applied]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a device, and why where it is not ready. `detail` is for people, and names nobody."""

    state: State
    reason: Obstacle | Gap | None = None
    detail: str = ""


def unready(why: Obstacle | Gap, detail: str = "") -> Verdict:
    """Return the verdict that goes with a reason."""
    return Verdict(State.NOT_READY if isinstance(why, Obstacle) else State.UNKNOWN, why, detail)


def verdict(facts: DeviceFacts, now: datetime) -> Verdict:
    """Judge a device: the first obstacle decides, else the first gap; with neither it is ready."""
    found = [one for one in _findings(facts, now) if one is not None]
    return next((one for one in found if one.state is State.NOT_READY), found[0] if found else Verdict(State.READY))


def _findings(facts: DeviceFacts, now: datetime) -> Iterator[Verdict | None]:
    """Go through the facts in their order, and yield of each what keeps the device from being ready."""
    yield _of(facts.windows, lambda windows: None if windows else Obstacle.NOT_WINDOWS)
    yield _of(facts.join, _JOINED.get)
    yield _of(facts.enabled, lambda enabled: None if enabled else Obstacle.DEVICE_DISABLED)
    yield _of(facts.build, _of_build)
    yield _of(facts.managed, lambda managed: None if managed else Obstacle.NOT_MANAGED)
    yield _of(facts.seen, lambda seen: Obstacle.NOT_SEEN_LATELY if seen < now - SEEN_WITHIN else None)
    yield _of(facts.reach, _REACHED.get)
    yield _of(facts.applied, _APPLIED.get)


def _of[T](fact: Fact[T], judge: Callable[[T], Obstacle | Gap | None]) -> Verdict | None:
    if isinstance(fact, Unlearned):
        return unready(fact.why, fact.detail)
    why = judge(fact.value)
    return unready(why, fact.detail) if why is not None else None


def _of_build(build: Build) -> Obstacle | Gap | None:
    match shows_web_sign_in(build):
        case None:
            return Gap.NOT_SHOWN
        case recent:
            return None if recent else Obstacle.BUILD_TOO_OLD


_JOINED: Mapping[Join, Obstacle] = {
    Join.HYBRID: Obstacle.HYBRID_JOINED,
    Join.REGISTERED: Obstacle.ONLY_REGISTERED,
}
_REACHED: Mapping[Reach, Obstacle | Gap] = {
    Reach.OUTSIDE: Obstacle.OUTSIDE_SCOPE,
    Reach.EXCLUDED: Obstacle.EXCLUDED,
    Reach.UNCLEAR: Gap.SCOPE_UNCLEAR,
    Reach.NO_PROFILE: Obstacle.PROFILE_UNUSABLE,
}
_APPLIED: Mapping[Applied, Obstacle | Gap] = {
    Applied.PENDING: Gap.PROFILE_PENDING,
    Applied.FAILED: Obstacle.PROFILE_NOT_APPLIED,
}

ADVICE: Mapping[Obstacle | Gap, str] = MappingProxyType({
    Obstacle.DEVICE_MISSING: "Entra has no such device. Enrol it, or correct the device in the HR system.",
    Obstacle.NOT_WINDOWS: "The device does not run Windows, and Web sign-in is Windows' own. Give another device.",
    Obstacle.HYBRID_JOINED: "The device is joined to a domain as well, and shows no Web sign-in. Give a device that is"
    " joined to Entra alone, or have the hire sign in another way first.",
    Obstacle.ONLY_REGISTERED: "The device is registered with Entra, not joined. Join it.",
    Obstacle.DEVICE_DISABLED: "The device is disabled in Entra. Enable it, if it is meant to be used.",
    Obstacle.BUILD_TOO_OLD: f"Windows is older than build {LEAST} (Windows 11 22H2 with KB5030310). Update it before"
    " the hire comes.",
    Obstacle.NOT_MANAGED: "Intune does not manage the device, so no profile reaches it. Enrol it.",
    Obstacle.NOT_SEEN_LATELY: f"Nothing was heard of the device for {SEEN_WITHIN.days} days or more. Switch it on, with"
    " a network, and let it sync.",
    Obstacle.PROFILE_UNUSABLE: "There is no usable Web sign-in profile. See what the device side waits for.",
    Obstacle.EXCLUDED: "The Web sign-in profile leaves the device out: by a group that it excludes, or by an assignment"
    " filter. Take the device out of that group, or change what leaves it out.",
    Obstacle.OUTSIDE_SCOPE: "The device is in no group in the scope of the Web sign-in profile. Add it to the hire's"
    " device group.",
    Obstacle.PROFILE_NOT_APPLIED: "Intune reports that the profile failed on the device. Look at the device's"
    " configuration in Intune, and let it sync.",
    Gap.NO_DEVICE_KNOWN: "No device is known for the hire. Have HR name one (device), or, with device preparation, see"
    " that the group of its policy is in the profile's scope: such a device enrols on day one.",
    Gap.SERIAL_UNKNOWN: "Autopilot knows no device of the serial number that HR names. Correct it, or register it.",
    Gap.SERIAL_TWICE: "Autopilot knows several devices of this serial number. Remove the stale ones.",
    Gap.PERMISSION_MISSING: "The app lacks the Microsoft Graph permission that is named. Grant it.",
    Gap.TENANT_UNAVAILABLE: "Microsoft Graph gave no usable answer. It is looked at again by itself.",
    Gap.TENANT_REFUSED: "Microsoft Graph refused, in the words given. Mend that.",
    Gap.NOT_SHOWN: "Entra and Intune do not say what has to be known of the device. Look at it yourself, and let it"
    " sync.",
    Gap.SCOPE_UNCLEAR: "An assignment filter that asks for what is not known of the device, or an assignment that is"
    " not judged here, such as that to all users, decides whether it gets the profile. Look at the device in Intune.",
    Gap.STEP_FAILED: "To look at it failed again and again. Find the error in the log by this id.",
    Gap.PROFILE_PENDING: "The device has not taken up the profile yet. Switch it on, with a network, and let it sync.",
})  # fmt: skip
