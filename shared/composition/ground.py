"""What all rooms stand on: storage, the tenant, channels, and the onboardings themselves."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.channels import Channels
from shared.composition.storage import Storage
from shared.composition.surroundings import Surroundings
from shared.composition.tenant import Tenant

if TYPE_CHECKING:
    from shared.onboarding.brakes.counting import Counting
    from shared.onboarding.events.admission import Calendar
    from shared.onboarding.registry import Registry
    from shared.onboarding.steps.waiting import StepContext
    from shared.onboarding.sweeping.hints import Hints
    from shared.onboarding.sweeping.releasing import Releasing
    from shared.passes.budget import Budget


@dataclass(frozen=True)
class Ground:
    """What more than one room works with."""

    here: Surroundings
    storage: Storage
    tenant: Tenant
    channels: Channels

    @property
    def reissue_window(self) -> timedelta:
        """How long after its hours a pass may be made anew by whoever collects it."""
        return timedelta(days=self.here.settings.reissue_days)

    @cached_property
    def calendar(self) -> "Calendar":
        """Plans a hire by the hours and days of his site."""
        from shared.onboarding.events.admission import Calendar
        from shared.planning.plan import Wishes
        from shared.planning.start import SiteHours
        from shared.planning.workdays import MONDAY_TO_FRIDAY, WorkWeek

        settings = self.here.settings

        def work_week(site: str | None, year: int) -> WorkWeek:
            return settings.sites[site].work_week(year) if site else MONDAY_TO_FRIDAY

        sites = {name: SiteHours(site.timezone, site.start_time) for name, site in settings.sites.items()}
        wishes = Wishes(lifetime=settings.pass_lifetime, link_lead=settings.link_lead)
        return Calendar(sites, settings.default_timezone, wishes, work_week)

    @cached_property
    def hints(self) -> "Hints":
        """Sends the hint of what has become due."""
        from shared.onboarding.sweeping.hints import Hints

        return Hints(self.storage.queues, self.storage.onboardings.due_times)

    @cached_property
    def registry(self) -> "Registry":
        """Finds and changes onboardings."""
        from shared.onboarding.registry import Registry

        return Registry(self.storage.onboardings, self.storage.people, self.hints)

    @cached_property
    def budget(self) -> "Budget":
        """Gives out the requests that Graph allows."""
        from shared.passes.budget import Budget

        settings = self.here.settings
        return Budget(self.storage.cells, self.here.clock, settings.pass_requests_per_10_seconds)

    @cached_property
    def releasing(self) -> "Releasing":
        """Releases what is due into the queues."""
        from shared.onboarding.sweeping.releasing import Releasing

        return Releasing(self.storage.onboardings, self.storage.queues, self.budget, self.here.clock)

    @cached_property
    def counting(self) -> "Counting":
        """Counts the events of each HR system against its limits."""
        from shared.onboarding.brakes.counting import Counting

        sources = self.here.settings.hr_sources
        return Counting(self.storage.cells, {name: source.limits.limits for name, source in sources.items()})

    @cached_property
    def context(self) -> "StepContext":
        """What every step reads and writes an onboarding with."""
        from shared.onboarding.steps.waiting import Brakes, StepContext, Waiting

        settings, clock, onboardings = self.here.settings, self.here.clock, self.storage.onboardings
        brakes = Brakes(settings.pause_issuing, settings.mode)
        waiting = Waiting(onboardings, self.channels.mailer, clock, brakes, settings.desk_mail)
        return StepContext(onboardings, waiting, clock, brakes)
