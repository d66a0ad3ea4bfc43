"""Intune configuration profiles, and the approval that Intune may ask for before one is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Profile:
    """An Intune settings-catalog policy. `assignments` are Graph's own objects, verbatim.

    `web_sign_in`: the choice of `EnableWebSignIn`: True enabled, False anything else, None when not in it.
    `default_provider`: class id of the credential provider that it makes the default, in capitals and braces, None
    where it assigns none.
    """

    id: str
    name: str
    platforms: str
    web_sign_in: bool | None
    assignments: tuple[Mapping[str, Any], ...]
    default_provider: str | None = None


class Profiles(Protocol):
    """Intune configuration profiles of the settings catalog (Graph beta)."""

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find by id or by exact name, with assignments and settings: none, one or many."""
        ...

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...]) -> None:
        """Replace the whole set of assignments. Sent once."""
        ...

    async def make(self, body: Mapping[str, Any]) -> str:
        """Make a profile, in Graph's own shape, assigned to nobody yet; return its id. Sent once."""
        ...

    async def filter_rule(self, filter_id: str) -> str | None:
        """Read the rule of an assignment filter, in Intune's own language; None where there is no such filter."""
        ...


@dataclass(frozen=True, slots=True)
class Approval:
    """What goes with a write that Multi Admin Approval may protect.

    `why`: for whoever has to agree, 1,024 characters at most. `request`: the id of the request that was approved.
    """

    why: str
    request: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """A request for approval as Intune lists it. `status` is Intune's own word, `why` the words it was given."""

    id: str
    status: str
    why: str


class GatedProfiles(Protocol):
    """`Profiles` as Intune has them: each write with what Multi Admin Approval wants to know."""

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """As `Profiles` has it."""
        ...

    async def filter_rule(self, filter_id: str) -> str | None:
        """As `Profiles` has it."""
        ...

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...], approval: Approval) -> None:
        """Replace the whole set of assignments. Sent once."""
        ...

    async def make(self, body: Mapping[str, Any], approval: Approval) -> str:
        """Make a profile, in Graph's own shape, assigned to nobody yet; return its id. Sent once."""
        ...

    async def requests(self) -> tuple[ApprovalRequest, ...]:
        """List the requests for approval that Intune still knows, whoever made them."""
        ...
