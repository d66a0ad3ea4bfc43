"""Mail and text by Azure Communication Services, with Microsoft's SDKs, against their API as it is documented."""

from contextlib import aclosing
from typing import Any

import pytest

from sandbox.tenant.communication import MAIL_SENDER, SUPPRESSED, TEXT_SENDER
from shared.channels.communication_mail import CommunicationMailer
from shared.channels.communication_text import CommunicationTexter
from shared.channels.ports import ChannelRefusedError, Text
from shared.tenant.errors import PermissionMissingError, TenantError, TenantThrottledError, TenantUnavailableError
from shared.tenant.ports.mail import Mail
from tests.sandbox.tenant.client import Client
from tests.shared.channels.conftest import Identity

LINK = "https://pass.contoso.example/pass/1abc#mK3vQ0yq9bX1nT5rW8cE2uI6oP4aS7dF0gH3jL5zV1B"
MAIL = Mail(
    "bea@home.example", "Ana starts\r\nBcc: x@evil.example", f"Open {LINK}", f"<a href='{LINK}'>Open</a>", "1abc"
)
TEXT = Text("+4915112345678", "The code is BCDF-GHJK")


async def send_mail(client: Client, identity: Identity, mail: Mail = MAIL, sender: str = MAIL_SENDER) -> None:
    """Send a mail."""
    async with aclosing(CommunicationMailer(identity, client.address, sender)) as mailer:
        await mailer.send(mail)


async def send_text(client: Client, identity: Identity, text: Text = TEXT, sender: str = TEXT_SENDER) -> None:
    """Send a text."""
    async with aclosing(CommunicationTexter(identity, client.address, sender)) as texter:
        await texter.send(text)


async def posted(client: Client) -> list[dict[str, Any]]:
    """Return the messages that the service was asked to send."""
    requests = (await client.control("GET", "requests"))["requests"]
    return [one for one in requests if one["method"] == "POST"]


async def inbox(client: Client, to: str) -> list[dict[str, Any]]:
    """Return what somebody has got."""
    return list((await client.control("GET", f"inbox?to={to.replace('+', '%2B')}"))["mails"])


async def test_a_mail_has_both_bodies_one_recipient_and_nothing_that_tracks(client: Client, identity: Identity) -> None:
    """By the identity's token for this service; the subject is one line; the mail is followed until it was sent."""
    await send_mail(client, identity)
    (got,) = await inbox(client, MAIL.to)
    assert (got["from"], got["to"]) == (MAIL_SENDER, [MAIL.to])
    assert (got["subject"], got["text"], got["html"]) == ("Ana starts Bcc: x@evil.example", MAIL.text, MAIL.html)
    assert got["headers"] == {"x-day-one-pass": "1abc"}
    assert identity.resource == "https://communication.azure.com"
    (asked,) = await posted(client)
    assert asked["body"]["userEngagementTrackingDisabled"] is True
    assert "#***" in asked["body"]["content"]["plainText"], "the sandbox keeps no key"


async def test_a_mail_that_is_taken_and_then_dropped_was_not_sent(client: Client, identity: Identity) -> None:
    """The verdict comes with the operation."""
    mail = Mail(f"gone{SUPPRESSED}", "s", "t", "h", "1abc")
    with pytest.raises(ChannelRefusedError, match="Azure Communication Services refused"):
        await send_mail(client, identity, mail)
    assert await inbox(client, mail.to) == []


async def test_a_mail_whose_fate_cannot_be_learned_counts_as_taken(client: Client, identity: Identity) -> None:
    """A step does not hang on it, and does not send it again."""
    await client.control("POST", "faults", {"path": "/emails/operations", "kind": "status", "status": 503, "times": 0})
    await send_mail(client, identity)
    assert len(await posted(client)) == 1


async def test_a_text_reaches_its_number(client: Client, identity: Identity) -> None:
    """One request, one recipient, from the number that was bought."""
    await send_text(client, identity)
    (got,) = await inbox(client, TEXT.to)
    assert (got["from"], got["to"], got["text"]) == (TEXT_SENDER, [TEXT.to], TEXT.body)
    (asked,) = await posted(client)
    assert "BCDF" not in str(asked), "the sandbox keeps no code"


async def test_a_number_that_is_refused_is_refused_without_being_named(client: Client, identity: Identity) -> None:
    """The 202 holds a verdict for each recipient; the service's words hold the number."""
    with pytest.raises(ChannelRefusedError) as raised:
        await send_text(client, identity, Text("015112345678", "hello"))
    assert raised.value.status == 400
    assert "0151" not in str(raised.value)


async def test_a_sender_that_nobody_bought_is_a_missing_right(client: Client, identity: Identity) -> None:
    """For a text 401; for a mail the domain is not linked."""
    with pytest.raises(PermissionMissingError) as raised:
        await send_text(client, identity, sender="+49000000000")
    assert "Communication and Email Service Owner" in raised.value.permission
    with pytest.raises(ChannelRefusedError, match="DomainNotLinked"):
        await send_mail(client, identity, sender="x@elsewhere.example")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 429, "retryAfter": 7}, TenantThrottledError),
        ({"kind": "status", "status": 500}, TenantUnavailableError),
        ({"kind": "commit-then-status", "status": 503}, TenantUnavailableError),
        ({"kind": "reset"}, TenantUnavailableError),
        ({"kind": "status", "status": 307}, TenantUnavailableError),
        ({"kind": "status", "status": 403}, PermissionMissingError),
        ({"kind": "status", "status": 400}, ChannelRefusedError),
    ],
    ids=str,
)
async def test_whatever_the_answer_a_message_is_sent_once(
    client: Client, identity: Identity, fault: dict[str, Any], kind: type[TenantError]
) -> None:
    """The SDK's own retries are off; the error says what a caller may conclude, and holds no word of the message."""
    await client.control("POST", "faults", {"path": "/sms|emails:send", "times": 0, **fault})
    for send in (send_text, send_mail):
        with pytest.raises(TenantError) as raised:
            await send(client, identity)
        assert isinstance(raised.value, kind)
        assert raised.value.__cause__ is None
        assert raised.value.__context__ is None
    assert len(await posted(client)) == 2


async def test_half_a_verdict_on_a_text_is_none(client: Client, identity: Identity) -> None:
    """It may have been sent; a mail is taken by the status alone."""
    await client.control("POST", "faults", {"path": "/sms", "kind": "malformed"})
    with pytest.raises(TenantUnavailableError):
        await send_text(client, identity)


async def test_patience_is_passed_on(client: Client, identity: Identity) -> None:
    """As many seconds as the service names."""
    fault = {"path": "/sms", "kind": "status", "status": 429, "retryAfter": 7}
    await client.control("POST", "faults", fault)
    with pytest.raises(TenantThrottledError) as raised:
        await send_text(client, identity)
    assert raised.value.retry_after == 7


async def test_a_text_of_two_parts_is_never_sent(client: Client, identity: Identity) -> None:
    """Nor is a mail to more than one address."""
    with pytest.raises(ValueError, match="one part"):
        await send_text(client, identity, Text(TEXT.to, "ж" * 71))
    with pytest.raises(ValueError, match="address"):
        await send_mail(client, identity, Mail("a@b.c, d@e.f", "s", "t", "h", "1"))
    assert await posted(client) == []


def test_a_text_shows_neither_number_nor_words() -> None:
    """Its repr may be logged."""
    assert "4915" not in repr(TEXT)
    assert "BCDF" not in repr(TEXT)
