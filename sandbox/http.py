"""One plain HTTP call on loopback: what tests, demo and world use to speak to the sandbox's processes."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

DEFAULT_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. Header names are in lower case; of repeated headers the last stands."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body parsed."""
        return json.loads(self.body)

    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()


def call(  # noqa: PLR0913 – each is a part of an HTTP request
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    json_body: Any = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> Answer:
    """Send one request, follow nothing, repeat nothing.

    Raises:
        OSError: no connection, or no answer within `timeout` seconds.
        http.client.HTTPException: the answer is cut off or malformed.
    """
    parts = urlsplit(url)
    sent = dict(headers or {})
    if json_body is not None:
        body = json.dumps(json_body).encode()
        sent.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        connection.request(method, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, sent)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def answers(url: str) -> bool:
    """Return whether `url` gives 200 right now."""
    try:
        return call("GET", url, timeout=2).status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
