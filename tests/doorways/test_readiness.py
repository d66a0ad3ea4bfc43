"""The tenant check-up by HTTP: who may ask, a clean tenant, and findings that were seeded."""

from typing import Any

from tests.doorways.story import ADMIN, DESK, NOW, START, Story
from tests.doorways.test_roles import is_problem

PROFILE = "Enable Web Sign-in"
ASK = "unknown: the app may not read it: run the check-up as an administrator (Global Reader)"
ADMINISTRATORS = dict.fromkeys(
    ("sign-in-federation", "sign-in-strength", "sign-in-device", "web-sign-in-approval-policy"), ASK
)
"""What the app by itself never tells."""
WHO = f"amelie.brandt@larkspur.example ({START})"
MANAGER_MISSING = f"manager-missing: nils.ohnesorge@larkspur.example ({START}); the next of COLLECTOR_CHAIN collects"


def checked(story: Story) -> dict[str, Any]:
    """Ask for the check-up."""
    answer = story.get("/api/readiness", story.company.token("auditor", "Pass.Read", app=True))
    assert answer.status == 200, answer.text()
    return dict(answer.json())


def not_in_order(report: dict[str, Any]) -> dict[str, str]:
    """Return what was found, with its state, by the check's id."""
    return {one["id"]: f"{one['state']}: {one['found']}" for one in report["checks"] if one["state"] != "ok"}


def test_a_clean_tenant_is_reported_clean_and_what_is_seeded_is_found(story: Story) -> None:
    """For Pass.Read alone; kept for five minutes; each finding with what mends it, and the rest goes on."""
    is_problem(story.get("/api/readiness"), 401, "sign-in")
    is_problem(story.get("/api/readiness", story.company.token(ADMIN, "Pass.Request")), 403, "role-missing")
    amelie = story.hire()
    story.posts(amelie)
    story.sweep()
    first = checked(story)
    assert not_in_order(first) == ADMINISTRATORS
    assert (first["state"], first["askedAs"], first["at"][:16]) == ("unknown", "app", NOW[:16])

    story.change("set-policy", policy={"maximumLifetimeInMinutes": 480, "defaultLength": 8})
    story.change("set-policy", policy={"excludeTargets": [{"targetType": "group", "id": group(story, "all-staff")}]})
    assignment = {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": group(story)}
    story.change("set-profile", profile=PROFILE, assignments=[{"target": assignment}])
    story.change("set-profile", profile=PROFILE, enabled=2)
    story.change("upsert-user", user={"userPrincipalName": amelie.upn, "assignedPlans": []})
    story.change("grant-mailbox", user=DESK)
    story.change("set-p1", present=False)
    for other in ("pia-papierlos", "lena-doppelt", "nils-ohnesorge", "gesa-gesperrt"):
        story.posts(story.hire(other))
    asked = len(story.asked("GET"))
    assert checked(story) == first
    assert len(story.asked("GET")) == asked

    story.world.advance("PT5M30S")
    found = checked(story)
    assert found["state"] == "failure"
    assert {id_: told.split(":")[0] for id_, told in not_in_order(found).items() if id_ not in ADMINISTRATORS} == {
        "graph-sign-in-log": "warning",
        "pass-policy-lifetimes": "warning",
        "pass-policy-length": "warning",
        "pass-policy-targets": "failure",
        "web-sign-in-profile": "failure",
        "web-sign-in-scope": "unknown",
        "hires-accounts": "failure",
        "hires-numbers": "warning",
        "hires-collectors": "warning",
        "hires-licences": "warning",
        "mail-bound": "warning",
        "app-sweep": "failure",
    }
    assert WHO in said(found, "pass-policy-targets")
    assert "disabled: gesa.gesperrt@larkspur.example" in said(found, "hires-accounts")
    assert said(found, "hires-collectors") == MANAGER_MISSING
    assert said(found, "hires-licences") == f"without Entra ID P1: {WHO}; without Intune: {WHO}"
    assert story.mails(DESK) == []
    assert all(one["why"] and one["portal"] for one in found["checks"])


def said(report: dict[str, Any], check: str) -> str:
    """Return what a check found."""
    return str(next(one["found"] for one in report["checks"] if one["id"] == check))


def group(story: Story, key: str = "devices-berlin") -> str:
    """Return the object id of a group."""
    return str(story.company.directory()["groups"][key]["id"])
