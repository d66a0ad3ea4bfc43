"""Multi Admin Approval: a protected write opens a request, a person decides, and the same write goes through once."""

import base64
import binascii
import uuid
from datetime import timedelta

from sandbox.tenant.errors import GraphError, bad_request
from sandbox.tenant.graph.calls import Answer, Call
from sandbox.tenant.state import ApprovalAsked, Json
from sandbox.tenant.times import graph_time

EXPIRES_AFTER = timedelta(days=3)
DECIDED = frozenset({"approved", "rejected", "cancelled", "expired"})
CODES = {403: "ApprovalRequired", 412: "BadRequest", 400: "BadRequest"}
"""The statuses that Microsoft's pages and others name for a write that has to be approved, and the code with each."""
_ACTIVE = frozenset({"needsApproval", "approved"})
_LONGEST = 1024
_POLICY: Json = {
    "id": str(uuid.uuid5(uuid.NAMESPACE_OID, "operationApprovalPolicy")),
    "displayName": "Two for every profile",
    "description": None,
    "lastModifiedDateTime": "2029-01-15T09:00:00Z",
    "policyType": "configurationPolicy",
    "policyPlatform": "notApplicable",
    "policySet": {"policyType": "configurationPolicy", "policyPlatform": "notApplicable"},
    "approverGroupIds": [],
}


def find(call: Call) -> Answer:
    """GET deviceManagement/operationApprovalRequests."""
    shown = [_shown(call, asked) for asked in call.state.approvals]
    return call.page(shown, "deviceManagement/operationApprovalRequests")


def policies(call: Call) -> Answer:
    """GET deviceManagement/operationApprovalPolicies: one, where the tenant protects its profiles."""
    guarding = [_POLICY] if call.state.knobs.approval_status else []
    return call.page(guarding, "deviceManagement/operationApprovalPolicies")


def gate(call: Call) -> None:
    """Let a write of a profile pass, or open a request and refuse, where the tenant protects its profiles."""
    status = call.state.knobs.approval_status
    if not status:
        return
    request = call.headers.get("x-msft-approval-code")
    if request is None:
        _ask(call, status)
    approved = next((one for one in call.state.approvals if one.id == request), None)
    if approved is None or _status(call, approved) != "approved" or approved.write != (call.path, call.raw):
        raise bad_request("The approval request is not approved for this operation.")
    approved.status = "completed"


def _ask(call: Call, status: int) -> None:
    why = _justification(call)
    if any(_status(call, one) in _ACTIVE and one.write[0] == call.path for one in call.state.approvals):
        raise GraphError(409, "Conflict", "An active Approval Request already exists for this entity.")
    asked = ApprovalAsked(str(uuid.uuid4()), why, call.now, (call.path, call.raw))
    call.state.approvals.append(asked)
    told = "Approval Required. Request Approval using the request ID returned as part of the x-msft-approval-code"
    told = f"{told} response header. x-msft-approval-code: {asked.id}"
    raise GraphError(status, CODES[status], told, headers={"x-msft-approval-code": asked.id})


def _justification(call: Call) -> str:
    given = call.headers.get("x-msft-approval-justification")
    if not given:
        raise bad_request("Header 'x-msft-approval-justification' is required to request approval")
    try:
        why = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise bad_request("Header 'x-msft-approval-justification' must be base64.") from None
    if len(why) > _LONGEST:
        raise bad_request(
            "Decoded content of 'x-msft-approval-justification' header must be no greater than 1024 characters"
        )
    return why


def _status(call: Call, asked: ApprovalAsked) -> str:
    return "expired" if asked.status in _ACTIVE and call.now >= asked.at + EXPIRES_AFTER else asked.status


def _shown(call: Call, asked: ApprovalAsked) -> Json:
    return {
        "id": asked.id,
        "requestDateTime": graph_time(asked.at),
        "expirationDateTime": graph_time(asked.at + EXPIRES_AFTER),
        "status": _status(call, asked),
        "requestJustification": asked.why,
        "approvalJustification": None,
    }
