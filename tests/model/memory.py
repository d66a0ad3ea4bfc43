"""What the people of a model world remember, so that the app can be held to it afterwards."""

from collections import defaultdict
from dataclasses import dataclass, field

from shared.sources.delivery import Delivery
from tests.model.tenant import Held


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it was mailed, and to whom."""

    onboarding: str
    key: str = field(repr=False)
    to: str


@dataclass(frozen=True, slots=True)
class Collected:
    """A pass in somebody's hands, and the onboarding that it came by."""

    onboarding: str
    held: Held


@dataclass(slots=True)
class Memory:
    """All that was said and seen from outside.

    `posted`: what HR ever posted; `taken`: what of it the app has acknowledged, by hire, since it last erased the hire.
    `too_late`: ids of events that came once an onboarding was over, each with that onboarding.
    `dead`: links that were said to be. `shown`: which claims saw a pass, by its id; `codes`: all that were shown.
    `collected`: by user, what nobody has taken back since. `opened`: onboardings that ever were; `named`: whose they
    are; `made`: ids of passes that were seen in a row. `code_of`: which code goes with a hire's link; `entered`: with
    which links the right code was typed while it counted, and in which browser.
    """

    posted: list[Delivery] = field(default_factory=list)
    taken: defaultdict[str, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    too_late: set[tuple[str, str]] = field(default_factory=set)
    dead: set[Link] = field(default_factory=set)
    shown: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    codes: set[str] = field(default_factory=set)
    collected: dict[str, Collected] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    code_of: dict[Link, str] = field(default_factory=dict)
    entered: set[tuple[Link, int]] = field(default_factory=set)

    def taken_back(self, onboarding: str) -> None:
        """Somebody who may has taken back what was collected of an onboarding."""
        self.collected = {user: one for user, one in self.collected.items() if one.onboarding != onboarding}
