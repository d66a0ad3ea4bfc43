"""The kind `scim`: the body that Microsoft Entra's API-driven inbound provisioning takes, sent here as well.

Source: Microsoft Graph, “Perform bulkUpload”; RFC 7644, section 3.7, from memory. `application/scim+json`, at most 50
operations, all POST; answered 202 with `Location`. Entra answers no body; here it is a SCIM BulkResponse, so that a
sender sees at once which operation has to be mended. The proof is a token: nothing is signed. Where an operation
carries no `meta.lastModified`, its time is that of arrival, and the last to arrive counts. `active` false withdraws.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from shared.sources.errors import EventShapeError, FieldFault, PayloadTooLargeError
from shared.sources.event import said
from shared.sources.json_text import at, listed, read_object, text_of
from shared.sources.kind import Kind, Source
from shared.sources.proof import body_id
from shared.sources.request import Request
from shared.sources.shown_token import TokenOptions, shown
from shared.sources.verdict import Answer, Heard, Item, Misshapen, Result

MAX_OPERATIONS = 50
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
WORDS = frozenset({f"{_MESSAGES}:BulkRequest", ENTERPRISE, "POST", "/Users"})
# An attribute as SCIM writes it: bare, or behind its schema and a colon.
Attribute = Annotated[str, Field(pattern=r"^(urn:[A-Za-z0-9:._-]{1,200}:)?[A-Za-z][A-Za-z0-9_-]{0,99}$")]


class Options(TokenOptions):
    """Which attributes say what the SCIM user itself has no name for: Entra takes them in any extension schema."""

    start_date: Attribute = Field(alias="startDate")
    start_time: Attribute | None = Field(default=None, alias="startTime")
    site: Attribute | None = None
    employee_number: Attribute = Field(default="externalId", alias="employeeNumber")


def _read(source: Source[Options], request: Request) -> Heard:
    name = shown(source.options, source.secrets, request)
    body = read_object(request.body)
    operations = body.get("Operations")
    if at(body, "schemas", 0) != f"{_MESSAGES}:BulkRequest" or not isinstance(operations, list):
        raise EventShapeError((FieldFault("/Operations", "must be the list of a SCIM BulkRequest"),))
    if len(operations) > MAX_OPERATIONS:
        raise PayloadTooLargeError(f"a bulk request holds at most {MAX_OPERATIONS} operations: send it in parts")
    items = tuple(_item(operation, number, source.options, request) for number, operation in enumerate(operations))
    return Heard(name, items, lambda results: _results(operations, results))


def _item(operation: Any, number: int, options: Options, request: Request) -> Item:
    user = at(operation, "data")
    modified = at(user, "meta", "lastModified")
    event_id = f"{body_id(request.body)}#{number}"
    if modified is None:
        # Without a time of its own the same words may be meant anew: a start moved there and back.
        event_id += f"@{request.now.isoformat()}"
    if at(operation, "method") != "POST" or at(operation, "path") != "/Users":
        return Item(event_id, Misshapen((FieldFault("/method", "must be POST, and the path /Users"),)))
    is_cancelled = at(user, "active") is False
    event = {
        "type": "hire.cancelled" if is_cancelled else "hire.created",
        "timestamp": modified or request.now.isoformat(),
        "data": _hire(user, options),
    }
    return said(event_id, event, request.now)


def _hire(user: Any, options: Options) -> dict[str, Any]:
    names = (at(user, "name", "givenName"), at(user, "name", "familyName"))
    start = _attribute(user, options.start_date)
    return {
        "externalId": text_of(_attribute(user, options.employee_number)),
        "userName": at(user, "userName"),
        "displayName": at(user, "displayName") or " ".join(name for name in names if isinstance(name, str)),
        # SCIM knows moments, not days: the day is what stands before the time.
        "startDate": start.partition("T")[0] if isinstance(start, str) else start,
        "startTime": _attribute(user, options.start_time),
        "timezone": at(user, "timezone"),
        "site": _attribute(user, options.site),
        "department": at(user, ENTERPRISE, "department"),
        "preferredLanguage": at(user, "preferredLanguage"),
        "manager": {"externalId": text_of(at(user, ENTERPRISE, "manager", "value"))},
        "emails": _contacts(at(user, "emails")),
        "phoneNumbers": _contacts(at(user, "phoneNumbers")),
    }


def _attribute(user: Any, name: str | None) -> Any:
    if name is None:
        return None
    schema, _, attribute = name.rpartition(":")
    return at(user, schema, attribute) if schema else at(user, attribute)


def _contacts(contacts: Any) -> list[dict[str, Any]]:
    return [{"type": at(one, "type"), "value": at(one, "value")} for one in listed(contacts)[:20]]


def _results(operations: list[Any], results: Sequence[Result]) -> Answer:
    answered = [_result(operation, result) for operation, result in zip(operations, results, strict=True)]
    body = {"schemas": [f"{_MESSAGES}:BulkResponse"], "Operations": answered}
    return Answer(202, body, {"Location": "/api/passes"})


def _result(operation: Any, result: Result) -> dict[str, Any]:
    bulk_id = at(operation, "bulkId")
    named = {"bulkId": bulk_id[:128]} if isinstance(bulk_id, str) else {}
    if not isinstance(result.item.says, Misshapen):
        return {"method": "POST", **named, "status": "202", "response": {"outcome": result.outcome}}
    detail = "; ".join(f"{fault.field} {fault.problem}" for fault in result.item.says.faults)
    error = {"schemas": [f"{_MESSAGES}:Error"], "scimType": "invalidValue", "detail": detail, "status": "400"}
    return {"method": "POST", **named, "status": "400", "response": error}


KIND = Kind(_read, Options, media_types=frozenset({"application/scim+json", "application/json"}), words=WORDS)
