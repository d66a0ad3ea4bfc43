"""The app as Microsoft's own worker library loads it, with not a single setting present."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.http import Answer, call
from sandbox.ports import PortReservation
from sandbox.processes import ROOT

FUNCTIONS = {
    "hr_event": ("httpTrigger", "api/hr/{source}", ("POST",)),
    "hr_handshake": ("httpTrigger", "api/hr/{source}", ("GET", "OPTIONS")),
    "delivery_list": ("httpTrigger", "api/hr/{source}/deliveries", ("GET",)),
    "delivery_show": ("httpTrigger", "api/hr/{source}/deliveries/{id}", ("GET",)),
    "delivery_replay": ("httpTrigger", "api/hr/{source}/deliveries/{id}/replay", ("POST",)),
    "pass_request": ("httpTrigger", "api/passes", ("POST",)),
    "pass_table": ("httpTrigger", "api/passes/table", ("POST",)),
    "pass_list": ("httpTrigger", "api/passes", ("GET",)),
    "pass_revoke": ("httpTrigger", "api/passes/{id}", ("DELETE",)),
    "person_erase": ("httpTrigger", "api/people/{source}/{externalId}", ("DELETE",)),
    "pass_resend": ("httpTrigger", "api/passes/{id}/resend", ("POST",)),
    "openapi": ("httpTrigger", "api/openapi.json", ("GET",)),
    "pass_status": ("httpTrigger", "api/passes/{id}", ("GET",)),
    "pass_confirm_all": ("httpTrigger", "api/passes/confirm", ("POST",)),
    "pass_confirm": ("httpTrigger", "api/passes/{id}/confirm", ("POST",)),
    "pass_retry": ("httpTrigger", "api/passes/{id}/retry", ("POST",)),
    "pass_page": ("httpTrigger", "pass/{id}", ("GET",)),
    "pass_state": ("httpTrigger", "pass/{id}/state", ("POST",)),
    "pass_reissue": ("httpTrigger", "pass/{id}/reissue", ("POST",)),
    "pass_code_page": ("httpTrigger", "pass/{id}/code", ("GET",)),
    "pass_code": ("httpTrigger", "pass/{id}/code", ("POST",)),
    "pass_reveal": ("httpTrigger", "pass/{id}/reveal", ("POST",)),
    "health": ("httpTrigger", "api/health", ("GET",)),
    "readiness": ("httpTrigger", "api/readiness", ("GET",)),
    "sweep": ("timerTrigger", "0 * * * * *", ()),
    "send_invite": ("queueTrigger", "send-invite", ()),
    "issue_pass": ("queueTrigger", "issue-pass", ()),
    "scope_web_sign_in": ("queueTrigger", "scope-web-sign-in", ()),
    "tidy_up": ("queueTrigger", "tidy-up", ()),
}
STATIC = frozenset({"pass_page", "pass_code_page", "openapi"})
"""Routes whose answer is the same whatever is set."""
NEEDED = (
    "ROW_KEYS", "TENANT_ID", "AZURE_CLIENT_ID", "STORAGE__tableServiceUri", "STORAGE__queueServiceUri", "LINK_BASE_URL",
    "MAIL_SENDER", "DESK_MAIL", "DEFAULT_TIMEZONE",
)  # fmt: skip
HEAVY = ("azure.data", "azure.storage", "azure.identity", "azure.core", "msgraph", "kiota_http", "pydantic", "aiohttp")

INDEX = """
import json
from azure_functions_runtime.loader import index_function_app
print(json.dumps([json.loads(function.get_function_json()) | {"name": function.get_function_name()}
                  for function in index_function_app("function_app.py")]))
"""


INVOKE = """
import asyncio, json
import azure.functions as func
from function_app import app
from shared.runtime.errors import SettingsError

def said(function):
    try:
        asyncio.run(function.get_user_function()(func.QueueMessage(id="1", body=b"0" * 25)))
    except SettingsError as error:
        return str(error)

print(json.dumps({function.get_function_name(): said(function) for function in app.get_functions()
                  if function.get_trigger().type == "queueTrigger"}))
"""


def bare() -> dict[str, str]:
    """Return an environment with what a process needs to run, and no setting."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def run(code: str) -> str:
    """Run Python code in the project's folder, without a setting; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_worker_library_finds_exactly_these_functions() -> None:
    """Without any setting the app is indexed, and these are its functions, no more and no fewer."""
    found = {}
    for function in json.loads(run(INDEX)):
        trigger = next(binding for binding in function["bindings"] if binding["type"].endswith("Trigger"))
        where = trigger.get("route") or trigger.get("schedule") or trigger.get("queueName")
        found[function["name"]] = (trigger["type"], where, tuple(trigger.get("methods", ())))
        if trigger["type"] == "httpTrigger":
            assert trigger["authLevel"].upper() == "ANONYMOUS"
        if trigger["type"] == "queueTrigger":
            assert trigger["connection"] == "STORAGE"
    assert found == FUNCTIONS


def test_loading_is_cheap() -> None:
    """Importing the app imports no SDK: a cold start pays for what it uses."""
    loaded = json.loads(run("import json, sys, function_app; print(json.dumps(sorted(sys.modules)))"))
    heavy = [name for name in loaded if any(name == root or name.startswith(f"{root}.") for root in HEAVY)]
    assert heavy == []


def names_all_that_is_missing(text: str) -> bool:
    """Tell whether a text says of each setting that is needed that it is missing."""
    return all(f"{name}: missing" in text for name in NEEDED)


def test_each_hint_fails_with_what_is_missing() -> None:
    """A hint is not lost where settings are missing: it fails, by an error that names every one."""
    said = json.loads(run(INVOKE))
    assert set(said) == {name for name, (kind, _, _) in FUNCTIONS.items() if kind == "queueTrigger"}
    assert all(map(names_all_that_is_missing, said.values())), said


@dataclass(frozen=True, slots=True)
class Bare:
    """A host without a single setting: its address, and the file with what it prints."""

    address: str
    log: Path

    def asked(self, method: str, path: str, body: bytes | None = None) -> tuple[Answer, str]:
        """Send a request; return the answer, and what was printed over it until nothing was at work any more."""
        before = len(self.log.read_text(encoding="utf-8"))
        answer = call(method, self.address + path, body=body)
        call("GET", f"{self.address}/_host/idle?patience=20")
        return answer, self.log.read_text(encoding="utf-8")[before:]


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """Run such a host."""
    ports = PortReservation()
    port = ports.take()
    log = tmp_path_factory.mktemp("bare") / "log"
    # The probe of the sandbox's host has no queues here: a connection that no setting names is only complained about.
    command = [sys.executable, "-m", "sandbox.host", "--app", str(ROOT), "--port", str(port), "--no-timers"]
    # The one variable that the platform itself sets.
    environment = bare() | {"WEBSITE_AUTH_ENABLED": "True"}
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process:
        try:
            for _ in range(600):
                if "sandbox host ready" in log.read_text() or process.poll() is not None:
                    break
                try:
                    process.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
            yield Bare(f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
            process.wait(10)
            ports.release()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, f"/{where.replace('{source}', 'acme').replace('{id}', '0' * 25)}")
        for name, (kind, where, methods) in FUNCTIONS.items()
        for method in methods
        if kind == "httpTrigger" and name not in STATIC
    ],
)
def test_each_route_says_that_settings_are_missing(bare_app: Bare, method: str, path: str) -> None:
    """Each route answers 503 with a problem that names no setting; each time the log names all that are missing."""
    answer, logged = bare_app.asked(method, path, b"{}" if method == "POST" else None)
    assert (answer.status, answer.json()["type"]) == (503, "urn:day-one-pass:problem:settings")
    assert not [name for name in NEEDED if name.encode() in answer.body]
    assert names_all_that_is_missing(logged), logged


def test_the_sweep_says_that_settings_are_missing(bare_app: Bare) -> None:
    """The schedule's run fails, and the log names every setting that is missing."""
    answer, logged = bare_app.asked("POST", "/admin/functions/sweep", b"{}")
    assert answer.status == 202
    assert "Executed 'sweep' (Failed" in logged
    assert names_all_that_is_missing(logged), logged


@pytest.mark.parametrize("path", [f"/pass/{'0' * 25}", "/api/openapi.json"])
def test_what_is_the_same_for_all_needs_no_setting(bare_app: Bare, path: str) -> None:
    """The hand-over page and the API document read nothing."""
    assert call("GET", bare_app.address + path).status == 200
