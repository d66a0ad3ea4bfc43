"""The way of a hire whose event was misread: run again, held back and let go, moved, collected, and withdrawn."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import ACCEPTED, OK
from typing import Any

from sandbox.http import Answer
from tests.shared.sources.kinds import greenhouse
from tests.survival.harness.audit import breaks
from tests.survival.harness.journey import INVITED, PENDING, Journey

ADMIN = "mei.tanaka@larkspur.example"
SOURCE = "hiring"
NUMBER = "candidate.custom_fields.employee_number.value"
A_DAY = timedelta(days=1)


def settings(number: str) -> dict[str, str]:
    """Return the settings of an HR source that reads the employee number there; its offices are none of ours."""
    options = {"employeeNumber": number, "offices": {"Berlin HQ": "Atlantis"}}
    source = {"kind": "greenhouse", "secrets": {"a": "HIRING"}, "options": options}
    return {"HR_SOURCES": json.dumps({SOURCE: source}), "HIRING": greenhouse.SECRETS["2026-a"]}


@dataclass(slots=True)
class MisreadJourney(Journey):
    """A way that begins with a setting that names the wrong field. `heard`: when the HR system last said something."""

    admin: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def begin(self) -> None:
        """Begin as any way, with settings by which the event cannot be read."""
        Journey.begin(self)
        self.world.restart_host(0, settings("candidate.custom_fields.nowhere.value"))
        self.admin = {"Authorization": f"Bearer {self.company.token(ADMIN, 'Pass.Admin')}"}

    def withdrawn_at_last(self) -> None:
        """Go from the misread event to the withdrawal."""
        self._replayed()
        self._let_go()
        self._moved()
        self.pause_of_stage("collect")
        self.go(self.plan("opens"))
        self.code = self.claimed()
        self.pause_of_stage("after opening")
        self._posts("hire_candidate", self.start + 2 * A_DAY)
        self.pause_of_stage("cancel")
        self._posts("unhire_candidate", self.start)
        self.stage("revoke", None, lambda row: row["due"]["step"] == "erase")

    def _replayed(self) -> None:
        """Have the event kept, the settings mended, everything looked at, and the event run again."""
        self.pause_of_stage("misread")
        self._posts("hire_candidate", self.start)
        self.world.restart_host(0, settings(NUMBER))
        self.pause_of_stage("look round")
        place = f"/api/hr/{SOURCE}/deliveries"
        # Two, where the worker died over the first: the HR system has sent it again.
        kept = self._get(place).json()["items"][0]["id"]
        looks = (f"{place}/{kept}", f"/api/hr/{SOURCE}?validationToken=x", "/api/passes", "/api/openapi.json")
        for path in (*looks, f"/pass/{'0' * 25}", f"/pass/{'0' * 25}/code", "/api/health", "/api/readiness"):
            self._get(path)
        self.pause_of_stage("replay")
        replay = f"{place}/{kept}/replay"
        self.insist(lambda: self.world.request("POST", replay, json_body={}, headers=self.admin), OK)
        self._get(f"/api/passes/{self.row()['id']}")

    def _let_go(self) -> None:
        """Have the desk hear that the hire is held back, for nobody knows the office, and an administrator let go."""
        self.stage("tell of the hold", None, lambda row: row["hold"]["told_at"])
        self.pause_of_stage("let go")
        body = {"source": SOURCE, "reason": "unknown-site", "heldUntil": self.world.now()}
        path = "/api/passes/confirm"
        self.insist(lambda: self.world.request("POST", path, json_body=body, headers=self.admin), ACCEPTED)

    def _moved(self) -> None:
        """Have a pass made, and the start moved by a day: another pass, the same link, and people told."""
        self._noticed("")
        self.made(self.plan("issue_at"))
        self.pause_of_stage("move")
        self._posts("hire_candidate", self.start + A_DAY)
        self.stage("tell of the move", None, lambda row: row["tell_move_at"] is None and not row["doomed"])
        self._noticed(" again")
        self.made(self.plan("issue_at"), " again")

    def _noticed(self, again: str) -> None:
        noticed = lambda row: row["noticed_at"] and row["web"]["status"] != PENDING  # noqa: E731
        self.stage(f"notice{again}", self.plan("notice_at"), noticed)
        self.stage(f"invite{again}", self.plan("invite_at"), lambda row: row["status"] in INVITED)

    def _posts(self, action: str, start: Any) -> None:
        """Let Greenhouse post, a second later than before, as often as it takes."""
        number = {"employee_number": {"name": "Number", "type": "short_text", "value": self.hire.employee_id}}
        offer = {"resolved_at": self.world.now(), "starts_at": start.isoformat()}
        candidate = {**greenhouse.CANDIDATE, "custom_fields": number}
        more = {"last_activity_at": self.world.now()}
        body = greenhouse.event(action, candidate=candidate, offer=offer, **more)
        headers = greenhouse.sign(greenhouse.SECRETS["2026-a"], body)
        self.insist(lambda: self.world.request("POST", f"/api/hr/{SOURCE}", body=body, headers=headers), OK)

    def _get(self, path: str) -> Answer:
        return self.insist(lambda: self.world.request("GET", path, headers=self.admin))

    def check_withdrawn(self) -> None:
        """No pass is left, no link opens anything, the audit holds, and nothing stands in clear."""
        row = self.row()
        assert (row["status"], row["doomed"], row["issued"], row["attempts"]) == ("cancelled", False, None, [])
        assert self.passes() == []
        self.check_links_are_dead()
        assert breaks(self.world) == {}
        self.check_nothing_in_clear()
