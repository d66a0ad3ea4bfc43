"""Devices, who registered them, and the groups they are in, read from Microsoft Entra."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.tenant.errors import NotFoundInTenantError, PermissionMissingError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.devices import Device
from shared.tenant.values import Json, instant, is_object_id, optional_text, text

if TYPE_CHECKING:
    from shared.tenant.calls.call import Call

_GROUP = "#microsoft.graph.group"
_JOINED = "azuread"
_NEVER = datetime.min.replace(tzinfo=UTC)


class GraphDevices:
    """The `Devices` that asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Read the user's devices that can show Web sign-in at all, the one signed in to last first.

        Those are enabled Windows devices joined to Entra, neither hybrid joined nor merely registered. Whether their
        build is recent enough is not looked at. Microsoft's pages differ on whether an app may ask this with
        User.Read.All; where it may not, the permission is named as missing.
        """
        found = await self._graph.read_all(self._graph.calls.devices.registered_by(user_id))
        usable = [_device(each) for each in found if _can_show_web_sign_in(each)]
        return tuple(sorted(usable, key=lambda device: device.signed_in or _NEVER, reverse=True))

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Read the ids of all groups that the device is in, transitively."""
        found = await self._graph.read_all(self._graph.calls.devices.groups_of(device.id))
        return frozenset(text(each, "id").lower() for each in found if each.get("@odata.type") == _GROUP)

    async def with_device_id(self, device_id: str) -> Device | None:
        """Find a device by the id that is its own; None where the directory has none."""
        if not is_object_id(device_id):
            return None
        return await self._found(self._graph.calls.devices.with_device_id(device_id))

    async def with_object_id(self, object_id: str) -> Device | None:
        """Find a device by the id of its object; None where the directory has none."""
        if not is_object_id(object_id):
            return None
        return await self._found(self._graph.calls.devices.with_object_id(object_id))

    async def _found(self, call: Call) -> Device | None:
        try:
            return _device(await self._graph.read(call))
        except NotFoundInTenantError:
            return None


def _can_show_web_sign_in(data: Json) -> bool:
    """Judge a device. One that Graph names without showing it (the app may not read devices) is not judged."""
    if optional_text(data, "trustType") is None and optional_text(data, "operatingSystem") is None:
        detail = "the user's devices were named, but not shown"
        raise PermissionMissingError(403, "LimitedInformation", detail, "Device.Read.All")
    is_windows = (optional_text(data, "operatingSystem") or "").casefold() == "windows"
    is_joined = (optional_text(data, "trustType") or "").casefold() == _JOINED
    return is_windows and is_joined and data.get("accountEnabled") is True


def _device(data: Json) -> Device:
    name = "approximateLastSignInDateTime"
    signed_in = instant(data, name) if data.get(name) else None
    return Device(text(data, "id").lower(), text(data, "deviceId").lower(), signed_in)
