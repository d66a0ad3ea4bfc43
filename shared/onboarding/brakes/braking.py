"""The brakes beside the authority of an account: what a source announces beyond its limits waits for a person.

A signed event is not a trusted order. Two hundred hires in an hour from a source that sends ten a day, or a start that
suddenly says today, is how a stolen secret looks. Nothing of it is dropped: the onboarding is stored, held back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.onboarding.brakes import holding
from shared.onboarding.brakes.counting import Counting, Met
from shared.onboarding.brakes.holding import Announced
from shared.onboarding.events.admission import Calendar, Effect
from shared.onboarding.model import Onboarding
from shared.onboarding.registry import Registry


@dataclass(frozen=True, slots=True)
class Braking:
    """Holds back. `sources`: all that settings name, for one person may be told of by several."""

    registry: Registry
    counting: Counting
    calendar: Calendar
    sources: tuple[str, ...]

    def of_one(self, source: str) -> "OfOne":
        """Begin with one event of a source: however often its effect has to be decided, it is counted once."""
        return OfOne(self, source)


class OfOne:
    """The brakes for one event."""

    def __init__(self, braking: Braking, source: str) -> None:
        self._braking = braking
        self._source = source
        self._met: Met | None = None

    async def hold(self, effect: Effect, newest: Onboarding | None, now: datetime) -> Effect:
        """Return the effect with the row held back, if it has to be. `newest`: what the source said of the person last.

        Raises:
            StorageUnavailableError: not known to be counted.
        """
        before = None if effect.fresh else newest
        announced = Announced(before, effect.row, self._braking.calendar.knows(effect.row.hire.site))
        if not announced.leads_on:
            return effect
        met = await self._count(announced, newest, now)
        return replace(effect, row=holding.braked(announced, met.reasons, now, quiet=met.quiet))

    async def _count(self, announced: Announced, newest: Onboarding | None, now: datetime) -> Met:
        counting = self._braking.counting
        if self._met is None and announced.counts:
            known = await self._known(announced, newest, now)
            self._met = await counting.count(self._source, holding.coming(announced, known, now), now)
        if self._met is not None:
            return self._met
        may_be_held = announced.after.hold is not None or not announced.site_known
        return Met((), quiet=may_be_held and await counting.is_quiet(self._source, now))

    async def _known(self, announced: Announced, newest: Onboarding | None, now: datetime) -> Iterable[Onboarding]:
        """Return what had begun for this person: all of it, of every source, where it would begin today.

        The newest alone says nothing where it was called off, or names a start that cannot be.
        """
        known = [newest] if newest is not None else []
        if holding.begins_today(announced.after, now):
            number = announced.after.hire.external_id
            for source in self._braking.sources:
                known += await self._braking.registry.of_number(source, number)
        return known
