"""Mail: one plain recipient, no copy kept, no header smuggled in."""

import pytest

from shared.tenant.errors import TenantRefusedError
from shared.tenant.graph import GraphConnection
from shared.tenant.mail import GraphMailer
from shared.tenant.ports.mail import Mail
from tests.shared.tenant.stand_in import Answer, FakeGraph, refusal

LINK = "https://pass.contoso.example/pass/1abc#mK3vQ0yq9bX1nT5rW8cE2uI6oP4aS7dF0gH3jL5zV1B"
MAIL = Mail(
    "maria@contoso.example", "Ana starts on Monday", f"Open {LINK}", f"<p><a href='{LINK}'>Open</a></p>", "1abc"
)


@pytest.fixture
def mailer(connection: GraphConnection) -> GraphMailer:
    """Give a mailer whose mailbox has a name that needs quoting."""
    return GraphMailer(connection, "onboarding#1@contoso.example")


async def test_the_mail_as_exchange_gets_it(mailer: GraphMailer, fake: FakeGraph) -> None:
    """HTML, one recipient, our reference in a header, and nothing left in Sent Items."""
    fake.on("POST", ".*/sendMail", Answer(202))
    await mailer.send(MAIL)
    (asked,) = fake.asked
    assert asked.raw == "/v1.0/users/onboarding%231%40contoso.example/sendMail"
    assert asked.json()["SaveToSentItems"] is False
    message = asked.json()["Message"]
    assert message["subject"] == MAIL.subject
    assert message["body"]["contentType"] == "html"
    assert message["body"]["content"] == MAIL.html
    assert [to["emailAddress"]["address"] for to in message["toRecipients"]] == [MAIL.to]
    assert [(h["name"], h["value"]) for h in message["internetMessageHeaders"]] == [("x-day-one-pass", "1abc")]


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00"])
async def test_a_subject_stays_one_line(mailer: GraphMailer, fake: FakeGraph, line_break: str) -> None:
    """A name from the HR system cannot start a header of its own."""
    fake.on("POST", ".*/sendMail", Answer(202))
    await mailer.send(Mail(MAIL.to, f"Ana{line_break}Bcc: x@evil.example", "t", "<p>h</p>", "1abc"))
    assert fake.asked[0].json()["Message"]["subject"] == "Ana Bcc: x@evil.example"


@pytest.mark.parametrize(
    "to", ["", "maria", "a@b.example, c@d.example", "a@b.example;c@d.example", "A <a@b.example>", "a@b.example\nBcc: x"]
)
async def test_more_or_less_than_one_address_is_never_sent(mailer: GraphMailer, fake: FakeGraph, to: str) -> None:
    """The link goes to one mailbox."""
    with pytest.raises(ValueError, match="address"):
        await mailer.send(Mail(to, "s", "t", "h", "1abc"))
    assert fake.asked == []


@pytest.mark.parametrize("reference", ["", "a b", "a\nx-evil: 1", "ä"])
async def test_a_reference_that_is_no_token_is_never_sent(mailer: GraphMailer, fake: FakeGraph, reference: str) -> None:
    """It stands in a header."""
    with pytest.raises(ValueError, match="reference"):
        await mailer.send(Mail(MAIL.to, "s", "t", "h", reference))
    assert fake.asked == []


async def test_a_refusal_that_quotes_the_mail_does_not_pass_on_its_link(mailer: GraphMailer, fake: FakeGraph) -> None:
    """What Exchange says is stored and shown; a key in it is not."""
    fake.on("POST", ".*/sendMail", refusal(400, "ErrorInvalidRecipients", f"Not sent: {MAIL.html}"))
    with pytest.raises(TenantRefusedError) as raised:
        await mailer.send(MAIL)
    assert LINK.split("#")[1] not in str(raised.value)
    assert "Not sent" in raised.value.detail


def test_a_mail_does_not_show_its_bodies() -> None:
    """The repr of a mail may be logged."""
    assert "#mK3" not in repr(MAIL)
