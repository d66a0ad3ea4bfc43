"""Carry a hire through the app as it was unpacked from the zip: from HR's event to the lock screen.

The app's own code and packages, and beside them Microsoft's worker library and nothing of development; the sandbox's
host, tenant and storage around it are this project's.
"""

from pathlib import Path

from sandbox.world import World
from tests.doorways.story import RATE, as_if_new


def carry(app: Path, python: Path, packages: Path) -> str:
    """Run the app in the folder `app` with that Python and those packages; return what happened in the end.

    Raises:
        AssertionError: an onboarding came to a halt, or what was collected lets nobody in.
        StartError: the app did not come up.
    """
    settings = {"PYTHONPATH": str(packages), "PASS_REQUESTS_PER_10_SECONDS": str(RATE)}
    with World.start(app=app, python=python, timers=False, settings=settings) as world:
        story = as_if_new(world)
        case = story.posts(story.hire())
        code = case.collected()
        case.valid()
        verdict = case.signs_in(code)
        if not verdict["signedIn"]:
            raise AssertionError(f"the pass that was collected lets nobody in: {verdict['reason']}")
        return f"{case.hire.name} was announced, collected for and signed in at {verdict['at']}, sandbox time"
