"""SnapPass from PyPI, behind gunicorn with two workers of four threads, and Redis from the distribution."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote_plus, unquote_plus, urlencode

from bench.contender import Browser, Secret, Told
from sandbox.http import answers
from sandbox.ports import PortReservation
from sandbox.processes import Family, end_janitor, start_janitor
from tools.environments import environment

_REDIS = "redis-server"
_BETWEEN = "~"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Accept": "application/json"}
_START_SECONDS = 30.0


class RedisMissingError(Exception):
    """There is no Redis on this machine."""


@dataclass(frozen=True, slots=True)
class SnapPass:
    """A running SnapPass. Its link holds storage key and decryption key in the path, with a tilde between."""

    family: Family
    addresses: Sequence[str]
    name: str = "SnapPass 1.6.2"

    @classmethod
    @contextmanager
    def running(cls) -> "Iterator[SnapPass]":
        """Start it on ports of its own; all of it ends with the block.

        Raises:
            RedisMissingError: Redis is not installed.
            StartError: a server did not come up.
        """
        redis = shutil.which(_REDIS)
        if redis is None:
            raise RedisMissingError
        directory = Path(tempfile.mkdtemp(prefix="day-one-pass-bench-"))
        janitor, family, ports = start_janitor(directory), Family(directory), PortReservation()
        try:
            yield cls(family, [_started(family, redis, directory, ports.take(), ports.take())])
        finally:
            family.end()
            ports.release()
            shutil.rmtree(directory, ignore_errors=True)
            end_janitor(janitor)

    def secrets(self, number: int) -> Sequence[Secret]:
        """Store secrets as its own page does."""
        browser = Browser.at(self.addresses[0])
        try:
            return [_stored(browser) for _ in range(number)]
        finally:
            browser.close()

    def page(self, browser: Browser, mark: str, key: str, method: str = "GET") -> Told:
        """Open the link."""
        return browser.send(method, _path(mark, key))

    def reveal(self, browser: Browser, secret: Secret, claim: str, key: str | None = None) -> Told:
        """Press its one button."""
        del claim
        return browser.send("POST", _path(secret.mark, key or secret.key), b"", _FORM)

    def press(self, browser: Browser, secret: Secret) -> Told:
        """Press its one button: whoever has the link may."""
        return self.reveal(browser, secret, "")

    def hand_over(self, browser: Browser, secret: Secret, claim: str) -> Told:
        """Load the page and press its button."""
        self.page(browser, secret.mark, secret.key)
        return self.reveal(browser, secret, claim)

    def logs(self) -> str:
        """Return what gunicorn, its access log and Redis printed."""
        return "".join(self.family.logs().values())

    def processes(self) -> Sequence[int]:
        """Return gunicorn, whose workers are its children, and Redis."""
        return [child.process.pid for child in self.family.children]


def _started(family: Family, redis: str, directory: Path, redis_port: int, port: int) -> str:
    stays_in_memory = ["--save", "", "--appendonly", "no", "--dir", str(directory)]
    family.start("redis", [redis, "--bind", "127.0.0.1", "--port", str(redis_port), *stays_in_memory], {})
    command = [str(environment("bench")), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--threads", "4", "--access-logfile", "-", "--keep-alive", "75", "snappass.main:app"]
    settings = {"REDIS_URL": f"redis://127.0.0.1:{redis_port}/0", "NO_SSL": "True", "SECRET_KEY": token_urlsafe()}
    address = f"http://127.0.0.1:{port}"
    server = family.start("gunicorn", command, settings)
    server.await_ready(lambda: answers(f"{address}/"), _START_SECONDS)
    return address


def _stored(browser: Browser) -> Secret:
    clear = token_urlsafe(9)
    told = browser.send("POST", "/", urlencode({"password": clear, "ttl": "hour"}).encode(), _FORM | _JSON)
    link = unquote_plus(json.loads(told.body)["link"])
    mark, _, key = link.rpartition("/")[2].partition(_BETWEEN)
    return Secret(mark, key, clear)


def _path(mark: str, key: str) -> str:
    return f"/{quote_plus(f'{mark}{_BETWEEN}{key}')}"
