"""Which device is the hire's: as the HR system says, as Autopilot knows, or as the user registered one.

An HR system may call a device by its own id, by the id of its object, or by the serial number on the box; whatever it
says is taken at its word, and what is wrong with it is said, for another device in its place would be a guess.
"""

from dataclasses import dataclass
from enum import StrEnum

from shared.tenant.errors import PermissionMissingError
from shared.tenant.ports.devices import Autopilot, Device, Devices


class Lack(StrEnum):
    """Why no device is known."""

    NOT_NAMED = "not-named"
    SERIAL_UNKNOWN = "serial-unknown"
    SERIAL_TWICE = "serial-twice"
    OBJECT_MISSING = "object-missing"
    PERMISSION_MISSING = "permission-missing"


@dataclass(frozen=True, slots=True)
class NoDevice:
    """No device is known, and why. `detail` is for people: the permission that is missing, what was looked for.

    `NOT_NAMED` is no fault where devices are set up by device preparation: such a device enrols on day one.
    """

    lack: Lack
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a hire's device beforehand: by the HR event, and the object id of the account, once found."""

    device_id: str | None
    serial: str | None
    user: str | None


@dataclass(frozen=True, slots=True)
class HireDevices:
    """Finds hires' devices in the tenant."""

    devices: Devices
    autopilot: Autopilot

    async def find(self, named: Named) -> Device | NoDevice:
        """Find the device: the id that HR names comes before the serial number, and both before what is registered.

        Of several registered devices it is the one signed in to last. Whether it can do Web sign-in is not looked at
        where HR names it.

        Raises:
            TenantError: a read failed otherwise than for a missing permission.
        """
        try:
            if named.device_id:
                return await self._with_id(named.device_id)
            if named.serial:
                return await self._with_serial(named.serial)
            registered = await self.devices.registered_by(named.user) if named.user else ()
        except PermissionMissingError as error:
            return NoDevice(Lack.PERMISSION_MISSING, error.permission)
        return registered[0] if registered else NoDevice(Lack.NOT_NAMED)

    async def _with_id(self, given: str) -> Device | NoDevice:
        """Find the device whose own id this is, else the one whose object has it: people mistake one for the other."""
        found = await self.devices.with_device_id(given) or await self.devices.with_object_id(given)
        return found or NoDevice(Lack.OBJECT_MISSING, "by the id that the HR system names")

    async def _with_serial(self, serial: str) -> Device | NoDevice:
        identities = await self.autopilot.identities(serial)
        if not identities:
            return NoDevice(Lack.SERIAL_UNKNOWN)
        if len(identities) > 1:
            return NoDevice(Lack.SERIAL_TWICE, f"{len(identities)} Autopilot devices have it")
        device_id = identities[0].device_id
        found = await self.devices.with_device_id(device_id) if device_id else None
        return found or NoDevice(Lack.OBJECT_MISSING, "for the Autopilot device of the serial number")
