"""A run that is about to take a device out of its group, and is overtaken: what it has read holds no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status, WebSignIn
from shared.sources.hire import EventKind
from tests.model.people import Collects, Press
from tests.model.steps import GoesOn, Point, Posts, Waits
from tests.model.world import HIRES, World

MOST_STEPS = 20
THEIR_DEVICE = f"{HIRES['Anna'][:-1]}d"


@pytest.fixture
def world() -> Iterator[World]:
    """Give a world in which a hire's device has joined its group, and the hire has let the hours go by."""
    world = World()
    Posts("Anna", EventKind.CREATED, 2, None, 0).act(world)
    GoesOn("Anna", Point.OVER).act(world)
    (row,) = world.rows()
    assert (row.status, world.fleet.ours) == (Status.EXPIRED, {THEIR_DEVICE})
    yield world
    world.close()


def about_to_leave(world: World) -> Onboarding:
    """Read the row as the step reads it that takes the device out, a day after the end."""
    (row,) = world.rows()
    world.loop.skip_to(world.now + timedelta(days=1))
    return row


def goes_on(world: World, row: Onboarding) -> None:
    """Let the run go on with what it had read."""
    world.loop.run_until_complete(world.app.web_sign_in.scoping._leaving.run(row))


def until(world: World, reached: Callable[[Onboarding], object]) -> None:
    """Go from due time to due time."""
    for _ in range(MOST_STEPS):
        if reached(world.rows()[0]):
            return
        Waits(None).act(world)
    raise AssertionError(world.rows())


def test_a_hire_who_has_the_pass_made_anew_just_then_keeps_the_device_in_its_group(world: World) -> None:
    """The onboarding lives again, and its device side with it: the run that had read its end takes nothing back."""
    read_before = about_to_leave(world)
    Collects("The manager", newest=True, browser=1, press=Press.ANEW).act(world)
    until(world, lambda row: row.ended_at is None and row.web.status is WebSignIn.IN_SCOPE)
    goes_on(world, read_before)
    (row,) = world.rows()
    assert ([one.device for one in row.memberships], world.fleet.ours) == ([THEIR_DEVICE], {THEIR_DEVICE})


def test_what_somebody_adds_once_it_was_taken_back_stays(world: World) -> None:
    """Two runs read the same end; when the first has taken the device out, and a person puts it back, it is his."""
    read_before = about_to_leave(world)
    goes_on(world, read_before)
    assert world.fleet.ours == set()
    world.fleet.others.add(THEIR_DEVICE)
    goes_on(world, read_before)
    assert world.tenant.manners.wrongs == []
