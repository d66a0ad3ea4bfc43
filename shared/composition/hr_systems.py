"""What comes from HR systems: posted, named for reading, listed, or left in a container."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.onboarding.chores import Chores, Rhythm
    from shared.onboarding.deliveries.replaying import Replaying
    from shared.onboarding.events.dropping import Dropping
    from shared.onboarding.events.hr_door import HrDoor
    from shared.onboarding.events.intake import Intake
    from shared.onboarding.records.reading import Reading, Ways
    from shared.onboarding.records.reconciling import Reconciling
    from shared.onboarding.records.subscribing import Subscribing
    from shared.onboarding.records.told import Told


@dataclass(frozen=True)
class HrSystems:
    """Each way in which an HR system says who starts."""

    ground: Ground

    @cached_property
    def intake(self) -> "Intake":
        """Takes HR events."""
        from shared.onboarding.brakes.braking import Braking
        from shared.onboarding.events.intake import Intake

        ground = self.ground
        sources = tuple(ground.here.settings.hr_sources)
        braking = Braking(ground.registry, ground.counting, ground.calendar, sources)
        return Intake(ground.registry, ground.calendar, braking, ground.here.clock)

    @cached_property
    def door(self) -> "HrDoor":
        """Takes what HR systems post."""
        from shared.onboarding.events.hr_door import Effects, HrDoor
        from shared.onboarding.records.naming import Naming

        here, storage = self.ground.here, self.ground.storage
        naming = Naming(storage.records, here.clock)
        effects = Effects(self.intake, naming, storage.deliveries, self.subscribing)
        return HrDoor(here.settings.sources, effects, here.clock)

    @cached_property
    def replaying(self) -> "Replaying":
        """Shows deliveries that are kept, and runs them again."""
        from shared.onboarding.deliveries.replaying import Replaying

        settings = self.ground.here.settings
        kinds = {name: wanted.kind for name, wanted in settings.hr_sources.items()}
        return Replaying(settings.sources, kinds, self.ground.storage.deliveries, self.door)

    @cached_property
    def dropping(self) -> "Dropping":
        """Takes tables that HR leaves in containers."""
        from shared.onboarding.events.arrivals import Arrivals
        from shared.onboarding.events.dropping import RHYTHM, Dropping

        settings, storage = self.ground.here.settings, self.ground.storage
        containers = {name: storage.containers.of(it) for name, it in settings.containers.items()}
        arrivals = Arrivals(storage.cells)
        return Dropping(settings.sources, containers, self.door, arrivals, self._chores(RHYTHM), self._told)

    @cached_property
    def reading(self) -> "Reading":
        """Reads records that HR systems named."""
        from shared.onboarding.records.reading import Events, Reading
        from shared.onboarding.records.trouble import Trouble

        ground, here, storage = self.ground, self.ground.here, self.ground.storage
        desk = here.settings.desk_mail
        trouble = Trouble(storage.cells, ground.channels.mailer, ground.context.brakes, here.clock, desk)
        events = Events(self.intake, ground.registry, here.clock)
        return Reading(here.settings.sources, storage.records, events, self._ways, trouble)

    @cached_property
    def reconciling(self) -> "Reconciling":
        """Compares what is known with the lists of HR systems."""
        from shared.onboarding.records.reconciling import RHYTHM, Reconciling

        here, records = self.ground.here, self.ground.storage.records
        chores = self._chores(RHYTHM)
        return Reconciling(here.settings.sources, records, chores, self._ways, self._told, here.clock)

    @cached_property
    def subscribing(self) -> "Subscribing":
        """Keeps Entra telling of its users."""
        from shared.onboarding.records.naming import Naming
        from shared.onboarding.records.subscribing import RHYTHM, Subscribing
        from shared.runtime.mode import Mode

        here, settings = self.ground.here, self.ground.here.settings
        return Subscribing(
            settings.sources,
            self.ground.tenant.changes,
            self._chores(RHYTHM),
            Naming(self.ground.storage.records, here.clock),
            self.reconciling,
            settings.link_base_url,
            settings.desk_mail,
            observes=settings.mode is Mode.OBSERVE,
        )

    def _chores(self, rhythm: "Rhythm") -> "Chores":
        from shared.onboarding.chores import Chores

        return Chores(rhythm, self.ground.storage.cells, self._told, self.ground.here.clock)

    @cached_property
    def _ways(self) -> "Ways":
        from shared.onboarding.records.logins import Logins
        from shared.onboarding.records.reading import Ways
        from shared.sources.http import HttpxClient

        storage = self.ground.storage
        logins = Logins(storage.cells, storage.leases, storage.seals, self.ground.here.clock)
        return Ways(HttpxClient(), self.ground.tenant.hires, logins)

    @cached_property
    def _told(self) -> "Told":
        from shared.onboarding.records.told import Told

        ground = self.ground
        return Told(ground.channels.mailer, ground.context.brakes, ground.here.settings.desk_mail)
