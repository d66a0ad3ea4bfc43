"""The connection to Microsoft Graph: how long a call may take, when it may be repeated, and how it may fail.

The SDK is imported when the first call is made (0.4 s and 45 MB that only the functions that talk to Graph should
pay). Its models of answers are not used: reading one user through them loads every model there is and stops the event
loop for 2.5 s (measured). Requests are built by the SDK, answers are read as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared.runtime.telemetry import port as telemetry
from shared.runtime.telemetry import vocabulary as says
from shared.tenant.errors import TenantError, TenantThrottledError, TenantUnavailableError
from shared.tenant.values import Json, elements

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from shared.tenant.calls.administrator import AdministratorCalls
    from shared.tenant.calls.call import Call
    from shared.tenant.calls.catalogue import GraphCalls
    from shared.tenant.sdk import Sdk

CHANGE_SECONDS = 20.0
"""How long a change may take, token included. Graph's own gateway gives up on slow writes after about as long, and
the lease and the deadline of an attempt have to outlive it."""
READ_SECONDS = 10.0
"""How long one read may take: a healthy read takes well under a second."""
REPEAT_WITHIN_SECONDS = 10.0
"""A read is begun again only within this time of its first beginning, so a page or a queue slot never hangs on it."""
REPEATS = 2
FIRST_PAUSE_SECONDS = 0.5
PAGES = 50
"""No list this product reads is anywhere near so long: more pages mean a fault or a loop."""


class GraphConnection:
    """Sends calls to Graph v1.0 and beta, each with the app's own identity.

    A change is sent exactly once, whatever the answer. Nothing is followed to another address. Every failure is a
    `TenantError` without a cause, so that neither a body nor a token hangs on to it.
    """

    def __init__(self, credential: AsyncTokenCredential, base_url: str) -> None:
        """Take the credential, which stays the caller's, and Graph's address: https, or http on loopback."""
        self._credential = credential
        self._base_url = base_url.rstrip("/")
        self._sdk: Sdk | None = None

    @property
    def calls(self) -> GraphCalls:
        """Everything the product may ask of Graph."""
        return self._loaded().calls

    @property
    def administrator_calls(self) -> AdministratorCalls:
        """What an administrator may ask of Graph besides."""
        from shared.tenant.calls.administrator import AdministratorCalls  # noqa: PLC0415 - the app never needs it

        return AdministratorCalls(self._loaded().client)

    async def claims(self) -> Json:
        """Read what the token says of who asks. Not checked: it is our own, fresh from Entra, and Graph checks it.

        Raises:
            TokenRefusedError: there is no token.
            TenantUnavailableError: there is none just now.
        """
        sdk = self._loaded()
        failure: TenantError
        try:
            async with asyncio.timeout(READ_SECONDS):
                return _payload((await self._credential.get_token(f"{self._base_url}/.default")).token)
        except Exception as error:  # noqa: BLE001 - the edge, as in _send
            failure = sdk.failure(error, "")
        raise failure

    async def read(self, call: Call) -> Json:
        """Read one object. Repeated after 429, 5xx, a reset, a time-out or half an answer, for ten seconds at most.

        Raises:
            TenantError: What stood at the end, as `shared.tenant.errors` has it.
        """
        loop = asyncio.get_running_loop()
        give_up = loop.time() + REPEAT_WITHIN_SECONDS
        pause = FIRST_PAUSE_SECONDS
        for _ in range(REPEATS):
            try:
                return await self.read_once(call)
            except (TenantThrottledError, TenantUnavailableError) as error:
                asked = error.retry_after if isinstance(error, TenantThrottledError) else None
                wait = pause if asked is None else asked
                if loop.time() + wait >= give_up:
                    raise
            await asyncio.sleep(wait + random.uniform(0, 0.1))  # noqa: S311 - jitter, not a secret
            pause *= 2
        return await self.read_once(call)

    async def read_once(self, call: Call) -> Json:
        """Read one object with exactly one request, for calls that a budget counts. Raises as `read`."""
        if not call.reads:
            msg = "a change is not read: use change()"
            raise ValueError(msg)
        answer = await self._send(call, READ_SECONDS)
        if answer is None:
            raise TenantUnavailableError("Microsoft Graph answered a read with nothing")
        return answer

    async def read_all(self, call: Call, *, at_most: int | None = None, once: bool = False) -> tuple[Json, ...]:
        """Read a list to its end, or until `at_most` elements are there. Raises as `read`, and for too many pages."""
        found: list[Json] = []
        for _ in range(PAGES):
            page = await (self.read_once(call) if once else self.read(call))
            found += elements(page, "value")
            following = page.get("@odata.nextLink")
            if following is None or (at_most is not None and len(found) >= at_most):
                return tuple(found[:at_most])
            call = call.continued_at(self._own(following))
        msg = f"Microsoft Graph's list did not end after {PAGES} pages"
        raise TenantUnavailableError(msg)

    async def read_on(self, call: Call, link: object) -> tuple[Json, ...]:
        """Read the rest of a list that `call`'s answer cut short, from the link it gave. Raises as `read_all`."""
        return await self.read_all(call.continued_at(self._own(link)))

    async def read_changes(self, call: Call, link: str | None) -> tuple[tuple[Json, ...], str]:
        """Read what has changed since a delta link was given, or nothing from now on; and the link for the next time.

        Raises as `read_all`.
        """
        found: list[Json] = []
        call = call if link is None else call.continued_at(self._own(link))
        for _ in range(PAGES):
            page = await self.read(call)
            found += elements(page, "value")
            if (newest := page.get("@odata.deltaLink")) is not None:
                return tuple(found), self._own(newest)
            call = call.continued_at(self._own(page.get("@odata.nextLink")))
        msg = f"Microsoft Graph's changes did not end after {PAGES} pages"
        raise TenantUnavailableError(msg)

    async def change(self, call: Call) -> Json | None:
        """Send what is not a GET, exactly once. None where Graph answers without a body.

        Raises:
            TenantThrottledError: Nothing was done.
            TenantRefusedError: Nothing was done.
            TenantUnavailableError: It may have been done all the same.
        """
        if call.reads:
            msg = "a read is not a change: use read()"
            raise ValueError(msg)
        return await self._send(call, CHANGE_SECONDS)

    async def aclose(self) -> None:
        """Close the connections. The credential stays open."""
        if self._sdk is not None:
            await self._sdk.aclose()
            self._sdk = None

    async def _send(self, call: Call, seconds: float) -> Json | None:
        sdk = self._loaded()
        failure: TenantError
        with telemetry.span(*self._told(call)):
            try:
                async with asyncio.timeout(seconds):
                    return _parsed(await sdk.send(call))
            except Exception as error:  # noqa: BLE001 - the edge: the SDK raises bare Exception too; all become TenantError
                failure = sdk.failure(error, call.permission)
            # Raised here, not in the handler: even `from None` keeps the SDK's error in __context__, and that one
            # holds the request with its token, or an answer with its pass.
            raise failure

    def _told(self, call: Call) -> tuple[str, telemetry.Kind, says.Attributes]:
        method = call.method
        attributes = {
            says.HTTP_METHOD: method,
            says.URL_TEMPLATE: call.template,
            says.SERVER: urlsplit(self._base_url).hostname or "",
        }
        return f"{method} {call.template}", telemetry.Kind.CLIENT, attributes

    def _loaded(self) -> Sdk:
        if self._sdk is None:
            from shared.tenant.sdk import Sdk  # noqa: PLC0415 - the SDK is loaded by the first call, see the module

            self._sdk = Sdk(self._credential, self._base_url)
        return self._sdk

    def _own(self, url: object) -> str:
        """Return a link that Graph gave if it leads to Graph itself: the token goes nowhere else."""
        if isinstance(url, str) and urlsplit(url)[:2] == urlsplit(self._base_url)[:2]:
            return url
        raise TenantUnavailableError("Microsoft Graph's next page lies at another address; it was not followed")


def _payload(token: str) -> Json:
    """Read the claims of a JSON Web Token."""
    part = token.split(".")[1]
    claims: Json = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def _parsed(body: bytes | None) -> Json | None:
    if not body:
        return None
    answer = json.loads(body)
    if isinstance(answer, dict):
        return answer
    raise ValueError("not an object")
