"""Erasing what is personal: by itself a while after the end, and at once where a person has asked for it.

What stays is the audit, in which people stand by random ids, and the hashes of events, so that a repeated delivery
brings nobody back. Each step may be cut off anywhere and done again.
"""

from collections.abc import Callable

from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.deliveries.store import DeliveryStore
from shared.onboarding.errors import UnknownPersonError
from shared.onboarding.model import Onboarding
from shared.onboarding.records.store import RecordStore
from shared.onboarding.registry import Registry
from shared.onboarding.requests.asking import AD_HOC
from shared.onboarding.statuses import Step
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock


class Erasing:
    """Takes requests to erase, and does the two steps that erase."""

    def __init__(self, registry: Registry, records: RecordStore, kept: DeliveryStore, clock: Clock) -> None:
        self._store = registry.store
        self._people = registry.people
        self._hints = registry.hints
        self._records = records
        self._deliveries = kept
        self._clock = clock

    async def request(self, source: str, external_id: str, by: str) -> list[Onboarding]:
        """Have everything about a person erased; what lives is revoked first. `by` is the caller's object id.

        With the source `ad-hoc` the external id is the account's object id. Again before it is done: nothing more.

        Returns:
            The onboardings that were found, as they stand now.

        Raises:
            UnknownPersonError: none was found, or all are erased.
        """
        rows = await self._rows(source, external_id)
        if not rows:
            raise UnknownPersonError
        asked = [await self._ask(row.id, by) for row in rows]
        return [row for row in asked if row is not None]

    async def run(self, row: Onboarding) -> None:
        """Do what is next: erase, and a while later forget who is who in the audit."""
        await (self._forget_people(row) if row.erased else self._erase(row))

    async def _erase(self, row: Onboarding) -> None:
        """Erase what is personal in a row, and what leads from the person to it, first."""
        await self._people.forget(row.source, row.hire.external_id, row.id)
        # The records last: they tell by which other name deliveries have named the person.
        records = await self._records.of_person(row.source, row.hire.external_id)
        await self._deliveries.forget(row.source, (row.hire.external_id, *records))
        await self._records.forget(row.source, row.hire.external_id)
        if row.subject is not None:
            await self._people.forget_account(row.subject.id, row.id)
        await self._end(row, Step.ERASE, Did.PERSONAL_DATA_ERASED, lifecycle.erased)

    async def _forget_people(self, row: Onboarding) -> None:
        """Delete who is who in the audit."""
        await self._store.trail.forget_people(row.id)
        await self._end(row, Step.FORGET_PEOPLE, Did.PEOPLE_FORGOTTEN, lifecycle.people_forgotten)

    async def _rows(self, source: str, external_id: str) -> list[Onboarding]:
        """Find all there is of a person: of this source, then of the accounts that these have found."""
        ids = await self._people.onboardings(source, external_id)
        if source == AD_HOC:
            ids += await self._people.onboardings_of_account(external_id)
        rows = await self._kept(ids)
        for account in {row.subject.id for row in rows if row.subject is not None}:
            ids += await self._people.onboardings_of_account(account)
        return await self._kept(tuple(dict.fromkeys(ids)))

    async def _kept(self, ids: tuple[str, ...]) -> list[Onboarding]:
        found = [await self._store.read(onboarding) for onboarding in ids]
        return [kept.row for kept in found if kept is not None and not kept.row.erased]

    async def _ask(self, onboarding: str, by: str) -> Onboarding | None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            if fresh.erased or fresh.erase_for:
                return None
            asked = lifecycle.erasure_asked(fresh, by, now)
            return Change(asked, Audit(Did.ERASURE_ASKED, now, caller=by))

        row = await self._store.update(onboarding, decide)
        if row is not None:
            await self._hints.send_if_due(row, now)
        return row

    async def _end(self, row: Onboarding, step: Step, did: Did, change: Callable[[Onboarding], Onboarding]) -> None:
        now = self._clock.now()

        def decide(fresh: Onboarding) -> Change | None:
            return Change(change(fresh), Audit(did, now)) if schedule.is_due(fresh, step, now) else None

        await self._store.update(row.id, decide)
