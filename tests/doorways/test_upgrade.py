"""Rows that another version of the app wrote: older ones go on, newer ones are left alone."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.people import LinkInMail
from shared.onboarding.codec import decode_row
from shared.onboarding.model import SCHEMA
from shared.onboarding.statuses import Status
from shared.onboarding.upgrade import NewerRowError, upgraded
from tests.doorways.story import ADMIN, Case, Story

OLD = json.loads((Path(__file__).parents[1] / "fixtures" / "storage" / "schema-1.json").read_text(encoding="utf-8"))
"""All that version 1 had in its tables on a Friday morning, with a hire in each status, and the links it had mailed."""
UNTIL = "2030-08-01T00:00:00Z"
HIRES = {"planned": "pia-papierlos", "invited": "ole-ohnegeraet", "issued": "jonas-keller", "opened": "zofia-nowak"}


def placed(story: Story) -> dict[str, Case]:
    """Put everything back where it was, at that hour, with time to take it over; return the onboardings by status."""
    story.world.restart_host(extra_settings={"UNSIGNED_ROWS_UNTIL": UNTIL})
    story.world.set_clock(OLD["at"].replace("+00:00", "Z"))
    for table, rows in OLD["tables"].items():
        for row in rows:
            story.world.storage.table(table).create_entity(row)
    return {
        name: Case(story, story.hire(HIRES.get(name, "amelie-brandt")), onboarding)
        for name, onboarding in OLD["onboardings"].items()
    }


def link(name: str, story: Story) -> LinkInMail:
    """Return the link that version 1 mailed for the hire in this status."""
    onboarding, key = OLD["links"][name].split("#")
    return LinkInMail(f"{story.world.app}/pass/{onboarding}#{key}", onboarding, key)


def test_version_1_has_left_a_row_in_every_status() -> None:
    """The rows are those of schema 1, one in each status, and all of them can be read."""
    rows = {row["RowKey"][2:]: row for row in OLD["tables"]["onboardings"] if row["RowKey"].startswith("o|")}
    assert {row["schema"] for row in rows.values()} == {1}
    read = {name: decode_row(rows[onboarding]) for name, onboarding in OLD["onboardings"].items()}
    assert {name: row.status for name, row in read.items()} == {status.value: status for status in Status}
    assert {row.schema for row in read.values()} == {SCHEMA}


def test_hires_of_version_1_go_on_and_end_right(story: Story) -> None:
    """Links it mailed open passes, what it planned is made, what it ended is erased."""
    cases = placed(story)
    story.sweep()
    for name in ("issued", "invited"):
        case = cases[name]
        case.until("issued")
        case.opens()
        assert case.reveal(story.company.claim(), link=link(name, story)).status == 200, name
    assert cases["opened"].status == "opened"
    cases["planned"].waits_for("employee-number-differs")
    assert cases["planned"].confirmed().status == 202
    cases["planned"].collected()
    assert cases["waiting"].until("expired").reason == "not-issued"
    for days in (1, 1, 1, 32):
        story.later(days=days)
        story.sweep()
    for name, case in cases.items():
        seen = case.read()
        assert (name, seen["displayName"]) == (name, ""), seen


def test_a_row_of_a_newer_version_is_left_alone_and_said(story: Story) -> None:
    """After a step back to this version: the sweep does everything else, the row stays as it is, health counts it."""
    newer, other = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    table = story.world.storage.table("onboardings")
    for row in story.world.storage.rows("onboardings"):
        if newer.id in row["RowKey"] and "schema" in row:
            new_words = {"step": "polish"} if "step" in row else {}
            table.upsert_entity({**row, **new_words, "schema": SCHEMA + 1})
            if new_words:
                table.upsert_entity({**row, **new_words, "schema": SCHEMA + 1, "RowKey": f"{row['RowKey']}-anew"})
    kept = [row for row in story.rows() if newer.id in row["RowKey"]]
    story.at(other.read()["plan"]["noticeAt"])
    assert other.read()["noticeGivenAt"]
    assert [row for row in story.rows() if newer.id in row["RowKey"]] == kept
    health = story.get("/api/health", story.company.token(ADMIN, "Pass.Read")).json()
    assert health["dueOfNewerVersion"] == 2 * 3, "each of its due times, and each of a life that is not known here"
    assert "newer version of this app" in "\n".join(story.world.logs().values())
    with pytest.raises(NewerRowError):
        upgraded("o|…", "{}", SCHEMA + 1)


def test_what_no_version_wrote_is_not_guessed_at() -> None:
    """A document is lifted step by step, whatever else stands in it."""
    lifted: dict[str, Any] = json.loads(upgraded("o|…", json.dumps({"schema": 1, "more": "kept"}), 1))
    assert lifted == {"schema": SCHEMA, "more": "kept"}
    assert datetime.fromisoformat(OLD["at"])
