"""What people do in a random life: the desk asks and orders, an administrator revokes and erases, somebody collects."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.handover.collecting.answers import NoClaimError, NotForYouError, Presented, Shown
from shared.handover.keys.secrets import ClaimId, LinkKey, encode
from shared.onboarding import errors
from shared.onboarding.collector import DESK, Route
from shared.onboarding.model import Onboarding
from shared.onboarding.requests.asking import Wanted
from shared.onboarding.requests.incident import Incident, Reach
from shared.onboarding.statuses import Status
from tests.model.memory import Collected, Link
from tests.model.world import ADMIN, ASKER, HIRES, MANAGER, STRANGER, World, principal

REFUSALS = tuple(kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception))
"""Whatever a person may be refused for."""
AT_THE_DESK = "The desk"
IDS = {"The manager": MANAGER, "A stranger": STRANGER, AT_THE_DESK: ASKER.replace("3", "4"), **HIRES}


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
        _answer(world, lambda: world.app.requests.asking.request(wanted, key, principal(ASKER)))


class Order(StrEnum):
    """What somebody with a role may have done."""

    RESEND = "resend"
    REPLACE = "resend and replace"
    REVOKE = "revoke"
    CONFIRM = "confirm"
    RETRY = "retry"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Orders:
    """Somebody with a role does something with the newest onboarding of a hire."""

    who: str
    what: Order

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"Somebody with the role orders: {self.what} for {self.who}."

    def act(self, world: World) -> None:
        """Let it happen."""
        for row in world.rows_of(self.who)[-1:]:
            mailed = {link for link in world.links() if link.onboarding == row.id}
            if self.what in {Order.REPLACE, Order.REVOKE, Order.ERASE}:
                take_back(world, world.rows_of(self.who) if self.what is Order.ERASE else [row])
            done = _answer(world, self._work(world, row))
            if done is not None and self.what in {Order.RESEND, Order.REPLACE}:
                world.memory.dead |= mailed

    def _work(self, world: World, row: Onboarding) -> Callable[[], Coroutine[Any, Any, object]]:
        app, by = world.app, principal(ADMIN)
        match self.what:
            case Order.RESEND:
                return lambda: app.requests.asking.resend(row.id, None, False, by)
            case Order.REPLACE:
                return lambda: app.requests.asking.resend(row.id, Route.MANAGER, True, by)
            case Order.REVOKE:
                return lambda: app.requests.asking.revoke(row.id, by)
            case Order.CONFIRM:
                return lambda: app.requests.desk.confirm(row.id, by)
            case Order.RETRY:
                return lambda: app.requests.desk.retry(row.id, by)
            case Order.ERASE:
                account = row.subject.id if row.request is not None and row.subject is not None else ""
                return lambda: app.requests.erasing.request(row.source, account or row.hire.external_id, ADMIN)


@dataclass(frozen=True, slots=True)
class PullsTheBrake:
    """An administrator revokes everything."""

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return "An administrator pulls the emergency brake."

    def act(self, world: World) -> None:
        """Let it happen."""
        incident = Incident(world.app.ground.storage.onboardings, world.loop)
        survey = world.do(incident.survey(Reach()))
        for row in survey.to_revoke if survey else ():
            take_back(world, [row])
            world.do(incident.revoke(row.id, Reach(), ADMIN))


class Press(StrEnum):
    """The buttons of the hand-over page."""

    SHOW = "Show the pass"
    ANEW = "Make a fresh pass"
    IN = "They are in"


@dataclass(frozen=True, slots=True)
class Collects:
    """Somebody opens a link, the newest or the oldest, in one browser or another, and presses a button."""

    by: str
    newest: bool
    browser: int
    press: Press = Press.SHOW

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        which = "newest" if self.newest else "oldest"
        return f"{self.by} opens the {which} link in browser {self.browser} and presses “{self.press}”."

    def act(self, world: World) -> None:
        """Let it happen."""
        links = world.links()
        if links:
            self._open(world, links[-1] if self.newest else links[0])

    def _open(self, world: World, link: Link) -> None:
        who = DESK if self.by == AT_THE_DESK else IDS[self.by]
        before = next(row for row in world.rows() if row.id == link.onboarding)
        if self.press is Press.ANEW:
            take_back(world, [before])
        try:
            answer = world.do(pressed(world, self.press, self._presented(link)))
        except (NotForYouError, NoClaimError):
            assert not _must_open(world, before, link, who), "the right person with the newest link was refused"
            return
        if answer is None:
            return
        assert before.delivery is not None
        assert who == before.delivery.collector, f"{self.by} was let in"
        assert link == world.newest_link(link.onboarding), "an older link was let in"
        if isinstance(answer, Shown):
            see_shown(world, before, answer, self._claim)

    def _presented(self, link: Link) -> Presented:
        roles = ["Pass.HandOver"] if self.by == AT_THE_DESK else []
        asks = principal(IDS[self.by], *roles)
        return Presented(link.onboarding, LinkKey.parse(link.key), ClaimId.parse(self._claim), asks)

    @property
    def _claim(self) -> str:
        return encode(bytes([self.browser]) * 32)


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


async def pressed(world: World, button: Press, presented: Presented) -> object:
    """Ask what the page asks when a button is pressed.

    Raises:
        NotForYouError: link and proof are not both right.
    """
    match button:
        case Press.SHOW:
            return await world.app.hand_over.collecting.reveal(presented)
        case Press.ANEW:
            return await world.app.hand_over.reissuing.reissue(presented)
        case Press.IN:
            await world.app.hand_over.collecting.finish(presented)
            return True


def take_back(world: World, rows: list[Onboarding]) -> None:
    """Remember that somebody who may has taken back what was collected."""
    for row in rows:
        world.memory.taken_back(row.id)


def _answer(world: World, work: Callable[[], Coroutine[Any, Any, object]]) -> object:
    """Ask a doorway; return its answer, None where it refused or failed."""

    async def unless_refused() -> object:
        try:
            return await work()
        except REFUSALS as error:
            world.tell(f"  … refused: {type(error).__name__}")
            return None

    return world.do(unless_refused())


def _must_open(world: World, row: Onboarding, link: Link, who: str) -> bool:
    """Tell whether the right person has the right link of a pass that is there."""
    right_person = row.delivery is not None and who == row.delivery.collector
    return is_open(world, row) and right_person and link == world.newest_link(row.id)


def is_open(world: World, row: Onboarding) -> bool:
    """Tell whether a pass is there to be collected, in its hours, with no question open."""
    made, plan = row.issued, row.plan
    if row.status is not Status.ISSUED or row.attempts or made is None or made.sealed is None or plan is None:
        return False
    return plan.opens <= world.now < made.valid_until


def see_shown(world: World, row: Onboarding, shown: Shown, claim: str) -> None:
    """See that it is the pass that Graph holds, in its window, and that nobody else was shown it."""
    made, memory = row.issued, world.memory
    assert made is not None
    assert row.plan is not None
    assert row.ended_at is None, "an ended onboarding showed its pass"
    assert row.plan.opens <= shown.now < made.valid_until, "shown outside its window"
    held = world.tenant.passes.get(row.subject.id) if row.subject else None
    memory.shown[made.id].add(claim)
    memory.codes.add(shown.code.reveal())
    assert len(memory.shown[made.id]) == 1, "two claims were shown one pass"
    if held is not None and held.record.id == made.id and row.subject is not None:
        assert shown.code.reveal() == held.code, "what was shown is not the pass that Graph holds"
        memory.collected[row.subject.id] = Collected(row.id, held)
