"""Devices that Windows Autopilot knows by their serial numbers, read from Microsoft Intune."""

from shared.tenant.graph import GraphConnection
from shared.tenant.ports.devices import AutopilotIdentity
from shared.tenant.values import Json, optional_text

_NO_DEVICE = "00000000-0000-0000-0000-000000000000"


class GraphAutopilot:
    """The `Autopilot` that asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def identities(self, serial: str) -> tuple[AutopilotIdentity, ...]:
        """Find those of exactly this serial number, in any case of its letters: none, one, or several.

        Intune can only be asked which serial numbers contain this one, so those that go on are left out here.
        """
        found = await self._graph.read_all(self._graph.calls.devices.autopilot_identities(serial))
        identities = [_identity(each) for each in found]
        return tuple(one for one in identities if one.serial.casefold() == serial.casefold())


def _identity(data: Json) -> AutopilotIdentity:
    device = (optional_text(data, "azureActiveDirectoryDeviceId") or _NO_DEVICE).lower()
    return AutopilotIdentity(optional_text(data, "serialNumber") or "", None if device == _NO_DEVICE else device)
