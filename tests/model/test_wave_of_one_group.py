"""Five hundred hires of one group cause one write to the profile: Intune replaces the whole list on every write."""

import asyncio
from collections import Counter
from dataclasses import replace

from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import WebSignIn
from shared.onboarding.transaction import Change
from shared.tenant.ports.devices import Device
from tests.model.tenant import GROUP
from tests.model.world import World
from tests.shared.onboarding.rows import fresh

HIRES = 500
MOST_ROUNDS = 3
"""Of those that come at once one writes, and the others look again."""


async def planned(world: World) -> list[Onboarding]:
    """Store the hires, each with a device that HR names and the tenant knows."""
    rows = []
    for number in range(HIRES):
        device = f"30000000-0000-4000-8000-{number:012x}"
        world.fleet.registered[device] = Device(device, device)
        row = fresh()
        hire = replace(row.hire, external_id=f"W-{number}", site=None, department=None, device_id=device)
        row = replace(row, id=f"{number % 16:x}{number:024d}", hire=hire)
        rows.append(
            await world.app.ground.storage.onboardings.commit(None, Change(row, Audit(Did.EVENT_PLANNED, world.now)))
        )
    return rows


async def scoped(world: World, rows: list[Onboarding]) -> None:
    """Run the step of all that are due, at once."""
    await asyncio.gather(*(world.app.web_sign_in.scoping.run(row.id) for row in rows if row.web_due is not None))


def test_five_hundred_hires_of_one_group_cause_one_assignment_write() -> None:
    """All at once: the assignments are written once, no lease is waited for, and each device joins the group once."""
    world = World()
    rows = world.loop.run_until_complete(planned(world))
    world.loop.skip_to(max(row.web_due.at for row in rows if row.web_due is not None))
    for _ in range(MOST_ROUNDS):
        world.loop.run_until_complete(scoped(world, rows))
    after = world.rows()
    assert {(row.web.status, row.web.group) for row in after} == {(WebSignIn.IN_SCOPE, GROUP)}
    calls = Counter(world.tenant.calls)
    assert (calls["assign"], calls["join"], world.fleet.joined) == (1, HIRES, HIRES)
    assert calls["profile"] <= MOST_ROUNDS * HIRES
    world.close()
