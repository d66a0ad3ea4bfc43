"""Azure Communication Services, as their REST references describe them: e-mail 2023-03-31 and later, SMS 2021-03-07.

A mail is taken first and judged then: 202 with an operation, which tells Succeeded or Failed. A text has a verdict for
each recipient in the 202 itself. Only tokens are taken, as where local authentication is switched off.
"""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.tenant import tokens
from sandbox.tenant.identity import COMMUNICATION
from sandbox.tenant.interference import SILENT, interfere
from sandbox.tenant.state import Json, ReceivedMail
from sandbox.tenant.tenant import Tenant

MAIL_SENDER = "first.day@mail.larkspur.example"
"""Of the one domain that is verified and linked."""
TEXT_SENDER = "+4930555000"
"""The one number that was bought."""
SUPPRESSED = "@suppressed.example"
"""Addresses that a mail is taken for and not sent to, as if they had bounced before."""
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_AUDIENCES = frozenset({COMMUNICATION, f"{COMMUNICATION}/"})
_MAIL = frozenset({
    "senderAddress", "content", "recipients", "headers", "attachments", "replyTo", "userEngagementTrackingDisabled",
})  # fmt: skip
_TEXT = frozenset({"from", "smsRecipients", "message", "smsSendOptions"})
_RECIPIENT = frozenset({"to", "repeatabilityRequestId", "repeatabilityFirstSent"})
_MOST_CHARACTERS = 2048

type _Work = Callable[[web.Request, Json], web.Response]


class _RefusalError(Exception):
    """An answer other than 202 or 200."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Communication:
    """The handlers of one resource."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> list[web.RouteDef]:
        """List them as routes."""
        return [
            web.post("/emails:send", self._served(self._take_mail)),
            web.get("/emails/operations/{id}", self._served(self._operation)),
            web.post("/sms", self._served(self._take_text)),
        ]

    def _served(self, work: _Work) -> Callable[[web.Request], Any]:
        """Record a request, disturb it where a test asked for that, authenticate it, and answer it."""

        async def handle(request: web.Request) -> web.StreamResponse:
            tenant, raw = self._tenant, await request.read()
            path = request.rel_url.raw_path_qs
            record = tenant.recorder.start(tenant.clock.now(), request.method, path, raw, tenant.state.codes)
            fault = tenant.faults.take(request.method, path, "")

            async def answer() -> web.Response:
                return self._answered(request, raw, work)

            refusal = web.Response(status=500)
            if fault:
                record.fault = fault.kind
                headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
                refusal = _refused(fault.status, fault.code, "A fault that a test asked for.", headers)
            given = await interfere(request, fault, answer, refusal, tenant)
            record.status = 0 if fault is not None and fault.kind in SILENT else given.status
            return given

        return handle

    def _answered(self, request: web.Request, raw: bytes, work: _Work) -> web.Response:
        try:
            self._authenticate(request)
            return work(request, _json(raw))
        except _RefusalError as refusal:
            return _refused(refusal.status, refusal.code, str(refusal), {})

    def _authenticate(self, request: web.Request) -> None:
        _, _, token = request.headers.get("Authorization", "").partition("Bearer ")
        try:
            tokens.verify(token, self._tenant.key, audience=_AUDIENCES)
        except tokens.TokenError as fault:
            raise _RefusalError(401, "Denied", f"Denied by the resource provider. {fault}") from fault

    def _take_mail(self, request: web.Request, body: Json) -> web.Response:
        """POST /emails:send → 202 and an operation."""
        _known(body, _MAIL)
        to = [one.get("address", "") for one in body.get("recipients", {}).get("to", [])]
        content = body.get("content", {})
        if not to or any("@" not in address for address in to) or not content.get("subject"):
            raise _RefusalError(400, "BadRequest", "The request body validation error.")
        if body.get("senderAddress") != MAIL_SENDER:
            raise _RefusalError(404, "DomainNotLinked", "The specified sender domain has not been linked.")
        operation = request.headers.get("Operation-Id") or str(uuid.uuid4())
        state = self._tenant.state
        if operation not in state.operations:
            state.operations[operation] = not any(address.endswith(SUPPRESSED) for address in to)
            if state.operations[operation]:
                state.mails.append(self._received(body, to))
        at = f"{self._tenant.base_url}/emails/operations/{operation}?api-version={request.query.get('api-version', '')}"
        headers = {"Operation-Location": at}
        return web.json_response({"id": operation, "status": "Running"}, status=202, headers=headers)

    def _received(self, body: Json, to: list[str]) -> ReceivedMail:
        content = body["content"]
        return ReceivedMail(
            id=str(uuid.uuid4()),
            sender=body["senderAddress"],
            to=tuple(address.lower() for address in to),
            subject=content["subject"],
            text=content.get("plainText", ""),
            html=content.get("html", ""),
            headers=dict(body.get("headers", {})),
            at=self._tenant.clock.now(),
        )

    def _operation(self, request: web.Request, _: Json) -> web.Response:
        """GET /emails/operations/{id}."""
        operation = request.match_info["id"]
        sent = self._tenant.state.operations.get(operation)
        if sent is None:
            raise _RefusalError(404, "NotFound", "The requested operation was not found.")
        if sent:
            return web.json_response({"id": operation, "status": "Succeeded"})
        error = {"code": "EmailDroppedAllRecipientsSuppressed", "message": "Message dropped."}
        return web.json_response({"id": operation, "status": "Failed", "error": error})

    def _take_text(self, _: web.Request, body: Json) -> web.Response:
        """POST /sms → 202, with a verdict for each recipient."""
        _known(body, _TEXT)
        recipients, message = body.get("smsRecipients"), body.get("message")
        if not isinstance(recipients, list) or not recipients or not isinstance(message, str):
            raise _RefusalError(400, "BadRequest", "The request body validation error.")
        if not 0 < len(message) <= _MOST_CHARACTERS:
            raise _RefusalError(400, "MessageTooLong", "The message is empty or too long.")
        if body.get("from") != TEXT_SENDER:
            raise _RefusalError(401, "Unauthorized", "The number does not belong to the resource.")
        return web.json_response({"value": [self._verdict(one, message) for one in recipients]}, status=202)

    def _verdict(self, recipient: Json, message: str) -> Json:
        _known(recipient, _RECIPIENT)
        to = str(recipient.get("to"))
        if not _E164.fullmatch(to):
            wrong = "Invalid To phone number format."
            return {"to": to, "httpStatusCode": 400, "successful": False, "errorMessage": wrong}
        text = ReceivedMail(
            id=f"Outgoing_{uuid.uuid4()}",
            sender=TEXT_SENDER,
            to=(to,),
            subject="Text message",
            text=message,
            html="",
            headers={},
            at=self._tenant.clock.now(),
        )
        self._tenant.state.mails.append(text)
        accepted = {"httpStatusCode": 202, "repeatabilityResult": "accepted", "successful": True}
        return {"to": to, "messageId": text.id, **accepted}


def _json(raw: bytes) -> Json:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _RefusalError(400, "BadRequest", "The request body is no JSON object.")
    return body


def _known(body: Json, names: frozenset[str]) -> None:
    if unknown := set(body) - names:
        raise _RefusalError(400, "BadRequest", f"Unknown property {min(unknown)}.")


def _refused(status: int, code: str, message: str, headers: dict[str, str]) -> web.Response:
    named = {"x-ms-error-code": code, **headers}
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=named)
