"""Windows Autopilot identities: devices known by their serial numbers before anybody has signed in to them."""

import re

from sandbox.tenant.errors import bad_request
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call

_CONTAINS = re.compile(r"\s*contains\(.*\)\s*", re.DOTALL)


def find(call: Call) -> Answer:
    """GET windowsAutopilotDeviceIdentities with $filter: functions only, for Intune takes no `eq` here."""
    wanted = call.options.get("$filter", "")
    if wanted and not _CONTAINS.fullmatch(wanted):
        raise bad_request(
            "An error has occurred - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000"
        )
    found = call.matching(call.state.autopilot, schema.AUTOPILOT, "windowsAutopilotDeviceIdentity")
    return call.page(
        [schema.choose(each, call.select, schema.AUTOPILOT, "windowsAutopilotDeviceIdentity") for each in found],
        "deviceManagement/windowsAutopilotDeviceIdentities",
    )
