"""The Graph calls that tell whether a device is ready. All of them only read, the one that is a POST, too."""

from kiota_abstractions.method import Method

from shared.tenant.calls.call import Call, object_id, plain_change, plain_get
from shared.tenant.values import quoted

_SHOWN = [
    *("operatingSystem", "operatingSystemVersion", "trustType", "accountEnabled", "approximateLastSignInDateTime"),
    "enrollmentProfileName",
]
_MANAGED = ["id", "osVersion", "lastSyncDateTime", "deviceName", "manufacturer", "model", "managedDeviceOwnerType"]
_REPORTED = ["PolicyId", "PolicyStatus"]
_REPORT = "/deviceManagement/reports/getConfigurationPoliciesReportForDevice"
_REPORTED_AT_MOST = 500
"""Profiles of one device in one answer; nobody assigns so many."""


class ReadinessCalls:
    """Builds the calls."""

    def device_shown(self, device: str) -> Call:
        """One device of the directory, by the id of its object."""
        request = plain_get("/devices/{id}{?%24select}", {"id": object_id(device)}, {"%24select": _SHOWN})
        return Call(request, "Device.Read.All")

    def managed_devices(self, device_id: str) -> Call:
        """Intune's entries for a device of the directory: one, or several where it was enrolled again."""
        query = {"%24filter": f"azureADDeviceId eq {quoted(object_id(device_id))}", "%24select": _MANAGED}
        request = plain_get("/deviceManagement/managedDevices{?%24filter,%24select}", {}, query)
        return Call(request, "DeviceManagementManagedDevices.Read.All")

    def profiles_reported(self, managed_id: str) -> Call:
        """What Intune reports of the profiles on one device.

        It stands in Graph beta's metadata, and on no page of Microsoft's documentation.
        """
        wanted = {
            "select": _REPORTED,
            "filter": f"(IntuneDeviceId eq {quoted(object_id(managed_id))})",
            "skip": 0,
            "top": _REPORTED_AT_MOST,
        }
        request = plain_change(Method.POST, _REPORT, {}, wanted)
        return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)
