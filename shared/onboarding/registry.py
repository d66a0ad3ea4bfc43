"""Where onboardings are kept, found by person, and announced: what every doorway that writes one works with."""

from dataclasses import dataclass

from shared.onboarding.model import Onboarding
from shared.onboarding.people import People
from shared.onboarding.store import Store
from shared.onboarding.sweeping.hints import Hints


@dataclass(frozen=True, slots=True)
class Registry:
    """Rows, the people they belong to, and the hints about them."""

    store: Store
    people: People
    hints: Hints

    async def of_account(self, user_id: str, *in_hand: Onboarding) -> tuple[Onboarding, ...]:
        """Return the onboardings of an Entra account, in the order in which they found it.

        `in_hand`: rows that the caller has read already; they are not read again.
        """
        return await self._read(await self.people.onboardings_of_account(user_id), *in_hand)

    async def of_number(self, source: str, number: str) -> tuple[Onboarding, ...]:
        """Return the onboardings that a source has begun for a person by this employee number, oldest first."""
        return await self._read(await self.people.onboardings(source, number))

    async def _read(self, ids: tuple[str, ...], *in_hand: Onboarding) -> tuple[Onboarding, ...]:
        known = {row.id: row for row in in_hand}
        rows = [known.get(onboarding) or await self._row(onboarding) for onboarding in ids]
        return tuple(row for row in rows if row is not None)

    async def _row(self, onboarding: str) -> Onboarding | None:
        kept = await self.store.read(onboarding)
        return kept.row if kept is not None else None
