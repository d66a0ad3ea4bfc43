"""The nudge in Teams: by Graph as it is documented, once, and never anything that would harm in other eyes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from sandbox.tenant import seed
from shared.channels.ports import Nudge
from shared.channels.teams import TeamsActivity
from shared.handover.sending import nudges
from shared.handover.sending.nudges import Nudging, a_mail_waits
from shared.languages.language import Language
from shared.onboarding.collector import DESK, Route
from shared.tenant.errors import PermissionMissingError, TenantRefusedError, TenantUnavailableError
from shared.tenant.graph import GraphConnection
from tests.sandbox.tenant.client import JANA, Client
from tests.shared.channels.conftest import Identity
from tests.shared.onboarding.rows import COLLECTOR

pytestmark = [
    pytest.mark.filterwarnings("ignore:This class is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:GetQueryParameters is deprecated:DeprecationWarning"),
]
APP = "aaaaaaaa-0000-4000-8000-000000000009"
NUDGE = Nudge(seed.stable_id("user", "jana-hoffmann"), "First sign-in", "A mail is in your mailbox.")


@pytest.fixture
async def connection(client: Client, identity: Identity) -> AsyncIterator[GraphConnection]:
    """Connect to the tenant as the app does."""
    made = GraphConnection(identity, client.address)
    yield made
    await made.aclose()


async def test_one_request_in_words_of_our_own(client: Client, connection: GraphConnection) -> None:
    """The reserved activity type, our text twice, and a topic that leads to the Teams app."""
    await client.change("grant-permission", permission="TeamsActivity.Send")
    await TeamsActivity(connection, APP).send(NUDGE)
    (asked,) = [one for one in (await client.control("GET", "requests"))["requests"] if one["method"] == "POST"]
    assert asked["path"].endswith(f"/users/{NUDGE.user}/teamwork/sendActivityNotification")
    body = asked["body"]
    assert body["topic"] == {
        "source": "text", "value": "First sign-in", "webUrl": f"https://teams.microsoft.com/l/app/{APP}",
    }  # fmt: skip
    assert (body["activityType"], body["teamsAppId"], body["previewText"]) == (
        "systemDefault", APP, {"content": NUDGE.text},
    )  # fmt: skip
    assert body["templateParameters"] == [{"name": "systemDefaultText", "value": NUDGE.text}]


async def test_a_refusal_names_what_is_missing(client: Client, connection: GraphConnection) -> None:
    """The permission; and, in the words of Teams, the app that is not installed for this person."""
    with pytest.raises(PermissionMissingError) as raised:
        await TeamsActivity(connection, APP).send(NUDGE)
    assert raised.value.permission == "TeamsActivity.Send"
    await client.change("grant-permission", permission="TeamsActivity.Send")
    await client.change("upsert-user", user={"userPrincipalName": JANA, "teamsApp": False})
    client.tokens.clear()
    with pytest.raises(TenantRefusedError, match="Teams app is installed"):
        await TeamsActivity(connection, APP).send(NUDGE)


@dataclass(slots=True)
class Feed:
    """Takes nudges, or fails, or hangs."""

    failure: Exception | None = None
    hangs: bool = False
    nudges: list[Nudge] = field(default_factory=list)

    async def send(self, nudge: Nudge) -> None:
        """Take one."""
        self.nudges.append(nudge)
        if self.hangs:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure


async def test_whoever_has_a_mail_to_act_on_is_nudged_and_nobody_else() -> None:
    """The manager with link or code, and the contact; not the desk, nor a manager who has no part in it."""
    feed = Feed()
    for route in Route:
        await Nudging(feed).nudge(replace(COLLECTOR, id=DESK if route is Route.DESK else route, route=route), "1abc")
    await Nudging(None).nudge(COLLECTOR, "1abc")
    assert [nudge.user for nudge in feed.nudges] == [Route.MANAGER, Route.HIRE_MANAGER, Route.CONTACT]


@pytest.mark.parametrize("feed", [Feed(TenantUnavailableError()), Feed(hangs=True)], ids=["fails", "hangs"])
async def test_a_nudge_that_fails_holds_up_nothing(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is given up within seconds, once, and the log says so without saying who it is about."""
    monkeypatch.setattr(nudges, "NUDGED_WITHIN", 0.01)
    with caplog.at_level(logging.WARNING, "day_one_pass"):
        await Nudging(feed).nudge(COLLECTOR, "1abc")
    assert len(feed.nudges) == 1
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["not nudged in Teams"]


@pytest.mark.parametrize("language", Language)
def test_a_nudge_names_nobody_and_fits_what_teams_shows(language: Language) -> None:
    """At most 150 characters, in the reader's language, and the same words whoever starts."""
    nudge = a_mail_waits(replace(COLLECTOR, language=language))
    assert len(nudge.text) <= 150
    assert (nudge.text == a_mail_waits(COLLECTOR).text) == (language is Language.ENGLISH)
    assert COLLECTOR.name not in nudge.text + nudge.topic
