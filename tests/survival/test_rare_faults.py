"""Each call to Graph that only some tenants or hires bring about × each way in which Graph fails.

A hire whom HR tells by number alone, groups that he may activate, and a nudge in Teams; a device that HR tells by its
serial number, in scope by a filter, with the profile on it; a profile that the app makes; and who comes soonest, in
readiness.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import pytest

from sandbox.http import Answer
from sandbox.people import Company
from sandbox.world import World
from shared.websignin.readiness import State
from tests.survival.harness.calls import BY_NUMBER, BY_SERIAL, COMING, MADE, among, missing
from tests.survival.harness.crowd import Crowd
from tests.survival.harness.disturbed import INVITE, ISSUE, LOOK, NOTICE, Disturbed, Stage
from tests.survival.harness.journey import EARLY
from tests.survival.harness.matrix import FAULTS, Cell, Line, dealt, turns
from tests.survival.harness.orders import Orders
from tests.survival.harness.steady import STEADY, Shelf
from tests.survival.test_fault_matrix import RATE, SHORT_PATIENCE, announce, told
from tests.survival.test_read_faults import ADMIN, NOT_KEPT, disturbed, found, recorded

type Say = Callable[[str], None]
type Lines = dict[str, list[Line]]

FAST = {"PASS_REQUESTS_PER_10_SECONDS": str(RATE)}
BY_NUMBER_ALONE = {"PIM_FOR_GROUPS": "true", "TEAMS_APP": "aaaaaaaa-0000-4000-8000-000000000009"}
PERMISSIONS = ("PrivilegedEligibilitySchedule.Read.AzureADGroup", "TeamsActivity.Send")
JOINED = '(device.deviceTrustType -eq "Azure AD joined")'
"""A filter that lets each device through that shows Web sign-in at all."""
UP_TO_THE_PASS = (NOTICE, INVITE, ISSUE)
READY = Stage(
    "ready", lambda row: str(row["device_due"]["at"]), lambda row: row["device"]["verdict"]["state"] == State.READY
)
"""The last look at the device, before the window: by then it is known to be ready."""


def told_by_number(world: World, size: int) -> Crowd:
    """Announce a crowd by their employee numbers, where privileges are looked for and managers nudged."""
    crowd = Crowd(world, size, RATE)
    crowd.begin()
    for permission in PERMISSIONS:
        crowd.company.change(op="grant-permission", permission=permission)
    world.restart_host(0, FAST | BY_NUMBER_ALONE)
    announce(crowd, userName=None)
    return crowd


def told_by_serial(world: World, size: int) -> Crowd:
    """Announce a crowd by the serial numbers of their devices, which are in their group already.

    The group is in the profile's scope, as far as a filter lets its devices through.
    """
    crowd = Crowd(world, size, RATE)
    crowd.begin()
    world.restart_host(0, FAST | STEADY)
    shelf, company = Shelf(crowd.company, crowd.hires[0].group), crowd.company
    target = {
        "@odata.type": "#microsoft.graph.groupAssignmentTarget",
        "groupId": shelf.group,
        "deviceAndAppManagementAssignmentFilterId": company.change(op="set-filter", rule=JOINED)["id"],
        "deviceAndAppManagementAssignmentFilterType": "include",
    }
    profile = company.directory()["profile"]["name"]
    company.change(op="set-profile", profile=profile, assignments=[{"target": target}])
    for number, device in enumerate(shelf.fill(size, inside=size)):
        company.change(op="add-autopilot", serial=f"PF-{number:03}", device=device)
        crowd.announce([crowd.hires[number]], device={"serialNumber": f"PF-{number:03}"})
    world.wait_idle()
    return crowd


@pytest.mark.torture
def test_a_hire_told_by_number_and_a_nudge_that_fails(world: World, orders: Orders, say: Say) -> None:
    """Looked for, judged and nudged: who cannot be read waits and is told why, and a nudge holds up nothing."""
    orders.give(mark=True)
    lines = _calls(Disturbed(told_by_number(world, 1), orders), UP_TO_THE_PASS, BY_NUMBER)
    met: set[tuple[Line, str]] = set()
    for number in range(turns(_all(lines))):
        gone = Disturbed(told_by_number(world, len(FAULTS) + 1), orders, SHORT_PATIENCE)
        for stage in UP_TO_THE_PASS:
            gone.disturbed(stage, dealt(lines[stage.name], FAULTS, number))
        assert {len(links) for links in gone.crowd.links().values()} == {1}
        gone.collect()
        gone.check()
        met |= set(gone.met)
    say(f"by number, and nudged: {told(lines, len(met))}")


@pytest.mark.torture
def test_a_device_told_by_its_serial_number(world: World, orders: Orders, say: Say) -> None:
    """Looked for, judged by filter and report: what cannot be read is said, and each device is ready in the end."""
    orders.give(mark=True)
    lines = _calls(Disturbed(told_by_serial(world, 1), orders), (LOOK, NOTICE), BY_SERIAL)
    met: set[tuple[Line, str]] = set()
    for number in range(turns(_all(lines))):
        gone = Disturbed(told_by_serial(world, len(FAULTS) + 1), orders, SHORT_PATIENCE)
        for stage in (LOOK, NOTICE):
            gone.disturbed(stage, dealt(lines[stage.name], FAULTS, number))
        for stage in (INVITE, ISSUE, READY):
            gone.undisturbed(stage)
        gone.check()
        met |= set(gone.met)
    say(f"by serial number: {told(lines, len(met))}")


def _calls(alone: Disturbed, stages: Iterable[Stage], expected: Mapping[str, str]) -> Lines:
    """Record these calls in the stages of one hire's life, and see that none is missing."""
    lines = {stage.name: among(expected, alone.recorded(stage)) for stage in stages}
    assert missing(expected, _all(lines)) == []
    return lines


def _all(lines: Lines) -> list[Line]:
    return [line for own in lines.values() for line in own]


@pytest.mark.torture
def test_a_profile_is_made_once_whatever_becomes_of_the_answer(world: World, orders: Orders, say: Say) -> None:
    """One of the name and no second, as it is made undisturbed, with the hire's group in its scope."""
    orders.give(mark=True)
    alone = Disturbed(_without_profile(world), orders)
    (line,) = _all(_calls(alone, [NOTICE], MADE))
    expected = _profiles(alone.crowd.company)
    for fault in FAULTS:
        gone = Disturbed(_without_profile(world), orders, SHORT_PATIENCE)
        gone.disturbed(NOTICE, [[Cell(line, fault)]])
        assert _profiles(gone.crowd.company) == expected, fault
        gone.undisturbed(INVITE)
        gone.check()
    say(f"a profile made: {len(FAULTS)} cells, 1 call × {len(FAULTS)} faults")


def _without_profile(world: World) -> Crowd:
    """Announce one hire where the profile is missing and the app may make it."""
    crowd = Crowd(world, 1, RATE)
    crowd.begin()
    crowd.company.change(op="delete-profile", profile=crowd.company.directory()["profile"]["name"])
    world.restart_host(0, FAST | {"MAKE_PROFILES": "true"})
    announce(crowd)
    return crowd


def _profiles(company: Company) -> list[tuple[Any, ...]]:
    """Return what profiles there are: names, settings, and to whom each is assigned."""
    return [
        (one["name"], one["settings"], [assigned["target"] for assigned in one["assignments"]])
        for one in company.directory()["profiles"]
    ]


@pytest.mark.torture
def test_readiness_says_that_who_comes_could_not_be_read(world: World, orders: Orders, say: Say) -> None:
    """All that is said of the hires to come is unknown, or refused, and why; all else is answered as ever."""
    crowd = Crowd(world, 1, RATE, EARLY)
    crowd.begin()
    announce(crowd)
    admin = {"Authorization": f"Bearer {crowd.company.token(ADMIN, 'Pass.Admin')}"}

    def look() -> Answer:
        world.advance(NOT_KEPT)
        return world.request("GET", "/api/readiness", headers=admin)

    # The account is read before what it is licensed for, by the same path.
    *_, line = among(COMING, recorded(world, orders, "readiness", look))
    well = found(look())
    for cell in (Cell(line, fault) for fault in FAULTS):
        seen = found(disturbed(world, cell, look))
        asked = world.control("GET", "requests").json()["requests"]
        assert [one for one in asked if one["fault"] and "assignedPlans" in unquote(one["path"])], cell
        changed = {name: state for name, (state, why) in seen.items() if state != well[name][0] and why}
        of_hires = {name: "unknown" for name in well if name.startswith("hires-")}
        assert changed == (of_hires if cell.fails else {}), f"{cell}: {changed}"
    assert {name: state for name, (state, _) in found(look()).items()} == {name: well[name][0] for name in well}
    say(f"who comes, in readiness: {len(FAULTS)} cells, 1 call × {len(FAULTS)} faults")
