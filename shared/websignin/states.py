"""What Entra and Intune show of a device, as the verdict on it needs it, and who reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.tenant.ports.devices import Device
from shared.websignin.readiness import Applied


@dataclass(frozen=True, slots=True)
class Shown:
    """A device as the directory shows it. Whatever it does not say is None: never taken for a no.

    `system` and `trust` are Graph's own words; `version` is the whole version of the system. `enrolment_profile`: the
    name of the profile by which it enrolled.
    """

    system: str | None
    trust: str | None
    enabled: bool | None
    version: str | None
    signed_in: datetime | None
    enrolment_profile: str | None = None


@dataclass(frozen=True, slots=True)
class Managed:
    """A device as Intune manages it, by Intune's own id. None: Intune does not say. `owner` is Graph's own word."""

    id: str
    version: str | None
    synced: datetime | None
    name: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    owner: str | None = None


class DeviceStates(Protocol):
    """Reads what is known of devices; changes nothing."""

    async def shown(self, device: Device) -> Shown:
        """Read it from the directory."""
        ...

    async def managed(self, device: Device) -> Managed | None:
        """Read it from Intune: of several entries the one synced last; None where Intune manages no such device."""
        ...

    async def applied(self, managed: Managed, profile_id: str) -> Applied:
        """Read what Intune reports of a profile on it."""
        ...
