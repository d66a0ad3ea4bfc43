"""What is left to do after the window: end, forget, learn of the use, erase. Each is done where its subject is."""

from collections.abc import Callable

from shared.handover.tell import Telling
from shared.onboarding import lifecycle, schedule
from shared.onboarding.erasing import Erasing
from shared.onboarding.model import Onboarding, Step
from shared.onboarding.record import Audit, Did
from shared.onboarding.store import Change
from shared.onboarding.waiting import StepContext
from shared.onboarding.watching import Watching
from shared.passes.holdings import Holdings


class Tidying:
    """Does the steps of the queue `tidy-up`."""

    def __init__(
        self, context: StepContext, holdings: Holdings, telling: Telling, watching: Watching, erasing: Erasing
    ) -> None:
        self._store = context.store
        self._clock = context.clock
        self._holdings = holdings
        self._telling = telling
        self._watching = watching
        self._erasing = erasing

    async def run(self, onboarding: str) -> None:
        """Do whichever of them is due for this onboarding; nothing where none is."""
        kept = await self._store.read(onboarding)
        now = self._clock.now()
        if kept is None or kept.row.due is None or kept.row.due.at > now:
            return
        match kept.row.due.step:
            case Step.REVOKE:
                await self._holdings.revoke(kept.row, kept.slots)
            case Step.VERIFY:
                await self._holdings.verify(kept.row, kept.slots)
            case Step.TELL:
                await self._telling.tell(kept.row)
            case Step.TELL_MOVE:
                await self._telling.tell_move(kept.row)
            case Step.CHECK_USE | Step.CHECK_METHODS as step:
                await self._watching.run(step)
            case Step.EXPIRE:
                await self._end(onboarding, Step.EXPIRE, Did.ENDED, lambda row: lifecycle.expired(row, now))
            case Step.FORGET:
                await self._end(
                    onboarding, Step.FORGET, Did.SEALED_PASS_ERASED, lambda row: lifecycle.handed_over(row, now)
                )
            case Step.ERASE | Step.FORGET_PEOPLE:
                await self._erasing.run(kept.row)
            case _:
                return

    async def _end(self, onboarding: str, step: Step, did: Did, change: Callable[[Onboarding], Onboarding]) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, step, now):
                return None
            return Change(change(fresh), Audit(did, now))

        await self._store.update(onboarding, decide)
