"""How any life ends: everything works again, the work comes to rest, then two years go by and nothing is left."""

import re
from datetime import timedelta

from shared.onboarding.audit.census import Census
from shared.onboarding.statuses import Status
from shared.passes.ownership import is_ours
from tests.model.principles import NOBODY_MAY_USE, check
from tests.model.world import HIRES, HOME_MAIL, READERS, World

MOST_DUE_TIMES = 80


def end(world: World) -> None:
    """Mend everything, and see what must hold at rest, then what must be left when all of it is long over.

    Raises:
        AssertionError: something does not hold.
    """
    world.mend()
    world.tell("Everything works again, and 40 minutes go by.")
    for _ in range(4):
        world.wait(timedelta(minutes=10))
        check(world)
    no_pass_outlives_its_onboarding(world)
    whoever_expected_a_hire_knows(world)
    nothing_is_stored_in_clear(world)
    audits_verify(world)
    world.tell("Two years go by.")
    for _ in range(MOST_DUE_TIMES):
        due = world.next_due()
        if due is None:
            break
        world.wait(max(due - world.now, timedelta(hours=5)))
        check(world)
    audits_verify(world)
    assert world.next_due() is None, "something is due for ever"
    nobody_is_known(world)
    assert not world.fleet.ours, "a device is still in a group when all is over"


def no_pass_outlives_its_onboarding(world: World) -> None:
    """A live pass is one of an onboarding that is not over."""
    for user, held in world.tenant.live().items():
        owners = [row for row in world.rows() if row.subject and row.subject.id == user and is_ours(held.record, row)]
        assert any(row.status not in NOBODY_MAY_USE for row in owners), "a pass is live whose onboarding is over"


def whoever_expected_a_hire_knows(world: World) -> None:
    """Who was told that a hire comes is told that it was called off."""
    for row in world.rows():
        if row.status is Status.CANCELLED and row.heard is not None and row.ended_at is not None and not row.erase_for:
            told = [one for one in world.tenant.mails if one.mail.to == row.heard.mail and one.at >= row.ended_at]
            assert told, "a hire was called off, and whoever expected it has not heard"


def nothing_is_stored_in_clear(world: World) -> None:
    """No pass that was shown, and no link's key, stands in a table or a message."""
    stored = repr([table.rows for table in world.all_tables()])
    letters = repr(world.queues.messages)
    for secret in {*world.memory.codes, *(link.key for link in world.links()), *_typed(world)}:
        assert secret not in stored
        assert secret not in letters


def _typed(world: World) -> set[str]:
    """Return all pick-up codes, as they are mailed and as they are typed."""
    return {form for code in world.codes() for form in (code, code.replace("-", ""))}


def audits_verify(world: World) -> None:
    """No audit was cut, changed or lengthened, and every row has one."""
    audits = world.do(Census(world.tables.onboardings).audit(world.now))  # type: ignore[arg-type]
    assert audits is not None
    assert [audit.breaks for audit in audits if audit.breaks] == [], "an audit is broken"
    assert len(audits) == len(world.rows())


def nobody_is_known(world: World) -> None:
    """No name, address, number or object id of anybody stands anywhere any more."""
    assert all(row.erased and row.subject is None for row in world.rows())
    for _ in ("found", "dropped"):
        world.wait(timedelta(days=1))
        world.do(world.app.sweeping.daily.run_if_due())
    stored = repr([table.rows for table in world.all_tables()])
    names = (*HIRES, *HIRES.values(), HOME_MAIL, *READERS.values(), *READERS, *(f"LK-{name}" for name in HIRES))
    assert not re.search(rf"\b(?:{'|'.join(names)})\b", stored), "somebody is still known when all is over"
