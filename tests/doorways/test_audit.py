"""The audit as an auditor sees it: who did what, found untouched, and every way of touching it."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from azure.data.tables import UpdateMode

from sandbox.processes import ROOT
from tests.doorways.story import Case, Story
from tools.verify_audit import ENDPOINT, main


def verified(story: Story, *arguments: str) -> tuple[int, str]:
    """Run the tool as an auditor does; return its exit status and what it printed."""
    command = [sys.executable, "-m", "tools.verify_audit", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=story.world.settings(), capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def records(story: Story, case: Case) -> list[dict[str, Any]]:
    """Return the stored records of an onboarding, oldest first."""
    rows = story.world.storage.rows("onboardings")
    return sorted((row for row in rows if row["RowKey"].startswith(f"a|{case.id}|")), key=lambda row: row["RowKey"])


def logged_digest(story: Story) -> dict[str, Any]:
    """Return what the newest daily pass logged of the audit."""
    found = re.findall(r"audit digest (\{.*?\})", "\n".join(story.world.logs().values()))
    return dict(json.loads(found[-1]))


def test_an_audit_is_complete_names_nobody_and_cannot_be_touched_unseen(story: Story) -> None:
    """A whole life verifies; a record changed or lost is named, and the logged digest shows a chain rewritten whole."""
    case = story.posts(story.hire())
    case.collected()
    history = case.read()["history"]
    people = story.company.directory()["people"]
    who = story.who(case.id)
    opened = next(entry for entry in history if entry["what"] == "opened")
    assert who[opened["by"]] == people["jana-hoffmann"]["id"] == who[opened["collector"]]
    assert who[opened["subject"]] == people["amelie-brandt"]["id"]
    assert "people" not in case.read(), "Pass.Read sees random ids alone"
    stored = json.dumps(records(story, case), default=str)
    personal = (case.hire.upn, "Amélie", people["jana-hoffmann"]["id"], case.hire.employee_id)
    assert not any(word in stored for word in personal)

    story.later(days=1)
    seen = logged_digest(story)
    then = ("--as-of", seen["asOf"], "--digest", seen["digest"])
    story.later(minutes=1)
    status, told = verified(story, *then)
    assert (status, "broken       0" in told) == (0, True), told

    table = story.world.storage.table("onboardings")
    kept = records(story, case)
    changed, lost = kept[2], kept[4]
    table.update_entity({**changed, "by": "app", "what": "opened"}, mode=UpdateMode.REPLACE)
    table.delete_entity(lost)
    status, told = verified(story)
    assert status == 1
    assert f"{case.id}  record 3: changed" in told
    assert f"{case.id}  record 5: missing" in told
    table.update_entity(changed, mode=UpdateMode.REPLACE)
    table.create_entity(lost)

    # Whoever can write everything rewrites the row with the records, and wipes who was who.
    row = dict(table.get_entity(case.id[0], f"o|{case.id}"))
    for tail in kept[-2:]:
        table.delete_entity(tail)
    table.update_entity({**row, "head": kept[-3]["hash"], "length": row["length"] - 2, "version": row["version"] - 2})
    table.delete_entity({"PartitionKey": case.id[0], "RowKey": f"m|{case.id}"})
    status, told = verified(story, *then)
    assert (status, "broken       0" in told, "is not the one that was logged" in told) == (1, True, True), told


def test_the_tool_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the address of storage it names the setting, and does not pass for an audit that holds."""
    monkeypatch.delenv(ENDPOINT, raising=False)
    monkeypatch.setattr(sys, "argv", ["verify_audit"])
    assert main() == 2
    assert ENDPOINT in capsys.readouterr().err
