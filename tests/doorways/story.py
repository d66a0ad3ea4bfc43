"""The words that the doorway tests are told in: HR posts, time goes by, people look, ask and collect.

Everything is done and seen from outside: by HTTP, by what the tenant holds, by what lies in inboxes and tables.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from sandbox.http import Answer
from sandbox.people import LINK, Company, HireOfCompany, LinkInMail
from sandbox.world import World
from shared.onboarding.row_codes import RowCodes

NOW = "2030-05-27T08:00:00Z"
"""A Monday, ten in the morning in Berlin: a week before the start."""
START = "2030-06-03"
"""The Monday after."""
DESK = "it.desk@larkspur.example"
CFO = "marcus-adeyemi"
ATTACKER = "noor.rahman@larkspur.example"
ADMIN = "mei.tanaka@larkspur.example"
MOST_STEPS = 12
RATE = 50
"""Pass requests in ten seconds: on both sides ten times the real number, so that tests need not wait."""


@dataclass(slots=True)
class Story:
    """One test's world, and what happens in it."""

    world: World
    company: Company = field(init=False)
    _people: dict[str, Any] = field(init=False)
    _reader: str = field(init=False)

    def __post_init__(self) -> None:
        self.company = Company(self.world)
        self._people = self.company.directory()["people"]
        self._reader = self.company.token("auditor", "Pass.Read", app=True)

    # Who

    def hire(self, key: str = "amelie-brandt") -> HireOfCompany:
        """Return somebody of the company as a hire; what he has not is an empty text."""
        person = self._people[key]
        manager, device = person["manager"] or {}, person["device"] or {}
        return HireOfCompany(
            upn=person["upn"],
            employee_id=person["employeeId"] or f"none-{key}",
            name=person["name"],
            site=person["office"] or "Berlin",
            timezone="",
            department=person["department"],
            manager=manager.get("upn") or "",
            manager_mail=manager.get("mail") or "",
            device=device.get("deviceId", ""),
            group=(person["deviceGroup"] or {}).get("id", ""),
        )

    def newcomer(self) -> HireOfCompany:
        """Make an account for one more hire, like Amélie's but for what names him."""
        number = len(self.company.directory()["people"])
        upn = f"new.hire.{number}@larkspur.example"
        hire = replace(self.hire(), upn=upn, employee_id=f"LK-{number:04}", name=f"Newcomer {number}")
        fields = {"userPrincipalName": upn, "displayName": hire.name, "employeeId": hire.employee_id}
        self.change("upsert-user", visible=True, user={**fields, "userType": "Member", "manager": hire.manager})
        return hire

    def account(self, hire: HireOfCompany) -> str:
        """Return the object id of a hire's account."""
        people = self.company.directory()["people"].values()
        return str(next(person["id"] for person in people if person["upn"] == hire.upn))

    def change(self, op: str, **operation: Any) -> dict[str, Any]:
        """Change the tenant."""
        return self.company.change(op=op, **operation)

    # What HR does

    def posts(self, hire: HireOfCompany, start: str = START, **changes: Any) -> "Case":
        """HR posts an event about a hire, and all that it sets off at once is done."""
        answer = self.company.post(self.company.event(hire, start, **changes))
        assert answer.status == 202, answer.text()
        self.world.wait_idle()
        return self.case(hire, changes.get("externalId", hire.employee_id))

    def case(self, hire: HireOfCompany, external_id: str | None = None) -> "Case":
        """Find the newest onboarding of a hire in the table: no doorway tells its id to HR."""
        wanted = external_id or hire.employee_id
        rows = [row for row in self.rows() if json.loads(row["doc"])["hire"]["external_id"] == wanted]
        assert rows, "nothing is stored for this hire"
        newest = max(rows, key=lambda row: str(json.loads(row["doc"])["created"]))
        return Case(self, hire, str(newest["RowKey"])[2:])

    def rows(self) -> list[dict[str, Any]]:
        """Return the stored onboardings."""
        return [row for row in self.world.storage.rows("onboardings") if row["RowKey"].startswith("o|")]

    # Time

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.fromisoformat(self.world.now())

    def sweep(self) -> None:
        """Let the minute's sweep run, and all that it releases."""
        self.world.run_timer("sweep")

    def later(self, **span: float) -> None:
        """Let time go by (as of `timedelta`), then sweep."""
        self.world.advance(f"PT{int(timedelta(**span).total_seconds())}S")
        self.sweep()

    def at(self, instant: datetime | str) -> None:
        """Let it be a second after an instant, then sweep. An instant gone by is no reason to turn back the clock."""
        when = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        if when + timedelta(seconds=1) > self.now():
            self.world.set_clock((when + timedelta(seconds=1)).isoformat().replace("+00:00", "Z"))
        self.sweep()

    # What is to be seen

    def get(self, path: str, token: str | None = None) -> Answer:
        """GET from the app."""
        return self.world.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})

    def post(self, path: str, token: str | None = None, body: Any = None) -> Answer:
        """POST to the app."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.world.request("POST", path, json_body=body if body is not None else {}, headers=headers)

    def forgets_refusals(self) -> None:
        """Start the app anew after a flood: what it counts by source lives in its memory, which outlasts a test."""
        self.world.restart_host()

    def rewrite(self, entity: Mapping[str, Any]) -> None:
        """Store an onboarding's entity, signed: what only the app can do, or a thief who has the vault's key, too."""
        codes = RowCodes.under([base64.b64decode(self.world.vault.rows)])
        self.world.storage.table("onboardings").upsert_entity(codes.signed(dict(entity)))

    def read(self, onboarding: str) -> dict[str, Any]:
        """Read what the status API says."""
        answer = self.get(f"/api/passes/{onboarding}", self._reader)
        assert answer.status == 200, answer.text()
        return dict(answer.json())

    def who(self, onboarding: str) -> dict[str, str]:
        """Read, as a Pass.Admin, who is who in the history: random id to object id."""
        answer = self.get(f"/api/passes/{onboarding}", self.company.token(ADMIN, "Pass.Admin"))
        assert answer.status == 200, answer.text()
        return dict(answer.json()["people"])

    def mails(self, to: str | None = None) -> list[dict[str, Any]]:
        """Return the mails to somebody, the texts to a number, or all of both."""
        return list(self.world.control("GET", f"inbox?to={quote(to)}" if to else "inbox").json()["mails"])

    def links(self, to: str | None = None) -> list[LinkInMail]:
        """Return every link that was ever mailed to somebody, or to anybody, oldest first."""
        found = (LINK.search(mail["text"]) for mail in self.mails(to))
        return [LinkInMail(match[0], match[2], match[3]) for match in found if match]

    def passes(self) -> list[dict[str, Any]]:
        """Return the passes that the tenant holds."""
        return list(self.company.directory()["passes"])

    def asked(self, method: str, path: str = "") -> list[dict[str, Any]]:
        """Return the requests that Graph received, by method and a pattern of the path."""
        requests = self.world.control("GET", "requests").json()["requests"]
        return [
            request
            for request in requests
            if request["method"] == method and re.search(path, request["path"]) is not None
        ]

    def fault(self, path: str, kind: str = "status", **more: Any) -> None:
        """Let Graph fail: for ever, unless `times` says how often."""
        self.world.control("POST", "faults", {"path": path, "kind": kind, "times": 0, **more})

    def mended(self) -> None:
        """Let Graph work again."""
        self.world.control("DELETE", "faults")


def as_if_new(world: World, now: str = NOW) -> Story:
    """Bring a world back to the beginning, at an instant, ten times as fast as Graph allows."""
    world.reset(now)
    world.control("POST", "directory", {"op": "set-throttle", "limit": RATE})
    return Story(world)


def due_next(seen: Mapping[str, Any]) -> list[str]:
    """Tell when the pass and the device group are due next. A look at the device is done in passing."""
    return [seen["next"][life]["at"] for life in ("pass", "webSignIn") if seen["next"][life]]


@dataclass(frozen=True, slots=True)
class Case:
    """One hire's onboarding, seen from outside."""

    story: Story
    hire: HireOfCompany
    id: str

    def read(self) -> dict[str, Any]:
        """Read what the status API says of it."""
        return self.story.read(self.id)

    @property
    def status(self) -> str:
        """Where the pass stands."""
        return str(self.read()["status"])

    @property
    def reason(self) -> str | None:
        """Why it waits, or how it ended."""
        found = self.read()["reason"]
        return None if found is None else str(found)

    def moves_on(self, seen: dict[str, Any] | None = None) -> None:
        """Let the time of its next step come, and the step be done. `seen`: what was just read of it."""
        due = due_next(seen or self.read())
        assert due, "nothing is due any more"
        # A step that gave up its turn is looked at again within two minutes.
        soonest = max(datetime.fromisoformat(min(due)), self.story.now() - timedelta(seconds=1))
        if soonest <= self.story.now() and min(due) < self.story.now().isoformat():
            soonest = self.story.now() + timedelta(minutes=3)
        self.story.at(soonest)

    def until(self, status: str) -> "Case":
        """Go on from step to step until the pass stands there."""
        for _ in range(MOST_STEPS):
            seen = self.read()
            if seen["status"] == status:
                return self
            self.moves_on(seen)
        raise AssertionError(f"never {status}: {self.read()}")

    def waits_for(self, reason: str) -> dict[str, Any]:
        """Go on until it waits, and see that it is for this reason; with all that a person needs to know."""
        self.until("waiting")
        seen = self.read()
        assert seen["reason"] == reason, seen
        assert seen["advice"], seen
        return seen

    # Collecting

    def link(self) -> LinkInMail:
        """Return the newest link in the manager's inbox."""
        links = [link for link in self.story.links(self.hire.manager_mail) if link.onboarding == self.id]
        assert links, "no link was mailed to the manager"
        return links[-1]

    def opens(self) -> None:
        """Let the window open."""
        self.story.at(self.read()["plan"]["opensAt"])

    def valid(self) -> None:
        """Let the pass become valid."""
        self.story.at(self.read()["plan"]["validFrom"])

    def state(self, by: str | None = None, link: LinkInMail | None = None) -> Answer:
        """Ask for the state, as the manager or as somebody else."""
        token = self.story.company.token(by or self.hire.manager)
        return self.story.company.ask(link or self.link(), "state", token)

    def reveal(self, claim: str, by: str | None = None, link: LinkInMail | None = None, **more: Any) -> Answer:
        """Ask for the pass, as the manager or as somebody else."""
        token = self.story.company.token(by or self.hire.manager)
        return self.story.company.ask(link or self.link(), "reveal", token, claim=claim, **more)

    def collected(self) -> str:
        """Go on until the manager has collected the pass; return the pass."""
        self.until("issued")
        self.opens()
        answer = self.reveal(self.story.company.claim())
        assert answer.status == 200, answer.text()
        return str(answer.json()["pass"])

    def signs_in(self, code: str) -> dict[str, Any]:
        """Stand before the lock screen."""
        return self.story.company.sign_in(self.hire, code)

    # People with a role

    def confirmed(self, by: str = ADMIN, *roles: str, app: bool = False) -> Answer:
        """Let somebody release it."""
        return self._told("confirm", self.story.company.token(by, *roles, app=app))

    def retried(self, by: str = ADMIN, *roles: str) -> Answer:
        """Let somebody put it back to work."""
        return self._told("retry", self.story.company.token(by, *roles))

    def _told(self, what: str, token: str) -> Answer:
        answer = self.story.post(f"/api/passes/{self.id}/{what}", token)
        self.story.world.wait_idle()
        return answer
