"""Random lives in the real world: several hires at once, each with a life of its own, told as a story.

What happens is drawn; what must hold is seen from outside alone: the tenant's passes and requests, the doorways'
answers, the inboxes.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from sandbox.people import HireOfCompany, LinkInMail
from tests.doorways.story import ATTACKER, START, Case, Story
from tests.doorways.test_ad_hoc import NOOR

PASSES = "temporaryAccessPassMethods"
NEXT_DAY = "2030-06-04"
STOPPED = frozenset({"waiting", "expired", "cancelled", "failed"})
REASONED = STOPPED - {"waiting"}
NOT_NOW = frozenset({"pass-not-yet-valid", "pass-expired", "no-web-sign-in"})
"""Why the lock screen refuses a pass that is right: the hours, or the device side."""


@dataclass(slots=True)
class Life:
    """One hire's life so far. `over`: HR or a person has called it off; `code`: what the manager was shown last."""

    story: Story
    draw: Random
    hire: HireOfCompany
    user: str
    claim: str
    tell: Callable[[str], None]
    over: bool = False
    disturbed: bool = False
    code: str | None = None
    posted: int = 0

    @property
    def case(self) -> Case:
        """The newest onboarding."""
        return self.story.case(self.hire)

    def links(self) -> list[LinkInMail]:
        """Return all links of the newest onboarding, oldest first."""
        mine = self.case.id
        return [link for link in self.story.links(self.hire.manager_mail) if link.onboarding == mine]

    # What may happen

    def is_posted(self, kind: str = "hire.updated", start: str = START, time: str | None = None) -> None:
        """HR posts an event."""
        self.tell(f"HR posts {kind} for {self.hire.name}, starting {start} at {time or 'the usual hour'}.")
        event = self.story.company.event(self.hire, start, kind=kind, startTime=time)
        assert self.story.company.post(event).status == 202
        self.posted += 1
        self.over = kind == "hire.cancelled"
        if self.over:
            self.code = None

    def moves(self) -> None:
        """HR moves the start."""
        self.is_posted(start=self.draw.choice([START, NEXT_DAY]), time=self.draw.choice([None, "13:00"]))

    def is_withdrawn(self) -> None:
        """HR withdraws the hire."""
        self.is_posted("hire.cancelled")

    def is_ordered(self) -> None:
        """Somebody at the desk resends or revokes."""
        order, body = self.draw.choice([("resend", {}), ("resend", {"replace": True}), ("revoke", {})])
        path = f"/api/passes/{self.case.id}"
        token = self.story.company.token(NOOR)
        headers = {"Authorization": f"Bearer {token}"}
        if order == "resend":
            answer = self.story.world.request("POST", f"{path}/resend", json_body=body, headers=headers)
        else:
            answer = self.story.world.request("DELETE", path, headers=headers)
        self.tell(f"The desk orders {order} {body or ''} for {self.hire.name}: {answer.status}.")
        assert answer.status in {202, 403, 409}, answer.text()
        if answer.status == 202:
            self.code, self.over = None, self.over or order == "revoke"

    def is_opened(self) -> None:
        """The manager opens the newest link and presses the button."""
        for link in self.links()[-1:]:
            answer = self.case.reveal(self.claim, link=link)
            self.tell(f"The manager of {self.hire.name} opens the newest link: {answer.status}.")
            assert answer.status in {200, 403, 409}, answer.text()
            if answer.status == 200:
                assert not self.over, "what was called off was shown"
                self.code = str(answer.json()["pass"])

    def is_attacked(self) -> None:
        """Somebody else opens the newest link, and the manager an older one."""
        *older, newest = self.links() or [None]
        if newest is not None:
            self.tell(
                f"Somebody else opens the newest link of {self.hire.name}, and the manager the {len(older)} older."
            )
            assert self.case.reveal(self.claim, ATTACKER, newest).status == 403
        for link in older:
            assert self.case.reveal(self.claim, link=link).status == 403, "an older link still opens"

    def is_failed(self) -> None:
        """Graph fails once at a request about the hire's pass."""
        method, status = self.draw.choice([("POST", 504), ("POST", 503), ("DELETE", 504), ("GET", 503)])
        kind = self.draw.choice(["status", "commit-then-status"]) if method == "POST" else "status"
        self.tell(f"At the next {method} about the pass of {self.hire.name} Graph answers {status} ({kind}).")
        self.story.fault(f"{self.user}/authentication/{PASSES}", kind, method=method, status=status, times=1)
        self.disturbed = True

    def signs_in(self) -> None:
        """The hire types what the manager was shown last."""
        if self.code is not None:
            seen = self.case.signs_in(self.code)
            self.tell(f"{self.hire.name} types the pass: {'in' if seen['signedIn'] else seen['reason']}.")
            assert seen["signedIn"] or seen["reason"] in NOT_NOW, "a pass in somebody's hands was taken away"


ACTS: tuple[tuple[Callable[[Life], None], int], ...] = (
    (Life.moves, 2),
    (Life.is_withdrawn, 1),
    (Life.is_ordered, 2),
    (Life.is_opened, 4),
    (Life.is_attacked, 2),
    (Life.is_failed, 2),
    (Life.signs_in, 2),
)


@dataclass(slots=True)
class Lives:
    """All of them, in one world, and their story."""

    story: Story
    draw: Random
    lives: list[Life] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def begin(self, names: tuple[str, ...]) -> None:
        """Announce all of them."""
        people = self.story.company.directory()["people"]
        for name in names:
            hire, claim = self.story.hire(name), self.story.company.claim()
            life = Life(self.story, self.draw, hire, people[name]["id"], claim, self.tell)
            life.is_posted("hire.created")
            self.lives.append(life)
        self.story.world.wait_idle()

    def tell(self, sentence: str) -> None:
        """Add a sentence to the story."""
        self.told.append(f"{self.story.now():%a %d %b %H:%M:%S}  {sentence}")

    def round(self, at: str) -> None:
        """Let something happen to each, then let it be this instant, with two sweeps, and see what must hold."""
        acts, weights = zip(*ACTS, strict=True)
        for life in self.draw.sample(self.lives, len(self.lives)):
            (act,) = self.draw.choices(acts, weights)
            act(life)
            self.seen[act.__name__] += 1
        self.story.world.wait_idle()
        self.story.at(at)
        self.story.later(minutes=1)
        self.tell("Time has gone by.")
        self.see()

    def rest(self) -> None:
        """Mend everything and let the work come to rest, then see what must hold of all."""
        self.story.mended()
        self.tell("Everything works again.")
        for _ in range(3):
            self.story.later(minutes=3)
        for life in self.lives:
            life.disturbed = False
        self.see()

    def see(self) -> None:
        """See from outside that the principles hold."""
        held = {one["userId"] for one in self.story.passes() if _ends(one) > self.story.now()}
        for life in self.lives:
            case = life.case
            seen = case.read()
            assert seen["status"] not in STOPPED or seen["reason"], "no reason is given"
            assert any(seen["next"].values()), "it has come to nothing"
            if life.over:
                assert seen["status"] in REASONED, "called off, and it goes on"
            if not life.disturbed and seen["status"] in REASONED:
                assert life.user not in held, f"a pass lives whose onboarding is over: {life.hire.name}"
            if not life.disturbed and seen["status"] == "issued":
                assert life.user in held, f"issued, and Graph holds no pass: {life.hire.name}"
            self._see_requests(life)

    def _see_requests(self, life: Life) -> None:
        """Each POST follows a look of its own."""
        requests = self.story.world.control("GET", "requests").json()["requests"]
        about = [one["method"] for one in requests if f"{life.user}/authentication/{PASSES}" in one["path"]]
        for before, method in pairwise(["", *about]):
            assert method != "POST" or before == "GET", "a pass was asked for without a look"


def _ends(held: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(held["start"]) + timedelta(minutes=held["lifetimeInMinutes"])
