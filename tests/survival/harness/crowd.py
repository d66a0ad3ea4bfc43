"""Many hires at once: made in the directory, announced, and brought to wherever a test wants them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice
from typing import Any

from sandbox.people import LINK, Company, HireOfCompany, LinkInMail
from sandbox.settings import HR_SOURCE
from sandbox.world import World
from shared.onboarding.ids import shard_of
from tests.survival.harness.journey import EARLY, MOST_STEPS, START, STEP, go_past

EVENLY = {"AzureFunctionsJobHost__extensions__queues__maxPollingInterval": "00:00:00.25"}
"""For two workers on one storage: both look for messages so often that neither hears of one before the other."""

type Row = dict[str, Any]


@dataclass(slots=True)
class Crowd:
    """Hires of one manager. `rate` is the tenant's limit and must be the app's PASS_REQUESTS_PER_10_SECONDS.

    `shard`: the partition in which all of their onboardings are to be; any, if not said.
    """

    world: World
    size: int
    rate: int = 50
    begins: str = EARLY
    start: date = START
    shard: str = ""
    company: Company = field(init=False)
    hires: list[HireOfCompany] = field(init=False)
    ids: dict[str, str] = field(init=False)

    def begin(self, *, reset: bool = True) -> None:
        """Make the world anew and the accounts of all hires in it."""
        if reset:
            self.world.reset(self.begins)
        self.company = Company(self.world)
        self.company.change(op="set-throttle", limit=self.rate)
        model = self.company.hires()[0]
        everybody = (_like(model, number) for number in count())
        fitting = (hire for hire in everybody if shard_of(HR_SOURCE, hire.employee_id).startswith(self.shard))
        self.hires = list(islice(fitting, self.size))
        operations = [{"op": "upsert-user", "visible": True, "user": _account(hire)} for hire in self.hires]
        self.world.control("POST", "directory", {"ops": operations})
        people = self.company.directory()["people"]
        self.ids = {hire.employee_id: people[hire.upn]["id"] for hire in self.hires}

    def announce(self, hires: Sequence[HireOfCompany] | None = None, **changes: Any) -> None:
        """Let HR announce them, each with its own event."""
        for hire in hires if hires is not None else self.hires:
            answer = self.company.post(self.company.event(hire, self.start.isoformat(), **changes))
            assert answer.status == 202, answer.text()

    def bring(self, reached: Callable[[Row], Any], at: str | None = None) -> int:
        """Set the clock and sweep minute by minute until all rows are there; return how many sweeps it took."""
        if at is not None:
            self.go(at)
        for sweeps in range(1, MOST_STEPS + 1):
            self.world.run_timer("sweep", 120)
            late = [row for row in self.rows() if not reached(row)]
            if not late:
                return sweeps
            self.world.advance(STEP)
        raise AssertionError(f"{len(late)} of {self.size} did not get there: {late[0]}")

    def noticed(self) -> None:
        """Bring all of them through the day before."""
        plan = self.rows()[0]["plan"]
        self.bring(lambda row: row["noticed_at"] and row["web"]["status"] != "pending", plan["notice_at"])

    def invited(self) -> None:
        """Bring all of them to the link."""
        self.noticed()
        latest = max(row["plan"]["invite_at"] for row in self.rows())
        self.bring(lambda row: row["status"] == "invited", latest)

    def issued(self) -> int:
        """Bring all of them to the pass, from the link; return how many sweeps it took."""
        latest = max(row["plan"]["issue_at"] for row in self.rows())
        return self.bring(lambda row: row["status"] == "issued" and not row["attempts"], latest)

    def go(self, at: str) -> None:
        """Set the clock a second past an instant, unless it is later already."""
        go_past(self.world, at)

    def rows(self) -> list[Row]:
        """Return all onboardings, by employee number."""
        stored = self.world.storage.table("onboardings").query_entities("RowKey ge 'o|' and RowKey lt 'o}'")
        rows = [json.loads(row["doc"]) for row in stored]
        return sorted(rows, key=lambda row: str(row["hire"]["external_id"]))

    def row(self, hire: HireOfCompany) -> Row:
        """Return the onboarding of one hire."""
        (row,) = [row for row in self.rows() if row["hire"]["external_id"] == hire.employee_id]
        return row

    def hire(self, row: Row) -> HireOfCompany:
        """Return whose onboarding it is."""
        return next(hire for hire in self.hires if hire.employee_id == row["hire"]["external_id"])

    def links(self) -> dict[str, list[LinkInMail]]:
        """Return the links mailed for each onboarding, oldest first."""
        found: dict[str, list[LinkInMail]] = {}
        for mail in self.company.mails(self.hires[0].manager_mail):
            if hit := LINK.search(mail["html"]):
                found.setdefault(hit[2], []).append(LinkInMail(hit[0], hit[2], hit[3]))
        return found

    def requests(self, method: str | None, path: str, user: str = "") -> list[dict[str, Any]]:
        """Return the recorded requests whose method is this, None for any, and whose path holds both texts."""
        recorded = self.world.control("GET", "requests").json()["requests"]
        named = [one for one in recorded if path in one["path"] and user in one["path"]]
        return [one for one in named if method in {None, one["method"]}]

    def passes(self) -> dict[str, str]:
        """Return the id of the pass the tenant holds, by user id."""
        return {held["userId"]: held["id"] for held in self.company.directory()["passes"]}


def _like(model: HireOfCompany, number: int) -> HireOfCompany:
    return HireOfCompany(
        upn=f"crowd-{number:03}@larkspur.example",
        employee_id=f"CR-{number:03}",
        name=f"Crowd Member {number}",
        site=model.site,
        timezone=model.timezone,
        department=model.department,
        manager=model.manager,
        manager_mail=model.manager_mail,
        device=model.device,
        group=model.group,
    )


def _account(hire: HireOfCompany) -> dict[str, Any]:
    return {
        "userPrincipalName": hire.upn,
        "displayName": hire.name,
        "employeeId": hire.employee_id,
        "userType": "Member",
        "manager": hire.manager,
    }
