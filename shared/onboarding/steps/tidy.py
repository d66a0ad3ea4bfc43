"""What is left to do after the window: end, forget, learn of the use, erase. Each is done where its subject is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.handover.sending.tell import Telling
from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.erasing import Erasing
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.brakes.telling import TellingHolds
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Step
from shared.onboarding.steps.waiting import StepContext
from shared.onboarding.steps.watching import Watching
from shared.onboarding.sweeping.hints import Hints
from shared.onboarding.transaction import Change, Kept
from shared.passes.holdings import Holdings
from shared.passes.review import Reviewing

ENDS: Mapping[Step, tuple[Did, Callable[[Onboarding, datetime], Onboarding]]] = {
    Step.EXPIRE: (Did.ENDED, lifecycle.expired),
    Step.FORGET: (Did.SEALED_PASS_ERASED, lifecycle.handed_over),
}
"""Steps that ask nobody: what is done, and what it leaves of the row."""

NEWS_FOLLOWS = frozenset({Step.REVOKE, Step.EXPIRE})
"""Steps that end an onboarding of which people hear next: not a minute later, with the sweep, but at once."""


@dataclass(frozen=True, slots=True)
class Doers:
    """Who does which of them."""

    holdings: Holdings
    reviewing: Reviewing
    telling: Telling
    holds: TellingHolds
    watching: Watching
    erasing: Erasing


class Tidying:
    """Does the steps of the queue `tidy-up`."""

    def __init__(self, context: StepContext, doers: Doers, hints: Hints) -> None:
        self._store = context.store
        self._clock = context.clock
        self._doers = doers
        self._hints = hints

    async def run(self, onboarding: str) -> None:
        """Do whichever of them is due for this onboarding; nothing where none is."""
        kept = await self._store.read(onboarding)
        if kept is None or kept.row.due is None or kept.row.due.at > self._clock.now():
            return
        await self._do(kept, kept.row.due.step)
        if kept.row.due.step in NEWS_FOLLOWS:
            await self._go_on(kept.row)

    async def _go_on(self, before: Onboarding) -> None:
        """Hint at what is due by what was just done; where nothing was done, the sweep hints again in its time."""
        kept = await self._store.read(before.id)
        if kept is not None and kept.row.version > before.version:
            await self._hints.send_if_due(kept.row, self._clock.now())

    async def _do(self, kept: Kept, due: Step) -> None:
        do = self._doers
        match due:
            case Step.REVOKE:
                await do.holdings.revoke(kept.row, kept.slots)
            case Step.VERIFY:
                await do.holdings.verify(kept.row, kept.slots)
            case Step.REVIEW:
                await do.reviewing.review(kept.row)
            case Step.TELL | Step.REMIND:
                await do.telling.tell(kept.row)
            case Step.TELL_MOVE:
                await do.telling.tell_move(kept.row)
            case Step.TELL_HOLD:
                await do.holds.tell(kept.row)
            case Step.CHECK_USE | Step.CHECK_METHODS as step:
                await do.watching.run(step)
            case Step.ERASE | Step.FORGET_PEOPLE:
                await do.erasing.run(kept.row)
            case step if step in ENDS:
                await self._end(kept.row.id, step)
            case _:
                return

    async def _end(self, onboarding: str, step: Step) -> None:
        now = self._clock.now()
        did, change = ENDS[step]

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, step, now):
                return None
            return Change(change(fresh, now), Audit(did, now))

        await self._store.update(onboarding, decide)
