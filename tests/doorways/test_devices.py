"""With steady groups each hire's device joins its group, and leaves it again: the lock screen says so in each place."""

from typing import Any

import pytest

from sandbox.tenant.seed import serial_of, stable_id
from tests.doorways.story import START, Case, Story

PERMISSIONS = ("GroupMember.ReadWrite.All", "Device.ReadWrite.All", "DeviceManagementServiceConfig.Read.All")
TWICE = "PF-TWICE"


@pytest.fixture
def steady(story: Story) -> Story:
    """Switch steady groups on, with what they need; whoever has no group of his own is of a dynamic one."""
    for permission in PERMISSIONS:
        story.change("grant-permission", permission=permission)
    everything = stable_id("group", "devices-all-windows")
    steady = {"SCOPE_STRATEGY": "steady-group", "DEVICE_GROUP": everything, "DEVICE_GROUP_DAYS": "1"}
    story.world.restart_host(extra_settings=steady)
    return story


def out_of_the_group(story: Story, key: str, group: str = "devices-berlin") -> None:
    """Let a device be in nothing yet, as one that comes out of its box."""
    story.change("remove-member", group=stable_id("group", group), member=stable_id("device", key))


def is_in_group(case: Case) -> bool:
    """Tell whether the hire's device is in his group."""
    (device,) = [one for one in case.story.company.directory()["devices"] if one["deviceId"] == case.hire.device]
    return any(group["id"] == stable_id("group", "devices-berlin") for group in device["groups"])


def web(case: Case) -> dict[str, Any]:
    """Read the device side, when what was due of it is done."""
    case.story.at(case.read()["next"]["webSignIn"]["at"])
    return dict(case.read()["webSignIn"])


def left(story: Story) -> list[str]:
    """Return the devices that were taken out of a group."""
    return [request["path"].split("/members/")[1].split("/")[0] for request in story.asked("DELETE", "/members/")]


def test_a_device_joins_its_group_for_the_hire_and_leaves_after_the_first_days(steady: Story) -> None:
    """No globe, then the hire signs in, then no globe; what others put into the group stays there, whatever ends."""
    out_of_the_group(steady, "amelie-brandt")
    amelie = steady.posts(steady.hire(), device={"deviceId": stable_id("deviceObject", "amelie-brandt")})
    jonas = steady.posts(steady.hire("jonas-keller"), device={"serialNumber": serial_of("jonas-keller")})
    assert amelie.signs_in("not yet")["reason"] == "no-web-sign-in"
    web(amelie)
    steady.later(minutes=3)
    assert (amelie.read()["webSignIn"]["status"], is_in_group(amelie)) == ("in-scope", True)
    assert jonas.read()["webSignIn"]["status"] == "in-scope"
    code = amelie.collected()
    amelie.valid()
    assert amelie.signs_in(code)["signedIn"]
    amelie.until("used")
    assert (is_in_group(amelie), left(steady)) == (True, [])
    steady.posts(steady.hire("jonas-keller"), kind="hire.cancelled")
    steady.later(days=1, minutes=3)
    assert left(steady) == [stable_id("deviceObject", "amelie-brandt")]
    assert (is_in_group(amelie), is_in_group(jonas)) == (False, True)
    steady.company.reboot(amelie.hire)
    assert amelie.signs_in(code)["reason"] == "no-web-sign-in"
    assert len(steady.asked("POST", "/assign$")) == 1


def test_whatever_is_wrong_with_a_device_is_said_and_the_pass_goes_on(steady: Story) -> None:
    """Each by its name; mended, the device joins, and a hire who is called off takes it out again at once."""
    for key in ("zofia-nowak", "amelie-brandt"):
        out_of_the_group(steady, key)
    out_of_the_group(steady, "grace-nguyen", "devices-all-windows")
    for _ in range(2):
        steady.change("add-autopilot", serial=TWICE)
    wrong = {
        "device-group-not-ours": ("grace-nguyen", {"serialNumber": serial_of("grace-nguyen")}),
        "device-not-named": ("arjun-kulkarni", None),
        "serial-unknown": ("zofia-nowak", {"serialNumber": "PF-NEW"}),
        "serial-twice": ("jonas-keller", {"serialNumber": TWICE}),
        "device-missing": ("diego-ramirez", {"deviceId": stable_id("device", "nobody")}),
    }
    cases = {reason: steady.posts(steady.hire(key), START, device=device) for reason, (key, device) in wrong.items()}
    for reason, case in cases.items():
        seen = web(case)
        assert (seen["status"], seen["reason"]) == ("waiting", reason), seen
        assert seen["advice"]
    assert cases["serial-unknown"].read()["status"] == "planned"
    zofia = cases["serial-unknown"]
    steady.change("add-autopilot", serial="PF-NEW", device=zofia.hire.device)
    assert (web(zofia)["status"], is_in_group(zofia)) == ("in-scope", True)
    steady.later(minutes=3)
    steady.posts(zofia.hire, kind="hire.cancelled")
    steady.later(minutes=1)
    assert (left(steady), is_in_group(zofia)) == ([stable_id("deviceObject", "zofia-nowak")], False)
