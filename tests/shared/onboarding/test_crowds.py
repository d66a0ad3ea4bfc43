"""Looking at the coming days: how often, and whom it is told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.onboarding.sweeping.crowds import EVERY, Crowds, Warned
from shared.planning.waves import Coming
from shared.runtime.mode import Mode
from shared.tenant.errors import TenantUnavailableError
from shared.tenant.ports.mail import Mail

NOW = datetime(2030, 5, 31, 8, tzinfo=UTC)
MONDAY = datetime(2030, 6, 3, 5, 30, tzinfo=UTC)


@dataclass(slots=True)
class Around:
    """A store, a row, a clock and a mailbox. `down`: no mail is taken."""

    time: datetime = NOW
    coming: list[Coming] = field(default_factory=list)
    row: dict[str, Any] | None = None
    mails: list[str] = field(default_factory=list)
    looks: int = 0
    down: bool = False

    def now(self) -> datetime:
        """Tell the time."""
        return self.time

    async def update(self, _onboarding: str, _decide: object) -> None:
        """Move nothing."""

    async def read(self, _kind: str, _name: str) -> dict[str, Any] | None:
        """Read the row."""
        return self.row

    async def swap(self, _kind: str, _name: str, _known: object, values: dict[str, Any]) -> None:
        """Write the row."""
        self.row = values

    async def put(self, _kind: str, _name: str, values: dict[str, Any]) -> None:
        """Write the row, which ends a look."""
        self.row = values
        self.looks += 1

    async def send(self, mail: Mail) -> None:
        """Take a mail."""
        if self.down:
            raise TenantUnavailableError
        self.mails.append(mail.subject)

    async def looks_again(self, mode: Mode = Mode.LIVE) -> None:
        """Let half an hour go by, and another instance look."""
        self.time += EVERY
        crowds = Crowds(self, self, self, Warned(self, "desk@contoso.example", "Europe/Berlin", mode), 1)  # type: ignore[arg-type]  # all that is asked of them
        while crowds.ahead():
            await crowds.look(self.coming)


def too_many(opens: datetime) -> list[Coming]:
    """Return more than twenty hours hold at one pass a minute."""
    return [Coming(f"{opens:%d}-{n}", opens - timedelta(minutes=10), opens) for n in range(1300)]


@pytest.fixture
def around() -> Around:
    """Give a Monday with too many."""
    return Around(coming=too_many(MONDAY))


async def test_the_desk_is_told_of_a_window_once_and_of_a_later_one_again(around: Around) -> None:
    """Days ahead, and not every half hour; another day that is too full is news."""
    for _ in range(3):
        await around.looks_again()
    assert (around.looks, len(around.mails)) == (3, 1)
    around.coming += too_many(MONDAY + timedelta(days=3))
    await around.looks_again()
    assert around.mails == ["100 passes cannot be ready in time"] * 2


async def test_a_mail_that_did_not_go_out_is_tried_again(around: Around) -> None:
    """Exchange is down for half an hour: the desk hears of it in the next."""
    around.down = True
    await around.looks_again()
    around.down = False
    await around.looks_again()
    assert len(around.mails) == 1


async def test_nothing_is_mailed_while_observing_and_nothing_looked_at_twice(around: Around) -> None:
    """The forecast stands in the row all the same; within the half hour nobody looks again."""
    await around.looks_again(Mode.OBSERVE)
    assert around.mails == []
    assert around.row is not None
    assert '"passes": 1300' in around.row["forecast"]
    around.time -= timedelta(minutes=1)
    looked = around.looks
    around.time -= EVERY
    await around.looks_again()
    assert around.looks == looked
