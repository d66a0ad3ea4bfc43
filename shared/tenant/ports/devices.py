"""Devices: as the directory knows them, as Windows Autopilot knows them, and the groups that they are in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Device:
    """A device in the directory: `id` is that of its object, which groups take; `device_id` is the device's own.

    `signed_in`: about when somebody last did so on it, None if unknown.
    """

    id: str
    device_id: str
    signed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class AutopilotIdentity:
    """A device that Windows Autopilot knows by its serial number. `device_id` None: the directory has none for it."""

    serial: str
    device_id: str | None


class GroupKind(StrEnum):
    """Who decides on the members of a group. Only an assigned one takes those that this app adds."""

    ASSIGNED = "assigned"
    DYNAMIC = "dynamic"
    SYNCED = "synced"
    SERVICE_OWNED = "service-owned"


class Devices(Protocol):
    """Devices as the directory knows them, read only."""

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Read the user's devices that can show Web sign-in at all, the one signed in to last first."""
        ...

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Read the ids of all groups that the device is in, transitively."""
        ...

    async def with_device_id(self, device_id: str) -> Device | None:
        """Find a device by the id that is its own; None where the directory has none."""
        ...

    async def with_object_id(self, object_id: str) -> Device | None:
        """Find a device by the id of its object; None where the directory has none."""
        ...


class Groups(Protocol):
    """Groups of devices, and the devices in them by this app's doing."""

    async def kind(self, group_id: str) -> GroupKind | None:
        """Tell who decides on the members of a group; None where it is no group, or gone."""
        ...

    async def add(self, group_id: str, device: str) -> bool:
        """Have a device, by the id of its object, join a group; False where it is in already. Sent once."""
        ...

    async def remove(self, group_id: str, device: str) -> None:
        """Have a device leave a group. Sent once. One that is out already counts as done."""
        ...


class Autopilot(Protocol):
    """Devices as Windows Autopilot knows them, read only."""

    async def identities(self, serial: str) -> tuple[AutopilotIdentity, ...]:
        """Find those of exactly this serial number, in any case of its letters: none, one, or several."""
        ...
