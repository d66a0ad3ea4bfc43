"""The kind `graph`: Entra itself as the HR system, by Microsoft Graph's change notifications about users.

Source: Microsoft Learn, “Receive change notifications through webhooks”, “changeNotification resource type” and
“Reduce missing subscriptions and change notifications”. A subscription is validated by a POST with `validationToken`,
which goes back as plain text within ten seconds. Notifications are answered 202; they are proven by `clientState`
alone, the secret given when the subscription was made, and one POST may hold those of several subscriptions. They name
a user and tell nothing: the user is read in Entra, and `employeeHireDate` is the start.

Who starts from today on is listed by hire date, so that a change that nobody told is found by comparison.

Lifecycle notifications come to the same address. The subscription is made and renewed, and what was missed found, by
`shared.onboarding.records.subscribing`; its client state is the first of the source's secrets.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.errors import ContentTypeError, SignatureRejectedError, UnreadableBodyError
from shared.sources.json_text import at, read_object
from shared.sources.kind import Kind, Source
from shared.sources.offices import site_of
from shared.sources.proof import Secret, body_id, signer
from shared.sources.records import Call, Http, Listed, Record, Records, VendorHttp, listed
from shared.sources.request import Request
from shared.sources.verdict import (
    Answer,
    Handshake,
    Heard,
    Item,
    Lifecycle,
    PassedOver,
    Verdict,
    few,
    mentioned,
    passed_over_type,
    with_status,
)

EMPLOYEE_ID = "employeeId"
CHANGES = frozenset({"created", "updated"})
DELETED = "deleted"
_TOKEN = re.compile(r"[ -~]{1,2048}", re.ASCII)
_LONGEST_STATE = 255  # Graph's own limit
_LIFECYCLE = frozenset({Lifecycle.REAUTHORIZE, Lifecycle.REMOVED, Lifecycle.MISSED})
_PLAIN = {"X-Content-Type-Options": "nosniff"}


class Options(BaseModel):
    """`number_attribute`: what holds the employee number, as in EMPLOYEE_NUMBER_ATTRIBUTE.

    `offices`: Entra's name of an office → the site here; without it sites are not told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    number_attribute: str = Field(
        default=EMPLOYEE_ID, alias="numberAttribute", pattern=r"^(employeeId|extensionAttribute([1-9]|1[0-5]))$"
    )
    offices: dict[str, str] = {}


def _read(source: Source[Options], request: Request) -> Verdict:
    validation = request.query.get("validationToken")
    if validation is not None:
        return _validated(validation)
    if not any(value.lower().startswith("application/json") for value in request.headers.all("content-type")):
        raise ContentTypeError("the content type must be application/json, in UTF-8")
    told = read_object(request.body).get("value")
    if not isinstance(told, list):
        raise UnreadableBodyError("the body must hold the list of notifications as value")
    proven = [_proven_by(source.secrets, notification) for notification in few(told)]
    name = next((name for name in proven if name is not None), None)
    if name is None:
        raise SignatureRejectedError("no notification has the clientState of a secret of this source")
    items = tuple(
        _item(notification, f"{body_id(request.body)}#{number}", by)
        for number, (notification, by) in enumerate(zip(told, proven, strict=True))
    )
    return Heard(name, items, with_status(202))


def _validated(token: str) -> Handshake:
    """Hand the token back, to whoever asks, for it opens nothing; as plain text, and as nothing else."""
    if not _TOKEN.fullmatch(token):
        raise UnreadableBodyError("the validationToken must be 1 to 2048 characters of plain ASCII")
    return Handshake(Answer(200, token, _PLAIN))


def _proven_by(secrets: Sequence[Secret], notification: Any) -> str | None:
    state = at(notification, "clientState")
    if not isinstance(state, str) or not state.isascii() or len(state) > _LONGEST_STATE:
        return None
    try:
        return signer(secrets, lambda key: key, [state.encode("ascii")])
    except SignatureRejectedError:
        return None


def _item(notification: Any, event_id: str, secret_name: str | None) -> Item:
    change, cycle = at(notification, "changeType"), at(notification, "lifecycleEvent")
    if secret_name is None:
        return Item(event_id, PassedOver("clientState of another"))
    if isinstance(cycle, str) and cycle in _LIFECYCLE:
        return Item(event_id, Lifecycle(cycle))
    if not isinstance(change, str) or change not in {*CHANGES, DELETED}:
        return Item(event_id, passed_over_type(change))
    return mentioned(event_id, at(notification, "resourceData", "id"), deleted=change == DELETED)


async def _read_record(source: Source[Options], record: str, http: Http) -> Record:
    """Read a user. Without a hire date he is no hire, and a date taken back calls off whoever was expected."""
    found = await http.send(Call(f"users/{quote(record, safe='')}"))
    starts = found.get("employeeHireDate")
    attribute = source.options.number_attribute
    extensions = found.get("onPremisesExtensionAttributes")
    data = {
        "externalId": at(found if attribute == EMPLOYEE_ID else extensions, attribute),
        "userName": found.get("userPrincipalName"),
        "displayName": found.get("displayName"),
        # Entra keeps a moment; the day is what stands before the time.
        "startDate": starts.partition("T")[0] if isinstance(starts, str) else None,
        "site": site_of(found.get("officeLocation"), source.options.offices),
        "department": found.get("department"),
        "preferredLanguage": found.get("preferredLanguage"),
    }
    return Record(data, stands=isinstance(starts, str))


async def _list(_source: Source[Options], since: date, http: VendorHttp) -> tuple[Listed, ...]:
    """List who starts on a day or later, and nobody else."""
    found = await http.send_for_list(Call(f"users?since={since.isoformat()}"))
    return listed((at(user, "id"), at(user, "employeeHireDate")) for user in found)


KIND = Kind(
    _read,
    Options,
    media_types=frozenset({"application/json", "text/plain", ""}),
    words=CHANGES | {DELETED} | _LIFECYCLE,
    records=Records(_read_record, None, frozenset(), needed=False, in_tenant=True, listing=_list),
)
