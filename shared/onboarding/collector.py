"""Who may collect a pass: by which route the link goes, to whom, and what the proof is beside it."""

from dataclasses import dataclass, field
from enum import StrEnum

from shared.languages.language import Language
from shared.onboarding.ids import digest
from shared.onboarding.reasons import Reason

DESK = "role:Pass.HandOver"


class Route(StrEnum):
    """To whom a link goes, and what the proof is beside it; a route of this person, never an address.

    A sign-in is the proof, but for the hire, who has none yet: the link goes to a private address, and a pick-up code
    to the manager or, as a text, to the hire's own telephone.
    """

    MANAGER = "manager"
    HIRE_MANAGER = "hire+manager"
    HIRE_TEXT = "hire+text"
    CONTACT = "contact"
    DESK = "desk"


BY_HIRE = frozenset({Route.HIRE_MANAGER, Route.HIRE_TEXT})
"""Routes on which the hire has the link."""


@dataclass(frozen=True, slots=True)
class Collector:
    """Who may collect, as read at the last preflight.

    Entra's own manager of the account, the contact that settings name for its office, or whoever holds the app role
    `Pass.HandOver` at the desk: then `id` is `DESK` and names nobody. Where it is the hire, `id`, `name` and `mail` are
    those of the manager, who vouches with the code or only hears of it, and `link_to` is the private address that the
    link goes to; `text_to` the number that the code goes to, where it is the hire's own.
    `instead_of`: why those who come before this one in the chain of settings cannot. `zone`: the IANA zone they live
    by; None where that is not known. `language`: in which they are written to, and `link_language` the hire.
    """

    id: str
    name: str
    mail: str
    route: Route = Route.MANAGER
    instead_of: tuple[Reason, ...] = ()
    zone: str | None = None
    link_to: str | None = field(default=None, repr=False)
    text_to: str | None = field(default=None, repr=False)
    language: Language = Language.ENGLISH
    link_language: Language = Language.ENGLISH

    @property
    def reads_link_in(self) -> Language:
        """In which language whoever gets the link is written to."""
        return self.language if self.link_to is None else self.link_language

    @property
    def bound(self) -> str:
        """What link and seal are bound to: whoever signs in; or the route, the manager, and where link and code go.

        So a link is dead where any of them is another, and no sign-in is ever the proof of a hire's link. Address and
        number stand there as a digest.
        """
        if self.link_to is None:
            return self.id
        places = digest(f"{self.link_to.casefold()} {self.text_to}" if self.text_to else self.link_to.casefold())
        return f"{self.route}:{self.id}:{places}"
