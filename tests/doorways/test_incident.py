"""The emergency brake, pulled by an operator beside the app: links dead at once, passes deleted by the sweep."""

import subprocess
import sys

from sandbox.processes import ROOT
from tests.doorways.story import START, Story
from tests.doorways.test_ad_hoc import asked

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


def ended(tool: subprocess.Popen[str]) -> tuple[int, str]:
    """Let the tool come to its end; return its exit code and what it said."""
    with tool:
        told = tool.communicate()[0]
    return tool.returncode, told


def test_all_is_revoked_beside_a_paused_app(story: Story) -> None:
    """Paused or not: every link is dead with the write, the sweep deletes the passes, what is only planned stays."""
    opened, issued = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    code = opened.collected()
    later = story.posts(story.hire("zofia-nowak"), "2030-06-10")
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "true"})
    exit_code, told = ended(revoke(story, "--all", "--dry-run"))
    assert (exit_code, "2 to revoke" in told, issued.id in told, later.id in told) == (0, True, True, False)
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


def test_a_part_is_revoked_and_what_is_left_is_said(story: Story) -> None:
    """By source, by time, what is only planned too: nobody else's; a pass that stands is exit code 1, until it goes."""
    before = story.posts(story.hire()).until("issued")
    since = story.world.now()
    by_hand = asked(story, "jonas-keller").until("issued")
    later = story.posts(story.hire("zofia-nowak"), "2030-06-10")
    user = story.company.directory()["people"]["jonas-keller"]["id"]
    held = next(one["id"] for one in story.passes() if one["userId"] == user)
    code, told = ended(revoke(story, "--source", "ad-hoc", "--wait", "0"))
    assert (code, "1 revoked" in told, "1 left to be done" in told) == (1, True, True), told
    assert f"NOT deleted yet: user {user}, Temporary Access Pass {held}" in told
    assert (before.status, by_hand.reason, later.status) == ("issued", "revoked", "planned")
    story.sweep()
    code, told = ended(revoke(story, "--source", "ad-hoc", "--wait", "0"))
    assert (code, "0 to revoke; 0 ended earlier" in told) == (0, True), told
    assert held not in {one["id"] for one in story.passes()}
    code, told = ended(revoke(story, "--since", since, "--wait", "0"))
    assert (code, "0 to revoke" in told, later.status) == (0, True, "planned"), told
    code, told = ended(revoke(story, "--since", since, "--planned", "--wait", "0"))
    assert (code, "1 revoked" in told, later.reason) == (0, True, "revoked"), told
    assert (before.status, len(story.passes())) == ("issued", 1), "begun before, and by another source"
