"""The emergency brake, pulled by an operator beside the app: links dead at once, passes deleted by the sweep."""

import subprocess
import sys

from sandbox.processes import ROOT
from tests.doorways.story import START, Story

TOOL = """
import sys
from pathlib import Path
from sandbox.clock import SandboxClock
from tools.revoke import main
sys.exit(main(sys.argv[2:], SandboxClock(Path(sys.argv[1]))))
"""


def revoke(story: Story, *arguments: str) -> subprocess.Popen[str]:
    """Run the tool in the sandbox's time, with the environment of an operator who may write to storage."""
    command = [sys.executable, "-c", TOOL, str(story.world.clock_file), *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=story.world.settings(), stdout=subprocess.PIPE, text=True)


def test_all_is_revoked_beside_a_paused_app(story: Story) -> None:
    """Paused or not: every link is dead with the write, the sweep deletes the passes, what is only planned stays."""
    opened, issued = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    code = opened.collected()
    later = story.posts(story.hire("zofia-nowak"), "2030-06-10")
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "true"})
    with revoke(story, "--all", "--dry-run") as dry:
        told = dry.communicate()[0]
    assert (dry.returncode, "2 to revoke" in told, issued.id in told, later.id in told) == (0, True, True, False)
    assert (opened.status, issued.status, len(story.passes())) == ("opened", "issued", 2)
    with revoke(story, "--all", "--wait", "2") as real:
        assert real.stdout is not None
        next(line for line in real.stdout if "2 still to be deleted" in line)
        for case in (opened, issued):
            refused = case.reveal(story.company.claim())
            assert (refused.status, refused.json()["state"]) == (409, "cancelled")
        assert len(story.passes()) == 2
        story.sweep()
        told = real.communicate()[0]
    assert (real.returncode, "2 revoked: their links are dead. Nothing left" in told) == (0, True), told
    assert story.passes() == []
    story.at(f"{START}T06:00:00Z")
    assert opened.signs_in(code)["signedIn"] is False
    assert (later.status, opened.reason, issued.reason) == ("planned", "revoked", "revoked")
