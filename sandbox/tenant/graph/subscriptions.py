"""Subscriptions of change notifications, and the delta query of users. Nothing is told by itself: tests tell.

A new subscription is validated as Graph does it: a POST with `validationToken` to its address, which must come back as
plain text with 200 within ten seconds.
"""

import json
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from sandbox.tenant.errors import GraphError, bad_request, not_found
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call, text_field
from sandbox.tenant.state import Json

LONGEST = timedelta(days=29)
ANSWERED_WITHIN = 10.0
FROM_THE_START, FROM_NOW_ON = "", "latest"
_FIELDS = ("changeType", "resource", "notificationUrl", "lifecycleNotificationUrl", "clientState", "expirationDateTime")


def create(call: Call) -> Answer:
    """POST /subscriptions: the address has to answer at once."""
    body = _checked(call)
    made = {name: text_field(body, name) for name in _FIELDS}
    _check_end(call, made["expirationDateTime"])
    for address in {made["notificationUrl"], made["lifecycleNotificationUrl"]}:
        _validate(address)
    made["id"] = str(uuid.uuid4())
    call.state.subscriptions[made["id"]] = made
    return Answer(201, call.context("subscriptions/$entity") | {**made, "clientState": None})


def renew(call: Call) -> Answer:
    """PATCH /subscriptions/{id}: another end."""
    found = _found(call)
    end = text_field(_checked(call), "expirationDateTime")
    _check_end(call, end)
    found["expirationDateTime"] = end
    return Answer(200, call.context("subscriptions/$entity") | {**found, "clientState": None})


def delete(call: Call) -> Answer:
    """DELETE /subscriptions/{id}."""
    del call.state.subscriptions[_found(call)["id"]]
    return Answer(204)


def delta(call: Call) -> Answer:
    """GET /users/delta: who differs, in what was selected, from how all were when the link was given; at first all."""
    names = call.select or schema.USER_UNASKED
    now = {
        person["id"]: json.dumps(schema.choose(person, names, schema.USER, "user"), sort_keys=True)
        for person in call.state.visible_users(call.now)
    }
    since = call.options.get("$deltatoken", FROM_THE_START)
    before = {FROM_THE_START: {}, FROM_NOW_ON: now, **call.state.snapshots}.get(since)
    if before is None:
        raise GraphError(410, "syncStateNotFound", "The sync state was not found. Start again without a token.")
    changed = [json.loads(shown) for user, shown in now.items() if before.get(user) != shown]
    removed: list[Json] = [{"id": user, "@removed": {"reason": "changed"}} for user in before if user not in now]
    fresh = str(uuid.uuid4())
    call.state.snapshots[fresh] = now
    options = {**call.options, "$deltatoken": fresh}
    link = f"{call.base_url}/{call.version}/{call.path}?{urlencode(options, safe='$,')}"
    return Answer(200, call.context("users") | {"@odata.deltaLink": link, "value": [*changed, *removed]})


def _checked(call: Call) -> Json:
    body = call.json()
    schema.check_body(body, schema.SUBSCRIPTION, "subscription")
    return body


def _found(call: Call) -> Json:
    found = call.state.subscriptions.get(call.parameters["id"])
    if found is None or datetime.fromisoformat(found["expirationDateTime"]) <= call.now:
        raise not_found(call.parameters["id"])
    return found


def _check_end(call: Call, end: str) -> None:
    try:
        ahead = datetime.fromisoformat(end) - call.now
    except (ValueError, TypeError):
        raise bad_request("expirationDateTime must be an instant.") from None
    if not timedelta(0) < ahead <= LONGEST:
        raise bad_request("Subscription expiration can only be 41760 minutes in the future.")


def _validate(address: str) -> None:
    token = f"Validation: Testing client application reachability {uuid.uuid4()}"
    place = f"{address}?{urlencode({'validationToken': token})}"
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    request = urllib.request.Request(place, b"", headers, method="POST")  # noqa: S310 - the app on this machine
    try:
        with urllib.request.urlopen(request, timeout=ANSWERED_WITHIN) as answer:  # noqa: S310 - the app on this machine
            good = answer.status == HTTPStatus.OK and answer.read().decode() == token
    except (urllib.error.URLError, TimeoutError):
        good = False
    if not good:
        raise bad_request("Subscription validation request failed. Notification endpoint must respond with 200 OK.")
