"""The page that says what happens to a pass, cell by cell, against the code that decides it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.onboarding.eligibility.precedence import goes_first, on_its_way
from shared.onboarding.events.admission import Arrival, Effect, Ignored, admit
from shared.onboarding.events.outcomes import Outcome
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import RELEASABLE, Reason
from shared.onboarding.requests.asking import COLLECTED, is_resendable, is_revocable
from shared.onboarding.requests.desk import is_stuck
from shared.onboarding.requests.reissue import may_be_reissued
from shared.onboarding.statuses import Status
from shared.sources.hire import EventKind, HireData, HireEvent
from tests.shared.onboarding.rows import Walk, fresh
from tests.shared.onboarding.test_admission import CALENDAR

DAYS = timedelta(days=3)
PAGE = Path(__file__).parents[3] / "docs" / "life-of-a-pass.md"
WAY = ("notice", "make_link", "mail_link", "attempt", "make_pass", "open", "use")


@dataclass(frozen=True, slots=True)
class Standing:
    """An onboarding in a status, at a time that fits it."""

    row: Onboarding
    now: datetime

    @property
    def wanted(self) -> datetime:
        """The start that HR gave."""
        assert self.row.plan is not None
        return self.row.plan.wanted


def brought_to(status: str) -> Standing:
    """Bring an onboarding to a status."""
    ways = {
        "planned": (), "invited": WAY[:3], "issued": WAY[:5], "opened": WAY[:6], "used": WAY,
        "waiting": ("notice", "wait"), "expired": WAY[:5], "cancelled": ("cancel",), "failed": (),
    }  # fmt: skip
    walk = Walk()
    for what in ways[status]:
        walk.let(what, 1)
    assert walk.row.plan is not None
    if status in {"opened", "used"}:
        walk.now = walk.row.plan.wanted + timedelta(hours=2)
    if status == "expired":
        walk.now = walk.row.plan.opens
        walk.let("review", 0)
        walk.let("remind", 0)
        walk.now = walk.row.plan.closes
        walk.let("expire", 1)
    if status == "failed":
        effect = event(Standing(walk.row, walk.now), start_date="2030-02-31")
        assert not isinstance(effect, Ignored)
        walk.row = effect.row
    if status == "waiting":
        walk.row = replace(walk.row, reason=Reason.ACCOUNT_TOO_OLD)
    assert walk.row.status == status
    return Standing(walk.row, walk.now)


def event(at: Standing, kind: EventKind = EventKind.UPDATED, minutes: int = 1, **changes: str) -> Effect | Ignored:
    """Let HR say something of the hire, so many minutes after its last word."""
    who: HireData = replace(at.row.hire, **changes)  # type: ignore[arg-type]
    occurred = at.row.origin.occurred_at + timedelta(minutes=minutes)
    name = at.row.origin.event if minutes == 0 else "e9"
    return admit(Arrival("acme", name, "hash", HireEvent(kind, occurred, who)), at.row, "f" * 25, CALENDAR, at.now)


def moved(days: int) -> Callable[[Standing], Effect | Ignored]:
    """Let HR move the start by days; a later one lies ahead."""

    def post(at: Standing) -> Effect | Ignored:
        later = max(at.wanted, at.now) + timedelta(days=days) if days > 0 else at.wanted + timedelta(days=days)
        return event(at, start_date=later.date().isoformat())

    return post


EVENTS: Mapping[str, Callable[[Standing], Effect | Ignored]] = {
    "created or updated: the same again": event,
    "… a later start": moved(3),
    "… an earlier start, or one gone by": moved(-2),
    "… another zone or time of day": lambda at: event(at, start_date="2030-06-03", start_time="08:15"),
    "… another manager": lambda at: event(at, manager_user_name="tomas@larkspur.example"),
    "… other data": lambda at: event(at, display_name="Amélie B."),
    "… a start more than seven days back": lambda at: event(at, start_date="2020-06-03"),
    "… a start that cannot be": lambda at: event(at, start_date="2030-02-31", display_name="Amélie B."),
    "cancelled": lambda at: event(at, EventKind.CANCELLED),
    "older than what is known": lambda at: event(at, minutes=-1),
    "a replay": lambda at: event(at, minutes=0),
}


def said(before: Onboarding, done: Effect | Ignored) -> str:
    """Say in the page's words what an event did, and see that the row it leaves is as those words promise."""
    if isinstance(done, Ignored):
        return "ignored"
    row = done.row

    def kept(*fields: str) -> bool:
        return all(getattr(row, field) == getattr(before, field) for field in fields)

    goes = row.issued is None or (row.doomed and row.issued.sealed is None)
    promises = {
        Outcome.UNCHANGED: ("nothing", replace(row, origin=before.origin) == before),
        Outcome.UPDATED: (
            "updated",
            (row.plan, row.delivery, row.issued) == (before.plan, before.delivery, before.issued),
        ),
        Outcome.REPLANNED: (
            "moved",
            goes and kept("delivery") and (row.tell_move_at is None) == (before.heard is None),
        ),
        Outcome.AFTER_OPENING: (
            "kept",
            (row.plan, row.issued, row.claim) == (before.plan, before.issued, before.claim),
        ),
        Outcome.AFTER_END: ("noted", kept("status", "issued")),
        Outcome.PLANNED: ("begins anew", done.fresh and row.status is Status.PLANNED),
        Outcome.LONG_PAST: ("called off", goes and row.status is Status.EXPIRED),
        Outcome.CANCELLED: ("cancelled", goes and row.status is Status.CANCELLED),
        Outcome.FAILED: ("failed", goes and row.status is Status.FAILED),
    }
    word, holds = promises[done.outcome]
    assert holds, done
    return word


def second(at: Standing) -> str:
    """Let a second source name the same person."""
    other = replace(fresh(), id="b" * 25)
    return "waits" if goes_first(other, [at.row, other], at.now) else "own way"


def resend(at: Standing, *, replaces: bool) -> str:
    """Ask for a fresh link."""
    if not is_resendable(at.row, at.now):
        return "ended"
    return "collected" if at.row.status in COLLECTED and not replaces else "fresh link"


def request(at: Standing) -> str:
    """Ask for a pass for the same person."""
    other = on_its_way([at.row], at.now)
    return "begins" if other is None else "replace" if other.claim else "on its way"


def confirm(at: Standing) -> str:
    """Release it."""
    return "released" if at.row.status is Status.WAITING and at.row.reason in RELEASABLE else "refused"


REQUESTS: Mapping[str, Callable[[Standing], str]] = {
    "a second source names the same person": second,
    "a pass for the same person": request,
    "resend": lambda at: resend(at, replaces=False),
    "resend with `replace`": lambda at: resend(at, replaces=True),
    "revoke": lambda at: "taken back" if is_revocable(at.row, at.now) else "ended",
    "a fresh pass by the link that is out": lambda at: (
        "made anew" if may_be_reissued(at.row, at.now, DAYS) else "refused"
    ),
    "confirm": confirm,
    "retry": lambda at: "put back" if is_stuck(at.row) else "refused",
}


def cells() -> Iterator[tuple[str, str, str]]:
    """Read the page's tables: what happens, in which status, and what the page says of it."""
    statuses: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        first, *rest = [cell.strip() for cell in line.strip("|").split("|")]
        if first in {"event", "request"}:
            statuses = rest
        elif len(rest) == len(Status) and not first.startswith("-"):
            yield from ((first, status, cell) for status, cell in zip(statuses, rest, strict=True))


@pytest.mark.parametrize(("what", "status", "cell"), list(cells()))
def test_the_page_says_what_happens(what: str, status: str, cell: str) -> None:
    """Each cell of the page is what the code does."""
    at = brought_to(status)
    done = said(at.row, EVENTS[what](at)) if what in EVENTS else REQUESTS[what](at)
    assert done == cell


def test_the_page_has_every_status_and_every_happening() -> None:
    """No column and no row is left out."""
    found = list(cells())
    assert {what for what, _, _ in found} == {*EVENTS, *REQUESTS}
    assert {status for _, status, _ in found} == set(Status)
