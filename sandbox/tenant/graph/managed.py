"""Devices as Intune manages them, and its report of the profiles on one. A device that is online syncs all day."""

import re
import uuid
from datetime import timedelta

from sandbox.tenant.errors import bad_request
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.scope import in_scope
from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time

SUCCEEDED = "Succeeded"
_LAST_SYNC = timedelta(hours=1)
_STATUS_NUMBERS = {SUCCEEDED: 2}
"""Its number beside the word; those of the others are not known."""
_OF_DEVICE = re.compile(r"\(?IntuneDeviceId eq '([^']+)'\)?")


def find(call: Call) -> Answer:
    """GET /deviceManagement/managedDevices with $filter."""
    managed = [_entry(call, device) for device in call.state.devices.values() if device["isManaged"]]
    found = call.matching(managed, schema.MANAGED_DEVICE, "managedDevice")
    chosen = [schema.choose(e, call.select, schema.MANAGED_DEVICE, "managedDevice") for e in found]
    return call.page(chosen, "deviceManagement/managedDevices")


def reported(call: Call) -> Answer:
    """POST …/getConfigurationPoliciesReportForDevice: a table, its columns named apart from its rows."""
    body = call.json()
    schema.check_body(body, schema.REPORT_REQUEST, "getConfigurationPoliciesReportForDevice")
    wanted, asked = body.get("select"), _OF_DEVICE.fullmatch(str(body.get("filter")))
    if not isinstance(wanted, list) or asked is None:
        raise bad_request("Invalid report request: select and filter are needed.")
    device = next((d for d in call.state.devices.values() if d["isManaged"] and _id(d) == asked[1].lower()), None)
    rows = [_row(call, device, profile_id) for profile_id in _reaching(call, device)] if device else []
    columns = [name for name in (*wanted, "PolicyStatus_loc") if rows == [] or name in rows[0]]
    table = {
        "TotalRowCount": len(rows),
        "Schema": [{"Column": name, "PropertyType": "String"} for name in columns],
        "Values": [[row[name] for name in columns] for row in rows],
        "SessionId": "",
    }
    return Answer(200, table)


def _reaching(call: Call, device: Json) -> list[str]:
    """List the profiles whose scope takes in a device; others do not show in its report."""
    return [id_ for id_, profile in call.state.profiles.items() if in_scope(call.state, profile, device) is None]


def _row(call: Call, device: Json, profile_id: str) -> Json:
    word = call.state.applied.get(device["id"], SUCCEEDED)
    return {"PolicyId": profile_id, "PolicyStatus": _STATUS_NUMBERS.get(word), "PolicyStatus_loc": word}


def _id(device: Json) -> str:
    """Name Intune's entry for a device: an id of its own."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"managedDevice/{device['id']}"))


def _entry(call: Call, device: Json) -> Json:
    online = device["id"] not in call.state.offline
    return {
        "id": _id(device),
        "azureADDeviceId": device["deviceId"],
        "azureADRegistered": True,
        "complianceState": "compliant",
        "deviceName": device["displayName"],
        "enrolledDateTime": device["registrationDateTime"],
        "lastSyncDateTime": graph_time(call.now - _LAST_SYNC) if online else device["approximateLastSignInDateTime"],
        "managedDeviceOwnerType": "company",
        "managementAgent": "mdm",
        "manufacturer": device["manufacturer"],
        "model": device["model"],
        "operatingSystem": device["operatingSystem"],
        "osVersion": device["operatingSystemVersion"],
        "serialNumber": None,
        "userPrincipalName": None,
    }
