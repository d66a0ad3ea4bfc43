"""Once a day, by whichever instance is first: totals, a digest of the audit, and what nobody needs any more is dropped.

The digest goes into telemetry, where whoever can rewrite storage does not reach: `tools.verify_audit` computes it anew.

A first connection that sends the whole workforce is thousands of events without effect: they show as one number.
"""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from shared.onboarding.audit.census import Census
from shared.onboarding.audit.hash_chain import digest
from shared.onboarding.codec import stamp
from shared.runtime.clock import Clock
from shared.runtime.errors import ConflictError
from shared.runtime.leases import Cells

log = logging.getLogger("day_one_pass")

KIND, NAME = "sweep", "totals"
EVENTS_KEPT = timedelta(days=90)
A_DAY = timedelta(days=1)
AGAIN = timedelta(minutes=30)
"""After this, whoever has begun and not ended is taken for dead, and another begins anew."""
SETTLED = timedelta(minutes=10)
"""A transition is stored well within this of the time in its record: the heads of then do not change any more."""


class Clears(Protocol):
    """Drops what nobody needs any more."""

    async def drop(self, now: datetime, /) -> None:
        """Drop it."""
        ...


class Daily:
    """The daily pass over everything stored."""

    def __init__(self, census: Census, clearing: Sequence[Clears], cells: Cells, clock: Clock) -> None:
        self._census = census
        self._clearing = clearing
        self._cells = cells
        self._clock = clock

    async def run_if_due(self) -> None:
        """Clean up, say what all audits are and count, if that was not done yet today (UTC) and nobody is at it.

        Cut off, all of it is done again after `AGAIN`: the digest may come twice in a day.
        """
        now = self._clock.now()
        known = await self._cells.read(KIND, NAME)
        if known is not None and (known["day"] == now.date().isoformat() or now < _begun_until(known)):
            return
        try:
            await self._cells.swap(KIND, NAME, known, {"day": "", **_held(known), "until": (now + AGAIN).isoformat()})
        except ConflictError:
            return
        totals = await self._count(now)
        dropped = await self._census.drop_events(now - EVENTS_KEPT)
        for one in self._clearing:
            await one.drop(now)
        await self._log_digest(now - SETTLED)
        log.info("daily totals %s; %d old event records dropped", json.dumps(totals), dropped)
        await self._cells.put(
            KIND, NAME, {"day": now.date().isoformat(), "at": now.isoformat(), "totals": json.dumps(totals)}
        )

    async def _log_digest(self, instant: datetime) -> None:
        """Say once a day what all audits were, as `tools.verify_audit` can be asked to find it."""
        chains = {name: chain for name, chain in (await self._census.chains(instant)).items() if chain.length}
        seen = {"asOf": stamp(instant), "onboardings": len(chains), "digest": digest(chains)}
        log.info("audit digest %s", json.dumps(seen), extra=seen)

    async def _count(self, now: datetime) -> dict[str, dict[str, int]]:
        statuses, devices = await self._census.count_rows()
        without_effect: Counter[str] = Counter()
        async for source, outcome in self._census.events_without_effect(now - A_DAY):
            without_effect[f"{source}: {outcome}"] += 1
        return {
            "status": dict(statuses),
            "webSignIn": dict(devices),
            "eventsWithoutEffectInADay": dict(without_effect),
        }


def _held(known: Any) -> dict[str, str]:
    return {key: known[key] for key in ("day", "at", "totals") if known is not None and key in known}


def _begun_until(known: Any) -> datetime:
    """Return until when whoever has begun has the pass to himself; the beginning of time where nobody has."""
    return datetime.fromisoformat(known["until"]) if "until" in known else datetime.min.replace(tzinfo=UTC)
