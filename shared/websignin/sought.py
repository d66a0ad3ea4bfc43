"""The profiles that the app brings device groups into: by which name, when one will do, and how one is made. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.tenant.ports.profiles import Profile
from shared.tenant.values import is_object_id
from shared.websignin.body import WEB_SIGN_IN_PROVIDER, companion_body, profile_body


@dataclass(frozen=True, slots=True)
class Sought:
    """A profile that is sought, by id or exact name.

    `fault`: why one that was found will not do, None where it will. `body`: one to be made where there is none, None
    where none is to be made.
    """

    name: str
    fault: Callable[[Profile], str | None]
    body: Mapping[str, Any] | None = None


def web_sign_in(name: str, *, make: bool = False) -> Sought:
    """Return the profile that enables Web sign-in."""
    return Sought(name, _enables_nothing, profile_body(name) if make and not is_object_id(name) else None)


def companion(name: str, provider: str, *, make: bool = False) -> Sought:
    """Return its companion, by which not Web sign-in stays everyone's default, but `provider` (of `PROVIDERS`) does.

    One that somebody made with another provider will do, as long as that is not Web sign-in itself.
    """
    return Sought(name, _keeps_web_sign_in, companion_body(name, provider) if make and not is_object_id(name) else None)


def _enables_nothing(profile: Profile) -> str | None:
    if profile.web_sign_in is True:
        return None
    state = "does not contain" if profile.web_sign_in is None else "does not enable"
    return f"{profile.name!r} {state} the setting Enable Web Sign-in"


def _keeps_web_sign_in(profile: Profile) -> str | None:
    if profile.default_provider is None:
        return f"{profile.name!r} does not assign a default credential provider"
    if profile.default_provider == WEB_SIGN_IN_PROVIDER:
        return f"{profile.name!r} makes Web sign-in itself the default"
    return None
