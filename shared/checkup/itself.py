"""What the app tells of itself, read where it runs."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.checkup.facts import AppFacts, SweepSeen
from shared.checkup.gathering import attempt
from shared.onboarding.sweeping.health import HealthReport
from shared.onboarding.sweeping.hints import QUEUES
from shared.runtime.settings.model import Settings
from shared.runtime.storage import Queues, Tables
from shared.sources.proof import REFERENCE, Secret

LEAST_BYTES = 24
LEAST_DIFFERENT = 12


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the app keeps what it knows."""

    tables: Tables
    queues: Queues


class Itself:
    """Reads it."""

    def __init__(
        self, health: HealthReport, storage: Storage, settings: Settings, environ: Mapping[str, str], *, guarded: bool
    ) -> None:
        """Take the sweep's report, storage, the settings, and whether the platform says that people have to sign in."""
        self._health = health
        self._storage = storage
        self._settings = settings
        self._environ = environ
        self._guarded = guarded

    async def read(self) -> AppFacts:
        """Read it. Never raises for what could not be read."""
        sweep, missing, skew = await asyncio.gather(
            attempt(self._sweep()),
            attempt(self._storage.queues.missing((*QUEUES, *(f"{name}-poison" for name in QUEUES)))),
            attempt(self._storage.tables.clock_skew()),
        )
        return AppFacts(
            sweep=sweep,
            missing_queues=missing,
            skew=skew,
            unresolved=tuple(sorted(name for name, value in self._environ.items() if value.startswith(REFERENCE))),
            weak_secrets=tuple(self._weak()),
            sources=len(self._settings.sources),
        )

    async def door_is_closed(self) -> bool:
        """Tell whether the platform keeps strangers out."""
        return self._guarded

    async def _sweep(self) -> SweepSeen:
        seen = await self._health.read()
        return SweepSeen(seen.alive, int(seen.details.get("overdue", 0)), int(seen.details.get("poisoned", 0)))

    def _weak(self) -> Iterator[str]:
        for name, source in self._settings.sources.items():
            for secret in source.secrets:
                if is_weak(secret):
                    yield f"{name}, {secret.name}"


def is_weak(secret: Secret) -> bool:
    """Tell whether a secret is short, or has so few different bytes that it was no random one."""
    return len(secret.key) < LEAST_BYTES or len(set(secret.key)) < LEAST_DIFFERENT
