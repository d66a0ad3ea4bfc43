"""Inside a worker under test: sees every request to Graph and storage leave, and does to it what the orders say.

The product carries no hook. What is wrapped here are the transports of its SDKs and the call by which the local host
runs a function. The orders are one JSON file, read again before each operation, so that a running worker takes new
ones; `tests.survival.harness.orders` writes it and says what stands in it.
"""

import asyncio
import contextlib
import functools
import gc
import json
import logging
import os
import re
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import survival_race  # type: ignore[import-not-found]

_log = logging.getLogger("survival")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEYS = re.compile(r"\(PartitionKey='([^']*)',\s*RowKey='[^']*'\)")


class PlantedError(Exception):
    """What the orders `raise` raises: an error that nobody expects."""


@dataclass
class _Orders:
    """The orders in force, and the counters that begin anew with each of them."""

    path: Path
    text: str = ""
    now: dict[str, Any] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    lost: set[tuple[Any, ...]] = field(default_factory=set)

    def read(self) -> dict[str, Any]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        if text != self.text:
            self.text, self.now = text, json.loads(text) if text else {}
            self.calls.clear()
            self.lost.clear()
        return self.now

    def note(self, kind: str, **values: Any) -> None:
        """Append one line to the record; short appends of several processes do not mix."""
        if record := self.now.get("record"):
            line = json.dumps({"kind": kind, "pid": os.getpid(), "at": time.monotonic(), **values}) + "\n"
            handle = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(handle, line.encode())
            os.close(handle)


@dataclass
class _Invocation:
    """One run of a function: which of its calls under these orders, and how often each operation came in it."""

    function: str
    call: int
    orders: str
    hint: str
    seen: Counter[str] = field(default_factory=Counter)


_orders = _Orders(Path(os.environ.get("SURVIVAL_ORDERS", os.devnull)))
_running: ContextVar[_Invocation | None] = ContextVar("survival_invocation", default=None)


def watch_the_wire() -> None:
    """Wrap the two transports, and the host's call into the worker library."""
    sys.path.insert(0, str(Path.cwd()))
    import httpx  # noqa: PLC0415 - only in a worker under test
    from azure.core.pipeline.transport import AioHttpTransport  # noqa: PLC0415

    from sandbox.host.app_loader import Invoker  # noqa: PLC0415
    from sandbox.host.queues import QueueListener  # noqa: PLC0415

    sys.path.pop(0)
    send = httpx.AsyncHTTPTransport.handle_async_request
    httpx.AsyncHTTPTransport.handle_async_request = _wrapped(send, _graph_label)  # type: ignore[method-assign]
    AioHttpTransport.send = _wrapped(AioHttpTransport.send, _storage_label)
    Invoker.invoke = _counted(Invoker.invoke)  # type: ignore[method-assign, assignment]
    QueueListener.listen = _joining(QueueListener.listen)  # type: ignore[method-assign]


def _counted(invoke: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(invoke)
    async def counted(self: Any, function: Any, datum: Any, metadata: Any) -> Any:
        _orders.read()
        _orders.calls[function.name] += 1
        hint = datum.value if function.kind == "queueTrigger" else ""
        call = _Invocation(function.name, _orders.calls[function.name], _orders.text, hint)
        # Not taken back at the end: what the host does with the message afterwards belongs to the call too.
        _running.set(call)
        _orders.note("begin", function=function.name, hint=hint)
        run = ""
        if hint and (race := _race()) and race.get("function", function.name) == function.name:
            run = await survival_race.begin_together(race, function.name, hint)
            _orders.note("raced", function=function.name, hint=hint, run=run)
        outcome = None
        try:
            outcome = await invoke(self, function, datum, metadata)
        finally:
            succeeded = outcome is not None and outcome.succeeded
            _orders.note("end", function=function.name, hint=hint, run=run, succeeded=succeeded)
        return outcome

    return counted


def _joining(listen: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(listen)
    async def listening(self: Any, stop: asyncio.Event) -> None:
        joining = asyncio.create_task(survival_race.join(self, _race))
        try:
            await listen(self, stop)
        finally:
            joining.cancel()

    return listening


def _race() -> dict[str, Any] | None:
    return _orders.read().get("race")


def _wrapped(send: Callable[..., Awaitable[Any]], label_of: Callable[[Any], str | None]) -> Callable[..., Any]:
    @functools.wraps(send)
    async def sent(self: Any, request: Any, **config: Any) -> Any:
        orders, call, label = _orders.read(), _running.get(), label_of(request)
        if not orders or label is None:
            return await send(self, request, **config)
        if orders.get("bodies"):
            _orders.note("body", label=label, body=_body(request))
        if call is None or call.orders != _orders.text:
            return await send(self, request, **config)
        call.seen[label] += 1
        point = {"function": call.function, "call": call.call, "label": label, "ith": call.seen[label]}
        _orders.note("operation", **point)
        _strike(orders, {**point, "when": "before"})
        if orders.get("mark") and label.startswith("graph"):
            request.headers["client-request-id"] = f"{call.function}.{call.hint}"
        _refuse(orders, label)
        _hold(orders, label, request)
        response = await _patiently(orders, call.hint, label, send(self, request, **config))
        await _keep(orders, label, response)
        _walk(orders, label)
        await _leak(orders, label, response)
        _strike(orders, {**point, "when": "after"})
        return _lose(orders, point, request, response)

    return sent


async def _patiently(orders: dict[str, Any], hint: str, label: str, sending: Awaitable[Any]) -> Any:
    """Give up on Graph sooner than the product does, where the orders say so: as it sees a line that has gone dead."""
    if not label.startswith("graph") or hint not in orders.get("patience", {}):
        return await sending
    import httpx  # noqa: PLC0415 - only in a worker under test

    try:
        async with asyncio.timeout(orders["patience"][hint]):
            return await sending
    except TimeoutError:
        raise httpx.ReadTimeout("no answer within the patience that a test has ordered") from None


def _refuse(orders: dict[str, Any], label: str) -> None:
    """Let a write be refused as by a store that is down, however often it is repeated."""
    if label.startswith(orders.get("refuse", "nothing")):
        from azure.core.exceptions import ServiceRequestError  # noqa: PLC0415 - only in a worker under test

        raise ServiceRequestError("no connection, as a test has ordered")


def _hold(orders: dict[str, Any], label: str, request: Any) -> None:
    """Let a hint lie in its queue, out of sight, for as long as the orders say."""
    if "hold" in orders and label.startswith("queue POST"):
        path, _, query = request.url.partition("?")
        others = [part for part in query.split("&") if part and not part.startswith("visibilitytimeout")]
        request.url = "&".join([f"{path}?visibilitytimeout={orders['hold']}", *others])


def _strike(orders: dict[str, Any], point: dict[str, Any]) -> None:
    """End the process, or raise, if this is the chosen point. The orders go first: they are for one worker."""
    chosen = orders.get("strike")
    if not chosen or any(point[name] != chosen[name] for name in point):
        return
    _orders.path.rename(_orders.path.with_suffix(".struck"))
    match chosen["how"].split():
        case ["kill"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["abort"]:
            os.abort()
        case ["stop", pid]:
            _stop(int(pid))
        case ["freeze", pid, seconds]:
            os.kill(int(pid), signal.SIGSTOP)
            threading.Timer(float(seconds), os.kill, (int(pid), signal.SIGCONT)).start()
        case _:
            raise PlantedError("nobody expects this")


def _stop(pid: int) -> None:
    """End storage in order, and go on when nobody answers there any more."""
    os.kill(pid, signal.SIGTERM)
    address = urlsplit(os.environ[f"STORAGE__{'table'}ServiceUri"])
    with contextlib.suppress(OSError):
        while True:
            socket.create_connection((address.hostname, address.port), 1).close()
            time.sleep(0.02)


def _lose(orders: dict[str, Any], point: dict[str, Any], request: Any, response: Any) -> Any:
    """Let the answer of a write that was carried out get lost: of each write of each function once under the orders."""
    how = orders.get("lose")
    if not how or not point["label"].startswith(("table", "queue")) or response.status_code >= 400:
        return response
    if request.headers.get("x-survival-lost") or point["label"].startswith("queue DELETE"):
        return response
    request.headers["x-survival-lost"] = "1"  # the SDK repeats the same request object
    place = (point["function"], point["label"], point["ith"])
    if place in _orders.lost:
        return response
    _orders.lost.add(place)
    _orders.note("lost", **point)
    if how == "reset":
        from azure.core.exceptions import ServiceResponseError  # noqa: PLC0415

        raise ServiceResponseError("the connection was reset after the request")
    response.status_code = 503
    return response


def _walk(orders: dict[str, Any], label: str) -> None:
    """Write down the repr of every living object of the product's own classes, and of its frames' arguments."""
    if label not in orders.get("walk", ()):
        return
    shown = [f"{type(thing).__qualname__} {thing!r} {thing!s}" for thing in gc.get_objects() if _is_the_products(thing)]
    _orders.note("walk", label=label, shown=shown)


def _is_the_products(thing: Any) -> bool:
    return str(getattr(type(thing), "__module__", "")).partition(".")[0] in {"shared", "functions"}


async def _keep(orders: dict[str, Any], label: str, response: Any) -> None:
    """Hand the fresh pass to the test, which has to know what to search for; it stays in memory here all the same."""
    if orders.get("keep") and _makes_a_pass(label):
        await response.aread()
        code = json.loads(response.content)["temporaryAccessPass"]
        Path(orders["keep"]).write_text(code + "\n", encoding="utf-8")  # noqa: ASYNC240 - a few bytes, in a test


def _makes_a_pass(label: str) -> bool:
    return label.startswith("graph POST") and label.endswith("temporaryAccessPassMethods")


async def _leak(orders: dict[str, Any], label: str, response: Any) -> None:
    """Plant what the search has to find: the fresh pass in a log line."""
    if orders.get("leak") and _makes_a_pass(label):
        await response.aread()
        _log.warning("made %s", json.loads(response.content)["temporaryAccessPass"])


def _graph_label(request: Any) -> str:
    path = _GUID.sub("{id}", request.url.path)
    return f"graph {request.method} {re.sub(r'[^/]+@[^/]+', '{upn}', path)}"


def _storage_label(request: Any) -> str | None:
    """Name a write to storage; None for reads, for taking messages and for tokens."""
    for kind in ("table", "queue"):
        base = os.environ[f"STORAGE__{kind}ServiceUri"].rstrip("/") + "/"
        if request.url.startswith(base) and request.method not in {"GET", "HEAD"}:
            path = request.url.removeprefix(base).partition("?")[0]
            named = _KEYS.sub(r" \1", path).replace("%7C", "|")
            return f"{kind} {request.method} {_named(request, named) if kind == 'table' else _queue(named)}"
    return None


def _named(request: Any, path: str) -> str:
    """Name a table write by table and, where it says what for, by partition; a person's partition is a hash."""
    table, _, partition = path.partition(" ")
    if table in {"leases", "people"} and request.method == "POST":
        partition = str(json.loads(_body(request)).get("PartitionKey", ""))
    return f"{table} {partition}" if table == "leases" else table


def _queue(path: str) -> str:
    return "/".join(path.split("/")[:2])


def _body(request: Any) -> str:
    content = getattr(request, "content", None) or getattr(request, "data", None) or b""
    return content.decode(errors="replace") if isinstance(content, bytes) else str(content)
