"""What a step works with: the world, the people in it, and what was learned so far."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from demo.checks import Secret, UnexpectedError
from demo.counting import StorageCount
from demo.draw import Draw
from demo.hours import Hours
from demo.terminal import Terminal
from demo.watching import QueueWatch
from sandbox.http import call
from sandbox.people import Company, HireOfCompany, LinkInMail
from sandbox.world import World

if TYPE_CHECKING:
    from demo.lost_phone import LostPhone


@dataclass
class Stage:
    """The story as it stands. Everything is read from the tenant, the inbox and the tables; nothing from the app."""

    world: World
    terminal: Terminal
    drawn: Draw
    company: Company = field(init=False)
    storage: StorageCount = field(init=False)
    queues: QueueWatch = field(init=False)
    before: dict[str, Any] = field(init=False)
    onboarding: str = ""
    lost_phone: "LostPhone | None" = None
    link: LinkInMail | None = None
    claim: str = ""
    code: str = ""
    sign_ins: list[str] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[str, datetime]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.company = Company(self.world)
        self.storage = StorageCount(self.world)
        self.queues = QueueWatch(self.world.storage)
        self.before = self.company.directory()

    @property
    def hire(self) -> HireOfCompany:
        """Return who starts."""
        return self.drawn.hire

    @property
    def hours(self) -> Hours:
        """Return when what should happen."""
        return self.drawn.hours

    @cached_property
    def hire_id(self) -> str:
        """Return the hire's object id in Entra."""
        return next(str(entry["id"]) for entry in self.before["hires"] if entry["upn"] == self.hire.upn)

    def person(self, upn: str) -> Mapping[str, Any]:
        """Return what the directory says of a person."""
        people: Mapping[str, Mapping[str, Any]] = self.before["people"]
        return next(person for person in people.values() if person["upn"] == upn)

    # Saying what was read

    def confirm(
        self, what: str, found: object, expected: object, shown: str | None = None, instead: str | None = None
    ) -> None:
        """Check that something read back equals what was expected, and say so: `shown`, or `instead` if it does not.

        Raises:
            UnexpectedError: it does not.
        """
        self.require(what, found == expected, expected=str(expected), found=instead or str(found))
        self.terminal.seen(what, str(found) if shown is None else shown)

    def require(self, what: str, holds: object, *, expected: str, found: str) -> None:
        """Check something without saying so.

        Raises:
            UnexpectedError: it does not hold.
        """
        if not holds:
            raise UnexpectedError(what, expected, found)

    def at(self, instant: datetime, *, day: bool = True) -> str:
        """Write an instant in the hire's own time, to the minute."""
        local = self.hours.local(instant)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}" if day else f"{local:%H:%M}"

    # Time

    def now(self) -> datetime:
        """Return the sandbox's present instant."""
        return datetime.fromisoformat(self.world.now())

    def go(self, instant: datetime) -> None:
        """Move the clock to an instant and let the app's own schedule do what is due by then."""
        self.terminal.clock(f"{self.at(instant)}, {self.hours.zone}")
        with self.at_work():
            self.world.set_clock(f"{instant:%Y-%m-%dT%H:%M:%SZ}")
            self.world.wait_idle()

    @contextmanager
    def at_work(self, lumped: str | None = None) -> Iterator[None]:
        """Count and watch what the app does for the hire within the block; `lumped`: under one name."""
        with self.storage.at_work(lumped), self.queues.watching():
            yield

    def remember(self, what: str, instant: datetime) -> None:
        """Keep a moment for the summary."""
        self.moments.append((what, instant))

    # The tenant

    def requests(self, method: str | None = None, part: str = "") -> list[dict[str, Any]]:
        """Return the requests Graph got so far, by method and part of the path."""
        every = self.world.control("GET", "requests").json()["requests"]
        return [one for one in every if (method or one["method"]) == one["method"] and part in one["path"]]

    def passes(self) -> list[dict[str, Any]]:
        """Return the passes that the tenant holds for the hire."""
        return [one for one in self.company.directory()["passes"] if one["userId"] == self.hire_id]

    def inbox(self) -> list[dict[str, Any]]:
        """Return all mails of the company, oldest first."""
        return list(self.world.control("GET", "inbox").json()["mails"])

    def session(self) -> Mapping[str, Any]:
        """Return who is signed in at the hire's device, and how often it was restarted."""
        return dict(self.world.control("GET", f"devices/{self.hire.device}").json())

    def sign_in_log(self) -> list[dict[str, Any]]:
        """Read the hire's entries of the sign-in log from Graph, as an auditor does, newest first."""
        settings, tenant = self.world.settings(), self.world.tenant
        client = settings["AZURE_CLIENT_ID"]
        token = call(
            "GET",
            f"{tenant}/msi/token?api-version=2019-08-01&resource={quote(tenant, safe='')}&client_id={client}",
            headers={"X-IDENTITY-HEADER": settings["IDENTITY_HEADER"]},
        ).json()["access_token"]
        wanted = quote(f"userId eq '{self.hire_id}'", safe="")
        answer = call(
            "GET", f"{tenant}/beta/auditLogs/signIns?$filter={wanted}", headers={"Authorization": f"Bearer {token}"}
        )
        return list(answer.json()["value"])

    # The tables

    def entities(self, prefix: str) -> list[dict[str, Any]]:
        """Return the rows of the table of onboardings whose key begins with `prefix`."""
        return [row for row in self.world.storage.rows("onboardings") if row["RowKey"].startswith(prefix)]

    def row(self) -> dict[str, Any]:
        """Return the document of the one onboarding.

        Raises:
            UnexpectedError: there is none, or more than one.
        """
        rows = self.entities("o|")
        self.require("one row in the table of onboardings", len(rows) == 1, expected="1 row", found=f"{len(rows)} rows")
        return dict(json.loads(rows[0]["doc"]))

    def etag(self) -> str:
        """Return the ETag of the onboarding's row: it changes with every write."""
        client = self.world.storage.table("onboardings")
        return str(client.get_entity(self.onboarding[0], f"o|{self.onboarding}").metadata["etag"])

    def the_link(self) -> LinkInMail:
        """Return the link that was mailed."""
        if self.link is None:
            raise UnexpectedError("a link", "found in the inbox", "none was read")
        return self.link

    def act_two(self) -> "LostPhone":
        """Return the second act, once it has begun."""
        if self.lost_phone is None:
            raise UnexpectedError("the second act", "begun", "not begun")
        return self.lost_phone

    def keep(self, moment: str) -> None:
        """Keep all tables as they stand, for the search for secrets: what is overwritten later must count too."""
        for table, rows in self.world.storage.all_rows().items():
            self.places[f"table {table} after {moment}"] = json.dumps(rows, default=str, ensure_ascii=False)
