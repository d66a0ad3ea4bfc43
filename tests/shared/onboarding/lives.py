"""Every transition that there is, as the doorways and steps make it from a row: what a table of them is held to."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.handover.callers.principal import Principal
from shared.handover.collecting.claim import ClaimState
from shared.handover.keys import pickup
from shared.handover.keys.pickup import CodeHash, Cost
from shared.handover.keys.secrets import VisitId, encode
from shared.onboarding import lifecycle, memberships, schedule
from shared.onboarding.audit.record import Did
from shared.onboarding.brakes import holding
from shared.onboarding.brakes.holding import Announced
from shared.onboarding.collector import Collector, Route
from shared.onboarding.device_side import Membership, Web
from shared.onboarding.events import admission
from shared.onboarding.events.admission import Arrival, Effect
from shared.onboarding.model import Ask, Attempt, Claim, IssuedPass, Onboarding, Release
from shared.onboarding.reasons import Reason
from shared.onboarding.requests import asking
from shared.onboarding.requests.asking import Hours, Wanted
from shared.onboarding.requests.desk import device_is_stuck, is_held, is_stuck, resumed
from shared.onboarding.requests.fresh_code import Standing, standing
from shared.onboarding.requests.incident import Reach, may_live
from shared.onboarding.requests.reissue import LONGEST_WINDOW, may_be_reissued
from shared.onboarding.schedule.keeping import Keep
from shared.onboarding.schedule.news import live_news
from shared.onboarding.schedule.pass_life import pending_step
from shared.onboarding.statuses import Status, Step, WebSignIn
from shared.onboarding.steps.waiting import with_told
from shared.onboarding.sweeping import poison
from shared.onboarding.sweeping.hints import QUEUES
from shared.onboarding.transitions import Transition
from shared.sources.hire import EventKind, HireData, HireEvent
from shared.websignin.readiness import State, Verdict
from tests.shared.onboarding.rows import COLLECTOR, NOW, OTHER, SUBJECT, hire
from tests.shared.onboarding.test_admission import CALENDAR

CODE = CodeHash("salt", "hash", Cost())
VISIT = VisitId(encode(bytes(32)))
Seen = tuple[Did, Transition]


def _joined(at: datetime) -> Membership:
    return Membership("group", "device", at, joined=True)


BEGINS = frozenset({Did.EVENT_PLANNED, Did.EVENT_CANCELLED, Did.EVENT_FAILED, Did.ASKED_FOR})


@dataclass(slots=True)
class Life:
    """A row on its way, and the time. Each method does what its name says in `Did` where the app would, else nothing.

    `row` None: nothing is stored yet. `manager`: who is it in Entra. `seen`: what was done, from where to where.
    `braked`: the source has announced too much.
    """

    row: Onboarding | None = None
    now: datetime = NOW
    manager: Collector = COLLECTOR
    count: int = 0
    seen: set[Seen] = field(default_factory=set)
    braked: bool = False

    def does(self, did: Did) -> bool:
        """Let this be done; tell whether it could be."""
        self.count += 1
        before = self.row
        made = getattr(self, f"_{did.name.lower()}")
        after: Onboarding | None = made(before) if before is not None or did in BEGINS else None
        if after is None:
            return False
        goes_on = before is not None and before.id == after.id
        self.seen.add((did, (before.status if before and goes_on else None, after.status)))
        self.row = schedule.scheduled(replace(after, version=before.version + 1 if before and goes_on else 1))
        return True

    # Events

    def _event(self, did: Did, kind: EventKind, who: HireData, row: Onboarding | None) -> Onboarding | None:
        if row is not None and row.request is not None:
            return None
        arrival = Arrival("acme", f"e{self.count:06d}", "hash", HireEvent(kind, self.now, who))
        effect = admission.admit(arrival, row, f"a{self.count:024d}", CALENDAR, self.now)
        if not isinstance(effect, Effect) or f"event: {effect.outcome}" != did:
            return None
        return self._held(effect, row)

    def _held(self, effect: Effect, row: Onboarding | None) -> Onboarding:
        announced = Announced(None if effect.fresh else row, effect.row, site_known=True)
        met = (Reason.UNUSUAL_VOLUME, Reason.MANY_STARTS_TODAY) if self.braked else ()
        return holding.braked(announced, met, self.now, quiet=False)

    def _day(self) -> str:
        return (self.now + timedelta(days=3)).date().isoformat()

    def _event_planned(self, row: Onboarding | None) -> Onboarding | None:
        return self._event(Did.EVENT_PLANNED, EventKind.CREATED, hire(self._day()), row)

    def _event_replanned(self, row: Onboarding) -> Onboarding | None:
        return self._event(Did.EVENT_REPLANNED, EventKind.UPDATED, hire(self._day()), row)

    def _event_unchanged(self, row: Onboarding) -> Onboarding | None:
        return self._event(Did.EVENT_UNCHANGED, EventKind.UPDATED, row.hire, row)

    def _event_updated(self, row: Onboarding) -> Onboarding | None:
        who = replace(row.hire, user_name=f"amelie{self.count}@larkspur.example")
        whose = replace(row.hire, manager_user_name=f"{self.count}{self.manager.mail}")
        return self._event(Did.EVENT_UPDATED, EventKind.UPDATED, who if self.manager is COLLECTOR else whose, row)

    def _event_after_opening(self, row: Onboarding) -> Onboarding | None:
        return self._event(Did.EVENT_AFTER_OPENING, EventKind.UPDATED, hire(self._day()), row)

    def _event_after_end(self, row: Onboarding) -> Onboarding | None:
        return self._event(Did.EVENT_AFTER_END, EventKind.CANCELLED, row.hire, row)

    def _event_cancelled(self, row: Onboarding | None) -> Onboarding | None:
        return self._event(Did.EVENT_CANCELLED, EventKind.CANCELLED, hire(), row)

    def _event_long_past(self, row: Onboarding) -> Onboarding | None:
        return self._event(Did.EVENT_LONG_PAST, EventKind.UPDATED, hire("2020-06-03"), row)

    def _event_failed(self, row: Onboarding | None) -> Onboarding | None:
        return self._event(Did.EVENT_FAILED, EventKind.UPDATED, hire("2030-02-31"), row)

    def _row_put_aside(self, row: Onboarding) -> Onboarding | None:
        """Something else has written to the row. Nothing of it counts any more, so what it was makes no difference."""
        return lifecycle.put_aside(row.id, row.version, self.now) if row.status is Status.FAILED else None

    # What people do

    def _asked_for(self, row: Onboarding | None) -> Onboarding | None:
        if row is not None:
            return None
        wanted = Wanted(SUBJECT.user_principal_name, "lost phone", None, None, None, Route.MANAGER, "body")
        asker = Principal("desk", is_person=True, name="", roles=frozenset())
        asked = asking._fresh(f"a{self.count:024d}", wanted, asker, self.now, Hours({}, "Europe/Berlin", 600))
        return lifecycle.found(asked, SUBJECT, COLLECTOR)

    def _resent(self, row: Onboarding) -> Onboarding | None:
        if not asking.is_resendable(row, self.now):
            return None
        return lifecycle.resent(row, Ask("desk", by_person=True, route=Route.MANAGER))

    def _revoked(self, row: Onboarding) -> Onboarding | None:
        if not may_live(row, Reach(planned=True), self.now):
            return None
        return lifecycle.revoked_by_person(row, self.now)

    def _released(self, row: Onboarding) -> Onboarding | None:
        if is_held(row):
            return lifecycle.let_go(row, "admin")
        if row.status is not Status.WAITING or pending_step(row) is Step.REVIEW:
            # Nobody sets aside that a policy blocks a pass.
            return None
        return lifecycle.released(row, Release("admin", self.now, SUBJECT.id, COLLECTOR.id))

    def _put_back_to_work(self, row: Onboarding) -> Onboarding | None:
        if row.erased or not (is_stuck(row) or device_is_stuck(row)):
            return None
        return lifecycle.web_resumed(resumed(row, CALENDAR, self.now) if is_stuck(row) else row)

    def _erasure_asked(self, row: Onboarding) -> Onboarding | None:
        return None if row.erased or row.erase_for else lifecycle.erasure_asked(row, "admin", self.now)

    # The way to the pass

    def _due(self, row: Onboarding, step: Step) -> bool:
        return schedule.is_due(row, step, self.now)

    def _account_found(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.found(row, SUBJECT, self.manager) if row.ended_at is None else None

    def _notice_given(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.noticed(row, SUBJECT, self.manager, self.now) if self._due(row, Step.NOTICE) else None

    def _mail_overtaken(self, row: Onboarding) -> Onboarding | None:
        collects = row.status in {Status.ISSUED, Status.OPENED, Status.USED}
        return None if collects or row.erased else lifecycle.misled(row, self.manager, self.now)

    def _move_told(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.move_told(row) if self._due(row, Step.TELL_MOVE) else None

    def _move_not_told_yet(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.move_not_told(row, self._soon()) if self._due(row, Step.TELL_MOVE) else None

    def _link_made(self, row: Onboarding) -> Onboarding | None:
        if not self._due(row, Step.INVITE):
            return None
        return lifecycle.inviting(lifecycle.found(row, SUBJECT, COLLECTOR), f"key{self.count}", self.now, CODE)

    def _brought_forward(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.brought_forward(row, self.now, self.now) if schedule.is_on_its_way(row) else None

    def _link_mailed(self, row: Onboarding) -> Onboarding | None:
        """Each link is mailed once, by the run that made it."""
        held = row.delivery
        if held is None or not held.public_key or held.mailed_at is not None or row.ended_at is not None:
            return None
        return lifecycle.invited(row, held.number, self.now)

    def _route_shut(self, row: Onboarding) -> Onboarding | None:
        """That it is shut is left out of what follows, which is as it would be without."""
        if not self._works(row) or row.plan is None or pending_step(row) is not Step.INVITE:
            return None
        return replace(lifecycle.route_shut(row, Route.HIRE_TEXT), shut=())

    def _people_changed(self, row: Onboarding) -> Onboarding | None:
        if self._due(row, Step.REVIEW) and row.delivery is not None:
            # Where the manager is still the same, it is the account that is another.
            is_other = row.delivery.collector == self.manager.id
            return lifecycle.passed_on(row, replace(SUBJECT, id=OTHER.id) if is_other else SUBJECT, self.manager)
        return lifecycle.turned_to(row, SUBJECT, self.manager) if self._due(row, Step.ISSUE) else None

    def _pass_asked_for(self, row: Onboarding) -> Onboarding | None:
        if not self._due(row, Step.ISSUE) or row.delivery is None:
            return None
        deadline = self.now + timedelta(seconds=75)
        name = f"{row.delivery.number} {self.count}"
        return lifecycle.attempting(row, Attempt(name, self.now, deadline, None, 600, one_time=False))

    def _no_pass_made(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.attempt_closed(row, row.attempts[-1], clean=True) if row.attempts else None

    def _pass_made(self, row: Onboarding) -> Onboarding | None:
        """The answer of the newest attempt, which nothing of an earlier one outlives."""
        plan = row.plan
        if not row.attempts or plan is None or self.now >= row.attempts[-1].deadline:
            return None
        number = int(row.attempts[-1].id.split()[0])
        begins = max(plan.valid_from, self.now)
        ends = begins + timedelta(hours=10)
        made = IssuedPass(f"p{self.count}", self.now, begins, ends, False, number, "sealed")
        return lifecycle.issued(row, made, row.attempts[-1], replace(plan, valid_until=ends, closes=ends))

    def _pass_verified(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.verified(row) if self._due(row, Step.VERIFY) else None

    def _pass_overtaken(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.overtaken(row) if self._due(row, Step.VERIFY) else None

    def _pass_replaced(self, row: Onboarding) -> Onboarding | None:
        if not self._due(row, Step.VERIFY):
            return None
        return lifecycle.waits(lifecycle.overtaken(row), Reason.OTHER_PASS_LIVE, "", self._soon())

    def _verify_put_off(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.put_off(row, "later", self._soon()) if self._due(row, Step.VERIFY) else None

    def _soon(self) -> datetime:
        return self.now + timedelta(minutes=2)

    def _reviewed(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.reviewed(row, self.now) if self._due(row, Step.REVIEW) else None

    def _review_put_off(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.put_off(row, "later", self._soon()) if self._due(row, Step.REVIEW) else None

    def _held_back(self, row: Onboarding) -> Onboarding | None:
        if not self._due(row, Step.REVIEW):
            return None
        if self.manager is COLLECTOR:
            return lifecycle.waits(row, Reason.POLICY_DISABLED, "", self._soon())
        return lifecycle.withheld(row, Reason.MANAGER_MISSING, "")

    def _pass_outdated(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.overtaken(row) if self._due(row, Step.REVIEW) else None

    def _works(self, row: Onboarding) -> bool:
        return row.ended_at is None and not row.doomed and row.status not in {Status.ISSUED, Status.OPENED}

    def _waits(self, row: Onboarding) -> Onboarding | None:
        works = self._works(row) and row.hold is None
        return lifecycle.waits(row, Reason.TENANT_THROTTLED, "", self._soon()) if works else None

    def _step_failed(self, row: Onboarding) -> Onboarding | None:
        failures = (poison.failure_of(row, queue, self.now) for queue in QUEUES)
        failure = next((one for one in failures if one is not None), None)
        if failure is None:
            return None
        entered = poison.entered(row, failure, self.now)
        return entered if entered is not row else with_told(row, (Reason.STEP_FAILED,))

    # The hand-over and what comes after

    def _code_wrong(self, row: Onboarding) -> Onboarding | None:
        return self._tried(row, right=False)

    def _code_renewed(self, row: Onboarding) -> Onboarding | None:
        """How often that was is left out of what follows, which is as it would be without."""
        if standing(row, self.now) is not Standing.LOCKED:
            return None
        return replace(lifecycle.code_renewed(row), fresh_codes=0)

    def _code_brought(self, row: Onboarding) -> Onboarding | None:
        return self._tried(row, right=True)

    def _tried(self, row: Onboarding, *, right: bool) -> Onboarding | None:
        """Somebody with the link's key brings a code, of the four that come before the last."""
        held = row.delivery.pickup if row.delivery else None
        if held is None or not pickup.takes_a_try(held, self.now):
            return None
        return lifecycle.code_tried(row, pickup.tried(held, VISIT, self.now, right=right))

    def _opened(self, row: Onboarding) -> Onboarding | None:
        made = row.issued
        if made is None or made.sealed is None or row.claim is not None or row.ended_at is not None:
            return None
        if row.status is Status.WAITING:
            return None
        if self.now >= made.valid_until:
            return None
        return lifecycle.opened(row, Claim(ClaimState("h", self.now), COLLECTOR.id))

    def _made_anew(self, row: Onboarding) -> Onboarding | None:
        if not may_be_reissued(row, self.now, LONGEST_WINDOW):
            return None
        return lifecycle.reissued(row, COLLECTOR.id, self.now)

    def _hire_is_in(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.handed_over(row, self.now) if row.claim and not row.claim.state.ended else None

    def _sealed_pass_erased(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.handed_over(row, self.now) if self._due(row, Step.FORGET) else None

    def _use_not_seen_yet(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.use_checked(row, self.now) if self._due(row, Step.CHECK_USE) else None

    def _not_signed_in(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.missed(row, self.now) if self._due(row, Step.CHECK_USE) else None

    def _privilege_seen(self, row: Onboarding) -> Onboarding | None:
        looks = self._due(row, Step.CHECK_USE) or self._due(row, Step.CHECK_METHODS)
        return lifecycle.risen(row) if looks and Reason.PRIVILEGED_SINCE not in row.told else None

    def _methods_unknown(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.methods_checked(row, self.now) if self._due(row, Step.CHECK_METHODS) else None

    def _other_method_seen(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.stays_in(row, self.now) if self._due(row, Step.CHECK_METHODS) else None

    def _sessions_end(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.may_be_out(row, self.now) if self._due(row, Step.CHECK_METHODS) else None

    def _used(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.used(row, self.now, self.now) if self._due(row, Step.CHECK_USE) else None

    def _device_looked_at(self, row: Onboarding) -> Onboarding | None:
        due = self._due(row, Step.CHECK_DEVICE)
        return lifecycle.device_judged(row, Verdict(State.READY), self.now) if due else None

    # The end

    def _ended(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.expired(row, self.now) if self._due(row, Step.EXPIRE) else None

    def _hours_gone_by(self, row: Onboarding) -> Onboarding | None:
        over = row.plan is not None and self.now >= row.plan.closes
        stopped = row.ended_at is not None or row.doomed or row.status in {Status.ISSUED, Status.OPENED}
        return lifecycle.expired(row, self.now) if over and not stopped else None

    def _pass_deleted(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.revoked(row, self._soon()) if self._due(row, Step.REVOKE) else None

    _no_pass_to_delete = _pass_deleted

    def _revoke_put_off(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.put_off(row, "later", self._soon()) if self._due(row, Step.REVOKE) else None

    def _told(self, row: Onboarding) -> Onboarding | None:
        if self._due(row, Step.TELL_HOLD):
            return lifecycle.hold_told(row, self.now)
        if self._due(row, Step.REMIND):
            news = live_news(row, opened=True)
            return lifecycle.told(row, news[0]) if news else None
        return lifecycle.told(row, row.reason) if self._due(row, Step.TELL) and row.reason else None

    def _not_told_yet(self, row: Onboarding) -> Onboarding | None:
        tells = any(self._due(row, step) for step in (Step.TELL, Step.REMIND, Step.TELL_HOLD))
        return lifecycle.put_off(row, "", self._soon()) if tells else None

    def _personal_data_erased(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.erased(row) if self._due(row, Step.ERASE) else None

    def _people_forgotten(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.people_forgotten(row) if self._due(row, Step.FORGET_PEOPLE) else None

    # The device side

    def _in_scope(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.web_in_scope(row, "group", self.now) if self._due(row, Step.SCOPE) else None

    def _joining(self, row: Onboarding) -> Onboarding | None:
        return memberships.recorded(row, _joined(self.now)) if self._due(row, Step.SCOPE) else None

    def _not_joined(self, row: Onboarding) -> Onboarding | None:
        """It may have been asked into the group at any time before."""
        return memberships.dropped(memberships.recorded(row, _joined(self.now)), _joined(self.now))

    def _left_group(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.left_group(row, _joined(self.now)) if self._leaves(row) else None

    def _leave_put_off(self, row: Onboarding) -> Onboarding | None:
        return lifecycle.leave_put_off(row, Reason.PERMISSION_MISSING, "", self._soon()) if self._leaves(row) else None

    def _leaves(self, row: Onboarding) -> bool:
        """Tell whether a device that this row has brought into a group would have to leave it now."""
        seen = Web(WebSignIn.IN_SCOPE, group="group", device="another", seen_at=row.created)
        joined = replace(row, memberships=(_joined(row.created),), web=seen)
        return self._due(schedule.scheduled(joined, Keep(devices=timedelta(0))), Step.LEAVE)

    def _device_side_waits(self, row: Onboarding) -> Onboarding | None:
        if not self._due(row, Step.SCOPE):
            return None
        return lifecycle.web_waits(row, Reason.PROFILE_MISSING, "", self._soon())
