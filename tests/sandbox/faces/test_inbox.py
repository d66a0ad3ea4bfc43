"""Mails as their recipients see them, and nothing that a mail brings along can do."""

from tests.sandbox.faces.conftest import page, send_mail
from tests.sandbox.tenant.client import AMELIE, Client

MAIL = (
    "<!doctype html><html><head><title>t</title><style>p{color:red}</style></head><body>"
    '<p>Dear Amélie</p><script>x()</script><a href="http://127.0.0.1:1/pass/1#key">Open</a></body></html>'
)


async def test_a_mail_is_shut_in_and_its_links_open_in_a_new_tab(client: Client) -> None:
    """No script, no picture from elsewhere, no form; the frame around it says the same."""
    mail = await send_mail(client, "Hello", MAIL)
    reply = await client.send("GET", f"/inbox/{mail}/body")
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy.replace("allow-scripts", "scripts-allowed").split("sandbox")[0]
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert '<head><base target="_blank">' in reply.body.decode()
    around = await page(client, "/inbox", box=AMELIE, mail=mail)
    assert f'src="/inbox/{mail}/body"' in around
    assert "allow-scripts" not in around


async def test_the_text_form_has_words_and_links_but_no_styles(client: Client) -> None:
    """As a mail program that shows text would have it."""
    mail = await send_mail(client, "Hello", MAIL)
    text = await page(client, "/inbox", box=AMELIE, mail=mail, **{"as": "text"})
    assert "Dear Amélie" in text
    assert "http://127.0.0.1:1/pass/1#key" in text
    assert "color:red" not in text
    assert "<iframe" not in text


async def test_a_mailbox_holds_its_own_mails_newest_first(client: Client) -> None:
    """Nobody's else; and it is counted."""
    await send_mail(client, "First", MAIL)
    await send_mail(client, "Second", MAIL)
    await send_mail(client, "Another's", MAIL, "jana.hoffmann@larkspur.example")
    text = await page(client, "/inbox", box=AMELIE.upper())
    assert 0 < text.index("Second") < text.index("First")
    assert "Another&#x27;s" not in text
    assert '<span class="count">2' in text


async def test_a_mail_of_another_mailbox_does_not_open(client: Client) -> None:
    """Its address in this mailbox shows the list."""
    mail = await send_mail(client, "Another's", MAIL, "jana.hoffmann@larkspur.example")
    assert "Choose a mail" in await page(client, "/inbox", box=AMELIE, mail=mail)
