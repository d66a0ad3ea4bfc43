"""What the bench counts: of one that keeps its promises, and of one that breaks each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_hex

import pytest

from bench import __main__ as command
from bench import measuring, snappass
from bench.contender import Browser, Secret, Told
from bench.measuring import HEADERS, Attacked

NOTHING = Told(409, {}, "")


@dataclass
class Fake:
    """Keeps secrets in memory, one claim each; where it is `careless`, whatever is asked for a secret burns it."""

    careless: bool = False
    name: str = "fake"
    addresses: Sequence[str] = ("http://127.0.0.1:9",)
    kept: dict[str, Secret] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    def secrets(self, number: int) -> Sequence[Secret]:
        """Make some."""
        made = [Secret(token_hex(4), token_hex(8), token_hex(6)) for _ in range(number)]
        self.kept |= {secret.mark: secret for secret in made}
        return made

    def page(self, _: Browser, mark: str, key: str, method: str = "GET") -> Told:
        """Show the page; the careless one burns the secret."""
        if self.careless:
            self.kept.pop(mark, None)
        return Told(200, {} if self.careless else HEADERS, f"{method} {key}")

    def reveal(self, _: Browser, secret: Secret, claim: str, key: str | None = None) -> Told:
        """Show it to the first claim; the careless one to anybody, and once."""
        kept = self.kept.get(secret.mark)
        if self.careless:
            self.kept.pop(secret.mark, None)
            return Told(200, {}, kept.clear) if kept and key in {None, secret.key} else NOTHING
        mine = kept and key in {None, secret.key} and self.claims.setdefault(secret.mark, claim) == claim
        return Told(200, HEADERS, secret.clear) if mine else Told(409, HEADERS, "")

    def press(self, browser: Browser, secret: Secret) -> Told:
        """Press the button without a proof."""
        return self.reveal(browser, secret, "") if self.careless else NOTHING

    def hand_over(self, browser: Browser, secret: Secret, claim: str) -> Told:
        """Press it with one."""
        return self.reveal(browser, secret, claim)

    def logs(self) -> str:
        """Return a log with every key, or with none."""
        return " ".join(secret.key for secret in self.kept.values()) if self.careless else ""

    def processes(self) -> Sequence[int]:
        """Return none."""
        return ()


def test_a_promise_that_is_kept_and_one_that_is_broken_are_told_apart() -> None:
    """Scanners, wrong keys, second looks, headers: each is counted where it goes wrong, and only there."""
    honest, careless = Fake(), Fake(careless=True)
    for attack in (measuring.prefetched, measuring.pressed, measuring.wrong_key):
        assert (attack(honest, 3).left, attack(careless, 3).left) == (3, 0), attack.__name__
    assert measuring.pressed(careless, 2) == Attacked(0, (200,))
    raced, lost = measuring.race(honest, 3), measuring.race(careless, 3)
    assert (raced.one, raced.several, raced.nobody, raced.empty_handed) == (3, 0, 0, 0)
    assert (lost.one, lost.empty_handed) == (3, 3)
    assert measuring.missing_headers(honest) == {"page": (), "secret": (), "wrong key": ()}
    assert set(measuring.missing_headers(careless)["secret"]) == set(HEADERS)
    assert measuring.keys_in_logs(honest, 3) == 0


def test_a_secret_that_is_not_handed_over_makes_no_number() -> None:
    """Were all lost before, nothing that is measured would mean anything."""
    broken = Fake()
    broken.hand_over = lambda *_: NOTHING  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="was not handed over"):
        measuring.hand_overs(broken, 1)


def test_without_redis_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In plain words, and nothing is started."""
    monkeypatch.setattr(snappass.shutil, "which", lambda _: None)
    assert command.main() == 1
    assert "apt-get install redis-server" in capsys.readouterr().out
