"""What the rules of assignment filters may ask of a device, as far as Intune and Entra tell it. Pure.

Intune evaluates filters by what it holds of a device itself, so of a device that it does not manage nothing is known.
"""

from collections.abc import Mapping

from shared.websignin.filters import ANY_DEVICE
from shared.websignin.states import Managed, Shown

_OWNED: Mapping[str, str] = {"company": "corporate", "personal": "personal"}
"""Graph's words for whom a device belongs to, and those of filters."""


def properties(shown: Shown | None, managed: Managed | None) -> Mapping[str, str]:
    """Return the properties that are known of a device, by the names that rules have for them, all in lower case."""
    if managed is None:
        return ANY_DEVICE
    told = {
        "devicename": managed.name,
        "manufacturer": managed.manufacturer,
        "model": managed.model,
        "osversion": managed.version,
        "operatingsystemversion": managed.version,
        "deviceownership": _OWNED.get((managed.owner or "").casefold()),
        "enrollmentprofilename": shown.enrolment_profile if shown else None,
    }
    return {name: value.casefold() for name, value in told.items() if value}
