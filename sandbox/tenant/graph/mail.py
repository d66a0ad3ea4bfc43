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

from sandbox.tenant.errors import GraphError, bad_request, forbidden
from sandbox.tenant.graph import schema
from sandbox.tenant.graph.calls import Answer, Call, cannot_convert, object_value, parameters, text_field
from sandbox.tenant.state import Json, ReceivedMail

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
    given = parameters(payload, schema.MAIL_REQUEST, "sendMail")
    if not isinstance(given.get("Message"), dict):
        raise bad_request("The parameter 'Message' is required.")
    if not isinstance(given.get("SaveToSentItems", True), bool):
        raise cannot_convert(given["SaveToSentItems"], "Edm.Boolean")
    message = object_value(given["Message"], schema.MESSAGE, "message")
    body = object_value(message.get("body", {}), schema.ITEM_BODY, "itemBody")
    content = text_field(body, "content", default="")
    is_html = text_field(body, "contentType", default="text").casefold() == "html"
    to = [
        address for kind in ("toRecipients", "ccRecipients", "bccRecipients") for address in _addresses(message, kind)
    ]
    text, page = (_plain(content), content) if is_html else (content, "")
    return text_field(message, "subject", default=""), to, text, page, _headers(message)


def _addresses(message: Json, kind: str) -> list[str]:
    found = []
    for recipient in message.get(kind) or []:
        address = object_value(recipient, schema.RECIPIENT, "recipient").get("emailAddress")
        found.append(text_field(object_value(address, schema.EMAIL_ADDRESS, "emailAddress"), "address", default=""))
    if any("@" not in address for address in found):
        raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
    return found


def _headers(message: Json) -> dict[str, str]:
    given = [
        object_value(header, schema.MESSAGE_HEADER, "internetMessageHeader")
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
