"""The Graph calls that tell whether a device is ready. All of them only read, the one that is a POST, too."""

import json
from collections.abc import Mapping

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation

from shared.tenant.calls import Call
from shared.tenant.values import is_object_id, quoted

_SHOWN = [
    *("operatingSystem", "operatingSystemVersion", "trustType", "accountEnabled", "approximateLastSignInDateTime"),
    "enrollmentProfileName",
]
_MANAGED = ["id", "osVersion", "lastSyncDateTime", "deviceName", "manufacturer", "model", "managedDeviceOwnerType"]
_REPORTED = ["PolicyId", "PolicyStatus"]
_REPORTED_AT_MOST = 500
"""Profiles of one device in one answer; nobody assigns so many."""


class ReadinessCalls:
    """Builds the calls. Ids are checked, as one that is none could be any text of a filter."""

    def device_shown(self, object_id: str) -> Call:
        """One device of the directory."""
        return _get("/devices/{id}{?%24select}", "Device.Read.All", {"id": _id(object_id)}, {"%24select": _SHOWN})

    def managed_devices(self, device_id: str) -> Call:
        """Intune's entries for a device of the directory: one, or several where it was enrolled again."""
        query = {"%24filter": f"azureADDeviceId eq {quoted(_id(device_id))}", "%24select": _MANAGED}
        path = "/deviceManagement/managedDevices{?%24filter,%24select}"
        return _get(path, "DeviceManagementManagedDevices.Read.All", {}, query)

    def profiles_reported(self, managed_id: str) -> Call:
        """What Intune reports of the profiles on one device.

        It stands in Graph beta's metadata, and on no page of Microsoft's documentation.
        """
        path = "{+baseurl}/deviceManagement/reports/getConfigurationPoliciesReportForDevice"
        request = RequestInformation(Method.POST, path, {})
        wanted = {
            "select": _REPORTED,
            "filter": f"(IntuneDeviceId eq {quoted(_id(managed_id))})",
            "skip": 0,
            "top": _REPORTED_AT_MOST,
        }
        request.set_stream_content(json.dumps(wanted).encode(), "application/json")
        return Call(request, "DeviceManagementConfiguration.Read.All", beta=True)


def _get(path: str, permission: str, parameters: dict[str, str], query: Mapping[str, object]) -> Call:
    request = RequestInformation(Method.GET, f"{{+baseurl}}{path}", parameters)
    request.query_parameters.update(query)
    request.headers.try_add("Accept", "application/json")
    return Call(request, permission)


def _id(value: str) -> str:
    if is_object_id(value):
        return value
    raise ValueError("not an id of a device: nothing is asked of Microsoft Graph")
