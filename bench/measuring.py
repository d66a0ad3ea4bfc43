"""What is done to both, the same to each, and counted."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice, product
from threading import Barrier

from bench.contender import Browser, Contender, Secret, Told, cpu_seconds
from shared.handover.keys.sealing import new_key_pair

CLIENTS = 8
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}
"""What a page with a secret should be sent with, and a part of each that says so."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Hand-overs one after the other by one browser: the median of each in milliseconds, and of processors the mean."""

    median_ms: float
    slow_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Raced:
    """Of so many secrets: shown to several, to one, to nobody; and winners whose second look was empty."""

    several: int
    one: int
    nobody: int
    empty_handed: int


@dataclass(frozen=True, slots=True)
class Attacked:
    """Of so many secrets: how many the person whom they are for still collects afterwards; the answers' statuses."""

    left: int
    told: tuple[int, ...]


def hand_overs(contender: Contender, number: int) -> HandedOver:
    """Collect one after the other, after a few to warm up."""
    found = contender.secrets(number + 10)
    times = []
    with _browsers(contender, 1) as (browser,):
        for secret in found[:10]:
            contender.hand_over(browser, secret, _claim())
        used = cpu_seconds(contender.processes())
        for secret in found[10:]:
            begun = time.perf_counter()
            told = contender.hand_over(browser, secret, _claim())
            times.append((time.perf_counter() - begun) * 1000)
            _expect(told.holds(secret))
        used = cpu_seconds(contender.processes()) - used
    return HandedOver(statistics.median(times), statistics.quantiles(times, n=20)[-1], used * 1000 / number)


def race(contender: Contender, number: int) -> Raced:
    """Let eight browsers ask for each secret at once, and then the one that got it once more."""
    counted: Counter[str] = Counter()
    with _browsers(contender, CLIENTS) as browsers, ThreadPoolExecutor(CLIENTS) as pool:
        for secret in contender.secrets(number):
            claims = [_claim() for _ in browsers]
            start = Barrier(CLIENTS)

            def ask(browser: Browser, claim: str, secret: Secret = secret, start: Barrier = start) -> Told:
                start.wait()
                return contender.reveal(browser, secret, claim)

            shown = [at for at, told in enumerate(pool.map(ask, browsers, claims)) if told.holds(secret)]
            counted["nobody" if not shown else "one" if len(shown) == 1 else "several"] += 1
            for at in shown[:1]:
                again = contender.reveal(browsers[at], secret, claims[at])
                counted["empty_handed"] += not again.holds(secret)
    return Raced(*(counted[name] for name in ("several", "one", "nobody", "empty_handed")))


def prefetched(contender: Contender, number: int) -> Attacked:
    """Let mail protection fetch each link, by each method, twice."""
    found = contender.secrets(number)
    with _browsers(contender, 1) as (browser,):
        visits = product(found, ("GET", "HEAD", "OPTIONS") * 2)
        told = [contender.page(browser, secret.mark, secret.key, method).status for secret, method in visits]
    return Attacked(_left(contender, found), _seen(told))


def pressed(contender: Contender, number: int) -> Attacked:
    """Let mail protection press the button, as whoever has the link and nothing else."""
    found = contender.secrets(number)
    with _browsers(contender, 1) as (browser,):
        told = [contender.press(browser, secret).status for secret in found]
    return Attacked(_left(contender, found), _seen(told))


def wrong_key(contender: Contender, number: int) -> Attacked:
    """Ask for each with a key that is one, and another's."""
    found = contender.secrets(number + 1)
    with _browsers(contender, 1) as (browser,):
        told = [contender.reveal(browser, secret, _claim(), found[-1].key).status for secret in found[:-1]]
    return Attacked(_left(contender, found[:-1]), _seen(told))


def missing_headers(contender: Contender) -> dict[str, tuple[str, ...]]:
    """Return the headers that are missing on the page, on the answer with the secret, and on one to a wrong key."""
    first, second, third = contender.secrets(3)
    with _browsers(contender, 1) as (browser,):
        asked = {
            "page": contender.page(browser, first.mark, first.key),
            "secret": contender.reveal(browser, first, _claim()),
            "wrong key": contender.reveal(browser, second, _claim(), third.key),
        }
    return {
        name: tuple(header for header, part in HEADERS.items() if part not in told.headers.get(header, ""))
        for name, told in asked.items()
    }


def keys_in_logs(contender: Contender, number: int) -> int:
    """Return of how many collected secrets the key stands in what the servers logged."""
    found = contender.secrets(number)
    _expect(_left(contender, found) == number)
    logged = contender.logs()
    return sum(secret.key.rstrip("=") in logged for secret in found)


def _expect(holds: bool) -> None:
    """See that what is measured happens at all.

    Raises:
        RuntimeError: it does not, and no number of it means anything.
    """
    if not holds:
        raise RuntimeError("a secret that nobody attacked was not handed over")


def _left(contender: Contender, found: Sequence[Secret]) -> int:
    with _browsers(contender, 1) as (browser,):
        return sum(contender.hand_over(browser, secret, _claim()).holds(secret) for secret in found)


def _seen(told: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(told)))


@contextmanager
def _browsers(contender: Contender, number: int) -> Iterator[list[Browser]]:
    found = [Browser.at(address) for address in islice(cycle(contender.addresses), number)]
    try:
        yield found
    finally:
        for one in found:
            one.close()


def _claim() -> str:
    return new_key_pair()[0].reveal()
