"""The Temporary Access Pass policy of the tenant."""

from typing import Any

from sandbox.tenant.errors import GraphError, bad_request
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call, cannot_convert
from sandbox.tenant.state import Json

_KIND = "temporaryAccessPassAuthenticationMethodConfiguration"
TYPE = f"#microsoft.graph.{_KIND}"
LIFETIMES = ("minimumLifetimeInMinutes", "maximumLifetimeInMinutes", "defaultLifetimeInMinutes")
_SHORTEST, _LONGEST = 10, 43_200
_LENGTHS = range(8, 49)


def read(call: Call) -> Answer:
    """GET the configuration."""
    shown = schema.choose(call.state.pass_policy, call.select, schema.PASS_POLICY, _KIND)
    return Answer(200, call.context("authenticationMethodConfigurations/$entity") | shown)


def change(call: Call) -> Answer:
    """PATCH the configuration; the body must say its type."""
    body = call.json()
    if body.get("@odata.type") != TYPE:
        raise bad_request("The request body must contain the property '@odata.type' of the configuration.")
    schema.check_body(body, schema.PASS_POLICY, _KIND)
    call.state.pass_policy = merged(call.state.pass_policy, body)
    return Answer(204)


def merged(policy: Json, change: Json) -> Json:
    """Return the policy with a change, or raise 400 where Entra would not take it."""
    new = policy | {name: value for name, value in change.items() if name in schema.PASS_POLICY - {"id"}}
    if new["state"] not in {"enabled", "disabled"}:
        raise cannot_convert(new["state"], "microsoft.graph.authenticationMethodState")
    if not isinstance(new["isUsableOnce"], bool):
        raise cannot_convert(new["isUsableOnce"], "Edm.Boolean")
    least, most, usual = (_whole(new[name]) for name in LIFETIMES)
    if not _SHORTEST <= least <= usual <= most <= _LONGEST or _whole(new["defaultLength"]) not in _LENGTHS:
        raise GraphError(
            400, "badRequest", "Persistance of policy failed with error: lifetimes or length out of range."
        )
    return new


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise cannot_convert(value, "Edm.Int32")
    return value
