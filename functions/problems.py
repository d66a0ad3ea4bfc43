"""Errors as RFC 9457 `application/problem+json`: a stable type, and what to do about it."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import azure.functions as func

from functions.runs import http_run
from shared.handover.callers.refusals import TooManyRefusalsError
from shared.handover.collecting.answers import NoClaimError, NotForYouError
from shared.handover.keys.sealing import SealBrokenError
from shared.handover.pages.page import REFUSAL_TITLE
from shared.onboarding.errors import (
    AlreadyOpenedError,
    EndedError,
    KeyReusedError,
    NothingToReleaseError,
    NothingToRetryError,
    OnItsWayError,
    OtherAccountError,
    OwnCaseError,
    RefusedAccountError,
    RowsRefusedError,
    UnknownDeliveryError,
    UnknownOnboardingError,
    UnknownPersonError,
)
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.upgrade import NewerRowError
from shared.runtime.errors import SettingsError, StorageUnavailableError, UnsealableError
from shared.runtime.telemetry import metrics, vocabulary
from shared.runtime.telemetry import port as telemetry
from shared.services import Services
from shared.sources.errors import (
    ContentTypeError,
    DeliveryError,
    EventShapeError,
    PayloadTooLargeError,
    SignatureRejectedError,
    UnknownSourceError,
    UnreadableBodyError,
)
from shared.tenant.errors import (
    PermissionMissingError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
)

Work = Callable[[func.HttpRequest, Services], Awaitable[func.HttpResponse]]

log = logging.getLogger("day_one_pass")


class Problem(Exception):  # noqa: N818 - it is the answer, by the RFC's own name
    """An answer that is no success. `kind` names it for programs, `detail` tells a person what to do."""

    def __init__(self, status: int, kind: str, title: str, detail: str, **members: Any) -> None:
        super().__init__(title)
        self.status = status
        self.kind = kind
        self.body = {
            "type": f"{URN}{kind}",
            "title": title,
            "status": status,
            "detail": detail,
            **members,
        }


RESEND = "A pass for this person is already on its way. Resend the one named here instead, or revoke it first."
REPLACE = (
    'Somebody has collected it. If a fresh one is to take its place, resend the one named here, {"replace": true}.'
)

KNOWN: Mapping[type[Exception], tuple[int, str, str, str]] = {
    UnknownSourceError: (404, "unknown-source", "There is no such HR source", "Name it in HR_SOURCES."),
    PayloadTooLargeError: (413, "payload-too-large", "The body is too large", ""),
    ContentTypeError: (415, "content-type", "The body is not of the right type", ""),
    SignatureRejectedError: (401, "signature-rejected", "The signature does not hold", ""),
    UnreadableBodyError: (400, "unreadable-body", "The body is not JSON", ""),
    EventShapeError: (
        422,
        "event-shape",
        "Fields of the event are not as they should be",
        "Correct the fields named in errors.",
    ),
    UnknownOnboardingError: (404, "unknown-onboarding", "There is no such onboarding", "Check the id."),
    UnknownPersonError: (
        404,
        "unknown-person",
        "Nothing is kept about this person",
        "Check source and external id; for a pass asked for by hand: the source ad-hoc, and the account's object id.",
    ),
    UnknownDeliveryError: (
        404,
        "unknown-delivery",
        "There is no such delivery",
        "Deliveries are kept for fourteen days, and not longer than the data of whom they are about: list them.",
    ),
    UnsealableError: (
        409,
        "not-openable",
        "The delivery cannot be opened",
        "Put the secret that was active when it came back into ROW_KEYS, behind the newer one.",
    ),
    NothingToReleaseError: (
        409,
        "nothing-to-release",
        "Nothing here waits for a release",
        "Read its status: it shows what it waits for and who can mend that.",
    ),
    OtherAccountError: (
        409,
        "other-account",
        "It is for another account than the one named",
        "Read its status: an event has named another since. Release that one only if you have looked at it, too.",
    ),
    NothingToRetryError: (409, "nothing-to-retry", "Nothing here waits or failed", "Read its status first."),
    OwnCaseError: (
        403,
        "own-case",
        "Nobody decides a case of his own",
        "Somebody who neither asked, nor collects, nor gets the pass has to do this.",
    ),
    RefusedAccountError: (403, "refused", "There is no pass for this account from here", ""),
    KeyReusedError: (
        409,
        "key-reused",
        "The Idempotency-Key was used for another request",
        "Send a new key with a new request, and the same key only with the same request.",
    ),
    OnItsWayError: (409, "on-its-way", "There is a pass for this person already", ""),
    RowsRefusedError: (
        422,
        "rows-refused",
        "Rows of the table are refused, and nothing of it was asked for",
        "Mend the rows named in errors and post it again with the same key; or ?partial=true for the good ones.",
    ),
    EndedError: (409, "ended", "This onboarding has ended", "Ask for a new pass."),
    AlreadyOpenedError: (
        409,
        "already-opened",
        "Somebody has collected the pass",
        'A fresh one throws them out in mid-set-up. If that is meant, send {"replace": true}.',
    ),
    TenantThrottledError: (503, "tenant-busy", "Microsoft Graph asked for a pause", "Try again in a minute."),
    TenantUnavailableError: (503, "tenant-unavailable", "Microsoft Graph gave no answer", "Try again in a minute."),
    TenantRefusedError: (502, "tenant-refused", "Microsoft Graph refused", ""),
    PermissionMissingError: (503, "permission-missing", "This app lacks a permission in Microsoft Graph", ""),
    NotForYouError: (
        403,
        "not-for-you",
        REFUSAL_TITLE,
        "Sign in with the account the mail was sent to, and open the link in the newest mail.",
    ),
    TooManyRefusalsError: (
        429,
        "too-many-refusals",
        "Too many requests from your network were turned away",
        "Sign in with the account the mail was sent to, and open the link in the newest mail: that is never held up.",
    ),
    NoClaimError: (400, "no-claim", "The request names no claim", "Open the link in the mail again."),
    SealBrokenError: (
        409,
        "seal-broken",
        "The pass cannot be opened",
        "Ask the helpdesk for a fresh link, with the number at the end of the mail.",
    ),
    SettingsError: (
        503,
        "settings",
        "The app's settings need attention",
        "An administrator finds what is missing in the log.",
    ),
    StorageUnavailableError: (503, "storage-unavailable", "Storage gives no answer", "Try again in a minute."),
    NewerRowError: (
        503,
        "newer-version",
        "A newer version of this app wrote this onboarding",
        "Deploy that version again, which goes on with it. To list those behind it, send its id as after.",
    ),
}


OTHERS: Mapping[str, int] = {
    "authentication-off": 503,
    "body-shape": 422,
    "broken-off": 500,
    "cross-site": 403,
    "idempotency-key": 400,
    "not-to-be-shown": 409,
    "person-needed": 403,
    "query": 400,
    "role-missing": 403,
    "sign-in": 401,
}
"""The kinds that are raised where they arise, each with its status."""

URN = "urn:day-one-pass:problem:"


def statuses() -> dict[str, int]:
    """Return every kind of problem there is, with its status."""
    return {**OTHERS, **{kind: status for status, kind, _, _ in KNOWN.values()}}


def types() -> list[str]:
    """Return every problem type there is."""
    return sorted(f"{URN}{kind}" for kind in statuses())


async def answered(
    work: Work, req: func.HttpRequest, services: Callable[[], Services], headers: Mapping[str, str] | None = None
) -> func.HttpResponse:
    """Answer a request with what `work` makes of it, or with the problem that stopped it, under these headers."""
    try:
        # Before the run is told of: the services bring along who hears it.
        app = services()
    except (SettingsError, StorageUnavailableError) as error:
        return problem(error, headers)
    with http_run(req) as note:
        try:
            response = await work(req, app)
        except Exception as error:  # noqa: BLE001 - the edge: what no caller can mend is raised again
            response = problem(error, headers)
        note({vocabulary.HTTP_STATUS: response.status_code})
        return response


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> func.HttpResponse:
    """Answer with JSON."""
    return func.HttpResponse(
        json.dumps(body), status_code=status, mimetype="application/json", headers=dict(headers or {})
    )


def problem(error: Exception, headers: Mapping[str, str] | None = None) -> func.HttpResponse:
    """Answer with the problem that an error is.

    Raises:
        Exception: `error` itself, where it is none that a caller can do anything about.
    """
    known = error if isinstance(error, Problem) else _known(error)
    if known is None:
        raise error
    if isinstance(error, SettingsError | StorageUnavailableError):
        log.error("%s", error)
    telemetry.add(metrics.PROBLEMS, attributes={vocabulary.PROBLEM: known.kind})
    return func.HttpResponse(
        json.dumps(known.body),
        status_code=known.status,
        mimetype="application/problem+json",
        headers=dict(headers or {}),
    )


def _known(error: Exception) -> Problem | None:
    known = next((KNOWN[kind] for kind in type(error).__mro__ if kind in KNOWN), None)
    if known is None:
        return None
    status, kind, title, detail = known
    return Problem(status, kind, title, detail or _detail(error), **_members(error))


def _detail(error: Exception) -> str:
    """Say what to do where that depends on the case."""
    match error:
        case RefusedAccountError():
            unknown = error.reason is Reason.ACCOUNT_NOT_FOUND
            return "No account has this name. Check it, and ask again." if unknown else ADVICE[error.reason]
        case OnItsWayError():
            return REPLACE if error.collected else RESEND
        case PermissionMissingError():
            return f"Grant it {error.permission}, then try again."
        case TenantRefusedError():
            return f"Mend what it says, then try again: {error.code}, {error.detail}"
        case DeliveryError():
            return str(error)
        case _:
            return ""


def _members(error: Exception) -> dict[str, Any]:
    match error:
        case EventShapeError() | RowsRefusedError():
            return {"errors": [{"field": fault.field, "problem": fault.problem} for fault in error.faults]}
        case RefusedAccountError():
            return {"reason": error.reason.value}
        case OnItsWayError() | NewerRowError():
            return {"onboarding": error.onboarding}
        case _:
            return {}
