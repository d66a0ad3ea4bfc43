"""Keeping the time of a slot, by workers that share one budget: in time, too late, too early, and during a pause."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.passes.budget import LONGEST_WAIT, Budget, SlotMissedError
from shared.planning.slots import DEFAULT_RATE, TOLERANCE, spacing
from shared.runtime.leases import Cells
from tests.model.storage import Table
from tests.model.time_loop import TimeLoop
from tests.model.wire import Wire
from tests.shared.onboarding.rows import NOW

LATE = timedelta(minutes=10)
GRAPHS_WINDOW = timedelta(seconds=10)


class Workers:
    """Workers that share one budget in memory; time passes by being waited for."""

    def __init__(self) -> None:
        self.loop = TimeLoop(NOW)
        cells = Cells(Table(Wire()))  # type: ignore[arg-type] # as the product uses tables
        self.budget = Budget(cells, self.loop, DEFAULT_RATE)

    def close(self) -> None:
        """End their time."""
        self.loop.close()

    def do[T](self, work: Callable[[Budget], Awaitable[T]]) -> T:
        """Have something done, and let the time go by that it takes."""

        async def done() -> T:
            return await work(self.budget)

        return self.loop.run_until_complete(done())

    def swept(self, *wanted: int) -> list[tuple[datetime, ...]]:
        """Take slots as the sweep does."""
        return self.do(lambda budget: budget.take(wanted, self.loop.now() + timedelta(minutes=1)))

    def reaches(self, *slots: datetime) -> list[datetime]:
        """Tell when each of those who come at once with these slots may ask; whoever may not is left out."""

        async def reached(budget: Budget, slot: datetime) -> datetime:
            await budget.reach(slot)
            return self.loop.now()

        async def all_reach(budget: Budget) -> list[datetime | BaseException]:
            return await asyncio.gather(*(reached(budget, slot) for slot in slots), return_exceptions=True)

        told = self.do(all_reach)
        assert all(isinstance(one, datetime | SlotMissedError) for one in told)
        return sorted(one for one in told if isinstance(one, datetime))

    def next_free(self) -> datetime:
        """Take the next slot of any share, so as to see which one it is."""
        (slot,) = self.do(lambda budget: budget.take_at_once(1))
        return slot


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Give workers at the beginning of their time."""
    with closing(Workers()) as at_work:
        yield at_work


def test_whoever_comes_in_time_asks_in_his_own_slot(workers: Workers) -> None:
    """The slot is waited for, and used within its tolerance; no other is taken for it."""
    ((first, second),) = workers.swept(2)
    (asked,) = workers.reaches(first)
    assert first <= asked <= first + TOLERANCE
    assert second not in workers.reaches(first)
    assert workers.next_free() > second


def test_whoever_comes_ten_minutes_late_asks_in_the_next_free_slot(workers: Workers) -> None:
    """A hint whose worker died comes back after ten minutes: nobody else need sweep before it is of use."""
    ((first, second),) = workers.swept(2)
    workers.loop.skip_to(NOW + LATE)
    asked = workers.reaches(first) + workers.reaches(second)
    assert len(asked) == 2
    assert asked[1] <= NOW + LATE + 2 * spacing(DEFAULT_RATE) + TOLERANCE


@given(st.integers(1, 12))
def test_those_who_come_late_together_keep_graphs_limit(comers: int) -> None:
    """Each has a slot of his own, as far as there are some in the time that one may wait; the others come again."""
    with closing(Workers()) as workers:
        slots = [slot for (slot,) in workers.swept(*[1] * comers)]
        workers.loop.skip_to(NOW + LATE)
        asked = workers.reaches(*slots)
    assert len(asked) >= min(comers, DEFAULT_RATE)
    assert all(later - one > GRAPHS_WINDOW for one, later in zip(asked, asked[DEFAULT_RATE:], strict=False))
    assert asked[-1] <= NOW + LATE + LONGEST_WAIT + TOLERANCE


def test_whoever_comes_too_early_leaves_the_slot_to_the_hint_that_belongs_to_it(workers: Workers) -> None:
    """A doubled hint may be read at once: it takes no slot, for its own is still to come."""
    *_, (own,) = workers.swept(*[1] * 8)
    before = workers.loop.now()
    assert own - before > LONGEST_WAIT
    assert workers.reaches(own) == []
    assert workers.loop.now() == before


@pytest.mark.parametrize("pause", [8.0, 60.0])
def test_during_a_pause_nobody_takes_another_slot(workers: Workers, pause: float) -> None:
    """The first one after it is left to whom the sweep gives it: those who waited would ask all at once."""
    slots = [slot for (slot,) in workers.swept(*[1] * 4)]
    pause_ends = NOW + timedelta(seconds=pause)
    workers.do(lambda budget: budget.throttled(pause))
    in_pause = [slot for slot in slots if slot < pause_ends]
    assert workers.reaches(*in_pause) == []
    assert workers.loop.now() < pause_ends


def test_a_slot_after_the_pause_keeps_its_time(workers: Workers) -> None:
    """What was taken before is used where it lies late enough."""
    *_, (last,) = workers.swept(*[1] * 3)
    workers.do(lambda budget: budget.throttled((last - NOW).total_seconds() - 1))
    (asked,) = workers.reaches(last)
    assert last <= asked <= last + TOLERANCE
