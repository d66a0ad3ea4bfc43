"""Why a person's request about an onboarding is refused."""


class UnknownOnboardingError(Exception):
    """There is no onboarding with this id."""


class NothingToReleaseError(Exception):
    """The onboarding does not wait for a release."""


class NothingToRetryError(Exception):
    """The onboarding neither waits nor failed."""


class OwnCaseError(Exception):
    """Whoever releases is the person the pass is for, or the one who collects it."""
