"""Which device is the hire's, and every way in which none is known."""

from dataclasses import dataclass, field

import pytest

from shared.tenant.errors import PermissionMissingError
from shared.tenant.ports.devices import AutopilotIdentity, Device
from shared.websignin.hire_devices import HireDevices, Lack, Named, NoDevice

LAPTOP = Device("object-laptop", "own-laptop")
TABLET = Device("object-tablet", "own-tablet")
HIRE = "object-hire"


@dataclass(slots=True)
class Tenant:
    """A directory with two devices, and what Autopilot knows. `denied`: the permission the app lacks."""

    autopilot: tuple[AutopilotIdentity, ...] = ()
    registered: tuple[Device, ...] = ()
    denied: str = ""
    known: tuple[Device, ...] = field(default=(LAPTOP, TABLET))

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Name the devices of the hire."""
        self._check("Device.Read.All")
        assert user_id == HIRE
        return self.registered

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Nobody asks."""
        raise AssertionError(device)

    async def with_device_id(self, device_id: str) -> Device | None:
        """Find by a device's own id."""
        self._check("Device.Read.All")
        return next((one for one in self.known if one.device_id == device_id), None)

    async def with_object_id(self, object_id: str) -> Device | None:
        """Find by the id of a device's object."""
        return next((one for one in self.known if one.id == object_id), None)

    async def identities(self, serial: str) -> tuple[AutopilotIdentity, ...]:
        """Find by serial number."""
        self._check("DeviceManagementServiceConfig.Read.All")
        return tuple(one for one in self.autopilot if one.serial == serial)

    def _check(self, permission: str) -> None:
        if permission == self.denied:
            raise PermissionMissingError(403, "Forbidden", "no", permission)


async def find(tenant: Tenant, device_id: str | None = None, serial: str | None = None) -> Device | NoDevice:
    """Find the hire's device."""
    return await HireDevices(tenant, tenant).find(Named(device_id, serial, HIRE))


@pytest.mark.parametrize("given", [LAPTOP.device_id, LAPTOP.id])
async def test_an_id_is_taken_for_the_devices_own_or_for_its_objects(given: str) -> None:
    """People mistake one for the other; both come back as what they are."""
    assert await find(Tenant(registered=(TABLET,)), given, "PF1") == LAPTOP


async def test_a_serial_number_leads_to_the_device_by_autopilot() -> None:
    """It comes before what the user registered."""
    known = (AutopilotIdentity("PF1", LAPTOP.device_id), AutopilotIdentity("PF2", TABLET.device_id))
    assert await find(Tenant(known, registered=(TABLET,)), serial="PF1") == LAPTOP


async def test_where_hr_names_none_it_is_the_registered_one_signed_in_to_last() -> None:
    """They come in that order."""
    assert await find(Tenant(registered=(TABLET, LAPTOP))) == TABLET


async def test_where_none_is_registered_either_none_is_known_beforehand() -> None:
    """So it is with device preparation: the device enrols on day one. And while no account is found."""
    assert await find(Tenant()) == NoDevice(Lack.NOT_NAMED)
    assert await HireDevices(Tenant(), Tenant()).find(Named(None, None, None)) == NoDevice(Lack.NOT_NAMED)


@pytest.mark.parametrize(
    ("identities", "lack"),
    [
        ((), Lack.SERIAL_UNKNOWN),
        ((AutopilotIdentity("PF1", LAPTOP.device_id), AutopilotIdentity("PF1", None)), Lack.SERIAL_TWICE),
        ((AutopilotIdentity("PF1", None),), Lack.OBJECT_MISSING),
        ((AutopilotIdentity("PF1", "own-gone"),), Lack.OBJECT_MISSING),
    ],
)
async def test_what_is_wrong_with_a_serial_number_is_said(
    identities: tuple[AutopilotIdentity, ...], lack: Lack
) -> None:
    """Nothing else is guessed in its place, not even a registered device."""
    found = await find(Tenant(identities, registered=(TABLET,)), serial="PF1")
    assert isinstance(found, NoDevice)
    assert found.lack is lack


async def test_an_id_that_leads_nowhere_is_said() -> None:
    """Another device would be a guess."""
    found = await find(Tenant(registered=(TABLET,)), "own-gone", "PF1")
    assert isinstance(found, NoDevice)
    assert found.lack is Lack.OBJECT_MISSING


@pytest.mark.parametrize(
    ("denied", "device_id", "serial"),
    [
        ("Device.Read.All", "own-laptop", None),
        ("DeviceManagementServiceConfig.Read.All", None, "PF1"),
        ("Device.Read.All", None, None),
    ],
)
async def test_a_missing_permission_is_named(denied: str, device_id: str | None, serial: str | None) -> None:
    """By the name under which it is granted."""
    found = await find(Tenant(denied=denied), device_id, serial)
    assert found == NoDevice(Lack.PERMISSION_MISSING, denied)
