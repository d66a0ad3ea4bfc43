"""What must hold at every moment of any life, each principle by itself and from what people saw, not the app's word."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from shared.handover.collecting.claim import look_until
from shared.handover.keys.sealing import fits
from shared.handover.keys.secrets import LinkKey, PublicKey
from shared.onboarding.collector import DESK, Route
from shared.onboarding.events.admission import BY_SOURCE
from shared.onboarding.model import Delivery as Link
from shared.onboarding.model import Onboarding, Origin
from shared.onboarding.statuses import Status, Step, WebSignIn
from shared.passes.ownership import is_ours
from shared.planning.adjust import NEAR
from shared.sources.delivery import Delivery
from shared.sources.hire import EventKind
from shared.tenant.ports.people import Account
from tests.model.tenant import Held
from tests.model.world import BY_LINK_AND_CODE, HIRES, HOME_MAIL, OFFICES, READERS, World

type Rows = list[Onboarding]

NOBODY_MAY_USE = frozenset({Status.CANCELLED, Status.FAILED, Status.EXPIRED})
HELD_BY = frozenset({Status.ISSUED, Status.OPENED, Status.USED, Status.WAITING})
"""Where a row may stand by the pass it has made."""
ASKS_GRAPH = frozenset({Step.NOTICE, Step.INVITE, Step.ISSUE, Step.VERIFY, Step.REVOKE})
"""Steps that, or whose next ones, find out what became of a pass."""
SOON = timedelta(minutes=35)
"""What fails for good is looked at again each half hour."""
DATA_GONE = timedelta(days=32)
"""Personal data are kept for 30 days; what fails meanwhile takes no more than days."""

DEVICES_GONE = timedelta(days=5)
"""A device leaves its group three days after the end; what fails meanwhile takes no more than days."""


def graph_was_asked_nothing_wrong(world: World, _: Rows) -> None:
    """No request without a look, none while another is open, none for the wrong or over somebody else's pass."""
    assert not world.tenant.manners.wrongs, world.tenant.manners.wrongs[0]


def every_row_has_a_next_step(world: World, rows: Rows) -> None:
    """A due time stands until nobody is known any more, where the row says, and no other stands anywhere."""
    for row in rows:
        assert (row.due is None) == (row.forgotten and not row.doomed), f"{row.id} has come to nothing"
    stored = world.tables.onboardings.rows
    wanted = [entity[column] for (_, key), entity in stored.items() if key[0] == "o" for column in _DUE_COLUMNS]
    standing = [key for _, key in stored if key[0] == "d"]
    assert sorted(filter(None, wanted)) == sorted(standing), "a due time is lost, or stands for nothing"


_DUE_COLUMNS = ("duePass", "dueWebSignIn", "dueDevice")


def every_stop_has_a_reason(_: World, rows: Rows) -> None:
    """Whatever waits or has ended otherwise than by a sign-in says why."""
    for row in rows:
        assert row.reason is not None or row.status not in {Status.WAITING, *NOBODY_MAY_USE}, "no reason is given"


def hours_are_those_of_the_day(_: World, rows: Rows) -> None:
    """A pass begins no earlier than an hour before the start, and the window ends with it.

    One that is made within two minutes of that begins as it is made: Graph takes no start so near.
    """
    for row in rows:
        if row.status is Status.ISSUED and row.issued is not None and row.plan is not None:
            begins_at_once = row.issued.valid_from <= row.issued.made_at
            earliest = row.plan.wanted - timedelta(hours=1) - (NEAR if begins_at_once else timedelta())
            assert row.issued.valid_from >= earliest, "valid before its day"
            assert row.issued.valid_until == row.plan.closes, "the window does not end with the pass"


def graph_holds_what_is_issued(world: World, rows: Rows) -> None:
    """What stands as issued, with no question open, is what Graph holds, unless somebody else replaced it."""
    for row in rows:
        if row.status is not Status.ISSUED or row.attempts or row.issued is None or row.subject is None:
            continue
        held = world.tenant.passes.get(row.subject.id)
        assert held is not None, "issued, and Graph holds no pass"
        is_another = held.ours and not any(is_ours(held.record, one) for one in rows if one.id != row.id)
        assert held.record.id == row.issued.id or not is_another, "issued, and Graph holds another"


def every_live_pass_is_answered_for(world: World, rows: Rows) -> None:
    """A row stands by it, or asks Graph about it before anybody could use it, or soon; and an ended one deletes it."""
    for user, held in world.tenant.live().items():
        owners = [row for row in rows if row.subject and row.subject.id == user and is_ours(held.record, row)]
        assert owners, "a pass of ours is live, and no row knows of it"
        assert any(_stands_by(row, held) or _sees_to(row, held, world.now) for row in owners), (
            "a pass of ours is live that no row stands by, and nobody is to look at it"
        )


def _stands_by(row: Onboarding, held: Held) -> bool:
    return row.issued is not None and row.issued.id == held.record.id and not row.doomed and row.status in HELD_BY


def _sees_to(row: Onboarding, held: Held, now: datetime) -> bool:
    """Tell whether it is asked about in time; what ends with the hours needs nobody in the last half hour of these."""
    if row.due is None or row.due.at > max(now, held.record.start) + SOON:
        return False
    ends_with_the_hours = row.due.step is Step.EXPIRE and held.ends <= row.due.at
    return ends_with_the_hours or row.due.step in ({Step.REVOKE} if row.ended_at else ASKS_GRAPH)


def only_the_newest_link_lives(world: World, rows: Rows) -> None:
    """Of all links that were mailed, none opens but the newest, none that was replaced, and for its reader only."""
    links = world.links()
    for row in rows:
        key = PublicKey.parse(row.delivery.public_key) if row.delivery else None
        mailed = [link for link in links if link.onboarding == row.id]
        if row.delivery is None or key is None or not mailed:
            continue
        alive = [link for link in mailed if fits(LinkKey.parse(link.key), key)]
        assert not world.memory.dead.intersection(alive), "a link still opens that was replaced by a resend"
        assert alive in ([], mailed[-1:]), "an older link still opens"
        for link in alive:
            assert _is_for(row.delivery, link.to), "the link is another's than its reader's"


def _is_for(delivery: Link, mailbox: str) -> bool:
    """Tell whether who reads this mailbox is who may collect; a link and a code prove the hire alone."""
    if mailbox == HOME_MAIL:
        return delivery.pickup is not None and delivery.subject == HIRES[BY_LINK_AND_CODE]
    return delivery.pickup is None and delivery.collector == READERS[mailbox]


def made_for_whom_entra_names(world: World, rows: Rows) -> None:
    """At the moment a pass is made, its collector is whom Entra names, or the desk where the desk was asked for."""
    for row in rows:
        if row.issued is None or row.issued.id in world.memory.made:
            continue
        world.memory.made.add(row.issued.id)
        if row.status is Status.ISSUED and row.delivery is not None and row.subject is not None:
            wanted = _named(world.tenant.accounts[row.subject.id], row)
            assert row.delivery.collector.startswith(wanted), "the pass was made for somebody whom Entra does not name"


def _named(account: Account, row: Onboarding) -> str:
    """Say how what a link is bound to begins."""
    if account.manager is None or (row.ask is not None and row.ask.route is Route.DESK):
        return DESK
    to_manager = row.ask is not None and row.ask.route is Route.MANAGER
    by_link = account.office == OFFICES[BY_LINK_AND_CODE] and HOME_MAIL in account.other_mails and row.request is None
    return f"{Route.HIRE_MANAGER}:{account.manager.id}:" if by_link and not to_manager else account.manager.id


def what_was_collected_stays(world: World, _: Rows) -> None:
    """Once somebody holds a pass, it works until its end, unless a person or a withdrawal takes it back."""
    for user, collected in world.memory.collected.items():
        if collected.held.ends > world.now:
            assert world.tenant.passes.get(user) is collected.held, "a pass in somebody's hands was taken away"


def sealed_passes_go(world: World, rows: Rows) -> None:
    """What is over, or may be looked at no more, keeps no sealed pass."""
    for row in rows:
        made = row.issued
        if made is None or made.sealed is None:
            continue
        assert row.ended_at is None, "what is over keeps a sealed pass"
        if row.claim is not None:
            until = look_until(row.claim.state.claimed_at, made.valid_from, made.valid_until)
            assert world.now <= until + SOON, "a sealed pass is kept that nobody may look at"


def each_transition_is_in_the_audit(world: World, rows: Rows) -> None:
    """As many records as versions, and the last one says where the row stands."""
    stored = world.tables.onboardings.rows
    for row in rows:
        last = stored.get((row.id[0], f"a|{row.id}|{row.version:06d}"))
        count = sum(key.startswith(f"a|{row.id}|") for _, key in stored)
        assert count == row.version, "a transition is not in the audit"
        assert last is not None, "the last transition is not in the audit"
        assert last["status"] == row.status, "the audit says that it stands elsewhere"


def the_newest_word_of_the_source_counts(world: World, rows: Rows) -> None:
    """By the source's own time, whatever the order of arrival: withdrawn is over, and the start is the newest."""
    for who in HIRES:
        mine = _of_source(world, rows, who)
        if mine and mine[-1].erased:
            world.memory.taken[who].clear()
        taken = world.memory.taken[who]
        if not mine or not taken:
            continue
        newest, row = max(taken, key=_order), mine[-1]
        assert (row.origin.occurred_at, row.origin.event) >= _order(newest), "an older event stands against a newer"
        if row.origin == Origin(*_order(newest)):
            _see_it_obeyed(world, row, newest)


def _see_it_obeyed(world: World, row: Onboarding, newest: Delivery) -> None:
    """What came once an onboarding was over, and began no other, moves no hours when a fresh pass is asked for."""
    was_in_time = (newest.event_id, row.id) not in world.memory.too_late
    if newest.event.kind is EventKind.CANCELLED:
        assert row.ended_at is not None, "withdrawn, and it goes on"
    elif row.ended_at is None and row.plan is not None and row.id not in world.memory.opened and was_in_time:
        hire = newest.event.hire
        start = datetime.fromisoformat(f"{hire.start_date}T{hire.start_time or '09:00'}")
        assert row.plan.wanted == start.replace(tzinfo=ZoneInfo("Europe/Berlin")), "another start than the newest"


def _order(delivery: Delivery) -> tuple[datetime, str]:
    return delivery.event.occurred_at, delivery.event_id


def what_is_over_stays_over(world: World, rows: Rows) -> None:
    """A person begins anew by a later start only, or after the source's own word."""
    for who in HIRES:
        mine = _of_source(world, rows, who)
        for before, after in pairwise(mine):
            if before.plan is not None and after.plan is not None and before.reason not in BY_SOURCE:
                assert after.plan.wanted > before.plan.wanted, "what was over began anew without a later start"


def _of_source(world: World, rows: Rows, who: str) -> Rows:
    """Return the onboardings of a hire by events, oldest first, erased ones too."""
    return [row for row in rows if row.source == "acme" and world.memory.named.get(row.id) == who]


def personal_data_go_in_time(world: World, rows: Rows) -> None:
    """A month after the end nothing personal is left in a row."""
    for row in rows:
        late = row.ended_at is not None and world.now > row.ended_at + DATA_GONE
        assert not late or (row.erased and row.subject is None), "personal data are kept too long"


def the_device_side_is_looked_at_again(world: World, rows: Rows) -> None:
    """What waits there while there is a pass to come has a due time."""
    for row in rows:
        waits = row.web.status is WebSignIn.WAITING and row.ended_at is None and row.hold is None
        if waits and row.plan is not None and world.now + SOON < row.plan.closes:
            assert row.web_due is not None, "the device side waits for ever"


def every_device_in_a_group_is_answered_for(world: World, rows: Rows) -> None:
    """A device that is in a group by the app's doing stands in a row, which takes it out again."""
    answered = {membership.device for row in rows for membership in row.memberships}
    assert world.fleet.ours <= answered, "a device is in a group by our doing, and no row knows of it"
    for row in rows:
        late = row.ended_at is not None and world.now > row.ended_at + DEVICES_GONE
        assert not late or not row.memberships, "a device is kept in its group too long"


AT_ANY_MOMENT: tuple[Callable[[World, Rows], None], ...] = (
    graph_was_asked_nothing_wrong,
    every_row_has_a_next_step,
    every_stop_has_a_reason,
    hours_are_those_of_the_day,
    graph_holds_what_is_issued,
    what_was_collected_stays,
    every_live_pass_is_answered_for,
    only_the_newest_link_lives,
    made_for_whom_entra_names,
    sealed_passes_go,
    each_transition_is_in_the_audit,
    the_newest_word_of_the_source_counts,
    what_is_over_stays_over,
    personal_data_go_in_time,
    the_device_side_is_looked_at_again,
    every_device_in_a_group_is_answered_for,
)


def check(world: World) -> None:
    """See that all of them hold now.

    Raises:
        AssertionError: one does not; its words say which.
    """
    rows = world.rows()
    world.memory.opened |= {row.id for row in rows if row.claim is not None}
    world.memory.named |= {row.id: row.hire.display_name for row in rows if row.hire.display_name}
    for principle in AT_ANY_MOMENT:
        principle(world, rows)
