"""Puts the check-up together for whoever signs in, and lays the app's own report beside it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

import httpx
from azure.core.credentials_async import AsyncTokenCredential

from shared.checkup.catalogue import report
from shared.checkup.facts import AppFacts, Coming, Facts
from shared.checkup.finding import Report, State, Verdict
from shared.checkup.gathering import App, Gathering, Tenant
from shared.checkup.wishes import wishes
from shared.runtime.clock import Clock
from shared.runtime.settings.model import Settings
from shared.tenant.administration import GraphAdministration
from shared.tenant.directory import GraphDirectory
from shared.tenant.errors import TenantUnavailableError
from shared.tenant.grants import GraphGrants
from shared.tenant.graph import GraphConnection
from shared.tenant.groups import GraphGroups
from shared.tenant.mailboxes import GraphMailboxes
from shared.tenant.passes import GraphPasses
from shared.tenant.profiles import GraphProfiles
from shared.tenant.sign_ins import GraphSignInLog

SECONDS = 60.0
READINESS = "/api/readiness"

type AskApp = Callable[[], Awaitable[Mapping[str, Any]]]
"""Returns what `GET /api/readiness` answers."""


@dataclass(frozen=True, slots=True)
class Look:
    """The tenant as one sign-in shows it."""

    profiles: GraphProfiles
    directory: GraphDirectory
    administration: GraphAdministration
    gathering: Gathering
    ask_app: AskApp | None

    async def facts(self) -> Facts:
        """Read all facts."""
        return await self.gathering.facts()

    async def report(self, complain: Callable[[str], None]) -> Report:
        """Check up, and fill in from the app's own report what this sign-in could not tell."""
        mine = report(await self.facts())
        if self.ask_app is None:
            return mine
        try:
            return filled_in(mine, await self.ask_app())
        except httpx.HTTPError as error:
            complain(f"The app's own report could not be read: {error}\n")
            return mine


class _FromOutside:
    """The app as a stranger sees it: what stands in its storage nobody else has to reach."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def soonest(self) -> Coming:
        """Say where to ask.

        Raises:
            TenantUnavailableError: always.
        """
        raise TenantUnavailableError("the app knows who is coming: --app-client-id lets it say")

    async def read(self) -> AppFacts:
        """Say where to ask.

        Raises:
            TenantUnavailableError: always.
        """
        raise TenantUnavailableError("the app knows it of itself: --app-client-id lets it say")

    async def door_is_closed(self) -> bool:
        """Ask as nobody.

        Raises:
            TenantUnavailableError: the app does not answer.
        """
        try:
            async with httpx.AsyncClient(timeout=SECONDS) as http:
                answer = await http.get(f"{self._address}{READINESS}")
        except httpx.HTTPError:
            raise TenantUnavailableError(f"there is no answer at {self._address}") from None
        return answer.status_code == HTTPStatus.UNAUTHORIZED


def look(settings: Settings, graph: GraphConnection, clock: Clock, ask_app: AskApp | None, *, as_app: bool) -> Look:
    """Put it together. `as_app`: it is the app's own identity that asks, which may see less."""
    directory, profiles, administration = GraphDirectory(graph), GraphProfiles(graph), GraphAdministration(graph)
    tenant = Tenant(
        GraphGrants(graph, settings.client_id),
        GraphPasses(graph),
        profiles,
        directory,
        GraphSignInLog(graph),
        GraphGroups(graph),
        None if as_app else administration,
        GraphMailboxes(graph) if as_app else None,
    )
    outside = _FromOutside(settings.link_base_url)
    gathering = Gathering(tenant, App(outside, outside), wishes(settings), clock)
    return Look(profiles, directory, administration, gathering, ask_app)


def filled_in(mine: Report, theirs: Mapping[str, Any]) -> Report:
    """Return my report, with the app's verdict wherever I do not know and it does."""
    known = {one["id"]: _verdict(one) for one in theirs["checks"] if one["state"] != State.UNKNOWN.word}
    findings = (
        replace(finding, verdict=known[finding.check.id])
        if finding.verdict.state is State.UNKNOWN and finding.check.id in known
        else finding
        for finding in mine.findings
    )
    return replace(mine, findings=tuple(findings))


def _verdict(told: Mapping[str, Any]) -> Verdict:
    return Verdict(State[told["state"].upper()], told["found"], told["command"])


def by_http(address: str, client: str, credential: AsyncTokenCredential) -> AskApp:
    """Return the way to the app's own report: by HTTP, with a token for its registration `client`."""

    async def ask() -> Mapping[str, Any]:
        token = (await credential.get_token(f"{client}/.default")).token
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(timeout=SECONDS) as http:
            answer = await http.get(f"{address}{READINESS}", headers=headers)
        answer.raise_for_status()
        found: Mapping[str, Any] = answer.json()
        return found

    return ask
