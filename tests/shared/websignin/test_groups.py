"""Which of the groups in settings somebody's devices are in."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from shared.tenant.ports.devices import Device
from shared.websignin.groups import MOST_DEVICES, DeviceGroups, group_of_devices

SITES = {"Berlin": "g-berlin", "Denver": "g-denver"}
GROUPS = DeviceGroups(SITES, {"Finance": "g-finance"}, "g-default")
NAMED = ("g-berlin", "g-denver", "g-finance", "g-default")
held = st.lists(st.frozensets(st.sampled_from((*NAMED, "g-kiosks", "g-everything"))), max_size=8)


@dataclass(slots=True)
class Shelf:
    """Devices of one person, newest first, by the groups they are in."""

    groups: list[frozenset[str]]
    asked: list[str] = field(default_factory=list)

    async def registered_by(self, user_id: str) -> tuple[Device, ...]:
        """Name them."""
        assert user_id == "somebody"
        return tuple(Device(str(index), "") for index in range(len(self.groups)))

    async def groups_of(self, device: Device) -> frozenset[str]:
        """Tell the groups of one."""
        self.asked.append(device.id)
        return self.groups[int(device.id)]

    async def with_device_id(self, device_id: str) -> Device | None:
        """Nobody asks."""
        raise AssertionError(device_id)

    async def with_object_id(self, object_id: str) -> Device | None:
        """Nobody asks."""
        raise AssertionError(object_id)


def test_a_hires_group_is_that_of_the_site_then_the_department_then_the_default() -> None:
    """What settings say, in this order."""
    assert GROUPS.of("Berlin", "Finance") == "g-berlin"
    assert GROUPS.of("Apia", "Finance") == "g-finance"
    assert GROUPS.of(None, None) == "g-default"
    assert GROUPS.known("Apia", None) is None


@given(held)
async def test_the_first_device_in_a_named_group_decides(shelves: list[frozenset[str]]) -> None:
    """The group is one that settings name and the device is in; of several, the first named; none is none."""
    shelf = Shelf(shelves)
    found = await group_of_devices(shelf, GROUPS, "somebody")
    within = shelves[:MOST_DEVICES]
    decisive = next((groups for groups in within if groups & set(NAMED)), frozenset())
    assert found == next((name for name in NAMED if name in decisive), None)
    assert len(shelf.asked) <= MOST_DEVICES
