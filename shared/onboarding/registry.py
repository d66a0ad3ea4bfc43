"""Where onboardings are kept, found by person, and announced: what every doorway that writes one works with."""

from dataclasses import dataclass

from shared.onboarding.hints import Hints
from shared.onboarding.people import People
from shared.onboarding.store import Store


@dataclass(frozen=True, slots=True)
class Registry:
    """Rows, the people they belong to, and the hints about them."""

    store: Store
    people: People
    hints: Hints
