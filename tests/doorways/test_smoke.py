"""What the pipeline asks after a deployment, asked of the app in its sandbox."""

import subprocess
import sys

from tests.doorways.story import Story
from tools.infra.tree import ROOT
from tools.smoke import asker, smoke_notes


def test_the_running_app_passes(story: Story) -> None:
    """The app in its sandbox, behind a stand-in for App Service, is found to be as it should be.

    A vendor's own Basic token comes through to the app. A bearer token of another issuer does not, there as in App
    Service, and that is told as something to know and no fault.
    """
    story.world.run_timer("sweep")
    tenant = story.world.settings()["TENANT_ID"]
    command = [sys.executable, "-I", ROOT / "tools" / "smoke.py", story.world.app, tenant]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith(f"{story.world.app}: as it should be.\n")
    (note,) = smoke_notes(asker(story.world.app))
    assert "a vendor's own Bearer token is answered 401" in note
    assert note in done.stdout
