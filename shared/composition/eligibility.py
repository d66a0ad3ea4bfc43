"""Who may get a pass, and who collects it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.onboarding.eligibility.authority import Rules
    from shared.onboarding.eligibility.order import Order
    from shared.onboarding.eligibility.preflight import Preflight
    from shared.onboarding.eligibility.recipients import Named, Recipients


@dataclass(frozen=True)
class Eligibility:
    """What settings and the tenant say of a person."""

    ground: Ground

    @cached_property
    def rules(self) -> "Rules":
        """What gives an event authority over an account."""
        from shared.onboarding.eligibility.authority import Pilot, Rules

        settings = self.ground.here.settings
        is_pilot = settings.pilot_group is not None or bool(settings.pilot_sites)
        return Rules(
            settings.number_attribute,
            timedelta(days=settings.account_max_age_days),
            settings.protected_groups,
            Pilot(settings.pilot_group, settings.pilot_sites) if is_pilot else None,
        )

    @cached_property
    def recipients(self) -> "Recipients":
        """Finds who collects."""
        from shared.onboarding.eligibility.recipients import Recipients

        return Recipients(self.ground.tenant.directory, self._named, self.ground.here.settings.number_attribute)

    @property
    def _named(self) -> "Named":
        from shared.onboarding.collector import Route
        from shared.onboarding.eligibility.recipients import Clocks, Languages, Named

        settings = self.ground.here.settings
        sites = settings.sites.items()
        chains = {name: site.collector_chain for name, site in sites if site.collector_chain}
        return Named(
            {name: site.contact for name, site in sites if site.contact},
            settings.desk_mail,
            tuple(Route(name) for name in settings.collector_chain),
            Clocks(
                {name.casefold(): zone for name, zone in settings.collector_timezones.items()},
                {name: site.timezone for name, site in sites},
            ),
            {office: tuple(Route(name) for name in chain) for office, chain in chains.items()},
            Languages({name: site.language for name, site in sites if site.language}, settings.default_language),
        )

    @cached_property
    def order(self) -> "Order":
        """Keeps the onboardings of one person from crossing each other."""
        from shared.onboarding.eligibility.order import Order

        here = self.ground.here
        return Order(self.ground.registry, here.clock, tuple(here.settings.hr_sources))

    @cached_property
    def preflight(self) -> "Preflight":
        """Looks at account, manager and policy, and changes nothing."""
        from shared.onboarding.eligibility.preflight import Preflight, Tenant, Wanted

        settings, tenant = self.ground.here.settings, self.ground.tenant
        wanted = Wanted(settings.pass_lifetime, settings.one_time)
        return Preflight(Tenant(tenant.directory, tenant.passes), self.recipients, self.rules, wanted, self.order)
