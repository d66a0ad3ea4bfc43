"""The step that looks at a hire's device, days ahead and again before the window. It reads, and holds up nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.onboarding import lifecycle, schedule
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Step, WebSignIn
from shared.onboarding.steps.waiting import StepContext
from shared.onboarding.transaction import Change
from shared.tenant.errors import TenantError
from shared.websignin.groups import DeviceGroups
from shared.websignin.hire_devices import HireDevices, Lack, Named, NoDevice
from shared.websignin.learning import Learning, gap_of
from shared.websignin.readiness import Gap, Obstacle, Verdict, unready, verdict

LACKS: Mapping[Lack, Obstacle | Gap] = {
    Lack.NOT_NAMED: Gap.NO_DEVICE_KNOWN,
    Lack.SERIAL_UNKNOWN: Gap.SERIAL_UNKNOWN,
    Lack.SERIAL_TWICE: Gap.SERIAL_TWICE,
    Lack.OBJECT_MISSING: Obstacle.DEVICE_MISSING,
    Lack.PERMISSION_MISSING: Gap.PERMISSION_MISSING,
}


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks whether devices are ready. `groups`: which the app brings into scope, and for whom.

    `joins`: whether it also has the devices join them.
    """

    context: StepContext
    hire_devices: HireDevices
    learning: Learning
    groups: DeviceGroups
    joins: bool = False

    async def run(self, onboarding: str) -> None:
        """Look at the device of this onboarding, if that is due."""
        kept = await self.context.store.read(onboarding)
        now = self.context.clock.now()
        if kept is None or not schedule.is_due(kept.row, Step.CHECK_DEVICE, now):
            return
        found = await self._verdict(kept.row)

        def decide(fresh: Onboarding) -> Change | None:
            if not schedule.is_due(fresh, Step.CHECK_DEVICE, now) or fresh.hire != kept.row.hire:
                return None
            audit = Audit(Did.DEVICE_LOOKED_AT, now, why=found.reason or found.state)
            return Change(lifecycle.device_judged(fresh, found, now), audit)

        await self.context.store.update(onboarding, decide)

    async def _verdict(self, row: Onboarding) -> Verdict:
        named = Named(row.hire.device_id, row.hire.device_serial, row.subject.id if row.subject else None)
        try:
            device = await self.hire_devices.find(named)
        except TenantError as error:
            gap = gap_of(error)
            return unready(gap.why, gap.detail)
        if isinstance(device, NoDevice):
            return unready(LACKS[device.lack], device.detail)
        return verdict(
            await self.learning.facts(device, self._to_come(row), joins=self.joins), self.context.clock.now()
        )

    def _to_come(self, row: Onboarding) -> frozenset[str]:
        """Name the group that the app has still to bring into scope for this hire."""
        if row.web.status is not WebSignIn.PENDING or row.request is not None:
            return frozenset()
        group = self.groups.of(row.hire.site, row.hire.department)
        return frozenset({group}) if group else frozenset()
