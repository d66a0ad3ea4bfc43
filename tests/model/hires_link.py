"""The hire's own link: whoever has it brings codes, right and wrong, and the manager has fresh ones made."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.handover.collecting.answers import NoClaimError, NotForYouError, Presented, Shown
from shared.handover.keys.pickup import PickupCode, is_locked, takes_a_try
from shared.handover.keys.secrets import ClaimId, LinkKey, VisitId, encode
from shared.onboarding.collector import Route
from shared.onboarding.model import Onboarding
from shared.onboarding.requests.fresh_code import Standing
from tests.model.memory import Link
from tests.model.people import IDS, Press, is_open, pressed, see_shown, take_back
from tests.model.world import BY_LINK_AND_CODE, HOME_MAIL, World, principal

WRONG = "BCDF-GHJK"


class Code(StrEnum):
    """What is typed where the page asks for the code."""

    RIGHT = "the newest code"
    OLD = "the oldest code"
    WRONG = "a wrong code"
    NONE = "no code"


@dataclass(frozen=True, slots=True)
class Brings:
    """Somebody opens the newest link in the hire's private mailbox, in one browser or another, and types a code."""

    code: Code
    browser: int
    press: Press = Press.SHOW

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"With the hire's own link, in browser {self.browser}, {self.code} is typed, then “{self.press}”."

    def act(self, world: World) -> None:
        """Let it happen."""
        for link in [link for link in world.links() if link.to == HOME_MAIL][-1:]:
            self._open(world, link)

    def _open(self, world: World, link: Link) -> None:
        before = next(row for row in world.rows() if row.id == link.onboarding)
        code = self._typed(world)
        counts = code is not None and code == world.memory.code_of[link] and _takes_a_try(before, world.now)
        if counts:
            world.memory.entered.add((link, self.browser))
        if self.press is Press.ANEW:
            take_back(world, [before])
        try:
            answer = world.do(pressed(world, self.press, self._presented(link, code)))
        except (NotForYouError, NoClaimError):
            is_right = counts and is_open(world, before) and link == world.newest_link(before.id)
            assert not is_right, "the newest link was refused with its code"
            return
        if answer is None:
            return
        assert (link, self.browser) in world.memory.entered, "a link was let in without its code"
        assert link == world.newest_link(link.onboarding), "an older link was let in"
        if isinstance(answer, Shown):
            see_shown(world, before, answer, self._id)

    def _typed(self, world: World) -> str | None:
        codes = world.codes()
        match self.code:
            case Code.RIGHT:
                return codes[-1]
            case Code.OLD:
                return codes[0]
            case Code.WRONG:
                return WRONG
            case Code.NONE:
                return None

    def _presented(self, link: Link, code: str | None) -> Presented:
        key, claim, visit = LinkKey.parse(link.key), ClaimId.parse(self._id), VisitId.parse(self._id)
        return Presented(link.onboarding, key, claim, None, visit, PickupCode.parse(code))

    @property
    def _id(self) -> str:
        return encode(bytes([self.browser]) * 32)


@dataclass(frozen=True, slots=True)
class AsksForFreshCode:
    """Somebody has a fresh code made on the page for whoever holds it."""

    by: str

    def tell(self) -> str:
        """Say what happens, in a sentence."""
        return f"{self.by} asks for a fresh code for {BY_LINK_AND_CODE}."

    def act(self, world: World) -> None:
        """Let it happen."""
        for row in world.rows_of(BY_LINK_AND_CODE)[-1:]:
            self._ask(world, row)

    def _ask(self, world: World, row: Onboarding) -> None:
        mailed = {link for link in world.links() if link.onboarding == row.id}
        vouches = row.collector is not None and row.collector.route is Route.HIRE_MANAGER
        holds = vouches and row.collector is not None and row.collector.id == IDS[self.by]
        try:
            stands = world.do(world.app.hand_over.fresh_codes.ask(row.id, principal(IDS[self.by])))
        except NotForYouError:
            assert not holds, "whoever holds the code was refused a fresh one"
            return
        assert holds or stands is None, "somebody who does not hold the code was answered"
        if stands is Standing.ON_ITS_WAY and _is_locked(row):
            world.memory.dead |= mailed


def _takes_a_try(row: Onboarding, now: datetime) -> bool:
    return row.delivery is not None and row.delivery.pickup is not None and takes_a_try(row.delivery.pickup, now)


def _is_locked(row: Onboarding) -> bool:
    return row.delivery is not None and is_locked(row.delivery.pickup)
