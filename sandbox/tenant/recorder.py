"""Every Graph request received, for tests to count. Codes, link keys and tokens never get in."""

import html
import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sandbox.tenant.state import Json
from sandbox.tenant.times import graph_time

MASK = "***"
_SECRET_NAMES = {"temporaryaccesspass", "pass", "code", "password", "token"}
# A link's fragment is its key; in text, HTML and inside JSON strings alike
_FRAGMENT = re.compile(r"(?<=#)[A-Za-z0-9_\-]{16,}")
# A pick-up code as a mail has it, and as it is spelled there
_PICKUP = re.compile(r"\b[B-DF-HJKMNP-TV-XZ]{4}-[B-DF-HJKMNP-TV-XZ]{4}\b|\b(?:[A-Z][a-z-]+, ){7}[A-Z][a-z-]+\b")
_MIME_NOTE = "MIME message, not recorded"


@dataclass(slots=True)
class Record:
    """One request. `at` is the sandbox's time, `monotonic` the machine's, in seconds; status 0: no answer given.

    `trace` is what the client called it by the header `client-request-id`.
    """

    n: int
    at: datetime
    monotonic: float
    method: str
    path: str
    body: Any
    app: str | None = None
    trace: str | None = None
    status: int = 0
    fault: str | None = None

    def as_json(self) -> Json:
        """Show the record as the control does."""
        return {
            "n": self.n,
            "at": graph_time(self.at),
            "monotonic": self.monotonic,
            "method": self.method,
            "path": self.path,
            "app": self.app,
            "trace": self.trace,
            "status": self.status,
            "fault": self.fault,
            "body": self.body,
        }


class Recorder:
    """Keeps the records in order of arrival."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._count = 0

    def start(self, now: datetime, method: str, path: str, raw: bytes, codes: Iterable[str]) -> Record:
        """Record a request as it arrives; `codes` are the secrets to leave out wherever they stand."""
        self._count += 1
        secrets = frozenset(codes)
        record = Record(
            self._count, now, time.monotonic(), method, _without(path, secrets), masked(_body(raw), secrets)
        )
        self._records.append(record)
        return record

    def since(self, n: int) -> list[Json]:
        """Show the records after the one numbered `n`."""
        return [record.as_json() for record in self._records if record.n > n]

    def clear(self) -> None:
        """Forget the records; numbers go on."""
        self._records.clear()


def masked(value: Any, codes: frozenset[str]) -> Any:
    """Copy a JSON value without secrets: by the field's name, as a link's fragment, or by the code itself."""
    match value:
        case dict():
            return {k: MASK if _is_secret(k, v) else masked(v, codes) for k, v in value.items()}
        case list():
            return [masked(item, codes) for item in value]
        case str():
            return _without(value, codes)
        case _:
            return value


def _is_secret(name: str, value: Any) -> bool:
    return name.casefold() in _SECRET_NAMES and value is not None


def _without(text: str, codes: frozenset[str]) -> str:
    for code in codes:
        for form in (code, html.escape(code), quote(code, safe="")):
            text = text.replace(form, MASK)
    return _PICKUP.sub(MASK, _FRAGMENT.sub(MASK, text))


def _body(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return _MIME_NOTE
