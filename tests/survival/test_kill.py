"""A worker is killed before or after any of its requests and writes; a fresh one brings the hire to the same end."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox.world import World
from tests.survival.harness.journey import Journey, PointMissedError, record, struck
from tests.survival.harness.orders import AFTER, BEFORE, Orders, Point, points_of
from tests.survival.harness.recovery import OUT_OF_SIGHT
from tests.survival.harness.ways import COLLECTED, WAYS, WITHDRAWN, Way

type Say = Callable[[str], None]

PARTS = 6
MOST_TRIES = 3
BOTH = (BEFORE, AFTER)
LISTENERS = {"send_invite", "issue_pass", "scope_web_sign_in", "tidy_up"}
BY_SWEEP, BY_MESSAGE = timedelta(minutes=2), OUT_OF_SIGHT + timedelta(seconds=15)
"""Within these, by the world's clock and from its own start, a fresh worker has done what a dead one left.

A message comes back after ten minutes; the seconds are for the work itself.
"""
ON_THE_WAY = {
    ("notice", "scope_web_sign_in"): {"graph POST /beta/deviceManagement/configurationPolicies/{id}/assign"},
    ("invite", "send_invite"): {"graph POST /v1.0/users/{upn}/sendMail", "table POST $batch"},
    ("issue", "issue_pass"): {
        "graph POST /v1.0/users/{id}/authentication/temporaryAccessPassMethods",
        "table POST $batch",
    },
    ("collect", "pass_reveal"): {"table POST $batch"},
}
"""What the short form strikes before its first occurrence and after its last, by stage and function."""
CALLED_OFF = {
    ("event", "hr_event"): {"queue POST scope-web-sign-in/messages"},
    ("event", "scope_web_sign_in"): {"graph POST /v1.0/groups/{id}/members/$ref"},
    ("invite", "sweep"): {"table POST $batch"},
    ("cancel", "hr_event"): {"table POST $batch"},
    ("cancel", "scope_web_sign_in"): {"graph DELETE /v1.0/groups/{id}/members/{id}/$ref"},
    ("revoke", "tidy_up"): {
        "graph DELETE /v1.0/users/{id}/authentication/temporaryAccessPassMethods/{id}",
        "table POST $batch",
    },
}
"""The same for a hire that is withdrawn, and whose device has to leave a steady group again."""


def kind_of(point: Point) -> str:
    """Say what kind of operation a point is at: method and table or kind of service; for Graph's changes the path."""
    service, method, path = point.label.split(" ", 2)
    if service == "graph" and (method != "GET" or path.endswith("temporaryAccessPassMethods")):
        return point.label
    return f"{service} {method} {path.split(' ')[0] if service == 'table' else ''}"


def sample(points: list[Point], named: Mapping[tuple[str, str], set[str]], others: tuple[str, ...]) -> list[Point]:
    """Take the points of the short form: those that are named, and one for each kind of operation that begins so.

    That one lies in the stage with the fewest points yet, for a way takes one of each stage.
    """
    taken = [one for place, labels in named.items() for label in sorted(labels) for one in _ends(points, place, label)]
    kinds = {kind_of(point) for point in points if kind_of(point).startswith(others)}
    for number, kind in enumerate(sorted(kinds - {kind_of(point) for point in taken})):
        load = Counter(point.stage for point in taken)
        choice = [p for p in points if kind_of(p) == kind and p.when == BOTH[number % 2]]
        taken.append(min(choice, key=lambda point: load[point.stage]))
    return taken


def _ends(points: list[Point], place: tuple[str, str], label: str) -> tuple[Point, Point]:
    """Return what lies before the first and after the last of these operations; there have to be some."""
    same = [one for one in points if (one.stage, one.function) == place and one.label == label]
    before, after = ([one for one in same if one.when == when] for when in BOTH)
    return min(before), max(after)


def in_rounds(points: list[Point]) -> list[list[Point]]:
    """Lay points together that can be struck on one way: one of each stage."""
    rounds: list[list[Point]] = []
    for point in points:
        free = (one for one in rounds if all(other.stage != point.stage for other in one))
        fitting = next(free, None)
        if fitting is None:
            rounds.append(fitting := [])
        fitting.append(point)
    return rounds


def rounds_of(way: Way, points: list[Point]) -> list[list[Point]]:
    """Lay points together on a long way; on any other each is struck by itself."""
    return in_rounds(points) if way.in_rounds else [[point] for point in points]


def points_on(world: World, orders: Orders, way: Way) -> list[Point]:
    """Go a way undisturbed and return the places to strike. Again where a busy machine missed a slot of the budget."""
    for _ in range(MOST_TRIES):
        journey = way.journey(world, orders)
        operations = record(journey, way.walk)
        if not journey.missed_a_slot():
            break
    return sorted({point for stage, operation in operations for point in points_of(stage, [operation])})


def points_always_on(world: World, orders: Orders, way: Way) -> list[Point]:
    """Go a way twice and return its own places that both times had: how often a lease is renewed is the machine's."""
    always = {*points_on(world, orders, way)} & {*points_on(world, orders, way)}
    return sorted(filter(way.is_its_own, always))


def strike_all(journey: Journey, way: Way, rounds: list[list[Point]]) -> list[timedelta]:
    """Go the way once for each round; return how long the work took that each death left.

    A point that the work does not come by, for an earlier death of its round has changed the way, is struck alone. One
    that an undisturbed way does not have any more either was there by chance: two had written one row at once.
    """
    took: list[timedelta] = []
    waiting = rounds[::-1]
    while waiting:
        points = waiting.pop()
        try:
            took += strike(journey, way, points)
        except PointMissedError as missed:
            if points != [missed.point]:
                waiting += [[missed.point], [point for point in points if point != missed.point]]
            elif missed.point in points_on(journey.world, journey.orders, way):
                raise
    return took


def strike(journey: Journey, way: Way, points: list[Point]) -> list[timedelta]:
    """Go the way with these deaths and see what must hold.

    Again where the work did not come by a point, or where a machine too busy to keep a slot put it off by a minute.
    """
    for tries in range(1, MOST_TRIES + 1):
        fresh = replace(journey)
        try:
            struck(fresh, way.walk, points)
            way.check(fresh)
            if tries < MOST_TRIES and fresh.missed_a_slot():
                continue
            most = BY_MESSAGE if fresh.by_message else BY_SWEEP
            assert max(fresh.recovery.took, default=most) <= most, f"took too long: {fresh.recovery}"
        except PointMissedError:
            if tries == MOST_TRIES or len(points) > 1:
                raise
            continue
        except BaseException as error:
            error.add_note(" + ".join(map(str, points)))
            raise
        break
    return fresh.recovery.took


def told(points: int, took: list[timedelta], began: float) -> str:
    """Say what was done, and how long the work took at most that a death left."""
    most = max(took, default=timedelta(0))
    return (
        f"{points} points, done at most {most.total_seconds():.0f} s of the world's time after the fresh worker's"
        f" start, {time.monotonic() - began:.0f} s in all"
    )


@pytest.mark.long
def test_a_hire_is_collected_though_workers_die(world: World, orders: Orders, say: Say) -> None:
    """One live pass, one usable link and the same end, with a death in every stage and around every kind of change."""
    began = time.monotonic()
    points = points_on(world, orders, COLLECTED)
    few = sample(points, ON_THE_WAY, ("table",))
    took = strike_all(COLLECTED.journey(world, orders), COLLECTED, in_rounds(few))
    say(f"killed on the way to a collected pass: {len(few)} of {told(len(points), took, began)}")


@pytest.mark.long
def test_a_withdrawn_hire_keeps_nothing_though_workers_die(world: World, orders: Orders, say: Say) -> None:
    """No pass is left, no link opens and no device is in a group, with a death at every step of the withdrawal."""
    began = time.monotonic()
    points = points_on(world, orders, WITHDRAWN)
    few = sample(points, CALLED_OFF, ("graph GET", "queue"))
    took = strike_all(WITHDRAWN.journey(world, orders), WITHDRAWN, in_rounds(few))
    say(f"killed on the way of a withdrawn hire: {len(few)} of {told(len(points), took, began)}")


@pytest.mark.torture
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_any_single_death_is_survived(world: World, orders: Orders, say: Say, way: Way, part: int) -> None:
    """Killed once, at any point of a way, before or after: the same end."""
    began = time.monotonic()
    rounds = rounds_of(way, points_always_on(world, orders, way))[part::PARTS]
    took = strike_all(way.journey(world, orders), way, rounds)
    say(f"{way}, killed once, part {part + 1} of {PARTS}: {told(len(took), took, began)}")


@pytest.mark.torture
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_the_message_alone_brings_back_what_a_dead_worker_left(
    world: World, orders: Orders, say: Say, way: Way, part: int
) -> None:
    """Killed once over a message, with no sweep after it: the message comes back, and all ends the same."""
    began = time.monotonic()
    points = [point for point in points_always_on(world, orders, way) if point.function in LISTENERS]
    rounds = rounds_of(way, points)[part::PARTS]
    took = strike_all(way.journey(world, orders, by_message=True), way, rounds)
    say(f"{way}, killed once over a message, part {part + 1} of {PARTS}: {told(len(took), took, began)}")
