"""How the app and its tenant are: health, and the check-up."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.eligibility import Eligibility
from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.checkup.coming import ComingHires
    from shared.checkup.gathering import Gathering
    from shared.checkup.itself import Itself
    from shared.checkup.readiness import Readiness
    from shared.onboarding.sweeping.health import HealthReport


@dataclass(frozen=True)
class Checkup:
    """What looks at both, and changes nothing."""

    ground: Ground
    eligibility: Eligibility

    @cached_property
    def health(self) -> "HealthReport":
        """Reads what the sweep last saw."""
        from shared.onboarding.sweeping.health import HealthReport

        here = self.ground.here
        return HealthReport(self.ground.storage.cells, here.clock, tuple(here.settings.sources))

    @cached_property
    def readiness(self) -> "Readiness":
        """Checks up on the tenant."""
        from shared.checkup.readiness import Readiness

        return Readiness(self._gathering, self.ground.here.clock)

    @property
    def _gathering(self) -> "Gathering":
        from shared.checkup.gathering import App, Gathering, Tenant
        from shared.checkup.wishes import wishes
        from shared.runtime.mode import Mode

        here, tenant = self.ground.here, self.ground.tenant
        asked = Tenant(
            tenant.grants,
            tenant.passes,
            tenant.profiles,
            tenant.directory,
            tenant.sign_ins,
            tenant.groups,
            mailboxes=tenant.mailboxes if here.settings.mode is Mode.LIVE else None,
        )
        return Gathering(asked, App(self._coming, self._itself), wishes(here.settings), here.clock)

    @property
    def _itself(self) -> "Itself":
        from shared.checkup.itself import Itself, Storage

        here, storage = self.ground.here, self.ground.storage
        kept = Storage(storage.tables, storage.queues)
        return Itself(self.health, kept, here.settings, here.environ, guarded=here.authentication_is_on)

    @property
    def _coming(self) -> "ComingHires":
        from shared.checkup.coming import ComingHires, Tenant

        ground, tenant, here = self.ground, self.ground.tenant, self.ground.here
        asked = Tenant(self.eligibility.preflight, tenant.directory, tenant.licences)
        return ComingHires(ground.storage.onboardings, asked, here.settings.number_attribute, here.clock)
