"""The ways on which workers are killed, and what each of them walks that none before it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.world import World
from tests.survival.harness.asked import AskedJourney
from tests.survival.harness.from_a_table import TableJourney
from tests.survival.harness.hires_link import HiresJourney
from tests.survival.harness.journey import EARLY, LATE, Journey
from tests.survival.harness.misread import MisreadJourney
from tests.survival.harness.orders import Orders, Point
from tests.survival.harness.steady import SteadyJourney
from tests.survival.harness.told_by_entra import EntraJourney

DEVICE_SIDE = "scope_web_sign_in"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to go, from when, and what must hold at its end. `is_its_own`: of its points, those no other way has.

    `in_rounds`: it is long, so that the worker is killed in every stage of it on one walk; else once on each.
    """

    name: str
    kind: type[Journey]
    begins: str
    walk: Callable[[Any], None]
    check: Callable[[Any], None]
    is_its_own: Callable[[Point], bool] = bool
    in_rounds: bool = False

    def journey(self, world: World, orders: Orders, *, by_message: bool = False) -> Journey:
        """Make ready to go."""
        return self.kind(world, orders, self.begins, by_message=by_message)

    def __str__(self) -> str:
        return self.name


def _is_withdrawing(point: Point) -> bool:
    """Tell whether a point lies in hints at the doorway, in a device's joining and leaving, or in the end."""
    at_once = point.stage == "event" and point.function in {"hr_event", DEVICE_SIDE}
    return at_once or point.stage in {"cancel", "revoke", "leave"}


def _beyond(*stages: str) -> Callable[[Point], bool]:
    """Leave out some stages, and the device side, which other ways have gone through."""
    return lambda point: point.stage not in stages and point.function != DEVICE_SIDE


def _is_told_by_entra(point: Point) -> bool:
    """Leave out what any hire goes through; the sweep of the notice has the desk's digest, too."""
    return _beyond("invite", "issue", "verify")(point) and (point.stage != "notice" or point.function == "sweep")


COLLECTED = Way("collected", Journey, EARLY, Journey.collected, Journey.check_collected)
WITHDRAWN = Way(
    "withdrawn", SteadyJourney, LATE, SteadyJourney.cancelled, SteadyJourney.check_cancelled, _is_withdrawing
)
ASKED = Way(
    "asked",
    AskedJourney,
    EARLY,
    AskedJourney.asked,
    AskedJourney.check_asked,
    lambda point: point.stage in {"ask", "take back", "revoke"},
)
HIRES_LINK = Way(
    "hires-link",
    HiresJourney,
    LATE,
    HiresJourney.erased,
    HiresJourney.check_erased,
    _beyond("event", "notice", "invite", "issue", "verify", "review"),
    in_rounds=True,
)
TOLD_BY_ENTRA = Way(
    "told-by-entra",
    EntraJourney,
    EARLY,
    EntraJourney.used,
    EntraJourney.check_used,
    _is_told_by_entra,
    in_rounds=True,
)
FROM_A_TABLE = Way(
    "from-a-table",
    TableJourney,
    EARLY,
    TableJourney.by_table,
    TableJourney.check_asked,
    _beyond("issue", "verify", "collect", "take back", "revoke"),
    in_rounds=True,
)
MISREAD = Way(
    "misread",
    MisreadJourney,
    EARLY,
    MisreadJourney.withdrawn_at_last,
    MisreadJourney.check_withdrawn,
    _beyond("notice", "invite", "issue", "verify", "collect", "revoke"),
    in_rounds=True,
)
WAYS = (COLLECTED, WITHDRAWN, ASKED, HIRES_LINK, TOLD_BY_ENTRA, FROM_A_TABLE, MISREAD)
