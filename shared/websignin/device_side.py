"""What one hint does for the device of a hire: its group comes into scope, and then it is looked at."""

from dataclasses import dataclass

from shared.websignin.looking import Looking
from shared.websignin.scoping import Scoping


@dataclass(frozen=True, slots=True)
class DeviceSide:
    """Does the steps of the queue `scope-web-sign-in`."""

    scoping: Scoping
    looking: Looking

    async def run(self, onboarding: str) -> None:
        """Do whichever of them is due for this onboarding; the look comes second, so as to see what the first did."""
        await self.scoping.run(onboarding)
        await self.looking.run(onboarding)
