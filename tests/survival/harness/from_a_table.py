"""The way of a pass that an app asks for in a table: waits for a person twice, is collected, and taken back."""

import json
from dataclasses import dataclass
from http.client import ACCEPTED, CONFLICT
from typing import Any
from urllib.parse import quote

from tests.survival.harness.asked import AskedJourney
from tests.survival.harness.journey import INVITED

ADMIN, TICKETING = "mei.tanaka@larkspur.example", "ticketing"
COLUMNS = ("No.", "Name", "Entry", "Action", "Changed", "Account")
NAMES = ("externalId", "displayName", "startDate", "action", "occurredAt", "userName")
SHEET = {
    "kind": "csv",
    "secrets": {"a": "SHEET"},
    "options": {"columns": dict(zip(NAMES, COLUMNS, strict=True)), "actions": {"joins": "hire.created"}},
}
SECRET = "whsec_" + "QUJD" * 8


@dataclass(slots=True)
class TableJourney(AskedJourney):
    """A way that begins with a table; an app needs somebody to agree, and the account is disabled for a while."""

    def begin(self) -> None:
        """Begin as any way, with a table's columns known."""
        AskedJourney.begin(self)
        self.world.restart_host(0, {"HR_SOURCES": json.dumps({"sheet": SHEET}), "SHEET": SECRET})

    def by_table(self) -> None:
        """Ask, release, put back to work; then as any pass that was asked for."""
        self.pause_of_stage("ask")
        self.onboarding = str(self._table().json()["rows"][0]["id"])
        self.stage("wait for release", self.plan("invite_at"), lambda row: row["reason"] == "release-needed")
        self._enable(enabled=False)
        self.pause_of_stage("release")
        self._press("confirm")
        self.stage("wait", None, lambda row: row["reason"] == "account-disabled")
        self._enable(enabled=True)
        self.pause_of_stage("retry")
        self._press("retry")
        self.stage("invite", None, lambda row: row["status"] in INVITED)
        self.had_and_taken_back()

    def _table(self) -> Any:
        cells = (self.hire.employee_id, self.hire.name, self.start.isoformat(), "joins", self.begins, self.hire.upn)
        body = "\r\n".join((",".join(COLUMNS), ",".join(cells), "")).encode()
        bearer = f"Bearer {self.company.token(TICKETING, 'Pass.Request', app=True)}"
        headers = {"Authorization": bearer, "Idempotency-Key": "the-table-1", "Content-Type": "text/csv"}
        path = f"/api/passes/table?source=sheet&reason={quote('New intake')}"
        return self.insist(lambda: self.world.request("POST", path, body=body, headers=headers), ACCEPTED)

    def _press(self, what: str) -> None:
        """Do something as an administrator. A conflict: it is done, and the answer to the first time was lost."""
        headers = {"Authorization": f"Bearer {self.company.token(ADMIN, 'Pass.Admin')}"}
        path = f"/api/passes/{self.onboarding}/{what}"
        self.insist(lambda: self.world.request("POST", path, json_body={}, headers=headers), ACCEPTED, CONFLICT)

    def _enable(self, *, enabled: bool) -> None:
        self.company.change(op="upsert-user", user={"userPrincipalName": self.hire.upn, "accountEnabled": enabled})
