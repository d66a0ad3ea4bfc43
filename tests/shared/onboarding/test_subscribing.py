"""Entra is kept telling: a subscription made, renewed and made anew, and what was missed found by asking."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.onboarding.chores import Chores
from shared.onboarding.records.naming import Naming
from shared.onboarding.records.store import RecordStore
from shared.onboarding.records.subscribing import LASTS, RENEWED_BEFORE, RHYTHM, Subscribing
from shared.onboarding.records.told import Told
from shared.onboarding.steps.waiting import Brakes
from shared.runtime.leases import Cells
from shared.runtime.mode import Mode
from shared.sources.verdict import Lifecycle
from shared.tenant.errors import ChangesOver, PermissionMissingError, TenantError, TenantUnavailableError
from shared.tenant.ports.changes import ChangedUsers, Subscription
from shared.tenant.ports.mail import Mail
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.sources.kinds import graph

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ADA, BOB = "5c1c9a8e-5a0e-4f8c-9f4e-0d3f3c7a2b11", "5c1c9a8e-5a0e-4f8c-9f4e-0d3f3c7a2b12"


@dataclass
class Entra:
    """A tenant that tells who has changed, a desk, and a clock.

    `fault`: no subscription can be made. `kept`: none ends. `silent`: nobody says who has changed. `over`: the link is
    too old.
    """

    at: datetime = NOW
    made: list[Subscription] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    gone: bool = False
    over: bool = False
    fault: TenantError | None = None
    kept: TenantError | None = None
    silent: TenantError | None = None
    compared: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    people: Table = field(default_factory=lambda: Table(Wire()))
    cells: Cells = field(default_factory=lambda: Cells(Table(Wire())))  # type: ignore[arg-type]

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    async def subscribe(self, wanted: Subscription) -> str:
        """Make a subscription."""
        if self.fault:
            raise self.fault
        self.made.append(wanted)
        self.did.append("subscribe")
        return f"s-{len(self.made)}"

    async def renew(self, subscription: str, _until: datetime) -> bool:
        """Renew one."""
        self.did.append(f"renew {subscription}")
        return not self.gone

    async def unsubscribe(self, subscription: str) -> None:
        """End one."""
        self.did.append(f"unsubscribe {subscription}")
        if self.kept:
            raise self.kept

    async def since(self, link: str | None) -> ChangedUsers:
        """Tell who has changed; from the first link on."""
        if self.silent:
            raise self.silent
        if link is not None and self.over:
            raise ChangesOver("410")
        found = ChangedUsers(self.changed, self.removed, f"{link or ''}+") if link else ChangedUsers((), (), "first")
        self.changed = self.removed = ()
        return found

    async def soon(self, source: str) -> None:
        """Note that the starts to come are to be compared."""
        self.compared.append(source)

    async def send(self, mail: Mail) -> None:
        """Take a mail to the desk."""
        self.mails.append(mail)

    def part(self, *, observes: bool = False) -> Subscribing:
        """Return one instance of the app's part."""
        source = replace(graph.SENDER.source(), name="entra")
        naming = Naming(RecordStore(self.people), self)  # type: ignore[arg-type]
        told = Told(self, Brakes(paused=False, mode=Mode.LIVE), "desk@larkspur.example")  # type: ignore[arg-type]
        chores = Chores(RHYTHM, self.cells, told, self)
        address = "https://app.example"
        return Subscribing({"entra": source}, self, chores, naming, self, address, told.desk, observes=observes)

    async def looks(self, **ahead: float) -> list[str]:
        """Let time go by, and look; what was done at Entra."""
        self.at += timedelta(**ahead)
        self.did.clear()
        await self.part().run_if_due()
        return list(self.did)

    async def named(self) -> dict[str, bool]:
        """Return the users that are to be read, and whether they are said to be gone."""
        due = await RecordStore(self.people).due("entra", self.at, 99)  # type: ignore[arg-type]
        return {one.record: one.deleted for one in due}


@pytest.fixture
async def entra() -> Entra:
    """Give a tenant that was subscribed to just now."""
    found = Entra()
    assert await found.looks() == ["subscribe"]
    return found


async def test_a_subscription_is_made_once_and_renewed_long_before_its_end(entra: Entra) -> None:
    """Its client state is the first secret; a week of failures is not the end."""
    (wanted,) = entra.made
    assert (wanted.address, wanted.state) == ("https://app.example/api/hr/entra", graph.SENDER.secret)
    assert wanted.until - NOW == LASTS <= timedelta(days=29)
    assert graph.SENDER.secret not in repr(wanted)
    assert await entra.looks() == []
    assert await entra.looks(hours=1) == []
    assert await entra.looks(days=(LASTS - RENEWED_BEFORE).days) == ["renew s-1"]
    assert await entra.looks(hours=1) == []
    entra.gone = True
    assert await entra.looks(days=(LASTS - RENEWED_BEFORE).days) == ["renew s-1", "subscribe", "unsubscribe s-1"]


@pytest.mark.parametrize(
    ("word", "done"),
    [
        (Lifecycle.REAUTHORIZE, ["renew s-1"]),
        (Lifecycle.REMOVED, ["subscribe", "unsubscribe s-1"]),
        (Lifecycle.MISSED, []),
    ],
)
async def test_what_a_lifecycle_notification_asks_for_is_done_with_the_next_sweep(
    entra: Entra, word: str, done: list[str]
) -> None:
    """And whoever has changed meanwhile is found at once, and once."""
    entra.changed = (ADA,)
    await entra.part().attend("entra", Lifecycle(word))
    assert await entra.looks(minutes=1) == done
    assert await entra.named() == {ADA: False}
    assert await entra.looks(minutes=1) == []


async def test_what_was_not_told_is_found_within_the_hour(entra: Entra) -> None:
    """Who changed, who was removed; with a first link, and after one too old, the starts to come are compared."""
    assert entra.compared == ["entra"]
    entra.compared.clear()
    entra.changed, entra.removed = (ADA,), (BOB,)
    await entra.looks(minutes=30)
    assert await entra.named() == {}
    await entra.looks(minutes=30)
    assert await entra.named() == {ADA: False, BOB: True}
    assert entra.compared == []
    entra.over = True
    await entra.looks(seconds=RHYTHM.every.total_seconds())
    assert entra.compared == ["entra"]
    entra.over, entra.changed = False, (BOB,)
    await entra.looks(seconds=RHYTHM.every.total_seconds())
    assert (await entra.named())[BOB] is False


async def test_a_fault_is_tried_again_and_a_watching_app_changes_nothing() -> None:
    """In ten minutes; `observe` asks who has changed, and subscribes to nothing."""
    entra = Entra(fault=TenantUnavailableError("no answer"))
    assert await entra.looks() == []
    entra.fault = None
    assert await entra.looks(minutes=5) == []
    assert await entra.looks(seconds=RHYTHM.again.total_seconds()) == ["subscribe"]
    watched = Entra()
    await watched.part(observes=True).run_if_due()
    assert watched.made == []


async def test_the_desk_hears_once_of_each_reason_that_keeps_entra_from_telling() -> None:
    """After half an hour; of another reason too; and of the same one anew once it has worked in between."""
    silence = TenantUnavailableError("no answer")
    lacks = PermissionMissingError(403, "Authorization_RequestDenied", "no", "User.Read.All")
    entra = Entra(fault=silence)
    for looks in range(1, RHYTHM.told_after + 3):
        await entra.looks(seconds=RHYTHM.again.total_seconds())
        assert len(entra.mails) == (looks >= RHYTHM.told_after)
    for fault, mails in ((lacks, 2), (silence, 2), (lacks, 2), (None, 2)):
        entra.fault = fault
        await entra.looks(seconds=RHYTHM.again.total_seconds())
        assert len(entra.mails) == mails
    entra.silent = silence
    await entra.looks(seconds=RHYTHM.every.total_seconds())
    for mails in (2, 3, 3):
        await entra.looks(seconds=RHYTHM.again.total_seconds())
        assert len(entra.mails) == mails
    assert "permission-missing" in entra.mails[1].text
    assert graph.SENDER.secret not in str(entra.mails)


async def test_what_was_subscribed_to_is_kept_where_nobody_says_what_it_missed() -> None:
    """Else each vain look would make another subscription."""
    entra = Entra(silent=TenantUnavailableError("no answer"))
    assert await entra.looks() == ["subscribe"]
    assert await entra.looks(seconds=RHYTHM.again.total_seconds()) == []
    entra.silent = None
    await entra.part().attend("entra", Lifecycle(Lifecycle.REMOVED))
    assert await entra.looks(minutes=1) == ["subscribe", "unsubscribe s-1"]


async def test_an_old_subscription_that_does_not_end_costs_no_other_one(entra: Entra) -> None:
    """The new one is kept, for the old one ends by itself: else each look would make one more."""
    entra.kept = TenantUnavailableError("no answer")
    await entra.part().attend("entra", Lifecycle(Lifecycle.REMOVED))
    assert await entra.looks(minutes=1) == ["subscribe", "unsubscribe s-1"]
    assert await entra.looks(hours=1) == []


async def test_what_is_asked_for_during_a_look_is_not_lost(entra: Entra) -> None:
    """The look was begun before it: another one follows with the next sweep."""
    part, since = entra.part(), entra.since

    async def interrupted(link: str | None) -> ChangedUsers:
        await part.attend("entra", Lifecycle(Lifecycle.REMOVED))
        return await since(link)

    entra.since = interrupted  # type: ignore[method-assign]
    entra.at += RHYTHM.every
    await part.run_if_due()
    entra.since = since  # type: ignore[method-assign]
    assert await entra.looks(minutes=1) == ["subscribe", "unsubscribe s-1"]
