"""What the timer does: releases due work, looks ahead, counts, and tells desks who starts next."""

from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.onboarding.sweeping.crowds import Crowds
    from shared.onboarding.sweeping.daily import Daily
    from shared.onboarding.sweeping.digest import Digest, Digested
    from shared.onboarding.sweeping.sweep import Sweep


@dataclass(frozen=True)
class Sweeping:
    """Each in its turn, once a minute or once a day."""

    ground: Ground

    @cached_property
    def sweep(self) -> "Sweep":
        """Releases due work."""
        from shared.onboarding.sweeping.poison import Poison
        from shared.onboarding.sweeping.sweep import Sweep

        ground, storage = self.ground, self.ground.storage
        return Sweep(ground.releasing, Poison(ground.context, storage.queues), storage.cells)

    @cached_property
    def crowds(self) -> "Crowds":
        """Brings forward what a wave needs, and forecasts."""
        from shared.onboarding.sweeping.crowds import Crowds, Warned

        here, storage = self.ground.here, self.ground.storage
        settings, mailer = here.settings, self.ground.channels.mailer
        warned = Warned(mailer, settings.desk_mail, settings.default_timezone, settings.mode)
        rate = settings.pass_requests_per_10_seconds
        return Crowds(storage.onboardings, storage.cells, here.clock, warned, rate)

    @cached_property
    def daily(self) -> "Daily":
        """Counts and cleans up once a day."""
        from shared.onboarding.records.resting import Resting
        from shared.onboarding.strays import Strays
        from shared.onboarding.sweeping.daily import Daily

        here, storage = self.ground.here, self.ground.storage
        kept = timedelta(days=here.settings.retention_days)
        resting = Resting(storage.records, storage.deliveries, tuple(here.settings.sources), kept)
        strays = Strays(storage.census, storage.people)
        return Daily(storage.census, (resting, strays), storage.cells, here.clock)

    @cached_property
    def digest(self) -> "Digest":
        """Tells the desks who starts next."""
        from shared.onboarding.sweeping.digest import Digest

        ground, storage = self.ground, self.ground.storage
        return Digest(ground.context, storage.cells, storage.leases, ground.channels.mailer, self._digested)

    @property
    def _digested(self) -> "tuple[Digested, ...]":
        """Who hears of the next starters; nobody where settings say never."""
        from shared.handover.mails.starters import Desk
        from shared.onboarding.sweeping.digest import Digested, desks_of
        from shared.planning.digest import Hours
        from shared.planning.workdays import MONDAY_TO_FRIDAY

        settings = self.ground.here.settings
        if settings.digest_at == "never":
            return ()
        at = time.fromisoformat(settings.digest_at)
        hours = Hours(settings.default_timezone, lambda _: MONDAY_TO_FRIDAY, at)
        own = {
            name: Digested(Desk(site.desk_mail, site.timezone), Hours(site.timezone, site.work_week, at), None)
            for name, site in settings.sites.items()
            if site.desk_mail
        }
        return desks_of(Digested(Desk(settings.desk_mail, settings.default_timezone), hours, None), own)
