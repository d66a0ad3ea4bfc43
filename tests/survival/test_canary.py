"""The pass and the link's key are searched for wherever they must not be; a leak that is planted is found."""

import base64
import dataclasses
import importlib
import inspect
import json
import pkgutil
import resource
import secrets
import string
import time
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import functions
import shared
from sandbox.people import LINK
from sandbox.processes import ROOT
from sandbox.telemetry import telemetry_settings
from sandbox.world import World
from shared.handover.keys.secrets import Hidden
from tests.survival.harness.journey import EARLY, Journey
from tests.survival.harness.orders import AFTER, Orders, Point
from tests.survival.harness.places import places
from tests.survival.harness.search import Secret, found_in

CREATED = "graph POST /v1.0/users/{id}/authentication/temporaryAccessPassMethods"
MAILED = "graph POST /v1.0/users/{upn}/sendMail"
STORED = "table POST $batch"
LOOKED = "graph GET /v1.0/users/{id}/authentication/temporaryAccessPassMethods"
MASK = "…"


def mails_without_links(journey: Journey) -> list[tuple[str, str]]:
    """Return every mail anybody got, its invitation's own link taken out where it stands whole."""
    mails = journey.world.control("GET", "inbox").json()["mails"]
    return [
        (f"mail {mail['subject']}", LINK.sub(r"\1#" + MASK, json.dumps(mail, ensure_ascii=False))) for mail in mails
    ]


def bodies(journey: Journey) -> list[tuple[str, str]]:
    """Return every body that was sent to storage, rows and messages overwritten since among them."""
    return [
        (f"sent {one['label']}", str(one["body"]))
        for one in journey.orders.seen("body")
        if not one["label"].startswith("graph")
    ]


def reprs(journey: Journey) -> list[tuple[str, str]]:
    """Return the repr of each object of the product that lived when a secret did."""
    return [(f"repr at {one['label']}", text) for one in journey.orders.seen("walk") for text in one["shown"]]


def answers(journey: Journey) -> list[tuple[str, str]]:
    """Return what the doorways for other people answer."""
    company, world = journey.company, journey.world
    token = company.token("auditor@larkspur.example", "Pass.Read", app=True)
    status = company.status(journey.row()["id"], token)
    health = world.request("GET", "/api/health", headers={"Authorization": f"Bearer {token}"})
    state = company.ask(journey.link(), "state", company.token(journey.hire.manager))
    return [("status", json.dumps(status)), ("health", health.text()), ("state", state.text())]


def everywhere(journey: Journey) -> list[tuple[str, str]]:
    """Return all places that were looked at, where no secret may be."""
    return [*places(journey.world), *mails_without_links(journey), *bodies(journey), *answers(journey)]


def tells(journey: Journey) -> None:
    """Let the worker tell of its work, as a deployed one does; the next world made anew is silent again."""
    journey.world.restart_host(extra_settings=telemetry_settings(journey.world.tenant))


def told(journey: Journey, transition: str) -> str:
    """Return what was told, once this transition was."""
    for _ in range(100):
        seen = json.dumps(journey.world.control("GET", "telemetry").json())
        if f'"{transition}"' in seen:
            return seen
        time.sleep(0.1)
    raise AssertionError(f"nothing was told of: {transition}")


def test_a_full_run_leaves_the_pass_and_the_key_nowhere(
    world: World, orders: Orders, say: Callable[[str], None]
) -> None:
    """Logs, traces, rows, messages, requests, mails, answers, the repr of all that lives: only in the link itself."""
    journey = Journey(world, orders, EARLY)
    journey.begin()
    tells(journey)
    orders.forget()
    orders.give(record=True, bodies=True, walk=[CREATED, MAILED, STORED, LOOKED])
    journey.collected()
    orders.lift()
    assert "day_one_pass.lateness" in told(journey, "opened")
    places, shown = everywhere(journey), reprs(journey)
    forms = sum(len(secret.forms) for secret in journey.secrets())
    say(f"{forms} forms of {len(journey.secrets())} secrets, in {len(places)} places and {len(shown)} reprs of objects")
    assert len(journey.secrets()) == 2
    assert len(shown) > 100
    assert any("LinkKey" in text for _, text in shown), "the walk saw no link key alive: it came at the wrong moment"
    assert any("PassCode" in text for _, text in shown), "the walk saw no pass alive: it came at the wrong moment"
    assert found_in([*places, *shown], journey.secrets()) == []
    whole = [(name, text) for name, text in _whole_mails(journey) if found_in([(name, text)], journey.secrets())]
    assert len(whole) == 1, "the key stands in the one mail that brings it"


@pytest.mark.parametrize(
    ("label", "ith", "how"),
    [
        pytest.param(CREATED, 1, "abort", id="SIGABRT-with-the-pass-in-memory"),
        pytest.param(CREATED, 1, "raise", id="error-with-the-pass-in-memory"),
        pytest.param(STORED, 2, "raise", id="error-with-the-sealed-pass-in-memory"),
    ],
)
def test_an_end_in_mid_issue_leaves_no_pass_behind(  # noqa: PLR0917 - where and how, handed over by name
    world: World, orders: Orders, tmp_path: Path, label: str, ith: int, how: str
) -> None:
    """No core file, no traceback, no row holds the pass that was just made; afterwards all goes on."""
    journey = Journey(world, orders, EARLY)
    journey.begin()
    tells(journey)
    orders.forget()
    point = Point("issue", "issue_pass", 1, label, ith, AFTER)

    def begin(stage: str) -> None:
        if stage == "issue":
            _check_no_core(world)
            orders.strike(point, how, keep=str(tmp_path / "kept"))

    journey.pause_of_stage = begin
    journey.collected()
    assert orders.struck
    made = [Secret.of_text("pass made", code) for code in (tmp_path / "kept").read_text(encoding="utf-8").splitlines()]
    assert len(made) == 1
    assert how == "abort" or "error.type" in told(journey, "opened"), "the error was not told"
    log = "\n".join(world.logs().values())
    assert how == "abort" or label == CREATED or "nobody expects this" in log, "the error left no traceback to search"
    assert found_in(everywhere(journey), [*journey.secrets(), *made]) == []
    assert _cores(world) == []
    journey.check_collected()


def test_a_planted_leak_is_found(world: World, orders: Orders) -> None:
    """A log line with the pass, rows with its bytes in hexadecimal and base64, one with the key: all are found."""
    journey = Journey(world, orders, EARLY)
    journey.begin()
    orders.forget()
    orders.give(leak=True)
    journey.collected()
    orders.lift()
    (log,) = found_in(everywhere(journey), journey.secrets())
    assert log[0].startswith("log ")
    assert log[1] == "pass"
    planted = {
        "hexadecimal": f"xx{journey.code.encode().hex().upper()}xx",
        "base64": base64.b64encode(f"the pass {journey.code}".encode()).decode(),
        "key": f"#{journey.link().key}&",
    }
    for name, text in planted.items():
        world.storage.table("leases").upsert_entity({"PartitionKey": "planted", "RowKey": name, "text": text})
    found = found_in(everywhere(journey), journey.secrets())
    rows = [("row leases base64", "pass"), ("row leases hexadecimal", "pass"), ("row leases key", "link key")]
    assert found == [log, *rows]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the SDK, when its modules are imported
def test_no_secret_class_of_the_product_shows_what_it_holds(say: Callable[[str], None]) -> None:
    """Each dataclass that carries a secret, found by its fields' types and names, keeps it out of repr and str."""
    canary = "".join(secrets.choice(string.ascii_letters) for _ in range(43))
    carriers = [cls for cls in _dataclasses() if _secret_fields(cls, canary)]
    names = sorted(cls.__name__ for cls in carriers)
    say(f"{len(carriers)} of {len(list(_dataclasses()))} dataclasses carry secrets: {', '.join(names)}")
    assert {"CreatedPass", "Mail", "Presented", "Shown"} <= set(names)
    for cls in carriers:
        thing = object.__new__(cls)
        for field in dataclasses.fields(cls):
            object.__setattr__(thing, field.name, _secret_fields(cls, canary).get(field.name, 0))
        assert canary not in f"{thing!r} {thing!s} {thing}", cls.__name__


def _whole_mails(journey: Journey) -> Iterator[tuple[str, str]]:
    for mail in journey.world.control("GET", "inbox").json()["mails"]:
        yield mail["subject"], json.dumps(mail, ensure_ascii=False)


def _check_no_core(world: World) -> None:
    """The worker may write no core, although this process might."""
    limits = Path(f"/proc/{world.hosts[0].pid}/limits")
    if limits.exists():
        (line,) = [line for line in limits.read_text().splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"], line
    assert resource.getrlimit(resource.RLIMIT_CORE)[1] != 0, "with a limit of 0 here the worker's own shows nothing"


def _cores(world: World) -> list[Path]:
    places = (ROOT, world.directory, Path(world.directory).parent)
    return [path for place in places for path in place.glob("core*") if path.is_file()]


def _dataclasses() -> Iterator[type[Any]]:
    for module in (*_modules(shared), *_modules(functions)):
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if dataclasses.is_dataclass(cls) and cls.__module__ == module.__name__:
                yield cls


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _secret_fields(cls: type[Any], canary: str) -> dict[str, Any]:
    """Return the fields that hold secrets, with the canary: those of a hidden type, and a code or text of a mail."""
    try:
        types = typing.get_type_hints(cls)
    except NameError:
        types = {}
    held: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        hidden = [part for part in _parts(types.get(field.name)) if inspect.isclass(part) and issubclass(part, Hidden)]
        if hidden:
            # Of a link the part before the key is shown.
            held[field.name] = hidden[0](f"#{canary}")
        elif types.get(field.name) is str and (cls.__name__, field.name) in PLAIN:
            held[field.name] = canary
    return held


PLAIN = {("CreatedPass", "code"), ("Mail", "text"), ("Mail", "html")}


def _parts(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) or (hint,)
