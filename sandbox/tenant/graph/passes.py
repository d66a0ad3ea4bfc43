"""Temporary Access Passes: one per user, replaced by the next, the code in the 201 and nowhere else."""

import secrets
import uuid
from datetime import datetime, timedelta

from sandbox.tenant import pass_rules
from sandbox.tenant.errors import method_not_found, pass_refused
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call, cannot_convert
from sandbox.tenant.state import Json, StoredPass
from sandbox.tenant.times import graph_time, instant_as_graph_reads_it

# No letters or digits that look alike; signs that HTML, URLs and CSV would have to escape
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789+&%#!$*^="
_KIND = "temporaryAccessPassAuthenticationMethod"


def look(call: Call) -> Answer:
    """GET …/temporaryAccessPassMethods: none or one, never with its code."""
    held = _visible(call, _person(call)["id"])
    shown = [_shown(call, held)] if held else []
    return call.page(shown, f"users('{call.parameters['user']}')/authentication/temporaryAccessPassMethods")


def read(call: Call) -> Answer:
    """GET …/temporaryAccessPassMethods/{id}."""
    held = _named(call)
    return Answer(200, _entity(call) | _shown(call, held))


def create(call: Call) -> Answer:
    """POST …/temporaryAccessPassMethods: makes a pass and throws away the one before, valid or expired."""
    person = _person(call)
    body = call.json()
    schema.check_body(body, schema.PASS, _KIND)
    policy = call.state.pass_policy
    if person["userType"] == "Guest":
        raise pass_refused("Temporary Access Pass cannot be added to an external guest user.")
    if not pass_rules.targets(call.state, person["id"]):
        raise pass_refused("UserCredentialPolicy does not allow Temporary Access Pass for this user.")
    made = StoredPass(
        id=str(uuid.uuid4()),
        user_id=person["id"],
        code="".join(secrets.choice(_ALPHABET) for _ in range(policy["defaultLength"])),
        created=call.now,
        start=_start(body, call.now),
        lifetime=_lifetime(body, policy),
        one_time=_one_time(body, policy),
    )
    call.state.passes[person["id"]] = made
    call.state.codes.add(made.code)
    return Answer(201, _entity(call) | _shown(call, made) | {"temporaryAccessPass": made.code})


def delete(call: Call) -> Answer:
    """DELETE …/temporaryAccessPassMethods/{id}: the pass ends, and with it the sessions it opened."""
    held = _named(call)
    del call.state.passes[held.user_id]
    return Answer(204)


def _person(call: Call) -> Json:
    found = call.state.user(call.parameters["user"])
    if found is None or not call.state.is_visible(found["id"], call.now):
        raise method_not_found()
    return found


def _visible(call: Call, user_id: str) -> StoredPass | None:
    held = call.state.passes.get(user_id)
    delay = timedelta(seconds=call.state.knobs.pass_replication)
    return held if held and held.created + delay <= call.now else None


def _named(call: Call) -> StoredPass:
    held = _visible(call, _person(call)["id"])
    if held is None or held.id != call.parameters["id"].lower():
        raise method_not_found()
    return held


def _entity(call: Call) -> Json:
    return call.context(f"users('{call.parameters['user']}')/authentication/temporaryAccessPassMethods/$entity")


def _shown(call: Call, held: StoredPass) -> Json:
    reason = pass_rules.usability(call.state, held, call.now)
    body = {
        "id": held.id,
        "isUsable": reason == pass_rules.USABLE,
        "methodUsabilityReason": reason,
        "temporaryAccessPass": None,
        "createdDateTime": graph_time(held.created),
        "startDateTime": graph_time(held.start),
        "lifetimeInMinutes": held.lifetime,
        "isUsableOnce": held.one_time,
    }
    return schema.choose(body, call.select, schema.PASS, _KIND)


def _start(body: Json, now: datetime) -> datetime:
    text = body.get("startDateTime")
    if text is None:
        return now
    try:
        start = instant_as_graph_reads_it(text)
    except (AttributeError, TypeError, ValueError):
        raise cannot_convert(text, "Edm.DateTimeOffset") from None
    if start < now:
        raise pass_refused("Invalid StartDateTime specified. It can not be a time in the past.")
    return start


def _lifetime(body: Json, policy: Json) -> int:
    minutes = body.get("lifetimeInMinutes")
    if minutes is None:
        return int(policy["defaultLifetimeInMinutes"])
    if not isinstance(minutes, int) or isinstance(minutes, bool):
        raise cannot_convert(minutes, "Edm.Int32")
    least, most = policy["minimumLifetimeInMinutes"], policy["maximumLifetimeInMinutes"]
    if not least <= minutes <= most:
        raise pass_refused(f"Invalid LifetimeInMinutes specified. The valid range between {least} and {most}.")
    return minutes


def _one_time(body: Json, policy: Json) -> bool:
    wanted = body.get("isUsableOnce")
    if wanted is None:
        return bool(policy["isUsableOnce"])
    if not isinstance(wanted, bool):
        raise cannot_convert(wanted, "Edm.Boolean")
    if policy["isUsableOnce"] and not wanted:
        raise pass_refused(
            "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access pass method."
        )
    return wanted
