"""The device's side of an onboarding: in scope of Web sign-in, ready, and out again."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.eligibility import Eligibility
from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.websignin.device_side import DeviceSide
    from shared.websignin.groups import DeviceGroups
    from shared.websignin.hire_devices import HireDevices
    from shared.websignin.looking import Looking
    from shared.websignin.membership import Memberships
    from shared.websignin.scoping import Scoping
    from shared.websignin.shared_profiles import SharedProfiles
    from shared.websignin.targets import Targets


@dataclass(frozen=True)
class WebSignIn:
    """What does the device's steps."""

    ground: Ground
    eligibility: Eligibility

    @cached_property
    def device_side(self) -> "DeviceSide":
        """Does what is due for the device of a hire."""
        from shared.websignin.device_side import DeviceSide

        return DeviceSide(self.scoping, self._looking)

    @cached_property
    def scoping(self) -> "Scoping":
        """Brings device groups into the scope of the Web sign-in profile, and devices into groups."""
        from shared.websignin.scoping import Reach, Scoping

        reach = Reach(self._profiles, self._targets, self.ground.tenant.groups, self._memberships)
        return Scoping(self.ground.context, reach)

    @property
    def _profiles(self) -> "SharedProfiles":
        from shared.websignin.approved import AskedRequests
        from shared.websignin.shared_profiles import SharedProfiles
        from shared.websignin.sought import companion, web_sign_in

        here, storage, tenant = self.ground.here, self.ground.storage, self.ground.tenant
        settings = here.settings
        make, beside = settings.make_profiles, settings.web_sign_in_companion
        profile = web_sign_in(settings.web_sign_in_profile, make=make)
        other = companion(beside, settings.default_credential_provider, make=make) if beside else None
        asked = AskedRequests(storage.cells)
        return SharedProfiles(
            tenant.profiles, tenant.directory, asked, storage.leases, here.clock, profile, companion=other
        )

    @property
    def _targets(self) -> "Targets":
        from shared.websignin.targets import Targets, Wanted

        settings, tenant = self.ground.here.settings, self.ground.tenant
        strategy, preparation = settings.scope_strategy, settings.device_preparation_group
        wanted = Wanted(self._groups, self.eligibility.rules, strategy, preparation)
        return Targets(tenant.directory, tenant.devices, tenant.groups, self._hires, wanted)

    @property
    def _memberships(self) -> "Memberships":
        from shared.websignin.membership import Memberships

        storage, tenant = self.ground.storage, self.ground.tenant
        devices, clock = tenant.devices, self.ground.here.clock
        return Memberships(storage.onboardings, storage.people, tenant.groups, devices, storage.leases, clock)

    @property
    def _looking(self) -> "Looking":
        from shared.websignin.learning import Learning
        from shared.websignin.looking import Looking
        from shared.websignin.strategy import Strategy

        settings, tenant = self.ground.here.settings, self.ground.tenant
        learning = Learning(tenant.device_states, tenant.devices, tenant.profiles, settings.web_sign_in_profile)
        joins = settings.scope_strategy is Strategy.STEADY_GROUP
        return Looking(self.ground.context, self._hires, learning, self._groups, joins=joins)

    @cached_property
    def _hires(self) -> "HireDevices":
        from shared.websignin.hire_devices import HireDevices

        return HireDevices(self.ground.tenant.devices, self.ground.tenant.autopilot)

    @cached_property
    def _groups(self) -> "DeviceGroups":
        from shared.websignin.groups import DeviceGroups

        settings = self.ground.here.settings
        by_site = {name: site.device_group for name, site in settings.sites.items() if site.device_group}
        return DeviceGroups(by_site, settings.department_device_groups, settings.device_group)
