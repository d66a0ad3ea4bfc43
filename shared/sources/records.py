"""Reading the record of a person at an HR system, for vendors whose events name a record and tell nothing of it.

A kind says how its vendor's record is read and what it means (`Records`); how a request travels is the business of an
`Http`. What was read is a claim like an event: it came over TLS from the address in the settings, for credentials of
ours, and binds nobody.
"""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from shared.runtime.addresses import Address
from shared.sources.verdict import RECORD

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NOTHING: Mapping[str, str] = MappingProxyType({})


class UnreadRecordError(Exception):
    """Base of all that keeps a record from being read. `str` is a detail for people: never a value, never a secret."""


class AccessRefusedError(UnreadRecordError):
    """The source refuses our credentials, or they may not read this."""


class RecordMissingError(UnreadRecordError):
    """The source has no such record, or does not show it to us."""


class RecordIncompleteError(UnreadRecordError):
    """The record is there and does not say all that a hire needs, such as the day."""


class SourceUnavailableError(UnreadRecordError):
    """No usable answer. `retry_after` (seconds): the pause that was asked for; `status`: that of an answer."""

    def __init__(self, detail: str, retry_after: float | None = None, status: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a source. `json` and `form` exclude each other; a GET has neither."""

    url: str
    headers: Mapping[str, str] = field(default=NOTHING, repr=False)
    method: str = "GET"
    json: object = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)


class Http(Protocol):
    """Sends a request to a source, once; follows no redirect."""

    async def send(self, call: Call) -> dict[str, Any]:
        """Return the JSON object of an answer with a 2xx.

        Raises:
            UnreadRecordError: one of those that say what to do.
        """
        ...


class VendorHttp(Http, Protocol):
    """Sends a request to a vendor, some of whom answer with a list."""

    async def send_for_list(self, call: Call) -> list[Any]:
        """Return the JSON list of an answer with a 2xx; raises as `send`."""
        ...


@dataclass(frozen=True, slots=True)
class Api:
    """How a source's records are reached: base address without a slash at the end, and credentials by name."""

    base: str
    credentials: Mapping[str, str] = field(repr=False)

    def url(self, *path: str) -> str:
        """Write an address below the base; what stands in a step of the path cannot leave it."""
        return "/".join((self.base, *(quote(step, safe="") for step in path)))


def way_to(api: Api | None) -> Api:
    """Return the way to a source's records.

    Raises:
        AccessRefusedError: the settings name none.
    """
    if api is None:
        raise AccessRefusedError("HR_SOURCES names no api for this source")
    return api


def bearer(token: str) -> dict[str, str]:
    """Write the header that proves by a token."""
    return {"Authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> dict[str, str]:
    """Write the header that proves by user and password (RFC 7617)."""
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says of a hire now. `data` is that of the canonical event; `stands` is False for one called off."""

    data: Mapping[str, Any] = field(repr=False)
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a source's list: the vendor's own id of the record, and the first day that the list tells."""

    record: str = field(repr=False)
    start_date: str


def listed(people: Iterable[tuple[object, object]]) -> tuple[Listed, ...]:
    """Read what a list tells of people, as id and day; whoever has no id or no day yet is nobody to look for."""
    found = ((str(name), day[:10]) for name, day in people if isinstance(name, str | int) and isinstance(day, str))
    return tuple(Listed(record, day) for record, day in found if RECORD.fullmatch(record) and DAY.fullmatch(day))


def every(found: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list that an answer holds under a name.

    Raises:
        SourceUnavailableError: there is none, so nothing can be concluded from who is not in it.
    """
    people = found.get(name)
    if not isinstance(people, list):
        raise SourceUnavailableError("a list that cannot be read")
    return people


@dataclass(frozen=True, slots=True)
class Session:
    """What a refresh token was exchanged for (RFC 6749, section 6): how long it holds, and the token for the next."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    seconds: float


type Renew = Callable[[Any, str, Http], Awaitable[Session]]
"""Exchanges a refresh token: the source as configured; the token; the way to send."""
type List = Callable[[Any, date, VendorHttp], Awaitable[tuple[Listed, ...]]]
"""Lists who starts on a day or later, and perhaps others, too: the source as configured; the day; the way to send.

It is complete, or an `UnreadRecordError`: never a part of it.
"""
type Read = Callable[[Any, str, Http], Awaitable[Record]]
"""Reads a record: the source as configured, with its `api`; the vendor's own id of the record; the way to send."""


@dataclass(frozen=True, slots=True)
class Records:
    """How a kind reads records. `credentials` are the names of what it takes; `listing`, where the vendor has a list.

    `renew`: where access is by short sessions; then `api` has an `accessToken` besides, whenever it is asked.
    `base`: the vendor's address, None where each company has its own. `needed`: without credentials none of the kind's
    events can be used. `in_tenant`: the records are users of the tenant, read with the app's own identity.
    """

    read: Read
    base: str | None
    credentials: frozenset[str]
    needed: bool = True
    in_tenant: bool = False
    listing: List | None = None
    renew: Renew | None = None


class WantedApi(BaseModel):
    """What the settings say of the way to a source's records.

    `baseUrl` where it is another than the vendor's usual one; `credentials`: what it takes, by name → the setting that
    holds it, in Azure a reference to Key Vault.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: Address | None = Field(default=None, alias="baseUrl")
    credentials: dict[str, str]
