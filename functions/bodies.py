"""What the HTTP routes for people and apps accept, as models: they validate, and the API document is made from them.

Imported on first use by the routes that need it, for loading the app must not pay for pydantic.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

import azure.functions as func
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from functions.problems import Problem
from shared.onboarding.collector import Route
from shared.onboarding.reasons import HOLDS, Reason
from shared.onboarding.requests.asking import Wanted
from shared.onboarding.requests.batch import Batch
from shared.onboarding.requests.table import Table
from shared.sources.configured import SourceName

MOST_BYTES = 16 * 1024
FARTHEST = timedelta(days=30)

DeliverTo = Literal["manager", "contact", "desk"]
Words = Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
User = Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
Account = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")]
Key = Annotated[str, StringConstraints(min_length=8, max_length=128, pattern=r"^[A-Za-z0-9_.:-]+$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PassRequest(_Body):
    """A request for a pass, now or from a given start."""

    user: User = Field(
        description="User principal name or object id of the account.", examples=["anna.schmidt@contoso.example"]
    )
    reason: Words = Field(description="Why, in your own words; kept in the audit.", examples=["Lost her phone"])
    start: AwareDatetime | None = Field(
        default=None,
        description="From when the pass is valid, with an offset; at once if left out or past. At most 30 days ahead.",
        examples=["2030-06-03T08:00:00+02:00"],
    )
    lifetimeMinutes: int | None = Field(  # noqa: N815 - the name on the wire
        default=None, ge=10, le=43_200, description="How long it is valid; the tenant's policy may shorten it."
    )
    usableOnce: bool | None = Field(  # noqa: N815 - the name on the wire
        default=None, description="One sign-in only. A set-up with a reboot needs two."
    )
    deliverTo: DeliverTo = Field(  # noqa: N815 - the name on the wire
        default="manager", description="To whom the link goes. Others than the manager wait for a release."
    )


class Resend(_Body):
    """A fresh link; the one before it is dead."""

    deliverTo: DeliverTo | None = Field(default=None, description="Another route; the same as before if left out.")  # noqa: N815
    replace: bool = Field(default=False, description="Replace a pass that somebody has collected already.")


class Release(_Body):
    """What whoever releases has looked at."""

    user: Account | None = Field(
        default=None,
        description="Object id of the account that you have looked at: for another nothing is released.",
        examples=["aaaaaaaa-0000-4000-8000-000000000001"],
    )


class Confirmation(_Body):
    """Let go of all hires of one source that are held back for one reason."""

    source: SourceName = Field(description="The HR source, by its name in HR_SOURCES.", examples=["acme"])
    reason: Reason = Field(description="What holds them back.", examples=["over-hourly-limit"])
    heldUntil: AwareDatetime = Field(  # noqa: N815 - the name on the wire
        description="When you looked at them, with an offset. Whom an event has shaped since stays held back.",
        examples=["2030-06-03T08:00:00+02:00"],
    )


class TableQuery(_Body):
    """How a table is to be taken. Everything stands in the query, for the body is the file."""

    source: SourceName = Field(description="The HR source of the kind `csv` by whose columns the file is read.")
    reason: Words = Field(description="Why, in your own words; kept in the audit of each.")
    deliverTo: DeliverTo = Field(default="manager", description="To whom the links go.")  # noqa: N815
    partial: Literal["true", "false"] = Field(default="false", description="Ask for the good rows all the same.")
    dryRun: Literal["true", "false"] = Field(default="false", description="Check, and ask for nothing.")  # noqa: N815


class _Header(BaseModel):
    key: Key


def read_pass_request(req: func.HttpRequest, now: datetime) -> tuple[Wanted, str]:
    """Read an ad-hoc request and its `Idempotency-Key`.

    Raises:
        Problem: 400 for what is no JSON or a missing key, 413, 415, 422 naming the fields.
    """
    key = _key(req)
    raw = _raw(req)
    body = _validated(PassRequest, raw)
    if body.start is not None and body.start - now > FARTHEST:
        raise _shape([("/start", "is more than 30 days ahead")])
    wanted = Wanted(
        user=body.user,
        reason=body.reason,
        start=body.start,
        lifetime=body.lifetimeMinutes,
        one_time=body.usableOnce,
        route=Route(body.deliverTo),
        body=sha256(body.model_dump_json().encode()).hexdigest(),
    )
    return wanted, key


def read_table_request(req: func.HttpRequest, raw: bytes) -> Table:
    """Read how a table is to be taken; the file itself is read later.

    Raises:
        Problem: 400 for a missing key, 422 naming what of the query is wrong.
    """
    key = _key(req)
    try:
        query = TableQuery.model_validate(dict(req.params))
    except ValidationError as error:
        raise _shape([("?" + str(fault["loc"][0]), fault["msg"]) for fault in error.errors()]) from None
    route = Route(query.deliverTo)
    return Table(query.source, raw, key, query.reason, route, query.partial == "true", query.dryRun == "true")


def read_resend(req: func.HttpRequest) -> Resend:
    """Read a resend; an empty body asks for nothing special.

    Raises:
        Problem: as `read_pass_request`.
    """
    return _validated(Resend, _raw(req)) if req.get_body() else Resend()


def read_release(req: func.HttpRequest) -> Release:
    """Read what is released; an empty body says nothing of it.

    Raises:
        Problem: as `read_pass_request`.
    """
    return _validated(Release, _raw(req)) if req.get_body() else Release()


def read_confirmation(req: func.HttpRequest, now: datetime) -> Batch:
    """Read which hires are to be let go.

    Raises:
        Problem: as `read_pass_request`.
    """
    body = _validated(Confirmation, _raw(req))
    if body.reason not in HOLDS:
        raise _shape([("/reason", f"is none of {', '.join(HOLDS)}")])
    if body.heldUntil > now:
        raise _shape([("/heldUntil", "lies in the future: nobody has seen what will come until then")])
    return Batch(body.source, body.reason, body.heldUntil)


def _key(req: func.HttpRequest) -> str:
    try:
        return _Header(key=req.headers.get("Idempotency-Key", "")).key
    except ValidationError:
        raise Problem(
            400,
            "idempotency-key",
            "The header Idempotency-Key is missing or unusable",
            "Send 8 to 128 letters, digits or _ . : - that are new for each request and the same for its retries.",
        ) from None


def _raw(req: func.HttpRequest) -> bytes:
    kind = req.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    if kind != "application/json":
        raise Problem(415, "content-type", "The body is not JSON", "Send application/json in UTF-8.")
    raw: bytes = req.get_body()
    if len(raw) > MOST_BYTES:
        raise Problem(413, "payload-too-large", "The body is too large", "Send at most 16 KiB.")
    return raw


def _validated[B: BaseModel](model: type[B], raw: bytes) -> B:
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        raise Problem(400, "unreadable-body", "The body is not JSON", "Send one JSON object in UTF-8.")
    raise _shape([("/" + "/".join(map(str, fault["loc"])), fault["msg"]) for fault in faults])


def _shape(faults: list[tuple[str, str]]) -> Problem:
    errors: list[dict[str, Any]] = [{"field": field, "problem": text} for field, text in faults]
    return Problem(
        422, "body-shape", "Fields are not as they should be", "Correct the fields named in errors.", errors=errors
    )
