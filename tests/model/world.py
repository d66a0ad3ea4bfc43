"""The product's own services on storage and a tenant in memory, with time that passes only by being waited for.

What acts here is what acts in the world: HR systems, people, the platform that delivers messages and starts a worker
for one that died. Everything is told in plain sentences, for whoever reads a failure.
"""

import asyncio
import contextlib
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sandbox.settings import HR_SECRET_SETTING, HR_SOURCE, hr_source
from shared.handover.callers.principal import Principal
from shared.onboarding import codec
from shared.onboarding.collector import DESK
from shared.onboarding.model import Onboarding
from shared.onboarding.sweeping.hints import ISSUE_PASS, SCOPE_WEB_SIGN_IN, SEND_INVITE, TIDY_UP
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.settings.loading import load_settings
from shared.services import Services, compose
from shared.tenant.errors import TenantError
from shared.tenant.ports.devices import Device
from shared.tenant.ports.people import Account, Person
from tests.model.fleet import Fleet
from tests.model.memory import Link, Memory
from tests.model.storage import Entity, Message, Queues, Table, Tables
from tests.model.tenant import GROUP, PROFILE, Tenant
from tests.model.time_loop import TimeLoop
from tests.model.wire import Died, Wire

BEGINS = datetime(2030, 5, 29, 8, tzinfo=UTC)
"""A Wednesday, ten in the morning in Berlin."""
MANAGER, STRANGER, ADMIN, ASKER = (f"60000000-0000-4000-8000-00000000000{n}" for n in range(4))
HIRES = {name: f"10000000-0000-4000-8000-00000000000{name[0].lower()}" for name in ("Anna", "Ben", "Cleo")}
BY_LINK_AND_CODE = "Cleo"
"""Has the link in a private mailbox, and hears the code from the manager: so it is at the office."""
OFFICES = {"Anna": "Berlin", "Ben": "Berlin", BY_LINK_AND_CODE: "Lisbon"}
MAIL, SAMS_MAIL, DESK_MAIL = (f"{name}@larkspur.example" for name in ("mara", "sam", "desk"))
HOME_MAIL = "cleo@home.example"
READERS = {MAIL: MANAGER, SAMS_MAIL: STRANGER, DESK_MAIL: DESK}
"""Whose the inboxes are; Sam is a stranger to the hires until he is made their manager."""
LINK = re.compile(r"/pass/([0-9a-f]{25})#([A-Za-z0-9_-]{43})")
CODE = re.compile(r"\b[BCDFGHJKMNPQRSTVWXZ]{4}-[BCDFGHJKMNPQRSTVWXZ]{4}\b")
CHAIN = ["hire+manager", "manager", "desk"]
MOST_TRIES = 5
ENVIRON = {
    "TENANT_ID": "20000000-0000-4000-8000-000000000000",
    "AZURE_CLIENT_ID": "20000000-0000-4000-8000-000000000001",
    "STORAGE__tableServiceUri": "https://tables.example",
    "STORAGE__queueServiceUri": "https://queues.example",
    "ROW_KEYS": '{"a": "ROW_KEY_A"}',
    "ROW_KEY_A": b64encode(bytes(range(32))).decode(),
    "LINK_BASE_URL": "https://passes.larkspur.example",
    "MAIL_SENDER": "day.one@larkspur.example",
    "DESK_MAIL": DESK_MAIL,
    "DEFAULT_TIMEZONE": "Europe/Berlin",
    "SITES": json.dumps({"Lisbon": {"timezone": "Europe/Berlin", "collectorChain": CHAIN}}),
    "HR_SOURCES": json.dumps({HR_SOURCE: hr_source()}),
    HR_SECRET_SETTING: "whsec_" + b64encode(bytes(range(32))).decode(),
    "DEVICE_GROUP": GROUP,
    "DIGEST_AT": "never",
    "WEB_SIGN_IN_PROFILE": PROFILE,
    "SCOPE_STRATEGY": "steady-group",
}
SETTINGS = load_settings(ENVIRON)
"""Read once: it costs as much as a tenth of a life."""
ANSWERED = (StorageUnavailableError, ConflictError, TenantError)
"""What a doorway answers with 503: whoever asked asks again."""


class World:
    """One world, and the story of what happened in it."""

    def __init__(self) -> None:
        self.loop = TimeLoop(BEGINS)
        self.wire = Wire()
        self.tables = Tables(Table(self.wire), Table(self.wire), Table(self.wire))
        self.queues = Queues(self.wire, self.loop)
        self.tenant = Tenant(self.loop, self.wire, _accounts())
        self.fleet = Fleet(self.tenant, {user: Device(f"{user[:-1]}d", f"{user[:-1]}e") for user in HIRES.values()})
        self.story: list[str] = []
        self.memory = Memory()
        self.hints = ""
        self._rows: dict[str, Onboarding] = {}
        self._links: list[Link] = []
        self._codes: list[str] = []
        self._mails_read = 0
        self.app = self._worker()

    def close(self) -> None:
        """Give the loop back."""
        self.loop.close()

    def tell(self, sentence: str) -> None:
        """Add a sentence to the story."""
        self.story.append(f"{self.now:%a %d %b %H:%M:%S}  {sentence}")

    @property
    def now(self) -> datetime:
        """Tell the time."""
        return self.loop.now()

    def do[T](self, work: Coroutine[Any, Any, T]) -> T | None:
        """Let a doorway do something, then the platform all that follows; None where the worker died or failed."""
        done = self.loop.run_until_complete(self._done(work))
        self.loop.run_until_complete(self._deliver())
        return done

    def sweep(self) -> None:
        """Run the timer, and all that it leads to."""
        self.do(self.app.sweeping.sweep.run())

    def wait(self, span: timedelta) -> None:
        """Let time go by, then sweep."""
        self.loop.skip_to(self.now + span)
        self.tenant.catch_up()
        self.fleet.catch_up()
        # The timer comes each minute: what one run leaves due, or storage does not let it do, the next one takes.
        runs_again = 1 + len(self.wire.troubles)
        self.sweep()
        while runs_again and (due := self.next_due()) is not None and due <= self.now:
            runs_again -= 1
            self.loop.skip_to(self.now + timedelta(minutes=1))
            self.sweep()

    # What stands where

    def rows(self) -> list[Onboarding]:
        """Return all onboardings, oldest first."""
        stored = self.tables.onboardings.rows
        return [self._decoded(entity) for (_, key), entity in stored.items() if key.startswith("o|")]

    def _decoded(self, entity: Entity) -> Onboarding:
        """Decode a row, each state of it once."""
        etag = entity.metadata["etag"]
        if etag not in self._rows:
            self._rows[etag] = codec.decode_row(entity)
        return self._rows[etag]

    def rows_of(self, name: str) -> list[Onboarding]:
        """Return the onboardings of a hire, by event or by request, oldest first."""
        return [row for row in self.rows() if name in {row.hire.display_name, _first(row)}]

    def standings(self) -> list[str]:
        """Say where each onboarding stands."""
        return [_stands(row) for row in self.rows()]

    def done(self) -> Counter[str]:
        """Count what was done to all onboardings, by the words of their audits."""
        stored = self.tables.onboardings.rows
        return Counter(entity["what"] for (_, key), entity in stored.items() if key.startswith("a|"))

    def all_tables(self) -> list[Table]:
        """Return everything that is stored."""
        return [self.tables.onboardings, self.tables.people, self.tables.leases]

    def next_due(self) -> datetime | None:
        """Tell when the next due time stands."""
        keys = [key.split("|")[1] for _, key in self.tables.onboardings.rows if key.startswith("d|")]
        return datetime.fromisoformat(min(keys)) if keys else None

    def links(self) -> list[Link]:
        """Return all links ever mailed, oldest first."""
        self._read_mails()
        return self._links

    def codes(self) -> list[str]:
        """Return all pick-up codes ever mailed, oldest first."""
        self._read_mails()
        return self._codes

    def _read_mails(self) -> None:
        """Read what has come since. A hire's code is mailed first, then the link that it goes with."""
        fresh = self.tenant.mails[self._mails_read :]
        self._mails_read += len(fresh)
        for mail in (mailed.mail for mailed in fresh):
            if code := CODE.search(mail.text):
                self._codes.append(code[0])
            if link := LINK.search(mail.html):
                self._links.append(Link(link[1], link[2], mail.to))
                if mail.to == HOME_MAIL:
                    self.memory.code_of[self._links[-1]] = self._codes[-1]

    def newest_link(self, onboarding: str) -> Link:
        """Return the newest link of an onboarding."""
        return next(link for link in reversed(self.links()) if link.onboarding == onboarding)

    def mend(self) -> None:
        """Let nothing fail any more, and all people be as they were."""
        self.wire.mend()
        self.hints = ""
        self.tenant.faults.clear()
        self.tenant.roles.clear()
        self.tenant.accounts = _accounts()
        self.tenant.rules = replace(self.tenant.rules, enabled=True)

    # The platform

    def _worker(self) -> Services:
        """Start the app with parts of this world in its rooms, before it builds its own."""
        app = compose(ENVIRON, self.loop)
        of_people = ("directory", "passes", "profiles", "sign_ins", "registrations")
        of_devices = ("devices", "device_states", "groups", "autopilot")
        vars(app.here).update(settings=SETTINGS)
        vars(app.ground.storage).update(tables=self.tables, queues=self.queues)
        vars(app.ground.tenant).update(dict.fromkeys(of_people, self.tenant) | dict.fromkeys(of_devices, self.fleet))
        vars(app.ground.channels).update(mailer=self.tenant)
        return app

    async def _done[T](self, work: Coroutine[Any, Any, T]) -> T | None:
        try:
            return await work
        except ANSWERED as error:
            self.tell(f"  … it was answered with {type(error).__name__}")
        except Died:
            self._revive()
        return None

    def _revive(self) -> None:
        self.tell("  … the worker was killed over it, and another was started")
        self.wire.dead = False
        self.app = self._worker()

    async def _deliver(self) -> None:
        """Deliver messages until none comes within a minute; those that are visible together go together."""
        self._go_astray()
        while visible := self._next():
            when = max(self.now, min(message.visible_at for message in visible))
            self.loop.skip_to(when)
            await asyncio.gather(*(self._run(message) for message in visible))
            if self.wire.dead:
                self._revive()

    def _go_astray(self) -> None:
        """Lose or double the hints that are out, if that was to be."""
        mine = [message for message in self.queues.messages if not message.queue.endswith("-poison")]
        if mine and self.hints == "lost":
            self.queues.messages = [message for message in self.queues.messages if message not in mine]
        elif mine and self.hints == "doubled":
            self.queues.messages += [replace(message) for message in mine]
        elif mine and self.hints == "poisoned":
            mine[0].queue += "-poison"
        if mine:
            self.hints = ""

    def _next(self) -> list[Message]:
        mine = [m for m in self.queues.messages if not m.queue.endswith("-poison")]
        soonest = min((message.visible_at for message in mine), default=None)
        if soonest is None or soonest > self.now + timedelta(minutes=1):
            return []
        return [message for message in mine if message.visible_at <= max(self.now, soonest)]

    async def _run(self, message: Message) -> None:
        steps: dict[str, Callable[[str], Awaitable[None]]] = {
            SEND_INVITE: self.app.steps.inviting.run,
            ISSUE_PASS: self.app.steps.issuing.run,
            SCOPE_WEB_SIGN_IN: self.app.web_sign_in.device_side.run,
            TIDY_UP: self.app.steps.tidying.run,
        }
        message.visible_at = self.now + timedelta(minutes=10)
        message.tries += 1
        try:
            await steps[message.queue](message.text)
        except Died:
            return
        except ANSWERED:
            message.visible_at = self.now + timedelta(seconds=30)
            if message.tries >= MOST_TRIES:
                message.queue += "-poison"
            return
        with contextlib.suppress(ValueError):
            self.queues.messages.remove(message)


def principal(object_id: str, *roles: str) -> Principal:
    """Sign somebody in."""
    return Principal(object_id, is_person=True, name="", roles=frozenset(roles))


def _stands(row: Onboarding) -> str:
    due = f"{row.due.step} at {row.due.at:%d %b %H:%M:%S}" if row.due else "nothing"
    return f"  {row.hire.display_name or row.id}: {row.status} {row.reason or ''} {row.detail}; due: {due}"


def _first(row: Onboarding) -> str:
    return (
        row.subject.display_name if row.subject else row.request.user.partition("@")[0].title() if row.request else ""
    )


def _accounts() -> dict[str, Account]:
    manager = Person(MANAGER, "Mara", MAIL, MAIL, enabled=True)
    make = partial(
        Account,
        created=BEGINS - timedelta(days=3),
        enabled=True,
        user_type="Member",
        department="Sales",
        mail=None,
        mobile_phone=None,
        preferred_language=None,
        manager=manager,
    )
    return {
        user: make(
            id=user,
            user_principal_name=f"{name.lower()}@larkspur.example",
            display_name=name,
            attributes={"employeeId": f"LK-{name}"},
            office=OFFICES[name],
            other_mails=(HOME_MAIL,) if name == BY_LINK_AND_CODE else (),
        )
        for name, user in HIRES.items()
    }
