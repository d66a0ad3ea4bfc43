"""What has to be so for a hire: by strategy, by what HR names, and where devices enrol on day one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.onboarding.eligibility.authority import Rules
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.tenant.ports.devices import AutopilotIdentity, Device, GroupKind
from shared.websignin.groups import DeviceGroups
from shared.websignin.hire_devices import HireDevices
from shared.websignin.strategy import Strategy
from shared.websignin.targets import HeldUp, Target, Targets, Wanted
from tests.shared.onboarding.rows import fresh, hire
from tests.shared.websignin.test_hire_devices import LAPTOP, Tenant

GROUPS = DeviceGroups({}, {}, "g-default")


class Groups:
    """Two groups: one with assigned members, one that a service owns."""

    async def kind(self, group_id: str) -> GroupKind | None:
        """Tell."""
        return {"g-default": GroupKind.ASSIGNED, "g-service": GroupKind.SERVICE_OWNED}.get(group_id)

    async def add(self, group_id: str, device: str) -> bool:
        """Nobody joins here."""
        raise AssertionError(group_id, device)

    async def remove(self, group_id: str, device: str) -> None:
        """Nobody leaves here."""
        raise AssertionError(group_id, device)


def row(**device: str) -> Onboarding:
    """Return a hire for whom HR names this device."""
    return replace(fresh(), hire=replace(hire(), site=None, department=None, **device))


async def target(
    of: Onboarding, strategy: Strategy, groups: DeviceGroups = GROUPS, preparation: str | None = None
) -> Target | HeldUp:
    """Find what has to be so, in a tenant with one Autopilot device."""
    tenant = Tenant((AutopilotIdentity("PF1", LAPTOP.device_id),))
    wanted = Wanted(groups, RULES, strategy, preparation)
    targets = Targets(None, tenant, Groups(), HireDevices(tenant, tenant), wanted)  # type: ignore[arg-type]
    return await targets.of(of)


RULES = Rules("employeeId", timedelta(days=60), frozenset())


@pytest.mark.parametrize("strategy", Strategy)
async def test_only_steady_groups_ask_for_the_device(strategy: Strategy) -> None:
    """Where the group is assigned, its members are others' doing, and nothing is read of a device."""
    known: Device | None = LAPTOP if strategy is Strategy.STEADY_GROUP else None
    assert await target(row(device_serial="PF1"), strategy) == Target("g-default", known)


async def test_a_device_that_nobody_names_enrols_on_day_one_where_there_is_a_way() -> None:
    """Into the group of the policy that settings name, or into the hire's own, where a service owns it."""
    steady, by_service = Strategy.STEADY_GROUP, DeviceGroups({}, {}, "g-service")
    assert await target(row(), steady) == HeldUp(Reason.DEVICE_NOT_NAMED)
    assert await target(row(), steady, preparation="g-prepared") == Target("g-prepared")
    assert await target(row(), steady, by_service) == Target("g-service")
    assert await target(row(device_serial="PF1"), steady, by_service) == Target("g-service", LAPTOP)


async def test_what_hr_names_wrongly_is_said_whatever_else_there_is() -> None:
    """No way to enrol on day one makes up for a device that HR names and nobody knows."""
    found = await target(row(device_serial="PF9"), Strategy.STEADY_GROUP, preparation="g-prepared")
    assert found == HeldUp(Reason.SERIAL_UNKNOWN)


async def test_without_a_group_nothing_is_looked_for() -> None:
    """Settings have to name one."""
    nowhere = DeviceGroups({}, {}, None)
    assert await target(row(), Strategy.STEADY_GROUP, nowhere) == HeldUp(Reason.NO_DEVICE_GROUP)
