"""What the brakes count and hold back, and what whoever holds an HR source's secret cannot do about it."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.onboarding import lifecycle
from shared.onboarding.brakes.counting import BURST, Counting
from shared.onboarding.brakes.holding import Announced, by_site, coming, hold
from shared.onboarding.brakes.traffic import Coming, Traffic, counted, usual
from shared.onboarding.eligibility.authority import let_go_by_party
from shared.onboarding.model import Hold, Onboarding, Origin
from shared.onboarding.reasons import HOLDS, Reason
from shared.onboarding.requests.reissue import LONGEST_WINDOW, may_be_reissued
from shared.onboarding.schedule import scheduled
from shared.onboarding.statuses import Status, Step
from shared.planning.plan import make_plan
from shared.planning.start import LocalStart, parse_date, parse_time
from shared.runtime.leases import Cells
from shared.sources.limits import Limits
from tests.model.storage import Table
from tests.model.wire import Wire
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh, hire

LATER = Coming(today=False, moved=False)
TODAY = Coming(today=True, moved=False)
MOVED = Coming(today=True, moved=True)
LIMITS = Limits(per_hour=5, per_day=8, today=2, moved_to_today=0, usual=6)


def reasons(instants: list[datetime], limits: Limits, each: Coming = LATER) -> list[tuple[Reason, ...]]:
    """Count hires at these instants; return what each met."""
    known, met = Traffic(), []
    for at in instants:
        known, found = counted(known, each, limits, at)
        met.append(found)
    return met


@given(st.lists(st.integers(0, 3 * 24 * 60), max_size=80).map(sorted))
def test_no_hour_and_no_day_lets_more_through_than_the_limits(minutes: list[int]) -> None:
    """However they are spread, also over the change of an hour or a day: in any sixty minutes and any day."""
    instants = [NOW + timedelta(minutes=minute) for minute in minutes]
    free = [at for at, met in zip(instants, reasons(instants, LIMITS), strict=True) if not met]
    for span, most in ((timedelta(hours=1), LIMITS.per_hour), (timedelta(days=1), LIMITS.usual)):
        assert all(sum(at <= other < at + span for other in free) <= most for at in free)


def test_whoever_goes_on_sending_keeps_the_brakes_on() -> None:
    """What is held back counts, too: a flood of a day lets through what one hour may have, and no more of it later."""
    flood = [NOW + timedelta(minutes=5 * number) for number in range(200)]
    met = reasons(flood, replace(LIMITS, per_day=1000, usual=1000))
    assert met[: LIMITS.per_hour] == [()] * LIMITS.per_hour
    assert set(met[LIMITS.per_hour :]) == {(Reason.OVER_HOURLY_LIMIT,)}


def test_each_limit_has_a_reason_of_its_own() -> None:
    """By hour, by day, by what is usual; by starts of today, and by those among them that were planned for later."""
    hourly = [NOW + timedelta(hours=2 * number) for number in range(9)]
    assert reasons(hourly, replace(LIMITS, usual=8))[-1] == (Reason.OVER_DAILY_LIMIT,)
    assert reasons(hourly, LIMITS)[6] == (Reason.UNUSUAL_VOLUME,)
    assert reasons([NOW] * 6, LIMITS)[-1] == (Reason.OVER_HOURLY_LIMIT,)
    assert reasons([NOW] * 3, LIMITS, TODAY) == [(), (), (Reason.MANY_STARTS_TODAY,)]
    assert reasons([NOW], LIMITS, MOVED) == [(Reason.MOVED_TO_TODAY,)]
    assert reasons([NOW] * 6, LIMITS, MOVED)[-1] == (Reason.OVER_HOURLY_LIMIT, Reason.MOVED_TO_TODAY)


def history(days: dict[int, int]) -> Traffic:
    """Return what is known of a source that sent so many, so many days ago."""
    today = int(NOW.timestamp() // 86400)
    return Traffic(unhindered={today - ago: count for ago, count in days.items()})


def test_what_is_usual_is_learned_slowly_and_from_ordinary_days() -> None:
    """Three times the third busiest of four weeks; of the last seven days nothing counts, however wild they were."""
    assert usual(Traffic(), LIMITS, NOW) == LIMITS.usual
    assert usual(history({10: 9, 11: 9, 12: 9}), LIMITS, NOW) == 27
    assert usual(history({10: 500, 11: 500, 12: 3}), LIMITS, NOW) == 9, "two days lift nothing"
    assert usual(history(dict.fromkeys(range(8), 500)), LIMITS, NOW) == LIMITS.usual, "nor does a week"
    assert usual(history({40: 9, 41: 9, 42: 9}), LIMITS, NOW) == LIMITS.usual


def test_a_thief_who_floods_for_weeks_lifts_what_is_usual_by_what_went_through_only() -> None:
    """Ten thousand a day for three weeks leave the limit where the let-through of those days put it."""
    known, limits = Traffic(), Limits(per_hour=100_000, per_day=100_000, today=5, moved_to_today=0, usual=20)
    bounds = []
    for day in range(21):
        for minute in range(0, 1440, 18):
            known, _ = counted(known, LATER, limits, NOW + timedelta(days=day, minutes=minute))
        bounds.append(usual(known, limits, NOW + timedelta(days=day)))
    assert bounds[:9] == [20] * 9
    assert max(bounds) <= 60
    assert all(before <= after for before, after in pairwise(bounds))


def started(at: str, zone: str = "Europe/Berlin", row: Onboarding | None = None) -> Onboarding:
    """Return a row that starts at a local time, such as 2030-06-03T09:00."""
    day, clock = at.split("T")
    plan = make_plan(LocalStart(parse_date(day), parse_time(clock), zone), NOW)
    return replace(row or fresh(), plan=plan)


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        ("2030-05-27T12:00", "Europe/Berlin"),
        ("2030-05-28T07:00", "Pacific/Kiritimati"),
        ("2030-05-27T02:00", "Pacific/Niue"),
        ("2030-05-27T06:00", "Europe/Berlin"),
    ],
)
def test_today_is_what_begins_within_hours_whatever_zone_and_day_are_named(at: str, zone: str) -> None:
    """A zone in which it is tomorrow already, or yesterday yet, is no way round."""
    soon = started(at, zone)
    assert coming(Announced(None, soon, site_known=True), [], NOW) == TODAY
    assert coming(Announced(None, soon, site_known=True), [started("2030-06-03T09:00")], NOW) == MOVED


def test_a_hire_planned_for_later_is_known_again_after_a_withdrawal_and_by_any_source() -> None:
    """Cancel and announce anew, or announce by another source: what was planned is still known."""
    called_off = lifecycle.cancelled(fresh(), Reason.CANCELLED_BY_SOURCE, Origin(NOW, "e1"), NOW)
    anew = Announced(None, started("2030-05-27T12:00"), site_known=True)
    assert coming(anew, [called_off], NOW).moved
    assert not coming(Announced(None, fresh(), site_known=True), [called_off], NOW).today


def held_row(*why: Reason, row: Onboarding | None = None) -> Onboarding:
    """Return a row that is held back."""
    return scheduled(lifecycle.held(row or fresh(), Hold(why, NOW)))


def test_nothing_is_due_for_whoever_is_held_back_but_that_the_desk_hears_of_it() -> None:
    """No preflight, no mail, no device group, no pass; and it ends for its own reason, not to be made anew."""
    row = held_row(Reason.UNUSUAL_VOLUME)
    assert (row.status, row.reason) == (Status.WAITING, Reason.UNUSUAL_VOLUME)
    assert (row.due and row.due.step, row.web_due) == (Step.TELL_HOLD, None)
    told = scheduled(lifecycle.hold_told(row, NOW))
    assert told.plan is not None
    assert told.due is not None
    assert (told.due.step, told.due.at) == (Step.TELL_HOLD, told.plan.notice_at), "the last hour to let him go in time"
    told = scheduled(lifecycle.hold_told(told, told.plan.notice_at))
    assert told.plan is not None
    assert told.due is not None
    assert (told.due.step, told.due.at) == (Step.EXPIRE, told.plan.closes)
    over = scheduled(lifecycle.expired(told, told.plan.closes))
    assert (over.status, over.reason) == (Status.EXPIRED, Reason.UNUSUAL_VOLUME)
    assert (over.due and over.due.step) == Step.ERASE, "nobody is mailed of each"
    assert not may_be_reissued(over, told.plan.closes, LONGEST_WINDOW)


@pytest.mark.parametrize("change", ["update", "move", "resend", "retry"])
def test_no_event_and_no_request_lets_go(change: str) -> None:
    """What holds a hire back is let go of by a confirmation alone."""
    row = held_row(Reason.OVER_HOURLY_LIMIT, Reason.UNKNOWN_SITE)
    assert row.plan is not None
    after = {
        "update": lambda: lifecycle.updated(row, replace(row.hire, user_name="other@larkspur.example"), row.origin),
        "move": lambda: lifecycle.replanned(row, hire("2030-06-10"), row.origin, row.plan, NOW),
        "resend": lambda: lifecycle.resent(row, row.ask),  # type: ignore[arg-type]
        "retry": lambda: lifecycle.resumed(row),
    }[change]()
    assert (after.status, after.reason, after.hold) == (Status.WAITING, Reason.OVER_HOURLY_LIMIT, row.hold)
    once = lifecycle.let_go(after, "admin")
    assert (once.status, once.reason) == (Status.WAITING, Reason.UNKNOWN_SITE)
    twice = lifecycle.let_go(once, "admin")
    assert (twice.status, twice.reason, twice.let_go_by) == (Status.PLANNED, None, ("admin", "admin"))


def test_what_holds_back_stays_until_it_is_over_or_let_go_of() -> None:
    """A volume stays; a start of today goes with the day, a site when it is known; what was let go of stays gone."""
    row = held_row(Reason.OVER_HOURLY_LIMIT, Reason.MOVED_TO_TODAY, Reason.UNKNOWN_SITE)
    later = hold(Announced(row, row, site_known=True), (), NOW, quiet=False)
    assert later is not None
    assert later.reasons == (Reason.OVER_HOURLY_LIMIT,)
    soon = hold(Announced(row, started("2030-05-27T12:00", row=row), site_known=False), (), NOW, quiet=False)
    assert soon is not None
    assert soon.reasons == row.hold.reasons  # type: ignore[union-attr]
    free = fresh()
    assert hold(Announced(free, free, site_known=False), (), NOW, quiet=False) is None, "a person has let it go"
    elsewhere = replace(free, hire=replace(free.hire, site="Atlantis"))
    assert hold(Announced(free, elsewhere, site_known=False), (), NOW, quiet=True) == Hold(
        (Reason.UNKNOWN_SITE,), NOW, told_at=NOW
    )
    assert by_site(None, NOW, site_known=False) == Hold((Reason.UNKNOWN_SITE,), NOW)


def test_whoever_is_held_back_for_several_reasons_is_shown_them_in_one_order() -> None:
    """Of two volumes one is enough; and news of a later burst is told again."""
    row = held_row(Reason.OVER_HOURLY_LIMIT)
    told = lifecycle.hold_told(row, NOW)
    met = (Reason.OVER_DAILY_LIMIT, Reason.MANY_STARTS_TODAY)
    found = hold(Announced(told, told, site_known=True), met, NOW, quiet=False)
    assert found == Hold((Reason.OVER_HOURLY_LIMIT, Reason.MANY_STARTS_TODAY), NOW, told_at=None)
    assert set(HOLDS) >= set(found.reasons)


@pytest.mark.parametrize("by", [SUBJECT.id, COLLECTOR.id.upper()])
def test_who_gets_or_collects_the_pass_has_let_go_of_nothing(by: str) -> None:
    """Before the account was looked for nobody knew whose case it was; afterwards it takes somebody else."""
    assert let_go_by_party((by,), SUBJECT, COLLECTOR)
    assert not let_go_by_party(("admin",), SUBJECT, COLLECTOR)


async def test_several_instances_count_each_hire_once() -> None:
    """Four instances of the app, forty hires at once, every write raced for: exactly the limit goes through."""
    table = Table(Wire())
    instances = [Counting(Cells(table), {"acme": replace(LIMITS, usual=8)}) for _ in range(4)]  # type: ignore[arg-type]
    met = await asyncio.gather(*(instances[number % 4].count("acme", LATER, NOW) for number in range(40)))
    assert sum(not one.reasons for one in met) == LIMITS.per_hour
    row = await Cells(table).read("brakes", "acme")  # type: ignore[arg-type]
    assert '"all": {' in row["traffic"]
    assert ": 40}" in row["traffic"]


async def test_the_desk_has_heard_for_six_hours_and_counting_does_not_forget_it() -> None:
    """What was told stays with the count."""
    counting = Counting(Cells(Table(Wire())), {"acme": LIMITS})  # type: ignore[arg-type]
    assert not (await counting.count("acme", LATER, NOW)).quiet
    await counting.told("acme", NOW)
    assert (await counting.count("acme", LATER, NOW)).quiet
    assert await counting.is_quiet("acme", NOW + BURST - timedelta(seconds=1))
    assert not await counting.is_quiet("acme", NOW + BURST)
