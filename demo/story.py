"""Tells the story, step by step, and ends at the first step that is not as it should be."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from demo import first_morning, lost_phone, steps
from demo.checks import UnexpectedError
from demo.counting import graph_rows
from demo.draw import Draw, draw
from demo.stage import Stage
from demo.terminal import Terminal
from sandbox.azurite import StorageMissingError
from sandbox.http import answers
from sandbox.people import Company
from sandbox.processes import StartError
from sandbox.world import World

SET_UP = "set-up"
CLEAN_UP = "nothing left behind"
# Looked at often enough to be brisk, and seldom enough for its messages to be seen before they are taken.
_QUEUE_POLLING = {"AzureFunctionsJobHost__extensions__queues__maxPollingInterval": "00:00:00.5"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the story, by its name."""

    name: str
    run: Callable[[Stage], None]


STEPS = (
    Step("event accepted", steps.event_accepted),
    Step("planned", steps.planned),
    Step("notice", steps.notice),
    Step("link", steps.link_mailed),
    Step("mail scanner", steps.scanner),
    Step("pass made", steps.pass_made),
    Step("group in scope", steps.group_in_scope),
    Step("collected", first_morning.collected),
    Step("lock screen", first_morning.lock_screen),
    Step("reboot", first_morning.reboot),
    Step("second collection", first_morning.second_collection),
    Step("used", first_morning.used),
    Step("a lost phone", lost_phone.asked_for),
    Step("collected at once", lost_phone.collected),
    Step("used again", lost_phone.used),
    Step("nothing in clear", first_morning.nothing_in_clear),
)


class StoppedError(Exception):
    """The story ended at a step that is not as it should be; it is told already."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What makes one telling differ from another.

    `app`: folder of the app, None for the project's own. `prepare`: changes the tenant before HR tells. `crossing`:
    only stories with a change of clocks.
    """

    seed: str
    app: Path | None = None
    prepare: Callable[[Stage], None] | None = None
    crossing: bool = False


def tell(terminal: Terminal, plot: Plot) -> int:
    """Tell one story. Returns 0, or 1 where a step is not as it should be."""
    terminal.title("Day One Pass: from a signed HR event to a sign-in", f"seed {plot.seed}")
    began = time.monotonic()
    try:
        world = _start(terminal, plot)
        with world:
            up = time.monotonic()
            stage = _set_the_stage(world, terminal, plot)
            _play(stage)
            told = time.monotonic()
        _check_left_behind(terminal, world)
    except StoppedError:
        return 1
    _sum_up(stage, (up - began, told - up, time.monotonic() - told))
    return 0


def _start(terminal: Terminal, plot: Plot) -> World:
    terminal.text("Starting a tenant, storage and the app on this machine …")
    options = {"settings": _QUEUE_POLLING, "access_log": True} | ({"app": plot.app} if plot.app else {})
    try:
        return World.start(**options)
    except (StartError, StorageMissingError) as error:
        terminal.failed(SET_UP, "the world comes up", "all processes ready", str(error))
        raise StoppedError from error


def _set_the_stage(world: World, terminal: Terminal, plot: Plot) -> Stage:
    company = Company(world)
    drawn = draw(plot.seed, company.hires(), company.directory()["sites"], crossing=plot.crossing)
    world.control("POST", "reset", {"now": f"{drawn.begins:%Y-%m-%dT%H:%M:%SZ}"})
    stage = Stage(world, terminal, drawn)
    _introduce(stage, drawn)
    if plot.prepare is not None:
        plot.prepare(stage)
    return stage


def _introduce(stage: Stage, drawn: Draw) -> None:
    hire, hours = drawn.hire, drawn.hours
    start = hours.local(hours.start)
    changes = "; the clocks change before that" if drawn.clocks_change else ""
    device = next(device for device in stage.before["devices"] if device["deviceId"] == hire.device)
    group = next(group["name"] for group in stage.before["groups"].values() if group["id"] == hire.group)
    manager, old = (stage.person(upn)["name"] for upn in (hire.manager, drawn.old_manager))
    stage.terminal.text()
    stage.terminal.pair("Joins", f"{hire.name}, {hire.department}, at {hire.site}")
    stage.terminal.pair("Starts", f"{start:%A} {start.day} {start:%B %Y, %H:%M}, {hours.zone}{changes}")
    stage.terminal.pair("Manager", f"{manager}, as Entra has it; HR still has {old}")
    stage.terminal.pair("Device", f"{device['name']}, Windows {device['build']}, in the group {group}")
    stage.terminal.pair("Today", f"{stage.at(drawn.begins)}, there")


def _play(stage: Stage) -> None:
    for number, step in enumerate(STEPS, 1):
        stage.terminal.step(number, step.name)
        try:
            step.run(stage)
            stage.keep(step.name)
        except UnexpectedError as error:
            stage.terminal.failed(step.name, error.what, error.expected, error.found)
            raise StoppedError from error
        except Exception as error:  # whatever it is, it belongs to this step, and the reader has to know which
            stage.terminal.failed(step.name, "the step runs", "no error", f"{type(error).__name__}: {error}")
            raise StoppedError from error


def _check_left_behind(terminal: Terminal, world: World) -> None:
    addresses = (f"{world.tenant}/_sandbox/clock", *(f"{host.address}/admin/host/status" for host in world.hosts))
    left = [address for address in addresses if answers(address)]
    left += [str(world.directory)] if world.directory.exists() else []
    if left:
        terminal.failed(CLEAN_UP, "everything is taken down", "nothing answers, no folder is left", ", ".join(left))
        raise StoppedError


def _sum_up(stage: Stage, seconds: tuple[float, float, float]) -> None:
    terminal = stage.terminal
    terminal.section(f"The hours of {stage.hire.name}, in local time")
    terminal.columns((what, stage.at(instant)) for what, instant in stage.moments)
    terminal.section("Requests to Microsoft Graph")
    terminal.columns(graph_rows(stage.asked))
    terminal.section("Storage operations, without the standing ones of schedule and queues")
    terminal.columns(stage.storage.for_the_hire())
    set_up, story, down = seconds
    terminal.section("This run")
    terminal.columns((("set-up", f"{set_up:.1f} s"), ("story", f"{story:.1f} s"), ("taken down", f"{down:.1f} s")))
    terminal.verdict(f"All {len(STEPS)} steps are as they should be. Nothing is left behind.", good=True)
