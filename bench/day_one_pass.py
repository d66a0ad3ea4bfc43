"""Day One Pass in its sandbox: two workers on real storage, with passes as a morning leaves them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.contender import Browser, Secret, Told
from sandbox.people import Company
from sandbox.world import World
from tests.attacks.placed import made, signed_in

MANAGER = "jana.hoffmann@larkspur.example"


@dataclass(frozen=True, slots=True)
class DayOnePass:
    """A running sandbox, and a manager who is signed in."""

    world: World
    signed_in: dict[str, str]
    addresses: Sequence[str]
    name: str = "Day One Pass"

    @classmethod
    @contextmanager
    def running(cls) -> "Iterator[DayOnePass]":
        """Start it; all of it ends with the block."""
        with World.start(timers=False, hosts=2) as world:
            world.reset("2030-06-03T06:00:00Z")
            headers = signed_in(world, Company(world).token(MANAGER))
            yield cls(world, headers, [host.address for host in world.hosts])

    def secrets(self, number: int) -> Sequence[Secret]:
        """Store passes whose window is open."""
        return [Secret(one.row.id, one.key.reveal(), one.code) for one in made(self.world, number)]

    def page(self, browser: Browser, mark: str, key: str, method: str = "GET") -> Told:
        """Open the link. Its key stands in the fragment, which no browser sends."""
        del key
        return browser.send(method, f"/pass/{mark}")

    def reveal(self, browser: Browser, secret: Secret, claim: str, key: str | None = None) -> Told:
        """Ask for the pass as the manager."""
        return self._ask(browser, secret, "reveal", {"key": key or secret.key, "claim": claim})

    def press(self, browser: Browser, secret: Secret) -> Told:
        """Press every button with the link's key, signed in as nobody."""
        body = json.dumps({"key": secret.key, "claim": secret.key}).encode()
        headers = {name: value for name, value in self.signed_in.items() if name != "Authorization"}
        return browser.send("POST", f"/pass/{secret.mark}/reveal", body, headers)

    def hand_over(self, browser: Browser, secret: Secret, claim: str) -> Told:
        """Load the page, ask how things stand, have the pass shown, and say that the hire is in."""
        self.page(browser, secret.mark, secret.key)
        brings = {"key": secret.key, "claim": claim}
        self._ask(browser, secret, "state", brings)
        shown = self._ask(browser, secret, "reveal", brings)
        self._ask(browser, secret, "reveal", {**brings, "done": True})
        return shown

    def logs(self) -> str:
        """Return what workers, storage and tenant printed."""
        return "".join(self.world.logs().values())

    def processes(self) -> Sequence[int]:
        """Return workers and storage."""
        return [*(host.pid for host in self.world.hosts), self.world.storage_pid]

    def _ask(self, browser: Browser, secret: Secret, question: str, body: Mapping[str, object]) -> Told:
        return browser.send("POST", f"/pass/{secret.mark}/{question}", json.dumps(body).encode(), self.signed_in)
