"""What the tenant's Temporary Access Pass policy leaves of our wishes. Lifetimes in minutes."""

from dataclasses import dataclass
from enum import StrEnum


class Clamp(StrEnum):
    """Why a pass lives longer or shorter than wanted."""

    TENANT_MAXIMUM = "tenant-maximum"
    TENANT_MINIMUM = "tenant-minimum"


class Refusal(StrEnum):
    """Why the tenant's policy allows no pass at all."""

    METHOD_DISABLED = "method-disabled"
    LIMITS_CONTRADICT = "limits-contradict"


@dataclass(frozen=True, slots=True)
class Limits:
    """The policy as read."""

    enabled: bool
    minimum: int
    maximum: int
    one_time_only: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """What to ask Graph for. `clamped` and `one_time_forced` say where that is not what was wanted."""

    lifetime: int
    one_time: bool
    clamped: Clamp | None = None
    one_time_forced: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """No pass can be made; `setting` names what a tenant administrator has to change."""

    refusal: Refusal
    setting: str


def fit(lifetime: int, one_time: bool, limits: Limits) -> Fitted | Refused:
    """Fit a wished lifetime and use into the tenant's limits. Who is a target of the policy is not checked here."""
    if not limits.enabled:
        return Refused(Refusal.METHOD_DISABLED, "Authentication methods > Temporary Access Pass > Enable")
    if limits.minimum > limits.maximum:
        return Refused(
            Refusal.LIMITS_CONTRADICT,
            "Authentication methods > Temporary Access Pass > Configure > Minimum lifetime, Maximum lifetime",
        )
    fitted = min(max(lifetime, limits.minimum), limits.maximum)
    return Fitted(
        lifetime=fitted,
        one_time=one_time or limits.one_time_only,
        clamped=_clamp(lifetime, fitted),
        one_time_forced=limits.one_time_only and not one_time,
    )


def _clamp(wanted: int, fitted: int) -> Clamp | None:
    if fitted == wanted:
        return None
    return Clamp.TENANT_MAXIMUM if fitted < wanted else Clamp.TENANT_MINIMUM
