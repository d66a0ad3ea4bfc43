"""What may happen in a random life: each a value that can be told in a sentence, and done to a world."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status
from shared.sources.delivery import Delivery
from shared.sources.hire import EventKind, HireData, HireEvent
from tests.model.world import BY_LINK_AND_CODE, HOME_MAIL, World

MOST_STEPS = 14


class Step(Protocol):
    """Something that happens."""

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        ...

    def act(self, world: World) -> None:
        """Let it happen."""
        ...


@dataclass(frozen=True, slots=True)
class Posts:
    """HR posts an event; without an answer, once more. `back`: minutes by which the event is older than now."""

    who: str
    kind: EventKind
    days: int
    hour: str | None
    back: int

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        older = f", as of {self.back} minutes ago" if self.back else ""
        return f"HR posts {self.kind} for {self.who}, starting in {self.days} days at {self.hour or 'nine'}{older}."

    def act(self, world: World) -> None:
        """Let it happen."""
        start = (world.now + timedelta(days=self.days)).date()
        hire = HireData(
            external_id=f"LK-{self.who}",
            display_name=self.who,
            start_date=date.isoformat(start),
            start_time=self.hour,
            user_name=f"{self.who.lower()}@larkspur.example",
            home_mail=HOME_MAIL if self.who == BY_LINK_AND_CODE else None,
        )
        event = HireEvent(self.kind, world.now - timedelta(minutes=self.back), hire)
        posted = world.memory.posted
        posted.append(Delivery(f"event {len(posted)}", "acme", event, "a"))
        _post(world, posted[-1])


@dataclass(frozen=True, slots=True)
class PostsAgain:
    """HR posts its last event once more, under the same id."""

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return "HR posts its last event again."

    def act(self, world: World) -> None:
        """Let it happen."""
        for last in world.memory.posted[-1:]:
            _post(world, last)


@dataclass(frozen=True, slots=True)
class Waits:
    """Time goes by; None: until the next thing is due. Then the sweep runs."""

    minutes: int | None

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"{self.minutes} minutes go by." if self.minutes else "Time goes by until the next thing is due."

    def act(self, world: World) -> None:
        """Let it happen."""
        due = world.next_due()
        until_due = due - world.now + timedelta(seconds=1) if due else timedelta(0)
        world.wait(timedelta(minutes=self.minutes) if self.minutes else max(until_due, timedelta(0)))


class Point(StrEnum):
    """A place on the way of a hire."""

    LINK_OUT = "the link is out"
    ASKED_FOR = "Graph has been asked for the pass"
    MADE = "the pass is made"
    OPEN = "the window opens"
    OVER = "it is over"

    def is_reached(self, row: Onboarding, world: World) -> bool:
        """Tell whether an onboarding has come so far; one that is over has come past all of them."""
        made = row.status in {Status.ISSUED, Status.OPENED}
        match self:
            case Point.LINK_OUT:
                reached = row.delivery is not None and row.delivery.mailed_at is not None
            case Point.ASKED_FOR:
                reached = made or bool(row.attempts)
            case Point.MADE:
                reached = made
            case Point.OPEN:
                reached = made and row.plan is not None and world.now >= row.plan.opens
            case Point.OVER:
                reached = False
        return reached or row.ended_at is not None


@dataclass(frozen=True, slots=True)
class GoesOn:
    """Time goes by from one due time to the next, until a hire has come somewhere."""

    who: str
    point: Point

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"Time goes by until for {self.who} {self.point}."

    def act(self, world: World) -> None:
        """Let it happen."""
        for _ in range(MOST_STEPS):
            rows = world.rows_of(self.who)
            if not rows or self.point.is_reached(rows[-1], world):
                return
            if self.point is Point.OPEN and Point.MADE.is_reached(rows[-1], world) and rows[-1].plan is not None:
                world.wait(max(rows[-1].plan.opens - world.now, timedelta(0)))
            else:
                Waits(None).act(world)


def _post(world: World, delivery: Delivery) -> None:
    """Post an event; where there is no answer, the HR system posts it again."""
    hire = delivery.event.hire.display_name
    if delivery.event.kind is EventKind.CANCELLED:
        for row in world.rows_of(hire):
            if row.request is None:
                world.memory.taken_back(row.id)
    world.memory.too_late |= {(delivery.event_id, row.id) for row in world.rows_of(hire) if row.ended_at is not None}
    for _ in range(3):
        outcome = world.do(world.app.hr.intake.take(delivery))
        if outcome is not None:
            world.memory.taken[hire].append(delivery)
            return
