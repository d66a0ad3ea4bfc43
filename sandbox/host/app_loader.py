"""Loads a function app and runs its functions with `azure-functions-runtime`, Microsoft's own Python worker.

The worker is meant to be driven over gRPC. Its protobuf-free entry is used instead, which reads three small message
types while it indexes; `_Message` stands in for them.
"""

import importlib
import json
import logging
import os
import secrets
import sys
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from azure_functions_runtime import handle_event, native_invocation, otel, start_threadpool_executor
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.bindings.meta import load_binding_registry

from sandbox.clock import SandboxClock
from sandbox.telemetry import TELEMETRY_SETTING

_LOG = logging.getLogger("sandbox.host")

_TRIGGERS = ("httpTrigger", "queueTrigger", "timerTrigger")


class AppLoadError(Exception):
    """The app has no functions, or uses a binding that this host does not know."""


class _Message(SimpleNamespace):
    undefined = 0
    out = 1
    inout = 2


@dataclass(frozen=True, slots=True)
class Function:
    """One indexed function: its name, the worker's id for it, and its trigger as function.json would hold it."""

    name: str
    function_id: str
    trigger: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return `httpTrigger`, `queueTrigger` or `timerTrigger`."""
        return str(self.trigger["type"])

    @property
    def parameter(self) -> str:
        """Return the name of the handler's parameter that takes the trigger."""
        return str(self.trigger["name"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an invocation came to. `value` is what an HTTP function returned."""

    succeeded: bool
    value: Datum | None = None


@dataclass(slots=True)
class Invoker:
    """Runs functions and counts them; `busy` is the number running at this moment."""

    busy: int = 0
    started: int = 0
    _ids: set[str] = field(default_factory=set)

    async def invoke(self, function: Function, datum: Datum, metadata: Mapping[str, Datum]) -> Outcome:
        """Run `function` once. An exception of the handler becomes an outcome and is logged by the worker."""
        invocation_id = str(uuid.uuid4())
        self.started += 1
        self.busy += 1
        began = time.monotonic()
        try:
            ok, value, _, _, _ = await native_invocation.invocation_request_native(
                invocation_id, function.function_id, [(function.parameter, datum)], dict(metadata), _trace_parent()
            )
        finally:
            self.busy -= 1
        verdict = "Succeeded" if ok else "Failed"
        elapsed = round((time.monotonic() - began) * 1000)
        _LOG.info("Executed '%s' (%s, Id=%s, Duration=%dms)", function.name, verdict, invocation_id, elapsed)
        return Outcome(succeeded=ok, value=value)


def load_app(directory: Path, clock: SandboxClock | None) -> tuple[Function, ...]:
    """Load `function_app.py` of `directory` exactly as the worker does, and return its functions by name.

    The working directory and the import path become the app's, as in Azure. An app that offers
    `shared.services.use_clock` is handed `clock` before `function_app` is imported.

    Raises:
        AppLoadError: there are no functions, or one cannot be run here.
        Exception: whatever importing the app raises.
    """
    if not (directory / "function_app.py").is_file():
        raise AppLoadError(f"{directory} holds no function_app.py")
    os.chdir(directory)
    sys.path.insert(0, str(directory))
    if clock is not None and (directory / "shared" / "services.py").is_file():
        importlib.import_module("shared.services").use_clock(clock)
    if tenant := os.environ.get(TELEMETRY_SETTING):
        _tell(tenant, directory)
    load_binding_registry()
    start_threadpool_executor()
    handle_event.protos = SimpleNamespace(BindingInfo=_Message, RpcFunctionMetadata=_Message, RpcRetryOptions=_Message)
    indexed = handle_event.index_functions(str(directory / "function_app.py"), str(directory))
    if not indexed:
        raise AppLoadError(f"{directory} was loaded, but it holds no functions")
    return tuple(sorted((_function(entry) for entry in indexed), key=lambda function: function.name))


def _tell(tenant: str, directory: Path) -> None:
    """Let an app that can tell of its work tell the tenant; the worker hands on trace contexts, as its setting says."""
    otel.otel_manager.set_otel_libs_available(True)
    otel.update_opentelemetry_status()
    if (directory / "shared" / "runtime" / "telemetry" / "pipelines.py").is_file():
        telling = importlib.import_module("sandbox.host.telling")
        pipelines = importlib.import_module("shared.runtime.telemetry.pipelines")
        pipelines.export_with(lambda: telling.ToTenant(tenant))


def _trace_parent() -> str:
    """Begin a trace for an invocation, as Azure's host does."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _function(entry: Any) -> Function:
    bindings = [json.loads(raw) for raw in entry.raw_bindings]
    unknown = [binding["type"] for binding in _others(bindings)]
    if unknown:
        raise AppLoadError(f"{entry.name}: this host has no binding of type {', '.join(unknown)}")
    trigger = next((binding for binding in bindings if binding["type"] in _TRIGGERS), None)
    if trigger is None:
        raise AppLoadError(f"{entry.name} has no trigger that this host knows: {', '.join(_TRIGGERS)}")
    return Function(name=entry.name, function_id=entry.function_id, trigger=trigger)


def _others(bindings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in bindings if one["type"] not in _TRIGGERS and one["type"] != "http"]
