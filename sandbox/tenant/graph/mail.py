"""sendMail, in both of Graph's forms: a JSON message, or a whole MIME message in base64."""

import base64
import binascii
import email
import email.policy
import html
import re
import uuid
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from sandbox.tenant.errors import GraphError, bad_request, forbidden
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call, cannot_convert, text_field
from sandbox.tenant.state import Json, ReceivedMail

_MESSAGE = frozenset({
    "subject", "body", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "from", "sender", "importance",
    "internetMessageHeaders", "attachments", "isDeliveryReceiptRequested", "isReadReceiptRequested", "categories",
})  # fmt: skip
_MOST_HEADERS = 5


def send(call: Call) -> Answer:
    """POST /users/{mailbox}/sendMail → 202: accepted, not delivered."""
    mailbox = _mailbox(call)
    if call.headers.get("content-type", "").startswith("text/plain"):
        subject, to, text, page, headers = _from_mime(call.raw, mailbox)
    else:
        subject, to, text, page, headers = _from_json(call.json())
    if not to:
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
    mail = ReceivedMail(
        id=str(uuid.uuid4()),
        sender=mailbox["mail"] or mailbox["userPrincipalName"],
        to=tuple(address.lower() for address in to),
        subject=subject,
        text=text,
        html=page,
        headers=headers,
        at=call.now,
    )
    call.state.mails.append(mail)
    return Answer(202)


def _mailbox(call: Call) -> Json:
    name = call.parameters["user"]
    person = call.state.user(name)
    if person is None:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid.")
    if "Mail.Send" not in call.state.permissions and person["id"] not in call.state.mail_scope:
        raise forbidden("mail", frozenset({"Mail.Send"}))
    if person["id"] not in call.state.mailboxes:
        raise GraphError(
            404,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        )
    return person


type _Content = tuple[str, list[str], str, str, dict[str, str]]


def _from_json(payload: Json) -> _Content:
    # The parameters of an OData action have no case: the SDK writes Message, the documentation message.
    named = {name.casefold(): value for name, value in payload.items()}
    schema.check_body(dict.fromkeys(named), {"message", "savetosentitems"}, "sendMail")
    message = named.get("message")
    if not isinstance(message, dict):
        raise bad_request("The parameter 'Message' is required.")
    if not isinstance(named.get("savetosentitems", True), bool):
        raise cannot_convert(named["savetosentitems"], "Edm.Boolean")
    schema.check_body(message, _MESSAGE, "message")
    body = _object(message.get("body", {}), {"contentType", "content"}, "itemBody")
    content = text_field(body, "content", default="")
    is_html = text_field(body, "contentType", default="text").casefold() == "html"
    to = [
        address for kind in ("toRecipients", "ccRecipients", "bccRecipients") for address in _addresses(message, kind)
    ]
    text, page = (_plain(content), content) if is_html else (content, "")
    return text_field(message, "subject", default=""), to, text, page, _headers(message)


def _object(value: Any, known: set[str], kind: str) -> Json:
    if not isinstance(value, dict):
        raise cannot_convert(value, f"microsoft.graph.{kind}")
    schema.check_body(value, known, kind)
    return value


def _addresses(message: Json, kind: str) -> list[str]:
    found = []
    for recipient in message.get(kind) or []:
        address = _object(recipient, {"emailAddress"}, "recipient").get("emailAddress")
        found.append(text_field(_object(address, {"address", "name"}, "emailAddress"), "address", default=""))
    if any("@" not in address for address in found):
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
    return found


def _headers(message: Json) -> dict[str, str]:
    given = [
        _object(header, {"name", "value"}, "internetMessageHeader")
        for header in message.get("internetMessageHeaders") or []
    ]
    found = {text_field(header, "name"): text_field(header, "value") for header in given}
    for name in found:
        if not name.lower().startswith("x-"):
            raise GraphError(
                400,
                "InvalidInternetMessageHeader",
                f"The internet message header name '{name}' should start with 'x-' or 'X-'.",
            )
    if len(found) > _MOST_HEADERS:
        raise GraphError(
            400, "InvalidInternetMessageHeaderCollection", "Maximum number of headers in one message is 5."
        )
    return found


def _from_mime(raw: bytes, mailbox: Json) -> _Content:
    try:
        source = base64.b64decode(raw.strip(), validate=True)
    except binascii.Error:
        raise GraphError(
            400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content."
        ) from None
    message = email.message_from_bytes(source, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or "To" not in message:
        raise GraphError(400, "ErrorMimeContentInvalid", "Invalid MIME content.")
    senders = [address.lower() for _, address in getaddresses(message.get_all("From", []))]
    if any(address not in {mailbox["mail"], mailbox["userPrincipalName"]} for address in senders):
        raise GraphError(
            403,
            "ErrorSendAsDenied",
            "The user account which was used to submit this request does not have the right to send mail on behalf of"
            " the specified sending account.",
        )
    every = [value for kind in ("To", "Cc", "Bcc") for value in message.get_all(kind, [])]
    headers = {name: str(value) for name, value in message.items() if name.lower().startswith("x-")}
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    return (
        str(message.get("Subject", "")),
        [address for _, address in getaddresses([str(value) for value in every])],
        plain.get_content() if plain else _plain(page.get_content() if page else ""),
        page.get_content() if page else "",
        headers,
    )


def _plain(page: str) -> str:
    """Write an HTML mail as text, as Exchange does for its plain alternative; a link's address stays readable."""
    page = re.sub(r"<(head|style|script)\b.*?</\1>", "", page, flags=re.DOTALL | re.IGNORECASE)
    linked = re.sub(r'<a\s[^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 <\1>", page, flags=re.DOTALL | re.IGNORECASE)
    broken = re.sub(r"<br\s*/?>|</p>|</div>|</h\d>|</li>|</td>|</tr>", "\n", linked, flags=re.IGNORECASE)
    text = html.unescape(re.sub(r"<(?!https?:)[^>]+>", "", broken)).strip()
    return re.sub(r"\n\s*\n", "\n\n", text)
