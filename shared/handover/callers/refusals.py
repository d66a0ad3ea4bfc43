"""What is turned away at the hand-over page: counted by its kind, and limited by its source.

The limit touches only what falls short of link key and proof together, and touches all of that alike: a limit that
spared the right key would tell a thief which key is right. Link key and proof together are never limited, so nobody
can be shut out by what others send from the same address. It lives in the memory of one worker: it is there to keep
scanners from making work, for a key of 256 bits needs no limit.
"""

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from shared.runtime.clock import Clock
from shared.runtime.telemetry import metrics, vocabulary
from shared.runtime.telemetry import port as telemetry

log = logging.getLogger("day_one_pass")

SPAN = timedelta(minutes=1)
MOST = 60
"""In one span from one source: far more than a person needs who looks for the right account."""
MOST_SOURCES = 10_000
_PORT = re.compile(r"(?<=[\]\d]):\d{1,5}$")


class Refused(StrEnum):
    """Why something was turned away, as logs and metrics count it. None names who or what it was about."""

    CROSS_SITE = "cross-site"
    NOT_PROVEN = "not-proven"
    TOO_MANY = "too-many"
    FORGED_PRINCIPAL = "forged-principal"
    NOBODY_OF_OURS = "nobody-of-ours"


class TooManyRefusalsError(Exception):
    """This source has been turned away too often within a minute."""


def count(why: Refused) -> None:
    """Count one."""
    log.warning("refused: %s", why.value)
    telemetry.add(metrics.REFUSALS, attributes={vocabulary.REFUSAL: why})


def source_of(headers: Mapping[str, str], entry: int) -> str:
    """Return where a request comes from: the entry of X-Forwarded-For counted from the right, its port taken off.

    All that stands left of what the platform and one's own gateways have written is the sender's own word.
    """
    named = {name.lower(): value for name, value in headers.items()}
    entries = [part.strip() for part in named.get("x-forwarded-for", "").split(",")]
    chosen = entries[-entry] if len(entries) >= entry else entries[0]
    bare = _PORT.sub("", chosen) if chosen.count(":") == 1 or chosen.startswith("[") else chosen
    return bare.strip("[]").casefold()


class Limit:
    """Counts what was turned away from each source."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = clock.now()
        self._counts: dict[str, int] = {}

    def refuse(self, source: str) -> None:
        """Count one that falls short of link key and proof.

        Raises:
            TooManyRefusalsError: there were too many from there within the present minute.
        """
        self._begin_anew(self._clock.now())
        seen = self._counts.get(source, 0) + 1
        if seen > 1 or len(self._counts) < MOST_SOURCES:
            self._counts[source] = seen
        if seen > MOST:
            raise TooManyRefusalsError

    def _begin_anew(self, now: datetime) -> None:
        if not self._since <= now < self._since + SPAN:
            self._since, self._counts = now, {}
