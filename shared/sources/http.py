"""Requests to HR systems, over one connection pool: what their answers mean for whoever reads a record."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

import httpx

from shared.sources.errors import UnreadableBodyError
from shared.sources.json_text import read_any, read_object
from shared.sources.records import AccessRefusedError, Call, RecordMissingError, SourceUnavailableError

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
MOST_BYTES = 1024 * 1024
LONGEST_PAUSE = 24 * 3600.0


class HttpxClient:
    """Sends requests with httpx: TLS verified, no redirects, no proxy, nothing repeated.

    The client is made for the first request: its certificates take a worker as long to load as a sweep takes, and few
    apps ever ask an HR system anything.
    """

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    async def send(self, call: Call) -> dict[str, Any]:
        """Return the JSON object of an answer with a 2xx; an answer of more than 1 MiB is none.

        Raises:
            AccessRefusedError: 401, 403.
            RecordMissingError: 404, 410.
            SourceUnavailableError: no answer, or any other.
        """
        try:
            return read_object(await self._answer(call))
        except UnreadableBodyError as error:
            raise SourceUnavailableError(f"an answer that cannot be read: {error}") from None

    async def send_for_list(self, call: Call) -> list[Any]:
        """Return the JSON list of an answer with a 2xx; raises as `send`."""
        try:
            found = read_any(await self._answer(call))
        except UnreadableBodyError as error:
            raise SourceUnavailableError(f"an answer that cannot be read: {error}") from None
        if not isinstance(found, list):
            raise SourceUnavailableError("a list that cannot be read")
        return found

    async def _answer(self, call: Call) -> bytes:
        headers = {"Accept": "application/json", **call.headers}
        try:
            async with self._client.stream(
                call.method, call.url, headers=headers, json=call.json, data=call.form
            ) as response:
                _raise_for(response)
                return await _body(response)
        except httpx.HTTPError as error:
            # Not `from error`: it carries the request, and that its credentials.
            raise SourceUnavailableError(f"no answer ({type(error).__name__})") from None

    async def aclose(self) -> None:
        """Close the connections, if there are any."""
        if "_client" in vars(self):
            await self._client.aclose()


def _raise_for(response: httpx.Response) -> None:
    status = response.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise AccessRefusedError(f"answered {status}")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise RecordMissingError(f"answered {status}")
    if not response.is_success:
        raise SourceUnavailableError(f"answered {status}", _pause(response.headers.get("retry-after", "")), status)


async def _body(response: httpx.Response) -> bytes:
    whole = bytearray()
    async for part in response.aiter_bytes():
        whole += part
        if len(whole) > MOST_BYTES:
            raise SourceUnavailableError("an answer of more than 1 MiB")
    return bytes(whole)


def _pause(text: str) -> float | None:
    """Read `Retry-After`, seconds or a date (RFC 9110, 10.2.3); at most a day, None where it says neither."""
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    ahead = until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)
    return min(max(ahead.total_seconds(), 0.0), LONGEST_PAUSE)
