"""Which onboardings an account has, and which of them goes first: what `precedence` decides, read from storage."""

from shared.onboarding.eligibility import precedence
from shared.onboarding.model import Onboarding
from shared.onboarding.registry import Registry
from shared.runtime.clock import Clock


class Order:
    """Looks up the onboardings of one account. `sources` are the HR systems that settings name."""

    def __init__(self, registry: Registry, clock: Clock, sources: tuple[str, ...]) -> None:
        self._registry = registry
        self._clock = clock
        self._sources = sources

    async def first(self, row: Onboarding, user_id: str) -> Onboarding | None:
        """Return the onboarding of this account for which `row` has to wait; None for none."""
        named = await self._registry.of_account(user_id, row)
        same = [one for one in named if one.id == row.id or (one.subject is not None and one.subject.id == user_id)]
        return precedence.goes_first(row, same, self._clock.now())

    async def on_its_way(self, user_id: str, number: str | None) -> Onboarding | None:
        """Return what is on its way for this person already, even if its account was not looked for yet.

        Such a one is found by the employee number that Entra holds for the account.
        """
        named = [one for one in await self._registry.of_account(user_id) if one.subject and one.subject.id == user_id]
        for source in self._sources if number else ():
            planned = await self._registry.of_number(source, number or "")
            named += [one for one in planned if one.subject is None]
        return precedence.on_its_way(named, self._clock.now())
