"""Why a person's request about an onboarding is refused."""

from dataclasses import dataclass

from shared.onboarding.reasons import Reason


class UnknownOnboardingError(Exception):
    """There is no onboarding with this id."""


class UnknownPersonError(Exception):
    """Nothing is kept about this person."""


class UnknownDeliveryError(Exception):
    """No such delivery is kept: it is older than what is kept, was erased with a person, or never came."""


class NothingToReleaseError(Exception):
    """The onboarding does not wait for a release."""


class NothingToRetryError(Exception):
    """The onboarding neither waits nor failed."""


class OwnCaseError(Exception):
    """Whoever releases is the person the pass is for, or the one who collects it."""


class RefusedAccountError(Exception):
    """No pass may be made for this account, or not at this caller's request; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class KeyReusedError(Exception):
    """The idempotency key was used before, for another request."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row of a table, as a JSON pointer such as `/rows/7/userName`, and why nothing can be asked for from it."""

    field: str
    problem: str


class RowsRefusedError(Exception):
    """Rows of a table are refused, and nothing of it was applied; `faults` has at least one."""

    def __init__(self, faults: tuple[RowFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field} {fault.problem}" for fault in faults))
        self.faults = faults


class OtherAccountError(Exception):
    """What is to be released is for another account by now than the one that was looked at."""


class EndedError(Exception):
    """The onboarding has ended."""


class AlreadyOpenedError(Exception):
    """Somebody has collected the pass; a fresh one throws them out, and has to be asked for in so many words."""


class OnItsWayError(Exception):
    """A pass for this person is on its way, or with the person: `onboarding` is its id."""

    def __init__(self, onboarding: str, *, collected: bool) -> None:
        super().__init__(onboarding)
        self.onboarding = onboarding
        self.collected = collected
