"""The emergency brake: end, at one stroke, every onboarding that may still have a live link or pass of ours.

Each is ended by the same transition as a single revoke: the link is dead with the write, and the deletion of the pass
is due at once. Storage alone is touched, so that this works while the app is stopped.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.requests.reissue import LONGEST_WINDOW, may_be_reissued
from shared.onboarding.statuses import Status
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change
from shared.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class Reach:
    """Which onboardings are meant: of one `source` or of all; begun, mailed or given a pass at `since` or later.

    `planned`: those too that have neither link nor pass yet.
    """

    source: str | None = None
    since: datetime | None = None
    planned: bool = False

    def covers(self, row: Onboarding) -> bool:
        """Tell whether an onboarding is meant."""
        right_source = self.source in {None, row.source}
        return right_source and (self.since is None or any(at >= self.since for at in _moments(row)))


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in storage: what is to be ended, soonest first; what has ended and is not deleted yet.

    `unreadable`: ids of rows that this version of the app cannot read.
    """

    to_revoke: tuple[Onboarding, ...]
    to_delete: tuple[Onboarding, ...]
    unreadable: tuple[str, ...]


class Incident:
    """Surveys and revokes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def survey(self, reach: Reach) -> Survey:
        """Look at every onboarding that has not come to its end.

        Raises:
            StorageUnavailableError
        """
        return await _sorted_out(self._store.unfinished(), reach, self._clock.now())

    async def revoke(self, onboarding: str, reach: Reach, by: str) -> Onboarding | None:
        """End one onboarding; nothing where it has ended meanwhile. `by` is the object id of who orders it.

        Raises:
            StorageUnavailableError: not known to be written; a second call settles it.
        """
        now = self._clock.now()

        def decide(row: Onboarding) -> Change | None:
            if not may_live(row, reach, now):
                return None
            return Change(lifecycle.revoked_by_person(row, now), Audit(Did.REVOKED, now, caller=by))

        return await self._store.update(onboarding, decide)

    async def standing(self, onboardings: Iterable[str]) -> tuple[Onboarding, ...]:
        """Return those of these whose pass is not known to be deleted yet."""
        kept = [await self._store.read(onboarding) for onboarding in onboardings]
        return tuple(one.row for one in kept if one is not None and one.row.doomed)


def may_live(row: Onboarding, reach: Reach, now: datetime) -> bool:
    """Tell whether a link or a pass of this onboarding may be live, or may yet come to be.

    A failed one counts: put back to work, its link would be right again. So does a used one: its pass still opens the
    account until its hours are over. So does an uncollected one, for days: its link makes a fresh pass.
    """
    if row.ended_at is not None and row.status is not Status.FAILED:
        pass_lives = row.issued is not None and row.issued.valid_until > now and not row.doomed
        return pass_lives or may_be_reissued(row, now, LONGEST_WINDOW)
    has_link = row.delivery is not None and bool(row.delivery.public_key)
    return has_link or row.issued is not None or bool(row.attempts) or reach.planned


async def _sorted_out(rows: AsyncIterator[tuple[str, Onboarding | None]], reach: Reach, now: datetime) -> Survey:
    to_revoke: list[Onboarding] = []
    to_delete: list[Onboarding] = []
    unreadable: list[str] = []
    async for onboarding, row in rows:
        if row is None:
            unreadable.append(onboarding)
        elif reach.covers(row) and may_live(row, reach, now):
            to_revoke.append(row)
        elif reach.covers(row) and row.doomed:
            to_delete.append(row)
    return Survey(tuple(sorted(to_revoke, key=usable_from)), tuple(to_delete), tuple(unreadable))


def usable_from(row: Onboarding) -> datetime:
    """Tell from when somebody could sign in with a pass of this onboarding."""
    if row.issued is not None:
        return row.issued.valid_from
    return row.plan.valid_from if row.plan is not None else row.created


def _moments(row: Onboarding) -> list[datetime]:
    made = [row.delivery.made_at] if row.delivery else []
    return [row.created, *made, *([row.issued.made_at] if row.issued else []), *(a.begun for a in row.attempts)]
