"""What has happened in this sandbox, newest first: what visitors did, mails, passes made, sign-ins."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.tenant.faces.moments import Start
from sandbox.tenant.state import TenantState, same

_MOST_NOTES = 50


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the story. `tone` is plain, good or bad; `link` a face of ours."""

    at: datetime
    words: str
    tone: str = "plain"
    link: str | None = None


@dataclass(slots=True)
class Visits:
    """What was done through the faces since the tenant was last seeded."""

    notes: deque[Happening] = field(default_factory=lambda: deque(maxlen=_MOST_NOTES))
    starts: dict[str, Start] = field(default_factory=dict)
    _seeded: Any = None

    def begin_anew_with(self, state: TenantState) -> None:
        """Forget all if the tenant was reset meanwhile."""
        if self._seeded is not state:
            self._seeded = state
            self.notes.clear()
            self.starts.clear()


def happenings(state: TenantState, visits: Visits, most: int) -> list[Happening]:
    """Tell the newest things that happened, up to `most`."""
    found = [*visits.notes, *_mails(state), *_passes(state), *_sign_ins(state)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _mails(state: TenantState) -> Iterator[Happening]:
    for mail in state.mails:
        link = f"/inbox?{urlencode({'box': mail.to[0], 'mail': mail.id})}"
        reader = next((p for p in state.users.values() if same(p["mail"], mail.to[0])), None)
        to = reader["displayName"] if reader else mail.to[0]
        yield Happening(mail.at, f"Mail to {to}: {mail.subject}", link=link)


def _passes(state: TenantState) -> Iterator[Happening]:
    for held in state.passes.values():
        who = state.users.get(held.user_id)
        if who:
            kind = "a one-time pass" if held.one_time else "a pass"
            yield Happening(held.created, f"Entra holds {kind} for {who['displayName']}", link="/requests")


def _sign_ins(state: TenantState) -> Iterator[Happening]:
    for one in state.sign_ins:
        who = state.users.get(one.user_id)
        device = state.device(one.device_id)
        name = who["displayName"] if who else one.user_id
        where = device["displayName"] if device else "a device"
        if one.error_code:
            yield Happening(one.at, f"{name} was refused at {where}: {one.failure}", "bad")
        else:
            yield Happening(one.at, f"{name} signed in at {where}", "good")
