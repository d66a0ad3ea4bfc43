"""The way of a hire of whom Entra tells nothing but the account: looked for, not collected, made anew, used, gone."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.client import ACCEPTED, OK

from sandbox.settings import hr_source
from shared.onboarding.statuses import Step
from tests.survival.harness.audit import breaks
from tests.survival.harness.journey import INVITED, PENDING, Journey

STATE = "the-client-state-of-the-subscription"
DESK_PERSON = "noor.rahman@larkspur.example"
CHORE = "PT10M"
"""Whoever has begun to look after a subscription or a list has that to himself for a while."""
DATA_KEPT, PEOPLE_KEPT = timedelta(days=30), timedelta(days=365)
RENAMED = "Amélie Brandt-Weiß"
METHOD = "windowsHelloForBusiness"


@dataclass(slots=True)
class EntraJourney(Journey):
    """A way on which Entra is the HR system: its notification names a user, and the app reads the rest."""

    account: str = field(default="", init=False)

    def begin(self) -> None:
        """Begin as any way, with Entra as the source, and the desk told each day of who starts."""
        Journey.begin(self)
        entra = {"kind": "graph", "secrets": {"a": "ENTRA_A"}, "options": {"offices": {self.hire.site: self.hire.site}}}
        sources = json.dumps({"acme": hr_source(), "entra": entra})
        self.world.restart_host(0, {"HR_SOURCES": sources, "ENTRA_A": STATE, "DIGEST_AT": "14:00"})
        people = self.company.directory()["people"].values()
        self.account = next(person["id"] for person in people if person["upn"] == self.hire.upn)

    def used(self) -> None:
        """Go from the subscription to the last trace."""
        self.until("subscribe", None, self._is_subscribed, CHORE)
        self._named()
        self._sent_again()
        self._not_collected()
        self._made_anew()
        self._gone()

    def _named(self) -> None:
        """Let Entra know the day, and tell of the account alone."""
        self.hired(self.start)
        self.pause_of_stage("name")
        self.tells(changeType="updated")
        self.until("read", None, self.rows)
        # Nobody tells of it: the look of the next hour finds it.
        self.company.change(op="upsert-user", user={"userPrincipalName": self.hire.upn, "displayName": RENAMED})

    def hired(self, day: date) -> None:
        """Let Entra hold this first day."""
        account = {"userPrincipalName": self.hire.upn, "employeeHireDate": f"{day.isoformat()}T00:00:00Z"}
        self.company.change(op="upsert-user", user=account)

    def tells(self, **what: str) -> None:
        """Let Entra tell something of the account, by its id alone, or of the subscription."""
        named = {"clientState": STATE, "resource": f"Users/{self.account}", "resourceData": {"id": self.account}}
        body = json.dumps({"value": [named | what]}).encode()
        headers = {"Content-Type": "application/json"}
        self.insist(lambda: self.world.request("POST", "/api/hr/entra", body=body, headers=headers), ACCEPTED)

    def _sent_again(self) -> None:
        """Have the link mailed, and the desk have it sent once more."""
        self.stage("notice", self.plan("notice_at"), lambda row: row["noticed_at"] and row["web"]["status"] != PENDING)
        self.pause_of_stage("name again")
        self.tells(changeType="updated")
        self.stage("invite", self.plan("invite_at"), lambda row: row["status"] in INVITED)
        self.pause_of_stage("resend")
        desk = {"Authorization": f"Bearer {self.company.token(DESK_PERSON)}"}
        path = f"/api/passes/{self.row()['id']}/resend"
        self.insist(lambda: self.world.request("POST", path, json_body={}, headers=desk), ACCEPTED)
        self.stage("invite again", None, lambda row: row["status"] in INVITED)

    def _not_collected(self) -> None:
        """Have a pass made that nobody collects: looked at, unless just made, people reminded, expired, people told."""
        self.made(self.plan("issue_at"))
        if self.row()["due"]["step"] == Step.REVIEW:
            self.stage("review", self.row()["due"]["at"], lambda row: row["reviewed_at"])
        self.stage("remind", self.row()["due"]["at"], lambda row: "not-opened" in row["told"])
        self.stage("expire", self.plan("closes"), lambda row: row["status"] == "expired")
        self.stage("tell", None, lambda row: "not-collected" in row["told"] and not row["doomed"])

    def _made_anew(self) -> None:
        """Have the pass made anew from the page, collect it, sign in, and be seen."""
        self.pause_of_stage("made anew")
        link, manager = self.link(), self.company.token(self.hire.manager)
        self.insist(lambda: self.company.ask(link, "reissue", manager), OK)
        self.made(None, " anew")
        self.pause_of_stage("collect")
        self.code = self.claimed()
        assert self.company.sign_in(self.hire, self.code)["signedIn"] is True
        self.stage("forget", self.row()["due"]["at"], lambda row: row["issued"]["sealed"] is None)
        self.stage("use", self.row()["due"]["at"], lambda row: row["status"] == "used")
        self.company.change(op="register-method", user=self.hire.upn, method=METHOD)
        self.stage("methods", self.row()["due"]["at"], lambda row: row["methods_known"])

    def _gone(self) -> None:
        """Let the days go by after which nobody is named any more."""
        ended = datetime.fromisoformat(self.row()["ended_at"])
        self.stage("erase", (ended + DATA_KEPT).isoformat(), lambda row: row["erased"])
        self.stage("forget people", (ended + PEOPLE_KEPT).isoformat(), lambda row: row["forgotten"])

    def _is_subscribed(self) -> bool:
        """Tell whether Entra tells of its users, and the starts to come have been compared."""
        cells = {(row["PartitionKey"], row["RowKey"]): row for row in self.world.storage.rows("leases")}
        known, compared = cells.get(("subscriptions", "entra"), {}), cells.get(("reconcile", "entra"), {})
        later = datetime.fromisoformat(self.world.now()) + timedelta(hours=12)
        return bool(known.get("link")) and datetime.fromisoformat(compared.get("next", self.world.now())) > later

    def check_used(self) -> None:
        """Used, and nothing left but the audit, which holds: no link that opens, no name, no secret in clear."""
        row = self.row()
        ends = (row["status"], row["doomed"], row["attempts"], row["erased"], row["forgotten"])
        assert ends == ("used", False, [], True, True)
        self.check_links_are_dead()
        assert breaks(self.world) == {}
        stored = json.dumps(self.world.storage.all_rows(), default=str, ensure_ascii=False)
        people = (self.hire.upn, self.hire.name, RENAMED, self.hire.manager_mail)
        assert [word for word in people if word in stored] == []
        self.check_nothing_in_clear()
