"""What a hire's way tells: one trace from the event to the sign-in, numbers, logs, and nobody's name in any of them."""

import json
import time
from typing import Any

from sandbox.http import call
from sandbox.telemetry import telemetry_settings
from tests.doorways.story import Case, Story
from tests.survival.harness.search import Secret, found_in

PATIENCE = 20.0
WAY = ["event: planned", "notice given", "link made", "link mailed", "pass asked for", "pass made", "opened", "used"]


def told(story: Story, transition: str) -> dict[str, Any]:
    """Return all that was told, once this transition was; what is told at the same time comes within a second."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        seen: dict[str, Any] = story.world.control("GET", "telemetry").json()
        if any(span["attributes"].get("day_one_pass.transition") == transition for span in seen["spans"]) and any(
            number["attributes"].get("day_one_pass.status") == transition for number in seen["metrics"]
        ):
            return seen
        time.sleep(0.2)
    raise AssertionError(f"it was not told within {PATIENCE} s: {transition}")


def test_a_hire_is_one_trace_from_the_event_to_the_sign_in(story: Story) -> None:
    """Whatever woke each step; it names the hire by the id alone, counts what became of the pass, and can be seen."""
    story.world.restart_host(extra_settings=telemetry_settings(story.world.tenant))
    case = story.posts(story.hire())
    code = case.collected()
    case.valid()
    assert case.signs_in(code)["signedIn"]
    case.until("used")
    seen = told(story, "used")
    spans = sorted(seen["spans"], key=lambda span: span["start"])
    assert trace_of(spans, case)
    numbers = {(number["name"], *number["attributes"].values()) for number in seen["metrics"]}
    assert {("day_one_pass.passes", status) for status in ("issued", "opened", "used")} <= numbers
    assert {("day_one_pass.lateness", step) for step in ("notice", "invite", "issue")} <= numbers
    assert ("day_one_pass.budget.slots", "sweep") in numbers
    assert {log["attributes"].get("day_one_pass.onboarding") for log in seen["logs"]} >= {case.id}
    nobodys_name(seen, case, code)
    assert "used → used" in call("GET", f"{story.world.tenant}/traces").text()


def trace_of(spans: list[dict[str, Any]], case: Case) -> bool:
    """See that all that was done for the hire stands in one trace, below its first span, and says what woke it."""
    of_hire = [span for span in spans if span["attributes"].get("day_one_pass.onboarding") == case.id]
    done = [span for span in of_hire if span["kind"] != "server" or span["name"].startswith("POST /pass/")]
    (trace,) = {span["trace"] for span in done}
    whole = [span for span in spans if span["trace"] == trace]
    (first,) = [span for span in whole if span["parent"] is None]
    assert {span["parent"] for span in whole} <= {None, *(span["span"] for span in whole)}
    # A commit that another came between is told, too, and tried again.
    committed = [span["attributes"] for span in whole if "error.type" not in span["attributes"]]
    transitions = [attributes.get("day_one_pass.transition") for attributes in committed]
    assert [one for one in transitions if one in WAY] == WAY
    assert {"POST /users/{user}/sendMail", "POST /pass/{id}/reveal", "process tidy-up"} <= {s["name"] for s in whole}
    # Each run was asked for by the host in a trace of its own; the first commit is linked to the request of HR.
    assert all(span["links"] for span in whole if span["parent"] in {None, first["span"]})
    (request,) = [span for span in spans if span["name"] == "POST /api/hr/{source}"]
    return bool(first["links"] == [request["trace"]])


def nobodys_name(seen: dict[str, Any], case: Case, code: str) -> None:
    """See that neither a secret nor anything of a person was told."""
    key = Secret.of_key("key", case.link().key)
    people = [case.hire.upn, case.hire.name, case.hire.employee_id, case.hire.manager, case.story.account(case.hire)]
    secrets = [Secret.of_text("pass", code), key, *(Secret.of_text(what, what) for what in people)]
    assert found_in([("telemetry", json.dumps(seen, ensure_ascii=False))], secrets) == []
