"""The table of transitions is the lives that there are: each line of it is walked, and no walk leaves it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.handover.keys import pickup
from shared.onboarding import lifecycle
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.collector import Collector
from shared.onboarding.events.admission import UNPLANNABLE
from shared.onboarding.model import Attempt, IssuedPass
from shared.onboarding.requests import reissue
from shared.onboarding.requests.desk import device_is_stuck
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.schedule import news
from shared.onboarding.statuses import Status
from shared.onboarding.store import Store
from shared.onboarding.transaction import Change, Kept
from shared.onboarding.transitions import TABLE, ForbiddenTransitionError, check
from shared.runtime.clock import SystemClock
from tests.shared.onboarding.lives import Life, Seen
from tests.shared.onboarding.rows import COLLECTOR, NOW, OTHER, SUBJECT, fresh
from tools.transitions import page

READ_ANEW = {Did.NOTICE_GIVEN, Did.PEOPLE_CHANGED, Did.HELD_BACK, Did.EVENT_UPDATED}
"""What turns the link to whoever is the manager now, names another, or finds none."""
BRAKED = {Did.EVENT_PLANNED, Did.EVENT_REPLANNED, Did.EVENT_UPDATED}
"""What the brakes may hold back."""
AT_AN_HOUR = tuple(
    did for did in Did if did not in {Did.LEFT_GROUP, Did.LEAVE_PUT_OFF, Did.NOT_JOINED, Did.MAIL_OVERTAKEN}
)
"""What may be otherwise at another hour. These four are done whenever they can be, and lead to the same."""
PAGE = Path(__file__).parents[3] / "docs" / "transitions.md"


def likeness(life: Life) -> object:
    """Return what of a row decides where it can go: of rows that are alike in it, one is walked on."""
    row = life.row
    if row is None:
        return None
    if row.hold is not None and row.ended_at is None and not row.doomed:
        # Whatever it had come to before, nothing is done for it now.
        link = row.delivery and (bool(row.delivery.public_key), row.delivery.mailed_at is None)
        return row.due and row.due.step, len(row.hold.reasons), link
    link, made, due = row.delivery, row.issued, row.due
    return (
        (row.status, row.doomed, row.ended_at is None, row.request is None),
        due and (due.step, due.at <= life.now),
        min(len(row.attempts), 2),
        link and (bool(link.public_key), link.mailed_at is None),
        made and (made.sealed is None, made.valid_until > life.now),
        row.status is Status.ISSUED and row.noticed_at is None,
        row.claim and row.claim.state.ended,
        row.status is not Status.WAITING and device_is_stuck(row),
        row.reason in UNPLANNABLE,
        len(row.reissues),
    )


def instants(life: Life) -> Iterator[datetime]:
    """Yield now, when something is due, and a day later."""
    yield life.now
    if life.row is not None:
        yield from (due.at for due in (life.row.due, life.row.web_due) if due and due.at > life.now)
        yield life.now + timedelta(days=1)


def circumstances(did: Did, *, at_once: bool) -> Iterator[tuple[Collector, bool]]:
    """Yield who the manager is, and whether the brakes hold back: that makes no difference by the hour."""
    yield COLLECTOR, False
    if did in READ_ANEW:
        yield OTHER, False
    if did in BRAKED and at_once:
        yield COLLECTOR, True


@pytest.fixture(scope="module")
def walked() -> Iterator[set[Seen]]:
    """Walk every life there is, as far as rows differ in what decides; give what happened in them.

    A pass is made anew once and not twice, and the first wrong code locks: they already lead wherever the last ones do,
    and most of the walk is saved.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (reissue, news):
            patch.setattr(module, "MOST_REISSUES", 1)
        patch.setattr(pickup, "MOST_WRONG", 1)
        yield walk()


def walk() -> set[Seen]:
    """Go from each life to all that may come next, until no other comes."""
    seen: set[Seen] = set()
    known = {likeness(Life())}
    ahead = deque([Life(seen=seen)])
    while ahead:
        life = ahead.popleft()
        for at in instants(life):
            for did in Did if at == life.now else AT_AN_HOUR:
                for manager, braked in circumstances(did, at_once=at == life.now):
                    next_ = Life(life.row, at, manager, life.count, seen, braked)
                    if not next_.does(did):
                        continue
                    if did is Did.CODE_WRONG:
                        live_with_the_lock(next_)
                    elif likeness(next_) not in known:
                        known.add(likeness(next_))
                        ahead.append(next_)
    return seen


def live_with_the_lock(life: Life) -> None:
    """Let people hear of a link that takes no code any more, or not yet, or have a fresh one made.

    A row goes on as if it were not locked, and after a fresh link as after any that is sent anew.
    """
    for did in (Did.TOLD, Did.NOT_TOLD_YET, Did.CODE_RENEWED):
        Life(life.row, life.now, life.manager, life.count, life.seen).does(did)


def named(seen: set[Seen]) -> list[str]:
    """Write transitions so that people can read them."""
    return sorted(f"{did}: {before or 'nothing'} → {after}" for did, (before, after) in seen)


@pytest.mark.long
def test_the_table_has_the_transitions_that_there_are_and_no_other(walked: set[Seen]) -> None:
    """Nothing that happens in any life is missing from the table, and nothing in the table never happens."""
    table = {(did, transition) for did in Did for transition in TABLE[did]}
    assert named(walked - table) == []
    assert named(table - walked) == []


def test_the_page_is_the_table() -> None:
    """What people read is what the store enforces; `python -m tools.transitions > docs/transitions.md` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_what_is_not_in_the_table_is_refused_by_name() -> None:
    """A pass that was withdrawn does not open any more, and the error says what wanted it."""
    check(Status.ISSUED, Did.OPENED, Status.OPENED)
    with pytest.raises(ForbiddenTransitionError, match=r"OPENED.* from cancelled to opened"):
        check(Status.CANCELLED, Did.OPENED, Status.OPENED)


class NoTable:
    """A table that nobody may touch."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was called")


async def test_the_store_refuses_before_it_writes() -> None:
    """A transition that is not in the table leaves storage untouched."""
    row = fresh()
    kept = Kept(replace(row, status=Status.CANCELLED), "etag", {}, ())
    store = Store(NoTable(), RowCodes(()), SystemClock())  # type: ignore[arg-type]
    with pytest.raises(ForbiddenTransitionError):
        await store.commit(kept, Change(row, Audit(Did.EVENT_REPLANNED, NOW)))


def test_a_pass_that_comes_after_its_link_was_taken_back_has_to_go() -> None:
    """A resend while Graph makes the pass: the link it is sealed to is dead, so it is deleted and all begins anew."""
    attempt = Attempt("t", NOW, NOW + timedelta(seconds=75), None, 600, one_time=False)
    row = lifecycle.inviting(lifecycle.found(fresh(), SUBJECT, COLLECTOR), "key", NOW)
    row = lifecycle.attempting(lifecycle.invited(row, 1, NOW), attempt)
    row = lifecycle.turned_to(row, SUBJECT, OTHER)
    assert row.plan is not None
    made = IssuedPass("p", NOW, NOW, NOW + timedelta(hours=10), one_time=False, delivery=1, sealed="sealed")
    late = lifecycle.issued(row, made, attempt, row.plan)
    assert (late.status, late.doomed, late.issued and late.issued.sealed) == (Status.PLANNED, True, None)
