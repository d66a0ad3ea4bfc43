"""Where the app under trial is, and the secret with which the sandbox's HR system signs: given to `make up` alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

APP_SETTING = "SANDBOX_APP"
SOURCE_SETTING = "SANDBOX_HR_SOURCE"
SECRET_SETTING = "SANDBOX_HR_SECRET"  # noqa: S105 – the name of a setting


@dataclass(frozen=True, slots=True)
class AppLink:
    """The app's base address, and the HR source whose Standard Webhooks secret this sandbox holds."""

    address: str
    source: str
    secret: str = field(repr=False)

    @staticmethod
    def of(environment: Mapping[str, str] = os.environ) -> "AppLink | None":
        """Read it from the environment; None where this tenant runs alone."""
        address = environment.get(APP_SETTING)
        if not address:
            return None
        return AppLink(address, environment[SOURCE_SETTING], environment[SECRET_SETTING])
