"""What the app is given where it runs: the environment and a clock, and what follows from them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.runtime.clock import Clock

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from shared.runtime.settings.model import Settings


@dataclass(frozen=True)
class Surroundings:
    """The environment, the clock, the settings, and as whom the app asks others."""

    environ: Mapping[str, str]
    clock: Clock

    @cached_property
    def settings(self) -> "Settings":
        """The settings.

        Raises:
            SettingsError: with every fault at once.
        """
        from shared.runtime.settings.loading import load_settings

        return load_settings(self.environ)

    @property
    def authentication_is_on(self) -> bool:
        """Whether the platform says that App Service authentication stands before the app."""
        return self.environ.get("WEBSITE_AUTH_ENABLED", "").casefold() == "true"

    @cached_property
    def credential(self) -> "AsyncTokenCredential":
        """Who asks storage and Microsoft Graph: the app's own identity."""
        from azure.identity.aio import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=self.settings.client_id)
