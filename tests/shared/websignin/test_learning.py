"""What is learned of a device: all that can be read, and of the rest why not."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.tenant.errors import NotFoundInTenantError, PermissionMissingError, TenantError, TenantThrottledError
from shared.tenant.ports.devices import Device
from shared.tenant.ports.profiles import Profile
from shared.websignin.builds import Build
from shared.websignin.learning import Learning, facts_of
from shared.websignin.readiness import Applied, Gap, Join, Obstacle, Reach, State, Told, Unlearned, verdict
from shared.websignin.states import Managed, Shown
from tests.shared.websignin.test_merge import target

NOW = datetime(2030, 5, 31, 10, tzinfo=UTC)
DEVICE = Device("object", "device")
SHOWN = Shown("Windows", "AzureAd", enabled=True, version="10.0.22621.1702", signed_in=NOW - timedelta(days=20))
MANAGED = Managed("managed", "10.0.26100.4061", NOW - timedelta(hours=3))
PROFILE = Profile("profile", "Web", "windows10", True, (target("groupAssignmentTarget", "berlin"),))


@dataclass(slots=True)
class Tenant:
    """A tenant that answers as told; what is an error is raised. `asked`: of which profiles it was asked to report."""

    shown_: Shown | TenantError = SHOWN
    managed_: Managed | TenantError | None = MANAGED
    groups: frozenset[str] | TenantError = frozenset({"berlin"})
    profiles: tuple[Profile, ...] | TenantError = (PROFILE,)
    applied_: Applied | TenantError = Applied.SUCCEEDED
    asked: list[str] = field(default_factory=list)

    async def shown(self, device: Device) -> Shown:
        """Show the device."""
        assert device is DEVICE
        return _given(self.shown_)

    async def managed(self, device: Device) -> Managed | None:
        """Show Intune's entry."""
        assert device is DEVICE
        return _given(self.managed_)

    async def applied(self, managed: Managed, profile_id: str) -> Applied:
        """Report of a profile."""
        assert managed.id == MANAGED.id
        self.asked.append(profile_id)
        return _given(self.applied_)

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Not asked here."""
        raise NotImplementedError(user_id)

    async def with_device_id(self, device_id: str) -> Device | None:
        """Not asked here."""
        raise NotImplementedError(device_id)

    async def with_object_id(self, object_id: str) -> Device | None:
        """Not asked here."""
        raise NotImplementedError(object_id)

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Tell the groups."""
        assert device is DEVICE
        return _given(self.groups)

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find the profile."""
        assert id_or_name == "Web"
        return _given(self.profiles)

    async def assign(self, profile_id: str, assignments: object) -> None:
        """Never asked here."""
        raise NotImplementedError(profile_id, assignments)

    async def filter_rule(self, filter_id: str) -> str | None:
        """Tell the rule of the one filter there is."""
        assert filter_id == "f1"
        return '(device.model -startsWith "Surface")'

    def learning(self) -> Learning:
        """Learn from this tenant."""
        return Learning(self, self, self, "Web")


def _given[T](what: T | TenantError) -> T:
    if isinstance(what, TenantError):
        raise what
    return what


async def test_everything_in_order_makes_a_device_ready() -> None:
    """Intune's version and the later time count; the report is asked of the very profile."""
    tenant = Tenant()
    facts = await tenant.learning().facts(DEVICE, to_come=())
    assert verdict(facts, NOW).state is State.READY
    assert (facts.build, facts.seen) == (
        Told(Build(26100, 4061), "10.0.26100.4061"),
        Told(NOW - timedelta(hours=3), "last on 2030-05-31"),
    )
    assert tenant.asked == ["profile"]


async def test_a_group_that_the_app_still_brings_into_scope_is_none_to_worry_about() -> None:
    """Nothing is to be reported then; where the app brings it nowhere, it stands outside."""
    tenant = Tenant(groups=frozenset({"denver"}))
    facts = await tenant.learning().facts(DEVICE, to_come={"denver"})
    assert (facts.reach, facts.applied, tenant.asked) == (Told(Reach.TO_COME), Told(Applied.SILENT), [])
    assert verdict(await tenant.learning().facts(DEVICE, to_come=()), NOW).reason is Obstacle.OUTSIDE_SCOPE


async def test_a_device_that_the_app_still_has_join_its_group_need_not_be_in_one() -> None:
    """With steady groups it comes with the group; once that is done, what stands outside is told."""
    tenant = Tenant(groups=frozenset())
    facts = await tenant.learning().facts(DEVICE, to_come={"denver"}, joins=True)
    assert facts.reach == Told(Reach.TO_COME)
    assert (await tenant.learning().facts(DEVICE, to_come={"denver"})).reach != Told(Reach.TO_COME)
    assert (await tenant.learning().facts(DEVICE, to_come=(), joins=True)).reach != Told(Reach.TO_COME)


@pytest.mark.parametrize(
    ("model", "reached"), [("Surface Pro 11", Reach.IN_SCOPE), ("Latitude", Reach.EXCLUDED), (None, Reach.UNCLEAR)]
)
async def test_a_filter_is_judged_by_what_intune_knows_of_the_device(model: str | None, reached: Reach) -> None:
    """On its own device; of one that Intune does not manage nothing is known."""
    filtered = replace(PROFILE, assignments=(target("groupAssignmentTarget", "berlin", "include"),))
    tenant = Tenant(profiles=(filtered,), managed_=replace(MANAGED, model=model))
    facts = await tenant.learning().facts(DEVICE, to_come={"berlin"})
    assert isinstance(facts.reach, Told)
    assert facts.reach.value is reached
    nowhere = await Tenant(profiles=(filtered,), managed_=None).learning().facts(DEVICE, to_come=())
    assert nowhere.reach == Told(Reach.UNCLEAR, "the include filter f1 on the group berlin")


async def test_what_is_missing_is_named_and_the_rest_goes_on() -> None:
    """A permission by its name; Intune that asks for patience; a profile that is off; nothing of it raises."""
    denied = PermissionMissingError(403, "Forbidden", "no", "DeviceManagementManagedDevices.Read.All")
    facts = await Tenant(managed_=denied).learning().facts(DEVICE, to_come=())
    assert facts.managed == Unlearned(Gap.PERMISSION_MISSING, "DeviceManagementManagedDevices.Read.All")
    assert (facts.join, facts.reach) == (Told(Join.ENTRA), Told(Reach.IN_SCOPE))
    assert verdict(facts, NOW).reason is Obstacle.BUILD_TOO_OLD

    slow = TenantThrottledError("patience", 5)
    facts = await Tenant(applied_=slow, groups=frozenset({"berlin"})).learning().facts(DEVICE, to_come=())
    assert verdict(facts, NOW).reason is Gap.TENANT_UNAVAILABLE
    assert (await Tenant(groups=slow).learning().facts(DEVICE, to_come=())).reach == Unlearned(Gap.TENANT_UNAVAILABLE)
    gone = NotFoundInTenantError(404, "Request_ResourceNotFound", "no device")
    facts = await Tenant(shown_=gone, managed_=None).learning().facts(DEVICE, to_come=())
    assert facts.enabled == Unlearned(Gap.TENANT_REFUSED, "Request_ResourceNotFound: no device")
    assert verdict(facts, NOW).reason is Obstacle.NOT_MANAGED

    off = Tenant(profiles=(replace(PROFILE, web_sign_in=False),))
    found = verdict(await off.learning().facts(DEVICE, to_come=()), NOW)
    assert (found.reason, found.detail) == (
        Obstacle.PROFILE_UNUSABLE,
        "'Web' does not enable the setting Enable Web Sign-in",
    )
    assert (await Tenant(profiles=slow).learning().facts(DEVICE, to_come=())).reach == Unlearned(Gap.TENANT_UNAVAILABLE)


def test_what_entra_does_not_say_is_not_taken_for_a_no() -> None:
    """Each property that is null is named as not shown."""
    silent = Shown(None, None, enabled=None, version=None, signed_in=None)
    facts = facts_of(silent, Managed("managed", None, None), Told(Reach.IN_SCOPE), Told(Applied.SILENT))
    assert [fact.detail for fact in (facts.windows, facts.join, facts.enabled, facts.build, facts.seen)] == [
        "operatingSystem",
        "trustType",
        "accountEnabled",
        "operatingSystemVersion",
        "approximateLastSignInDateTime",
    ]
    assert verdict(facts, NOW).reason is Gap.NOT_SHOWN
