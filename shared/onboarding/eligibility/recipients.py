"""Who collects: Entra's own manager, or whom settings name; never an address from an event or a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from shared.languages.language import Language, named
from shared.onboarding.collector import BY_HIRE, DESK, Collector, Route
from shared.onboarding.eligibility.authority import hire_by_text, hire_with, manager_of
from shared.onboarding.model import Onboarding, Subject
from shared.onboarding.reasons import Reason
from shared.tenant.ports.people import Account, Directory, Person


@dataclass(frozen=True, slots=True)
class Clocks:
    """By which clocks people live: `of_person` by user principal name in lower case, else `of_office`."""

    of_person: Mapping[str, str]
    of_office: Mapping[str, str]

    def zone(self, user_principal_name: str, office: str | None) -> str | None:
        """Return the IANA zone of somebody; None where nobody has said."""
        return self.of_person.get(user_principal_name.casefold()) or self.of_office.get(office or "")


@dataclass(frozen=True, slots=True)
class Languages:
    """In which language people are written to: the one they prefer, else `of_office`, else the `usual` one."""

    of_office: Mapping[str, Language]
    usual: Language

    def of(self, preferred: Iterable[str | None], office: str | None) -> Language:
        """Return somebody's language. `preferred`: tags, the most trusted first; those we do not speak do not count."""
        spoken = filter(None, map(named, preferred))
        return next(spoken, None) or self.of_office.get(office or "") or self.usual


@dataclass(frozen=True, slots=True)
class Named:
    """Whom settings name. `contacts`: office, as Entra spells it, to a user principal name; `desk`: an address.

    `chain`: who collects after an HR event; each where those before cannot; `chains`: where it is another, by office as
    Entra spells it. `clocks` and `languages`: those of whoever collects.
    """

    contacts: Mapping[str, str]
    desk: str
    chain: tuple[Route, ...]
    clocks: Clocks
    chains: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    languages: Languages = field(default_factory=lambda: Languages({}, Language.ENGLISH))

    def chain_of(self, office: str | None) -> tuple[Route, ...]:
        """Return the chain of an office."""
        return self.chains.get(office or "", self.chain)


class Recipients:
    """Finds the collector of an account."""

    def __init__(self, directory: Directory, named: Named, number_attribute: str) -> None:
        self._directory = directory
        self._named = named
        self._number_attribute = number_attribute

    async def collector(self, account: Account, row: Onboarding) -> Collector | Reason:
        """Return who collects: on the route that was asked for, else the first of the chain who can; or why nobody can.

        Of the row counts what was asked for, HR's word for the hire's own address and number, and which routes are
        shut. Where the chain is exhausted, the answer is why its first cannot: that is what people mend.

        Raises:
            TenantError: the contact could not be read.
        """
        found = await self._first_who_can(account, row)
        return self._in_their_languages(found, account, row) if isinstance(found, Collector) else found

    async def _first_who_can(self, account: Account, row: Onboarding) -> Collector | Reason:
        chain, ask = self._named.chain_of(account.office), row.ask
        # A link sent anew by the hire's own route goes there only as long as settings name that route.
        if ask is not None and (ask.route not in BY_HIRE or ask.route in chain):
            return await self._on_route(account, row, ask.route)
        passed_over: list[Reason] = []
        for route in chain:
            found = await self._on_route(account, row, route)
            if isinstance(found, Collector):
                return replace(found, instead_of=tuple(passed_over))
            passed_over.append(found)
        return passed_over[0]

    async def contact(self, office: str | None, hire: str) -> Collector | Reason:
        """Return whom settings name for an office, or that nobody there can collect for `hire`, an object id.

        Raises:
            TenantError: the contact could not be read.
        """
        name = self._named.contacts.get(office or "")
        if name is None:
            return Reason.CONTACT_MISSING
        found = await self._directory.find_accounts(
            user_principal_name=name, number_attribute=self._number_attribute, number=None
        )
        if len(found) != 1 or not found[0].mail or not found[0].enabled or found[0].id == hire:
            return Reason.CONTACT_MISSING
        zone = self._named.clocks.zone(name, found[0].office)
        language = self._named.languages.of((found[0].preferred_language,), found[0].office)
        return Collector(found[0].id, found[0].display_name, found[0].mail, Route.CONTACT, zone=zone, language=language)

    async def stand_in(self, hire: Subject) -> Collector | None:
        """Return the contact of the hire's office, who could collect where the manager does not; None without one.

        Raises:
            TenantError: the contact could not be read.
        """
        if Route.CONTACT not in self._named.chain_of(hire.office):
            return None
        found = await self.contact(hire.office, hire.id)
        return found if isinstance(found, Collector) else None

    async def _on_route(self, account: Account, row: Onboarding, route: Route) -> Collector | Reason:
        if route in row.shut:
            return Reason.TEXT_NOT_TAKEN
        match route:
            case Route.MANAGER:
                return self._at_his_clock(manager_of(account), account.manager)
            case Route.HIRE_MANAGER:
                return _hire(account, row)
            case Route.HIRE_TEXT:
                hire = _hire(account, row)
                return hire_by_text(hire, account, row.hire.mobile) if isinstance(hire, Collector) else hire
            case Route.CONTACT:
                return await self.contact(account.office, account.id)
            case Route.DESK:
                return Collector(DESK, "the helpdesk", self._named.desk, Route.DESK)

    def _at_his_clock(self, found: Collector | Reason, person: Person | None) -> Collector | Reason:
        if person is None or not isinstance(found, Collector):
            return found
        return replace(found, zone=self._named.clocks.zone(person.user_principal_name, person.office))

    def _in_their_languages(self, found: Collector, account: Account, row: Onboarding) -> Collector:
        """Add in which language the manager is written to, and the hire: by Entra's word, and then by HR's."""
        languages, manager = self._named.languages, account.manager
        if found.link_to is not None:
            preferred = (account.preferred_language, row.hire.preferred_language)
            found = replace(found, link_language=languages.of(preferred, account.office))
        if manager is None or found.id != manager.id:
            return found
        return replace(found, language=languages.of((manager.preferred_language,), manager.office))


def _hire(account: Account, row: Onboarding) -> Collector | Reason:
    manager = manager_of(account)
    return hire_with(manager, account, row.hire.home_mail) if isinstance(manager, Collector) else manager
