"""A manager of many hears of a day's hires at one site in one mail; whatever is urgent still comes by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from azure.data.tables.aio import TableClient

from shared.handover.collecting.claim import ClaimState
from shared.handover.keys.links import Addresses
from shared.handover.keys.pickup import COST, CodeHash
from shared.handover.sending.news import Hears, News
from shared.handover.sending.tell import Telling
from shared.handover.sending.together import Together
from shared.onboarding import lifecycle, schedule
from shared.onboarding.collector import Route
from shared.onboarding.crews import crew_of
from shared.onboarding.model import Claim, IssuedPass, Onboarding
from shared.onboarding.people import People
from shared.onboarding.requests.reissue import LONGEST_WINDOW
from shared.onboarding.statuses import Status
from shared.onboarding.steps.waiting import Brakes, StepContext
from shared.onboarding.transaction import Change
from shared.runtime.leases import Cells, Leases
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantUnavailableError
from shared.tenant.ports.mail import Mail
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh

LATE = datetime.fromisoformat("2030-06-03T08:30:00+02:00")
BY_HIRE = replace(COLLECTOR, route=Route.HIRE_MANAGER, link_to="anna@home.example")
HEARS = Hears(*map(frozenset, (["collector"], ["collector", "desk"], ["collector"], ["collector"])))


def issued(number: int, site: str = "Berlin") -> Onboarding:
    """Return a row whose hire has the link, and whose pass is made."""
    row = fresh()
    row = replace(row, id=f"a{number:024}", hire=replace(row.hire, site=site))
    subject = replace(SUBJECT, display_name=f"Hire {number}")
    row = lifecycle.inviting(lifecycle.found(row, subject, BY_HIRE), "A" * 43, NOW, CodeHash("", "", COST))
    row = lifecycle.invited(row, 1, NOW)
    since = LATE - timedelta(hours=1)
    made = IssuedPass("p", since, since, LATE + timedelta(hours=9), one_time=False, delivery=1, sealed="sealed")
    return schedule.scheduled(replace(row, status=Status.ISSUED, issued=made, reviewed_at=since))


@dataclass(slots=True)
class Morning:
    """Storage, a mailbox and the time. `down`: no mail is known to be taken."""

    rows: dict[str, Onboarding] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    down: bool = False
    time: datetime = LATE - timedelta(minutes=10)
    cells: Cells = field(default_factory=lambda: Cells(cast(TableClient, Table(Wire()))))

    def now(self) -> datetime:
        """Tell the time."""
        return self.time

    async def read(self, onboarding: str) -> Any:
        """Read a row."""
        return SimpleNamespace(row=self.rows[onboarding])

    async def update(self, onboarding: str, decide: Callable[[Onboarding], Change | None]) -> None:
        """Write a row."""
        change = decide(self.rows[onboarding])
        if change is not None:
            self.rows[onboarding] = schedule.scheduled(change.row)

    async def send(self, mail: Mail) -> None:
        """Take a mail, and perhaps lose the answer."""
        self.mails.append(mail)
        if self.down:
            raise TenantUnavailableError

    async def starts(self, *rows: Onboarding) -> None:
        """Let hires have their links."""
        for row in rows:
            self.rows[row.id] = row
            crew = crew_of(row)
            assert crew is not None
            await People(self.cells).name_crew(crew.name, row.id)

    async def opens(self, number: int) -> list[str]:
        """Let a hire open the pass, and people be told; return what the manager reads on top of his mails."""
        row = self.rows[f"a{number:024}"]
        opened = lifecycle.opened(row, Claim(ClaimState("h", self.time), row.id))
        self.rows[row.id] = schedule.scheduled(opened)
        return await self.tells(number)

    async def tells(self, number: int) -> list[str]:
        """Do what is due to be told of a hire; return what the manager reads on top of his mails."""
        before = len(self.mails)
        store: Any = self
        context = StepContext(store, None, self, Brakes(False, Mode.LIVE))  # type: ignore[arg-type]  # nobody waits
        together = Together(store, People(self.cells), Leases(self.cells, self), self, "desk@larkspur.example")
        addresses = Addresses("https://pass.example", "desk@larkspur.example")
        news = News(None, addresses, LONGEST_WINDOW, HEARS)  # type: ignore[arg-type]  # there is no contact
        await Telling(context, self, news, together).tell(self.rows[f"a{number:024}"])
        return [mail.subject for mail in self.mails[before:] if mail.to == BY_HIRE.mail]


async def test_who_is_late_brings_the_one_mail_and_it_names_all() -> None:
    """Openings are not told one by one; the first who is late is, with all the others, and nobody after it."""
    morning = Morning()
    await morning.starts(issued(1), issued(2), issued(3), issued(4), issued(5, "Denver"))
    assert await morning.opens(1) == []
    assert await morning.opens(5) == ["The pass for Hire 5 was opened"], "another site"
    morning.time = LATE
    assert await morning.tells(3) == ["First sign-ins on Monday 3 June 2030: 1 of 4 opened"]
    (mail,) = [one for one in morning.mails if one.to == BY_HIRE.mail and "First sign-ins" in one.subject]
    assert [mail.text.index(f"Hire {number}: ") for number in (2, 3, 4, 1)] == sorted(
        mail.text.index(f"Hire {number}: ") for number in range(1, 5)
    )
    assert "Hire 1: Opened: Monday 3 June 2030, 08:20 (Europe/Berlin, UTC+02:00)" in mail.text
    assert ["#" in mail.text, "/pass/" in mail.html, "Hire 5" in mail.text] == [False, False, False]
    assert [await morning.tells(4), await morning.opens(2), await morning.opens(3)] == [[], [], []]
    assert sum(mail.to == "desk@larkspur.example" for mail in morning.mails) == 2, "the desk hears of each"


async def test_where_all_open_in_time_the_last_brings_the_mail() -> None:
    """And whoever is withdrawn is told of at once, by himself, and not waited for."""
    morning = Morning()
    await morning.starts(*(issued(number) for number in range(1, 5)))
    assert [await morning.opens(number) for number in (1, 2, 3)] == [[], [], []]
    row = lifecycle.revoked(lifecycle.revoked_by_person(morning.rows[f"a{4:024}"], morning.time), morning.time)
    morning.rows[row.id] = schedule.scheduled(row)
    told = await morning.tells(4)
    assert ["cancelled" in told[0], told[1:]] == [True, ["First sign-ins on Monday 3 June 2030: 3 of 3 opened"]]


async def test_of_few_each_is_told_and_a_lost_answer_is_a_second_mail() -> None:
    """Two are no crew. Where it is not known that the one mail went out, it goes out again, and then no more."""
    morning = Morning()
    await morning.starts(issued(1), issued(2))
    assert await morning.opens(1) == ["The pass for Hire 1 was opened"]
    await morning.starts(issued(3))
    morning.time, morning.down = LATE, True
    assert len(await morning.tells(2)) == 0, "the desk's mail is first, and fails"
    morning.time += timedelta(minutes=30)
    morning.down = False
    assert len(await morning.tells(2)) == 1
    assert await morning.tells(3) == []
