"""The way of a pass that a person of the desk asks for by hand: made at once, collected, and taken back."""

import http.client
from dataclasses import dataclass, field
from typing import Any

from sandbox.http import Answer
from tests.survival.harness.journey import Journey

DESK_PERSON = "noor.rahman@larkspur.example"


@dataclass(slots=True)
class AskedJourney(Journey):
    """A way that begins at the door for people. Whoever gets no answer there asks again with the same key."""

    onboarding: str = field(default="", init=False)

    def begin(self) -> None:
        """Begin as any way, where the timer has run: before its first time nobody takes it for dead and stands in."""
        Journey.begin(self)
        self.sweep()

    def asked(self) -> None:
        """Ask for a pass, have it made and collected, and take it back."""
        self.pause_of_stage("ask")
        body = {"user": self.hire.upn, "reason": "Lost the phone"}
        self.onboarding = self._at_the_door("POST", "/api/passes", body).json()["id"]
        self.had_and_taken_back()

    def had_and_taken_back(self) -> None:
        """Have the pass made and collected, and take it back."""
        self.made(self.plan("issue_at"))
        self.go(self.plan("opens"))
        self.pause_of_stage("collect")
        self.code = self.claimed()
        self.pause_of_stage("take back")
        self._at_the_door("DELETE", f"/api/passes/{self.onboarding}")
        self.stage("revoke", None, lambda row: not row["doomed"] and row["due"]["step"] == "erase")

    def _at_the_door(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Send something as a person of the desk, as often as it takes to get an answer."""
        headers = {"Authorization": f"Bearer {self.company.token(DESK_PERSON)}", "Idempotency-Key": "lost-phone"}
        # A conflict: taken back already, where the answer to the first time was lost.
        expected = (http.client.ACCEPTED, http.client.CONFLICT)
        return self.insist(lambda: self.world.request(method, path, json_body=body, headers=headers), *expected)

    def check_asked(self) -> None:
        """One onboarding was begun; no pass is left, no link opens anything, and nothing stands in clear."""
        row = self.row()
        ends = (row["status"], row["reason"], row["doomed"], row["issued"], row["attempts"])
        assert ends == ("cancelled", "revoked", False, None, [])
        assert self.passes() == []
        self.check_links_are_dead()
        self.check_nothing_in_clear()
