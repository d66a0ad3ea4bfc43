"""sendMail, and the inbox that shows what was accepted."""

import base64
from email.message import EmailMessage
from typing import Any

import pytest

from sandbox.tenant import seed
from tests.sandbox.tenant.client import JANA, SENDER, Client

PATH = f"/v1.0/users/{SENDER}/sendMail"


def _mail(**changes: Any) -> dict[str, Any]:
    message = {
        "subject": "Starts on Monday",
        "body": {"contentType": "html", "content": '<p>Tomáš &amp; you</p><a href="https://x.example/p#k">open</a>'},
        "toRecipients": [{"emailAddress": {"address": JANA}}],
        "internetMessageHeaders": [{"name": "x-day-one-pass", "value": "1-abc"}],
    }
    return {"message": message | changes, "saveToSentItems": False}


async def _post(client: Client, body: Any, content_type: str = "application/json", path: str = PATH) -> Any:
    headers = {"Authorization": f"Bearer {await client.token()}", "Content-Type": content_type}
    form: dict[str, Any] = {"json": body} if content_type == "application/json" else {"data": body}
    return await client.send("POST", path, headers=headers, **form)


async def test_a_json_mail_is_accepted_and_lies_in_the_inbox(client: Client) -> None:
    """202 and empty; HTML as sent, and a text made of it with the link's address."""
    reply = await _post(client, _mail())
    assert (reply.status, reply.body) == (202, None)
    (mail,) = (await client.control("GET", f"inbox?to={JANA.upper()}"))["mails"]
    assert (mail["from"], mail["to"], mail["subject"]) == (SENDER, [JANA], "Starts on Monday")
    assert mail["html"] == _mail()["message"]["body"]["content"]
    assert "Tomáš & you" in mail["text"]
    assert "https://x.example/p#k" in mail["text"]
    assert mail["headers"] == {"x-day-one-pass": "1-abc"}
    assert mail["at"].startswith("2030-06-01T09:00")


async def test_a_mime_mail_brings_text_and_html(client: Client) -> None:
    """The base64 form carries both, and headers of its own."""
    mime = EmailMessage()
    mime["From"], mime["To"], mime["Subject"], mime["X-Day-One-Pass"] = SENDER, JANA, "Grüße", "1-abc"
    mime.set_content("plain words\n")
    mime.add_alternative("<p>rich words</p>\n", subtype="html")
    assert (await _post(client, base64.b64encode(mime.as_bytes()), "text/plain")).status == 202
    (mail,) = (await client.control("GET", "inbox"))["mails"]
    assert (mail["subject"], mail["text"].strip(), mail["html"].strip()) == (
        "Grüße",
        "plain words",
        "<p>rich words</p>",
    )
    assert mail["headers"] == {"X-Day-One-Pass": "1-abc"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"toRecipients": []}, "ErrorInvalidRecipients"),
        ({"toRecipients": [{"emailAddress": {"address": "jana"}}]}, "ErrorInvalidRecipients"),
        ({"toRecipients": [{"address": JANA}]}, "BadRequest"),
        ({"internetMessageHeaders": [{"name": "day-one", "value": "1"}]}, "InvalidInternetMessageHeader"),
        (
            {"internetMessageHeaders": [{"name": f"x-{n}", "value": "1"} for n in range(6)]},
            "InvalidInternetMessageHeaderCollection",
        ),
        ({"to": JANA}, "BadRequest"),
        ({"body": "text"}, "BadRequest"),
        ({"subject": 5}, "BadRequest"),
    ],
)
async def test_a_malformed_mail_is_refused(client: Client, changes: dict[str, Any], code: str) -> None:
    """400 with the code Exchange gives, and nothing in the inbox."""
    reply = await _post(client, _mail(**changes))
    assert (reply.status, reply.code) == (400, code)
    assert (await client.control("GET", "inbox"))["mails"] == []


async def test_a_malformed_mime_mail_is_refused(client: Client) -> None:
    """No base64, no addressee, or somebody else as the sender."""
    assert (await _post(client, b"<p>not base64</p>", "text/plain")).code == "ErrorMimeContentInvalidBase64String"
    assert (await _post(client, base64.b64encode(b"hello"), "text/plain")).code == "ErrorMimeContentInvalid"
    forged = base64.b64encode(f"From: {JANA}\r\nTo: {JANA}\r\n\r\nhello".encode())
    assert (await _post(client, forged, "text/plain")).code == "ErrorSendAsDenied"


async def test_a_mailbox_outside_the_apps_scope_is_403(client: Client) -> None:
    """RBAC for Applications lets the app send from one mailbox; taken away, from none."""
    elsewhere = await _post(client, _mail(), path=f"/v1.0/users/{JANA}/sendMail")
    assert (elsewhere.status, elsewhere.code) == (403, "ErrorAccessDenied")
    await client.change("revoke-mailbox", user=SENDER)
    assert (await _post(client, _mail())).status == 403
    await client.change("grant-mailbox", user=SENDER)
    assert (await _post(client, _mail())).status == 202


async def test_an_unknown_or_missing_mailbox_is_404(client: Client) -> None:
    """No such user: ErrorInvalidUser. A user without a mailbox: MailboxNotEnabledForRESTAPI."""
    nobody = await _post(client, _mail(), path="/v1.0/users/nobody@larkspur.example/sendMail")
    assert (nobody.status, nobody.code) == (404, "ErrorInvalidUser")
    empty = next(person.upn for person in seed.PEOPLE if person.key == "viktor-postlos")
    await client.change("grant-mailbox", user=empty)
    none = await _post(client, _mail(), path=f"/v1.0/users/{empty}/sendMail")
    assert (none.status, none.code) == (404, "MailboxNotEnabledForRESTAPI")


async def test_mail_needs_its_permission(client: Client) -> None:
    """Without Mail.Send nothing is sent."""
    await client.change("revoke-permission", permission="Mail.Send")
    assert (await _post(client, _mail())).status == 403
