"""The way of a hire who collects himself: locked out, let in again, made anew by him, and erased at the end."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import ACCEPTED, FORBIDDEN, NOT_FOUND, OK
from typing import Any

from sandbox.http import Answer
from sandbox.people import LINK, LinkInMail
from shared.handover.keys.pickup import MOST_WRONG, PAUSES
from tests.survival.harness.audit import breaks
from tests.survival.harness.journey import PENDING, Journey
from tests.survival.harness.search import Secret

ADMIN = "mei.tanaka@larkspur.example"
CHAIN = ("hire+manager", "manager", "desk")
WRONG = "BCDF-GHJK"
PEOPLE_KEPT = timedelta(days=365)


def is_mailed(row: dict[str, Any]) -> bool:
    """Tell whether there is a link that takes a code."""
    sent = row["delivery"]
    return bool(sent and sent["mailed_at"] and sent["pickup"]["wrong"] < MOST_WRONG)


@dataclass(slots=True)
class HiresJourney(Journey):
    """A way on which the hire has the link, at a private address, and the manager the code.

    `visit`: what the hire's page proves itself by once the code was brought. `claim`: by which it has collected last.
    `codes`: every pass that was shown.
    """

    home: str = field(default="", init=False)
    visit: str = field(default="", init=False, repr=False)
    claim: str = field(default="", init=False, repr=False)
    codes: set[str] = field(default_factory=set, init=False, repr=False)

    def begin(self) -> None:
        """Begin as any way, with a chain that names the hire, and an address that HR and Entra agree on."""
        Journey.begin(self)
        sites = json.loads(self.world.settings()["SITES"])
        sites[self.hire.site]["collectorChain"] = CHAIN
        self.world.restart_host(0, {"SITES": json.dumps(sites)})
        self.home = f"{self.hire.employee_id.casefold()}@home.example"
        account = {"userPrincipalName": self.hire.upn, "officeLocation": self.hire.site, "otherMails": [self.home]}
        self.company.change(op="upsert-user", user=account)
        self.of_event = {"emails": [{"type": "home", "value": self.home}]}
        self.visit = self.claim = self.company.claim()
        self.codes = set()

    def erased(self) -> None:
        """Go from the event to the last trace: locked, let in, collected, made anew, collected, erased, forgotten."""
        self.announced()
        self.stage("notice", self.plan("notice_at"), lambda row: row["noticed_at"] and row["web"]["status"] != PENDING)
        self.stage("invite", self.plan("invite_at"), is_mailed)
        self.made(self.plan("issue_at"))
        self.stage("review", self.row()["due"]["at"], lambda row: row["reviewed_at"])
        self.go(self.plan("valid_from"))
        self._locked()
        self._let_in()
        self._made_anew()
        self._gone()

    def _locked(self) -> None:
        """Bring wrong codes until none is looked at any more; the manager has link and code made anew."""
        self.pause_of_stage("wrong codes")
        while self.row()["delivery"]["pickup"]["wrong"] < MOST_WRONG:
            self.world.advance(f"PT{int(max(PAUSES).total_seconds())}S")
            self._brings("state", FORBIDDEN, code=WRONG)
            self.recovery.done()
        self.stage("tell of the lock", None, lambda row: "code-locked" in row["told"])
        self.pause_of_stage("fresh code")
        link, manager = self.link(), self.company.token(self.hire.manager)
        self.insist(lambda: self.company.ask(link, "code", manager, fresh=True), OK)
        self.stage("invite again", None, is_mailed)
        self.made(None, " again")

    def _let_in(self) -> None:
        """Bring the fresh code, collect and be in; the manager hears of it."""
        self.pause_of_stage("right code")
        self._brings("state", OK, code=self.manager_code())
        self._collect("collect")
        self.pause_of_stage("in")
        self._brings("reveal", OK, done=True)
        self.stage("tell of the opening", None, lambda row: "opened" in row["told"])

    def _made_anew(self) -> None:
        """Have the pass made anew from the page, collect that, and let its sealed form go with time."""
        self.pause_of_stage("made anew")
        self._brings("reissue", OK)
        self.made(None, " anew")
        self._collect("collect anew")
        assert self.company.sign_in(self.hire, self.code)["signedIn"] is True
        self.stage("forget", self.row()["due"]["at"], lambda row: row["issued"]["sealed"] is None)

    def _gone(self) -> None:
        """Have the hire erased on request, and, a year later, who was who."""
        self.pause_of_stage("erase")
        admin = {"Authorization": f"Bearer {self.company.token(ADMIN, 'Pass.Admin')}"}
        path = f"/api/people/acme/{self.hire.employee_id}"
        # Not found: erased already, where the answer to the first time was lost.
        self.insist(lambda: self.world.request("DELETE", path, headers=admin), ACCEPTED, NOT_FOUND)
        self.stage("erased", None, lambda row: row["erased"])
        ended = datetime.fromisoformat(self.row()["ended_at"])
        self.stage("forget people", (ended + PEOPLE_KEPT).isoformat(), lambda row: row["forgotten"])

    def _collect(self, stage: str) -> None:
        self.pause_of_stage(stage)
        self.claim = self.company.claim()
        self.code = str(self._brings("reveal", OK).json()["pass"])
        self.codes.add(self.code)

    def _brings(self, question: str, expected: int, **more: Any) -> Answer:
        """Ask what the hire's page asks, signed in as nobody."""
        link = self.link()
        body = {"visit": self.visit, "claim": self.claim, **more}
        return self.insist(lambda: self.company.ask(link, question, None, **body), expected)

    def manager_code(self) -> str:
        """Return the newest code in the manager's mails."""
        return self.company.code(self.hire.manager_mail, self.hire)

    def links(self) -> list[LinkInMail]:
        """Return the links of all mails to the hire's own address, oldest first."""
        hits = [LINK.search(mail["html"]) for mail in self.company.mails(self.home)]
        return [LinkInMail(hit[0], hit[2], hit[3]) for hit in hits if hit]

    def check_erased(self) -> None:
        """Nothing is left but the audit, which holds: no pass, no link that opens, no name, no secret in clear."""
        row = self.row()
        ends = (row["status"], row["doomed"], row["issued"], row["attempts"], row["erased"], row["forgotten"])
        assert ends == ("cancelled", False, None, [], True, True)
        assert self.passes() == []
        assert {self.company.ask(link, "state", None, visit=self.visit).status for link in self.links()} <= {403}
        assert breaks(self.world) == {}
        people = [self.hire.upn, self.hire.name, self.hire.employee_id, self.home, self.hire.manager_mail]
        stored = json.dumps(self.world.storage.all_rows(), default=str, ensure_ascii=False)
        assert [word for word in people if word in stored] == []
        self.check_nothing_in_clear()

    def secrets(self) -> list[Secret]:
        """Add to the usual ones every code of the pass, and the pick-up codes."""
        found = (self.company.code(self.hire.manager_mail, self.hire),)
        shown = [Secret.of_text("pass", code) for code in self.codes]
        return [*Journey.secrets(self), *shown, *(Secret.of_text("pick-up code", code) for code in found if code)]
