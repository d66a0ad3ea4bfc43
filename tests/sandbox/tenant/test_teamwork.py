"""Activity feed notifications of Teams: what is taken, and what the documents say is not."""

from typing import Any

import pytest

from tests.sandbox.tenant.client import JANA, Client

PATH = f"/v1.0/users/{JANA}/teamwork/sendActivityNotification"
DEEP = "https://teams.microsoft.com/l/app/aaaaaaaa-0000-4000-8000-000000000009"


def _nudge(**changes: Any) -> dict[str, Any]:
    return {
        "topic": {"source": "text", "value": "First sign-in", "webUrl": DEEP},
        "activityType": "systemDefault",
        "previewText": {"content": "A mail is in your mailbox."},
        "templateParameters": [{"name": "systemDefaultText", "value": "A mail is in your mailbox."}],
    } | changes


async def test_a_notification_is_taken_where_the_app_is_installed(client: Client) -> None:
    """204 and empty; 403 in the words of Teams for whoever has not got the app, and 404 for nobody."""
    await client.change("grant-permission", permission="TeamsActivity.Send")
    reply = await client.graph("POST", PATH, _nudge())
    assert (reply.status, reply.body) == (204, None)
    await client.change("upsert-user", user={"userPrincipalName": JANA, "teamsApp": False})
    refused = await client.graph("POST", PATH, _nudge())
    assert (refused.status, refused.code) == (403, "Forbidden")
    assert "Ensure that the expected Teams app is installed" in refused.message
    assert (await client.graph("POST", PATH.replace("jana", "nobody"), _nudge())).status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"topic": {"source": "text", "value": "First sign-in"}},
        {"topic": {"source": "text", "value": "First sign-in", "webUrl": "https://outlook.office.com/mail"}},
        {"topic": {"source": "word", "value": "First sign-in", "webUrl": DEEP}},
        {"topic": None},
        {"activityType": "linkMailed"},
        {"templateParameters": []},
        {"templateParameters": None},
        {"previewText": {"text": "A mail is in your mailbox."}},
        {"recipient": {"userId": "x"}},
    ],
)
async def test_a_malformed_notification_is_refused(client: Client, change: dict[str, Any]) -> None:
    """A text of one's own leads to an address in Teams, and only the reserved type goes without a manifest: 400."""
    await client.change("grant-permission", permission="TeamsActivity.Send")
    assert (await client.graph("POST", PATH, _nudge(**change))).status == 400
