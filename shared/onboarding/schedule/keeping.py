"""What settings say of due times: how long things are kept after the end, and who hears of an opening."""

from dataclasses import dataclass
from datetime import timedelta

from shared.onboarding.model import Onboarding


@dataclass(frozen=True, slots=True)
class Keep:
    """How long after the end personal data are kept, who is who in the audit, and devices in their groups.

    And who is to hear of an opening.
    """

    data: timedelta = timedelta(days=30)
    people: timedelta = timedelta(days=365)
    devices: timedelta = timedelta(days=3)
    tell_opened: frozenset[str] = frozenset({"collector"})

    def tells_of_opening(self, row: Onboarding) -> bool:
        """Tell whether anybody hears of it: of whoever collects, only a manager whose hire has the link."""
        by_hire = row.delivery is not None and row.delivery.pickup is not None
        return bool(self.tell_opened if by_hire else self.tell_opened - {"collector"})


USUAL = Keep()
