"""What may happen in a random life: each a value that can be told in a sentence, and done to a world."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from shared.handover.answers import NoClaimError, NotForYouError, Presented, Shown
from shared.handover.secrets import ClaimId, LinkKey, encode
from shared.onboarding import errors
from shared.onboarding.model import Onboarding, Route, Status
from shared.onboarding.requests.asking import Wanted
from shared.onboarding.requests.incident import Incident, Reach
from shared.sources.delivery import Delivery
from shared.sources.hire import EventKind, HireData, HireEvent
from shared.tenant.ports import Person
from tests.model.tenant import Fault
from tests.model.wire import Trouble
from tests.model.world import ADMIN, ASKER, HIRES, MAIL, MANAGER, STRANGER, Link, World, principal

MOST_STEPS = 8
REFUSALS = tuple(kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception))
"""Whatever a person may be refused for."""


class Step(Protocol):
    """Something that happens."""

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        ...

    def act(self, world: World) -> None:
        """Let it happen."""
        ...


@dataclass(frozen=True, slots=True)
class Posts:
    """HR posts an event; without an answer, once more. `back`: minutes by which the event is older than now."""

    who: str
    kind: EventKind
    days: int
    hour: str | None
    back: int

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        older = f", as of {self.back} minutes ago" if self.back else ""
        return f"HR posts {self.kind} for {self.who}, starting in {self.days} days at {self.hour or 'nine'}{older}."

    def act(self, world: World) -> None:
        """Let it happen."""
        start = (world.now + timedelta(days=self.days)).date()
        hire = HireData(
            external_id=f"LK-{self.who}",
            display_name=self.who,
            start_date=date.isoformat(start),
            start_time=self.hour,
            user_name=f"{self.who.lower()}@larkspur.example",
        )
        event = HireEvent(self.kind, world.now - timedelta(minutes=self.back), hire)
        world.posted.append(Delivery(f"event {len(world.posted)}", "acme", event, "a"))
        _post(world)


@dataclass(frozen=True, slots=True)
class PostsAgain:
    """HR posts its last event once more."""

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return "HR posts its last event again."

    def act(self, world: World) -> None:
        """Let it happen."""
        if world.posted:
            _post(world)


@dataclass(frozen=True, slots=True)
class Waits:
    """Time goes by; None: until the next thing is due. Then the sweep runs."""

    minutes: int | None

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"{self.minutes} minutes go by." if self.minutes else "Time goes by until the next thing is due."

    def act(self, world: World) -> None:
        """Let it happen."""
        due = world.next_due()
        until_due = due - world.now + timedelta(seconds=1) if due else timedelta(0)
        world.wait(timedelta(minutes=self.minutes) if self.minutes else max(until_due, timedelta(0)))


@dataclass(frozen=True, slots=True)
class MorningComes:
    """Time goes by from one due time to the next until a hire's pass is made, then to the opening of its window."""

    who: str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"The morning of {self.who} comes, and the window opens."

    def act(self, world: World) -> None:
        """Let it happen."""
        for _ in range(MOST_STEPS):
            rows = world.rows_of(self.who)
            if not rows or rows[-1].ended_at is not None or rows[-1].status in {Status.ISSUED, Status.OPENED}:
                break
            Waits(None).act(world)
        for row in world.rows_of(self.who)[-1:]:
            if row.plan is not None and row.ended_at is None:
                world.wait(max(row.plan.opens - world.now, timedelta(0)))


@dataclass(frozen=True, slots=True)
class Asks:
    """Somebody asks for a pass by hand."""

    who: str
    route: Route

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"The desk asks for a pass for {self.who}, to be collected by the {self.route}."

    def act(self, world: World) -> None:
        """Let it happen."""
        wanted = Wanted(f"{self.who.lower()}@larkspur.example", "lost phone", None, None, None, self.route, "body")
        key = f"key {len(world.story)}"
        world.do(_unless_refused(world, lambda: world.app.asking.request(wanted, key, principal(ASKER))))


@dataclass(frozen=True, slots=True)
class Orders:
    """Somebody with a role does something with the newest onboarding of a hire."""

    who: str
    what: str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"Somebody with the role orders: {self.what} for {self.who}."

    def act(self, world: World) -> None:
        """Let it happen."""
        rows = world.rows_of(self.who)
        if not rows:
            return
        app, row, by = world.app, rows[-1].id, principal(ADMIN)
        work: dict[str, Callable[[], object]] = {
            "resend": lambda: app.asking.resend(row, None, False, by),
            "resend and replace": lambda: app.asking.resend(row, Route.MANAGER, True, by),
            "revoke": lambda: app.asking.revoke(row, by),
            "confirm": lambda: app.desk.confirm(row, by),
            "retry": lambda: app.desk.retry(row, by),
        }
        world.do(_unless_refused(world, work[self.what]))


@dataclass(frozen=True, slots=True)
class PullsTheBrake:
    """An administrator revokes everything."""

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return "An administrator pulls the emergency brake."

    def act(self, world: World) -> None:
        """Let it happen."""
        incident = Incident(world.app._store, world.loop)
        survey = world.do(incident.survey(Reach()))
        for row in survey.to_revoke if survey else ():
            world.do(incident.revoke(row.id, Reach(), ADMIN))


@dataclass(frozen=True, slots=True)
class Collects:
    """Somebody opens a link: the newest or the oldest, in a browser of his own or in another's."""

    by: str
    newest: bool
    browser: int

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        which = "newest" if self.newest else "oldest"
        return f"{self.by} opens the {which} link in browser {self.browser} and presses “Show the pass”."

    def act(self, world: World) -> None:
        """Let it happen."""
        links = world.links()
        if links:
            self._open(world, links[-1] if self.newest else links[0])

    def _open(self, world: World, link: Link) -> None:
        who = {"The manager": MANAGER, "A stranger": STRANGER, "Anna": HIRES["Anna"]}[self.by]
        claim = encode(bytes([self.browser]) * 32)
        presented = Presented(link.onboarding, LinkKey.parse(link.key), ClaimId.parse(claim), principal(who))
        before = next(row for row in world.rows() if row.id == link.onboarding)
        try:
            answer = world.do(world.app.collecting.reveal(presented))
        except (NotForYouError, NoClaimError):
            assert not _must_open(world, before, link, who), "the right person with the newest link was refused"
            return
        assert before.delivery is not None
        assert who == before.delivery.collector, f"{self.by} was let in"
        assert link == world.newest_link(link.onboarding), "an older link was let in"
        if isinstance(answer, Shown):
            _check_shown(world, before, answer, claim)


@dataclass(frozen=True, slots=True)
class SignsIn:
    """The hire types the pass at the lock screen."""

    who: str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"{self.who} signs in with whatever pass there is."

    def act(self, world: World) -> None:
        """Let it happen."""
        held = world.tenant.passes.get(HIRES[self.who])
        if held is not None and held.record.start <= world.now < held.ends:
            held.used_at = world.now


@dataclass(frozen=True, slots=True)
class Changes:
    """An administrator changes something in the tenant."""

    who: str
    what: str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"An administrator of the tenant: {self.what} ({self.who})."

    def act(self, world: World) -> None:
        """Let it happen."""
        tenant, user = world.tenant, HIRES[self.who]
        account = tenant.accounts[user]
        match self.what:
            case "gives a role, or takes it":
                tenant.roles ^= {user}
            case "disables the account, or enables it":
                tenant.accounts[user] = replace(account, enabled=not account.enabled)
            case "changes the manager":
                other = Person(STRANGER, "Sam", "sam@larkspur.example", "sam@larkspur.example", enabled=True)
                mara = Person(MANAGER, "Mara", MAIL, MAIL, enabled=True)
                is_mara = account.manager is not None and account.manager.id == MANAGER
                tenant.accounts[user] = replace(account, manager=other if is_mara else mara)
            case "switches the policy":
                tenant.rules = replace(tenant.rules, enabled=not tenant.rules.enabled)
            case _:
                tenant.foreign_pass(user)


@dataclass(frozen=True, slots=True)
class Fails:
    """The next call of a kind to Graph fails."""

    call: str
    fault: Fault

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"At the next call “{self.call}” Graph {self.fault}."

    def act(self, world: World) -> None:
        """Let it happen."""
        world.tenant.faults.append((self.call, self.fault))


@dataclass(frozen=True, slots=True)
class Breaks:
    """Storage fails, hints go astray, or the worker will be killed."""

    what: Trouble | int | str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        match self.what:
            case int():
                return f"The worker will be killed {self.what} moments from now."
            case Trouble():
                return f"At its next write storage {self.what}."
            case _:
                return f"The hints of the next work will be {self.what}."

    def act(self, world: World) -> None:
        """Let it happen."""
        match self.what:
            case int():
                world.wire.death_in = self.what
            case Trouble():
                world.wire.troubles.append(self.what)
            case _:
                world.hints = self.what


def _post(world: World) -> None:
    """Post the last event; where there is no answer, the HR system posts it again."""
    for _ in range(3):
        if world.do(world.app.intake.take(world.posted[-1])) is not None:
            return


async def _unless_refused(world: World, work: Callable[[], object]) -> object:
    try:
        return await work()  # type: ignore[misc]
    except REFUSALS as error:
        world.tell(f"  … refused: {type(error).__name__}")
        return None


def _must_open(world: World, row: Onboarding, link: Link, who: str) -> bool:
    """Tell whether the right person has the right link of a pass that is there, in its hours."""
    made, plan = row.issued, row.plan
    if row.status is not Status.ISSUED or made is None or made.sealed is None or plan is None:
        return False
    in_time = plan.opens <= world.now < made.valid_until
    right_person = row.delivery is not None and who == row.delivery.collector
    return in_time and right_person and link == world.newest_link(row.id)


def _check_shown(world: World, row: Onboarding, shown: Shown, claim: str) -> None:
    made = row.issued
    assert made is not None
    assert row.plan is not None
    assert row.ended_at is None, "an ended onboarding showed its pass"
    assert row.plan.opens <= shown.now < made.valid_until, "shown outside its window"
    held = world.tenant.passes.get(row.subject.id) if row.subject else None
    if held is not None and held.record.id == made.id:
        assert shown.code.reveal() == held.code, "what was shown is not the pass that Graph holds"
    world.shown.setdefault(made.id, set()).add(claim)
    world.codes.add(shown.code.reveal())
    assert len(world.shown[made.id]) == 1, "two claims were shown one pass"
