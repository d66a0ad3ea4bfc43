"""What Microsoft Entra and Intune show of a device, read from Microsoft Graph."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from shared.tenant.errors import TenantRefusedError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from shared.tenant.ports.devices import Device
from shared.tenant.values import Json, instant, optional_text, text
from shared.websignin.readiness import Applied
from shared.websignin.states import Managed, Shown

_NEVER = datetime.min.replace(tzinfo=UTC)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Intune writes the year 1 for what has not happened yet."""

_WORDS: Mapping[str, Applied] = {
    "succeeded": Applied.SUCCEEDED,
    "success": Applied.SUCCEEDED,
    "compliant": Applied.SUCCEEDED,
    "pending": Applied.PENDING,
    "inprogress": Applied.PENDING,
    "error": Applied.FAILED,
    "failed": Applied.FAILED,
    "conflict": Applied.FAILED,
    "notapplicable": Applied.FAILED,
    "noncompliant": Applied.FAILED,
}
"""Seen in third-party code, not documented. A bare number is not read: its meaning is documented nowhere."""


class GraphDeviceStates:
    """The `DeviceStates` that asks Microsoft Graph."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def shown(self, device: Device) -> Shown:
        """Read a device from the directory.

        Raises:
            TenantError: it could not be read.
        """
        data = await self._graph.read(self._graph.calls.readiness.device_shown(device.id))
        enabled = data.get("accountEnabled")
        return Shown(
            system=optional_text(data, "operatingSystem"),
            trust=optional_text(data, "trustType"),
            enabled=enabled if isinstance(enabled, bool) else None,
            version=optional_text(data, "operatingSystemVersion"),
            signed_in=_happened(data, "approximateLastSignInDateTime"),
            enrolment_profile=optional_text(data, "enrollmentProfileName"),
        )

    async def managed(self, device: Device) -> Managed | None:
        """Read a device from Intune.

        Raises:
            TenantError: it could not be read.
        """
        found = await self._graph.read_all(self._graph.calls.readiness.managed_devices(device.device_id))
        entries = [_managed(each) for each in found]
        return max(entries, key=lambda entry: entry.synced or _NEVER, default=None)

    async def applied(self, managed: Managed, profile_id: str) -> Applied:
        """Read what Intune reports of a profile on a device.

        A refusal is taken for silence: nobody has promised that there is this report.

        Raises:
            TenantError: there was no usable answer.
        """
        try:
            answer = await self._graph.change(self._graph.calls.readiness.profiles_reported(managed.id))
        except TenantRefusedError:
            return Applied.SILENT
        told = [row.get("PolicyStatus_loc") for row in _rows(answer or {}) if _is_of(row, profile_id)]
        return next((_WORDS[word] for word in map(_word, told) if word in _WORDS), Applied.SILENT)


def _managed(data: Json) -> Managed:
    return Managed(
        id=text(data, "id"),
        version=optional_text(data, "osVersion"),
        synced=_happened(data, "lastSyncDateTime"),
        name=optional_text(data, "deviceName"),
        manufacturer=optional_text(data, "manufacturer"),
        model=optional_text(data, "model"),
        owner=optional_text(data, "managedDeviceOwnerType"),
    )


def _happened(data: Json, name: str) -> datetime | None:
    at = instant(data, name) if data.get(name) else None
    return at if at is not None and at > _LONG_AGO else None


def _rows(report: Json) -> Iterator[Json]:
    """Give back the rows of a report, which come as lists, by the names of their columns."""
    schema, values = report.get("Schema"), report.get("Values")
    if not isinstance(schema, list) or not isinstance(values, list):
        raise TenantUnavailableError("Microsoft Graph's answer lacks a usable report")
    columns = [str(column.get("Column")) for column in schema if isinstance(column, dict)]
    for row in values:
        if isinstance(row, list):
            yield dict(zip(columns, row, strict=False))


def _is_of(row: Json, profile_id: str) -> bool:
    return str(row.get("PolicyId") or "").casefold() == profile_id.casefold()


def _word(told: object) -> str:
    return "".join(str(told or "").split()).casefold()
