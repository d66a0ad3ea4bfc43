"""The daily digest: to whom, of whom, once a day, and again where it is not known to have been sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from shared.handover.mails.starters import Desk
from shared.onboarding import schedule
from shared.onboarding.device_side import Look
from shared.onboarding.due_times import Found
from shared.onboarding.model import Onboarding, Request
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Life, Status
from shared.onboarding.steps.waiting import Brakes, StepContext
from shared.onboarding.sweeping.digest import LOOK_EVERY, Digest, Digested, desks_of
from shared.planning.digest import Hours
from shared.planning.workdays import MONDAY_TO_FRIDAY
from shared.runtime.leases import LeaseTakenError
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantUnavailableError
from shared.tenant.ports.mail import Mail
from shared.websignin.readiness import Obstacle, unready
from tests.shared.onboarding.rows import fresh

FRIDAY = datetime.fromisoformat("2030-05-31T14:00:00+02:00")


def desk(name: str, zone: str = "Europe/Berlin") -> Digested:
    """Return a desk that works from Monday to Friday."""
    return Digested(Desk(f"{name}@larkspur.example", zone), Hours(zone, lambda _: MONDAY_TO_FRIDAY, time(14)), None)


DESKS = desks_of(desk("all"), {"Berlin": desk("berlin"), "Bern": desk("berlin"), "Apia": desk("apia", "Pacific/Apia")})


@dataclass(slots=True)
class Around:
    """Storage, a clock and a mailbox. `down`: no mail is known to be taken; `taken`: another holds the lease."""

    time: datetime = FRIDAY
    rows: list[Onboarding] = field(default_factory=list)
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    down: bool = False
    taken: bool = False

    def now(self) -> datetime:
        """Tell the time."""
        return self.time

    async def until(self, _instant: datetime) -> Found:
        """Find due times of all lives."""
        dues = [(row.id, row.due_in(life)) for row in self.rows for life in Life]
        found: list[Any] = [SimpleNamespace(id=name, step=due.step) for name, due in dues if due]
        return Found(tuple(found))

    async def read(self, *of: str) -> Any:
        """Read a row by its id, or a cell by its kind and name."""
        if len(of) > 1:
            return self.cells.get(of[1])
        return next((SimpleNamespace(row=row) for row in self.rows if row.id == of[0]), None)

    async def put(self, _kind: str, name: str, values: dict[str, Any]) -> None:
        """Write a cell."""
        self.cells[name] = values

    @asynccontextmanager
    async def held(self, _kind: str, _name: str, length: timedelta) -> AsyncIterator[datetime]:
        """Give the lease."""
        if self.taken:
            raise LeaseTakenError(self.time)
        yield self.time + length

    async def send(self, mail: Mail) -> None:
        """Take a mail, and perhaps lose the answer."""
        self.mails.append(mail)
        if self.down:
            raise TenantUnavailableError

    async def sweeps(self, mode: Mode = Mode.LIVE) -> list[str]:
        """Let another instance sweep; return to whom it has written."""
        before = len(self.mails)
        store = SimpleNamespace(read=self.read, due_times=self)
        context: Any = StepContext(store, None, self, Brakes(False, mode))  # type: ignore[arg-type]  # all that is asked of them
        digest = Digest(context, self, self, self, DESKS)  # type: ignore[arg-type]  # likewise
        for _ in range(3):
            await digest.run_if_due()
        return [mail.to.partition("@")[0] for mail in self.mails[before:]]


def starter(number: int, site: str | None = None, **but: Any) -> Onboarding:
    """Return a hire who starts on the Monday."""
    row = fresh()
    row = replace(row, id=f"a{number:024}", hire=replace(row.hire, display_name=f"Hire {number}", site=site), **but)
    return schedule.scheduled(row)


async def test_each_desk_hears_once_a_day_of_its_own() -> None:
    """A site with a desk of its own, two with one between them, and all the others; whoever is elsewhere in the day."""
    looked = Look(FRIDAY, unready(Obstacle.HYBRID_JOINED))
    around = Around(rows=[starter(1, "Berlin"), starter(2, "Bern", device=looked), starter(3, "Apia"), starter(4)])
    assert await around.sweeps() == ["all", "berlin"]
    general, berlin = (mail.text for mail in around.mails)
    assert ["Hire 4" in general, "Hire 1" in general] == [True, False]
    assert ["Hire 1" in berlin, "Not ready: hybrid-joined" in berlin, "Hire 3" in berlin] == [True, True, False]
    assert await around.sweeps() == []
    around.time = datetime.fromisoformat("2030-05-31T14:00:00+13:00")
    assert await around.sweeps() == ["apia"]


async def test_who_is_not_coming_is_not_told_of() -> None:
    """Asked for by hand, outside the pilot, over, or later; and where nobody is left, there is no mail."""
    request = Request("amelie", None, None, "body")
    waits = {"status": Status.WAITING, "reason": Reason.OUTSIDE_PILOT}
    later = replace(fresh(day="2030-06-04"), id="b" * 25)
    around = Around(rows=[starter(1, request=request), starter(2, **waits), starter(3, ended_at=FRIDAY), later])
    assert await around.sweeps() == []
    around.rows = [starter(5, status=Status.WAITING, reason=Reason.MANAGER_MISSING)]
    around.cells.clear()
    assert await around.sweeps() == ["all"]
    assert "The pass waits: manager-missing." in around.mails[0].text


async def test_a_lost_answer_is_a_second_mail_and_never_none() -> None:
    """Tried again in ten minutes by the same instance, and by another at once, until it is known to be sent."""
    around = Around(rows=[starter(1)], down=True)
    assert await around.sweeps() == ["all"]
    around.time += LOOK_EVERY
    around.down = False
    assert await around.sweeps() == ["all"]
    around.time += LOOK_EVERY
    assert await around.sweeps() == []


async def test_nobody_writes_while_another_does_or_where_nothing_may_be_mailed() -> None:
    """The lease of another, a day off, an hour too early, and MODE=observe."""
    around = Around(rows=[starter(1)], taken=True)
    assert await around.sweeps() == []
    around.taken = False
    assert await around.sweeps(Mode.OBSERVE) == []
    for instant in ("2030-05-31T13:59:59+02:00", "2030-06-01T14:00:00+02:00"):
        around.time = datetime.fromisoformat(instant)
        assert await around.sweeps() == []
