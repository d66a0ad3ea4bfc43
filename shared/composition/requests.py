"""What people ask for by hand: a pass, a table of passes, a look, a release, an erasure."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.eligibility import Eligibility
from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.onboarding.audit.erasing import Erasing
    from shared.onboarding.requests.asking import Asking
    from shared.onboarding.requests.batch import Batches
    from shared.onboarding.requests.desk import Desk
    from shared.onboarding.requests.report import Reports
    from shared.onboarding.requests.table import TableAsking


@dataclass(frozen=True)
class Requests:
    """What answers them."""

    ground: Ground
    eligibility: Eligibility

    @cached_property
    def asking(self) -> "Asking":
        """Takes what is asked for by hand."""
        from shared.onboarding.requests.asking import Asking, Door, Hours

        ground, settings = self.ground, self.ground.here.settings
        zones = {name: site.timezone for name, site in settings.sites.items()}
        hours = Hours(zones, settings.default_timezone, settings.pass_lifetime)
        door = Door(self.eligibility.preflight, self.eligibility.order, ground.storage.leases)
        return Asking(ground.registry, door, ground.here.clock, hours)

    @cached_property
    def tables(self) -> "TableAsking":
        """Takes tables of what is asked for by hand."""
        from shared.onboarding.requests.table import TableAsking

        here = self.ground.here
        return TableAsking(self.asking, here.settings.sources, self.ground.calendar, here.clock)

    @cached_property
    def desk(self) -> "Desk":
        """Releases and retries."""
        from shared.onboarding.requests.desk import Desk

        return Desk(self.ground.registry, self.ground.calendar, self.ground.here.clock)

    @cached_property
    def batches(self) -> "Batches":
        """Lets many go who are held back."""
        from shared.onboarding.requests.batch import Batches

        return Batches(self.ground.registry, self.ground.here.clock)

    @cached_property
    def reports(self) -> "Reports":
        """Shows onboardings."""
        from shared.onboarding.requests.report import Reports

        ground = self.ground
        return Reports(ground.registry, ground.tenant.directory, ground.here.settings.number_attribute)

    @cached_property
    def erasing(self) -> "Erasing":
        """Erases what is personal."""
        from shared.onboarding.audit.erasing import Erasing

        storage = self.ground.storage
        return Erasing(self.ground.registry, storage.records, storage.deliveries, self.ground.here.clock)
