"""The hand-over page: who opens a pass, and has it made anew."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.ground import Ground

if TYPE_CHECKING:
    from shared.handover.callers.refusals import Limit
    from shared.handover.collecting.collect import Collecting
    from shared.handover.collecting.fresh_code import FreshCodes
    from shared.handover.collecting.proof import Proof
    from shared.handover.collecting.reissue import Reissuing


@dataclass(frozen=True)
class HandOver:
    """What answers the page."""

    ground: Ground

    @cached_property
    def collecting(self) -> "Collecting":
        """Answers the hand-over page."""
        from shared.handover.collecting.collect import Collecting

        ground = self.ground
        return Collecting(ground.storage.onboardings, self._proof, ground.here.clock, ground.reissue_window)

    @cached_property
    def reissuing(self) -> "Reissuing":
        """Has passes made anew for those who collect."""
        from shared.handover.collecting.reissue import Reissuing

        return Reissuing(self.ground.releasing, self._proof, self.ground.reissue_window)

    @cached_property
    def fresh_codes(self) -> "FreshCodes":
        """Has codes made anew for those who hold them."""
        from shared.handover.collecting.fresh_code import FreshCodes

        return FreshCodes(self.ground.registry, self.ground.here.clock)

    @cached_property
    def limit(self) -> "Limit":
        """Limits what is turned away at the page."""
        from shared.handover.callers.refusals import Limit

        return Limit(self.ground.here.clock)

    @cached_property
    def _proof(self) -> "Proof":
        from shared.handover.collecting.proof import Proof

        return Proof(self.ground.storage.onboardings, self.ground.here.clock)
