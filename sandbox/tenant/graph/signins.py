"""The sign-in log. What it does not show yet is unknown, not unused: entries come minutes after the fact."""

from datetime import timedelta

from sandbox.tenant.errors import premium_needed
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.state import Json, SignIn
from sandbox.tenant.times import graph_time


def find(call: Call) -> Answer:
    """GET /auditLogs/signIns with $filter, newest first; beta alone shows authenticationDetails."""
    if not call.state.knobs.has_p1:
        raise premium_needed()
    known = schema.SIGN_IN_BETA if call.version == "beta" else schema.SIGN_IN
    delay = timedelta(seconds=call.state.knobs.sign_in_delay)
    told = [entry for entry in call.state.sign_ins if entry.at + delay <= call.now]
    shown = [_shown(call, entry) for entry in sorted(told, key=lambda entry: entry.at, reverse=True)]
    found = call.matching(shown, known, "signIn")
    return call.page([schema.choose(e, call.select, known, "signIn") for e in found], "auditLogs/signIns")


def _shown(call: Call, entry: SignIn) -> Json:
    person = call.state.users.get(entry.user_id, {})
    at = graph_time(entry.at)
    body: Json = {
        "id": entry.id,
        "createdDateTime": at,
        "userDisplayName": person.get("displayName"),
        "userPrincipalName": person.get("userPrincipalName"),
        "userId": entry.user_id,
        "appId": "38aa3b87-a06d-4817-b275-7a316988d93b",
        "appDisplayName": "Windows Sign In",
        "ipAddress": "192.0.2.17",
        "clientAppUsed": "Mobile Apps and Desktop clients",
        "correlationId": entry.id,
        "isInteractive": True,
        "resourceDisplayName": "Windows Azure Active Directory",
        "resourceId": "00000002-0000-0000-c000-000000000000",
        "status": {
            "errorCode": entry.error_code,
            "failureReason": entry.failure or "Other.",
            "additionalDetails": None,
        },
        "deviceDetail": _device(call, entry.device_id),
    }
    if call.version == "beta":
        body |= {
            "signInEventTypes": ["interactiveUser"],
            "authenticationRequirement": "singleFactorAuthentication",
            "authenticationDetails": [_step(entry, at)],
        }
    return body


def _step(entry: SignIn, at: str) -> Json:
    return {
        "authenticationStepDateTime": at,
        "authenticationMethod": "Temporary Access Pass",
        "authenticationMethodDetail": None,
        "succeeded": entry.error_code == 0,
        "authenticationStepResultDetail": entry.failure or "Correct password",
        "authenticationStepRequirement": "Primary authentication",
    }


def _device(call: Call, device_id: str) -> Json:
    device = call.state.device(device_id) or {}
    return {
        "deviceId": device_id,
        "displayName": device.get("displayName"),
        "operatingSystem": "Windows10",
        "browser": None,
        "isCompliant": device.get("isCompliant"),
        "isManaged": device.get("isManaged"),
        "trustType": "Azure AD joined",
    }
