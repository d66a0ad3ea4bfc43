"""Many reasons in one world: a hire each, one clock for all, and a verdict on each that names it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.onboarding.reasons import ADVICE, RELEASABLE, Reason
from tests.doorways.scenarios import SCENARIOS
from tests.doorways.story import DESK, MOST_STEPS, Case, Story, due_next

CLOSE = timedelta(minutes=15)

type Look = Callable[[Reason, Case], None]


@dataclass(slots=True)
class Verdicts:
    """What was seen of each life. The world may have gone on since."""

    begun: Sequence[Reason]
    faults: dict[Reason, AssertionError] = field(default_factory=dict)

    def see(self, reason: Reason) -> None:
        """Raise what was wrong with it, if anything was."""
        assert reason in self.begun
        if reason in self.faults:
            raise self.faults[reason]


def live(story: Story, reasons: Sequence[Reason]) -> Verdicts:
    """Let each come to its reason, be looked at again and again, be mended, and go on."""
    lives = _Lives(story, Verdicts(reasons))
    lives.begin()
    lives.look_once(_shows, assert_shown)
    for _ in range(2):
        story.later(minutes=31)
    lives.each(assert_told_once)
    lives.leave_out_those_that_nothing_mends()
    lives.each(_mend)
    lives.look_once(_goes_on, assert_goes_on)
    return lives.verdicts


@dataclass(slots=True)
class _Lives:
    """The lives with which nothing was wrong so far."""

    story: Story
    verdicts: Verdicts
    cases: dict[Reason, Case] = field(default_factory=dict)

    def begin(self) -> None:
        for reason in self.verdicts.begun:
            self.cases[reason] = SCENARIOS[reason].begin(self.story)

    def leave_out_those_that_nothing_mends(self) -> None:
        self.cases = {reason: case for reason, case in self.cases.items() if SCENARIOS[reason].mend is not None}

    def each(self, look: Look, reasons: Iterable[Reason] | None = None) -> None:
        """Look at each, or at these; where something is wrong, that is the verdict on it."""
        for reason in list(self.cases if reasons is None else reasons):
            try:
                look(reason, self.cases[reason])
            except AssertionError as fault:
                self.verdicts.faults[reason] = fault
                del self.cases[reason]

    def look_once(self, there: Callable[[Reason, dict[str, Any]], bool], look: Look) -> None:
        """Let time go by, and look at each as soon as it is there, for life goes on; at the end at who never is."""
        left = set(self.cases)
        for _ in range(2 * MOST_STEPS):
            seen = {reason: self.cases[reason].read() for reason in left}
            arrived = {reason for reason in left if there(reason, seen[reason])}
            self.each(look, arrived)
            left -= arrived
            due = [_next(seen[reason]) for reason in left if due_next(seen[reason])]
            if not due:
                break
            self.steps_on(due)
        self.each(look, left)

    def steps_on(self, due: Sequence[datetime]) -> None:
        """Let the soonest be due, and what follows it closely; what is overdue gave up its turn for two minutes."""
        soonest = max(min(due), self.story.now())
        latest = max(at for at in due if at <= soonest + CLOSE)
        if latest < self.story.now():
            latest = self.story.now() + timedelta(minutes=3)
        self.story.at(latest)


def _next(seen: dict[str, Any]) -> datetime:
    return min(map(datetime.fromisoformat, due_next(seen)))


def _life(reason: Reason, seen: dict[str, Any]) -> dict[str, Any]:
    """Return what the status API says of the life that the reason is about."""
    return dict(seen if SCENARIOS[reason].life == "pass" else seen["webSignIn"])


def _shows(reason: Reason, seen: dict[str, Any]) -> bool:
    return bool(_life(reason, seen)["reason"] == reason)


def _goes_on(reason: Reason, seen: dict[str, Any]) -> bool:
    return bool(_life(reason, seen)["status"] == ("issued" if SCENARIOS[reason].life == "pass" else "in-scope"))


def _mend(reason: Reason, case: Case) -> None:
    mend = SCENARIOS[reason].mend
    assert mend is not None
    mend(case)


def assert_shown(reason: Reason, case: Case) -> None:
    """See the reason in the status API, with what can be done and when it is looked at again."""
    found, whole = SCENARIOS[reason], case.read()
    assert _shows(reason, whole), f"never {reason}: {whole}"
    assert _life(reason, whole)["advice"] == ADVICE[reason]
    assert found.says in (_life(reason, whole)["detail"] or "")
    assert whole["releasable"] == (reason in RELEASABLE)
    assert (whole["status"] == "waiting") == found.waits
    if found.waits:
        assert whole["retryAt"] > case.story.now().isoformat()


def assert_told_once(reason: Reason, case: Case) -> None:
    """See one mail about it at the desk, and one line in the log, however often it was looked at; and never a link."""
    found, mails = SCENARIOS[reason], case.story.mails(DESK)
    about = [mail for mail in mails if ADVICE[reason][:40] in mail["text"] and case.id in mail["text"]]
    assert len(about) == (1 if found.told else 0), [mail["subject"] for mail in mails]
    if found.told and found.waits:
        assert "".join(case.story.world.logs().values()).count(f"waits: {reason} [{case.id}]") == 1
    assert case.story.links(DESK) == []


def assert_goes_on(reason: Reason, case: Case) -> None:
    """See one pass made, or the device group in scope."""
    seen, account = case.read(), case.story.account(case.hire)
    assert _goes_on(reason, seen), f"never mended: {seen}"
    if SCENARIOS[reason].life == "pass":
        assert len([held for held in case.story.passes() if held["userId"] == account]) == 1
    else:
        assert seen["webSignIn"] == {"status": "in-scope", "reason": None}
