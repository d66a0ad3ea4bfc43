"""Rows for the tests of the pure parts, and strategies that walk them through a life."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from shared.handover.collecting.claim import ClaimState
from shared.onboarding import lifecycle, schedule
from shared.onboarding.collector import Collector
from shared.onboarding.model import Attempt, Claim, IssuedPass, Onboarding, Origin, Release, Subject
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.reissue import may_be_reissued
from shared.onboarding.schedule.news import live_news
from shared.onboarding.schedule.pass_life import pending_step
from shared.onboarding.statuses import Status, Step
from shared.planning.plan import make_plan
from shared.planning.start import LocalStart, parse_date, parse_time
from shared.sources.hire import HireData
from shared.websignin.readiness import Gap, unready

NOW = datetime(2030, 5, 27, 8, 0, tzinfo=UTC)
SUBJECT = Subject("11111111-0000-4000-8000-000000000001", "amelie@larkspur.example", "Amélie")
COLLECTOR = Collector("11111111-0000-4000-8000-000000000002", "Jana", "jana@larkspur.example")
OTHER = Collector("11111111-0000-4000-8000-000000000003", "Tomáš", "tomas@larkspur.example")


def hire(start: str = "2030-06-03") -> HireData:
    """Return a hire of a source."""
    return HireData(external_id="LK-1001", display_name="Amélie", start_date=start, timezone="Europe/Berlin")


def start(day: str = "2030-06-03") -> LocalStart:
    """Return nine o'clock in Berlin on a day."""
    return LocalStart(parse_date(day), parse_time("09:00"), "Europe/Berlin")


def fresh(now: datetime = NOW, day: str = "2030-06-03") -> Onboarding:
    """Return a row as an event leaves it."""
    row = Onboarding(
        id="a" * 25,
        source="acme",
        hire=hire(day),
        origin=Origin(now, "e0"),
        created=now,
        status=Status.PLANNED,
        plan=make_plan(start(day), now),
    )
    return schedule.scheduled(row)


@dataclass(slots=True)
class Walk:
    """A row on its way, and the time; each step is one thing that may happen. What cannot happen is passed over."""

    row: Onboarding = field(default_factory=fresh)
    now: datetime = NOW
    count: int = 0

    def let(self, what: str, minutes: int) -> None:
        """Let time go by, then let something happen, and schedule as the store does."""
        self.now += timedelta(minutes=minutes)
        self.count += 1
        before = self.row
        happened = getattr(self, f"_{what}")()
        if happened is not None and happened != before:
            self.row = schedule.scheduled(replace(happened, version=before.version + 1))

    @property
    def _works(self) -> bool:
        row = self.row
        return row.ended_at is None and not row.doomed and row.status not in {Status.ISSUED, Status.OPENED}

    def _pending(self, step: Step) -> bool:
        return self._works and pending_step(self.row) is step

    def _asks(self, step: Step) -> bool:
        return self.row.due is not None and self.row.due.step is step and self.row.due.at <= self.now

    def _notice(self) -> Onboarding | None:
        return lifecycle.noticed(self.row, SUBJECT, COLLECTOR, self.now) if self._pending(Step.NOTICE) else None

    def _make_link(self) -> Onboarding | None:
        if not self._pending(Step.INVITE):
            return None
        found = lifecycle.found(self.row, SUBJECT, COLLECTOR)
        return lifecycle.inviting(found, f"key{self.count}", self.now)

    def _mail_link(self) -> Onboarding | None:
        delivery = self.row.delivery
        if delivery is None or not delivery.public_key or self.row.ended_at is not None:
            return None
        return lifecycle.invited(self.row, delivery.number, self.now) if self._pending(Step.INVITE) else None

    def _attempt(self) -> Onboarding | None:
        if not self._pending(Step.ISSUE):
            return None
        deadline = self.now + timedelta(seconds=75)
        return lifecycle.attempting(self.row, Attempt(f"t{self.count}", self.now, deadline, None, 600, one_time=False))

    def _make_pass(self) -> Onboarding | None:
        row, plan = self.row, self.row.plan
        if not row.attempts or row.delivery is None or plan is None:
            return None
        made = IssuedPass(
            id=f"p{self.count}",
            made_at=self.now,
            valid_from=max(plan.valid_from, self.now),
            valid_until=max(plan.valid_from, self.now) + timedelta(hours=10),
            one_time=False,
            delivery=row.delivery.number,
            sealed="sealed",
        )
        until = replace(plan, valid_from=made.valid_from, valid_until=made.valid_until, closes=made.valid_until)
        return lifecycle.issued(row, made, row.attempts[-1], until)

    def _close(self) -> Onboarding | None:
        row = self.row
        return lifecycle.attempt_closed(row, row.attempts[-1], clean=True) if row.attempts else None

    def _verify(self) -> Onboarding | None:
        return lifecycle.verified(self.row) if self.row.status is Status.ISSUED else None

    def _review(self) -> Onboarding | None:
        return lifecycle.reviewed(self.row, self.now) if self._asks(Step.REVIEW) else None

    def _block(self) -> Onboarding | None:
        at = self.now + timedelta(minutes=30)
        return lifecycle.waits(self.row, Reason.POLICY_DISABLED, "", at) if self._asks(Step.REVIEW) else None

    def _withhold(self) -> Onboarding | None:
        return lifecycle.withheld(self.row, Reason.ACCOUNT_DISABLED, "") if self._asks(Step.REVIEW) else None

    def _pass_on(self) -> Onboarding | None:
        return lifecycle.passed_on(self.row, SUBJECT, OTHER) if self._asks(Step.REVIEW) else None

    def _overtake(self) -> Onboarding | None:
        return lifecycle.overtaken(self.row) if self.row.status is Status.ISSUED else None

    def _wait(self) -> Onboarding | None:
        at = self.now + timedelta(minutes=30)
        return lifecycle.waits(self.row, Reason.TENANT_REFUSED, "x", at) if self._works else None

    def _stop(self) -> Onboarding | None:
        return lifecycle.failed(self.row, Reason.STEP_FAILED, "issue", self.now) if self._works else None

    def _retry(self) -> Onboarding | None:
        if self.row.status not in {Status.WAITING, Status.FAILED} or self.row.plan is None:
            return None
        return lifecycle.web_resumed(lifecycle.resumed(self.row))

    def _release(self) -> Onboarding | None:
        if self.row.status is not Status.WAITING:
            return None
        return lifecycle.released(self.row, Release("admin", self.now, SUBJECT.id, COLLECTOR.id))

    def _turn(self) -> Onboarding | None:
        return lifecycle.turned_to(self.row, SUBJECT, OTHER) if self._pending(Step.ISSUE) else None

    def _open(self) -> Onboarding | None:
        row = self.row
        if row.status is not Status.ISSUED or row.issued is None or row.issued.sealed is None:
            return None
        return lifecycle.opened(row, Claim(ClaimState("h", self.now), COLLECTOR.id))

    def _hand_over(self) -> Onboarding | None:
        return lifecycle.handed_over(self.row, self.now) if self.row.status is Status.OPENED else None

    def _use(self) -> Onboarding | None:
        live = self.row.status is Status.OPENED and self.row.ended_at is None
        return lifecycle.used(self.row, self.now, self.now) if live else None

    def _check(self) -> Onboarding | None:
        live = self.row.status is Status.OPENED and self.row.ended_at is None
        return lifecycle.use_checked(self.row, self.now) if live else None

    def _miss(self) -> Onboarding | None:
        live = self.row.status is Status.OPENED and self.row.ended_at is None
        return lifecycle.missed(self.row, self.now) if live else None

    def _check_methods(self) -> Onboarding | None:
        return lifecycle.methods_checked(self.row, self.now) if self._asks(Step.CHECK_METHODS) else None

    def _stay_in(self) -> Onboarding | None:
        return lifecycle.stays_in(self.row, self.now) if self._asks(Step.CHECK_METHODS) else None

    def _may_be_out(self) -> Onboarding | None:
        return lifecycle.may_be_out(self.row, self.now) if self._asks(Step.CHECK_METHODS) else None

    def _expire(self) -> Onboarding | None:
        due = self.row.due
        ends = due is not None and due.step is Step.EXPIRE and due.at <= self.now
        return lifecycle.expired(self.row, self.now) if ends else None

    def _cancel(self) -> Onboarding | None:
        over = self.row.ended_at is not None and self.row.status is not Status.FAILED
        origin = Origin(self.now, f"e{self.count}")
        return None if over else lifecycle.cancelled(self.row, Reason.CANCELLED_BY_SOURCE, origin, self.now)

    def _fail(self) -> Onboarding | None:
        return lifecycle.failed(self.row, Reason.UNKNOWN_SITE, "", self.now) if self._works else None

    def _replan(self) -> Onboarding | None:
        over = self.row.ended_at is not None and self.row.status is not Status.FAILED
        if over or self.row.status is Status.OPENED:
            return None
        day = (self.now + timedelta(days=3)).date().isoformat()
        plan = make_plan(start(day), self.now)
        return lifecycle.replanned(self.row, hire(day), Origin(self.now, f"e{self.count}"), plan, self.now)

    def _update(self) -> Onboarding | None:
        if self.row.ended_at is not None or self.row.status is Status.OPENED:
            return None
        other = replace(self.row.hire, user_name=f"amelie{self.count}@larkspur.example")
        return lifecycle.updated(self.row, other, Origin(self.now, f"e{self.count}"))

    def _tell_move(self) -> Onboarding | None:
        due = self.row.due
        return lifecycle.move_told(self.row) if due is not None and due.step is Step.TELL_MOVE else None

    def _revoke(self) -> Onboarding | None:
        return lifecycle.revoked(self.row, self.now) if self.row.doomed else None

    def _put_off(self) -> Onboarding | None:
        return lifecycle.put_off(self.row, "later", self.now + timedelta(minutes=2)) if self.row.doomed else None

    def _tell(self) -> Onboarding | None:
        due = self.row.due
        tells = due is not None and due.step is Step.TELL
        return lifecycle.told(self.row, self.row.reason) if tells and self.row.reason else None

    def _remind(self) -> Onboarding | None:
        due, news = self.row.due, live_news(self.row, opened=True)
        return lifecycle.told(self.row, news[0]) if due is not None and due.step is Step.REMIND and news else None

    def _make_anew(self) -> Onboarding | None:
        may = may_be_reissued(self.row, self.now, timedelta(days=3))
        return lifecycle.reissued(self.row, COLLECTOR.id, self.now) if may else None

    def _erase(self) -> Onboarding | None:
        due = self.row.due
        ends = due is not None and due.step is Step.ERASE and due.at <= self.now
        return lifecycle.erased(self.row) if ends else None

    def _scope(self) -> Onboarding | None:
        return lifecycle.web_in_scope(self.row, "group", self.now) if self.row.web_due else None

    def _scope_without_companion(self) -> Onboarding | None:
        again = self.now + timedelta(minutes=30)
        scoped = lifecycle.web_in_scope(self.row, "group", self.now)
        return lifecycle.web_alone(scoped, "lacks", again) if self.row.web_due else None

    def _scope_stops(self) -> Onboarding | None:
        return lifecycle.web_failed(self.row, Reason.STEP_FAILED, "scope") if self.row.web_due else None

    def _look(self) -> Onboarding | None:
        gap = unready(Gap.TENANT_UNAVAILABLE)
        return lifecycle.device_judged(self.row, gap, self.now) if self.row.device_due else None

    def _scope_waits(self) -> Onboarding | None:
        again = self.now + timedelta(minutes=30)
        return lifecycle.web_waits(self.row, Reason.PROFILE_MISSING, "", again) if self.row.web_due else None


_TOOLS = ("__", "_works", "_pending", "_asks")
HAPPENINGS = tuple(
    name.removeprefix("_") for name in vars(Walk) if name.startswith("_") and not name.startswith(_TOOLS)
)
steps = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.sampled_from([0, 1, 3, 45, 600, 3000, 60_000])), min_size=1, max_size=40
)
