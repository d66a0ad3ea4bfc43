"""Names that Bicep, the code and the sandbox each write down for themselves: queues, tables, the Python version."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from shared.onboarding.sweeping.hints import QUEUES
from tools.infra.templates import module_parameters, resources, variable
from tools.infra.tree import Tree

MAIN = "infra/main.bicep"
APP = "infra/app/app.bicep"
HOST = "host.json"
CONNECTION = "functions/hints.py"
STORAGE = "shared/runtime/storage.py"
SANDBOX = "sandbox/storage.py"
SWEEP = "functions/sweep.py"

_NCRONTAB_FIELDS = 6


def name_findings(tree: Tree) -> Iterator[str]:
    """Say which names differ, and where."""
    yield from _queues(tree)
    yield from _tables(tree)
    yield from _host(tree)
    yield from _connection(tree)
    yield from _schedules(tree)
    yield from _python(tree)


def _queues(tree: Tree) -> Iterator[str]:
    hinted = set(QUEUES)
    made = set(module_parameters(tree, MAIN, "dataStorage")["queues"])
    wanted = hinted | {f"{name}-poison" for name in hinted}
    for name in sorted(wanted - made):
        yield f"{MAIN}: the queue {name} is not made. Add it to the data storage's queues."
    for name in sorted(made - wanted):
        yield f"{MAIN}: nothing uses the queue {name}. Rename it as shared/onboarding/sweeping/hints.py does."
    triggered = set(_triggers(tree, "queue_name"))
    for name in sorted(hinted ^ triggered):
        side = "no function is triggered by it" if name in hinted else "no hint is ever sent to it"
        yield f"functions/: the queue {name}: {side}. Give trigger and hint the same name."
    if set(assigned(tree, SANDBOX, "QUEUES")) != hinted:
        yield f"{SANDBOX}: QUEUES are not those of shared/onboarding/sweeping/hints.py. Make them the same."


def _tables(tree: Tree) -> Iterator[str]:
    opened = set(re.findall(r'get_table_client\("(\w+)"\)', tree.text(STORAGE)))
    made = set(module_parameters(tree, MAIN, "dataStorage")["tables"])
    for name in sorted(opened ^ made):
        side = "is opened and not made" if name in opened else "is made and never opened"
        yield f"{MAIN}: the table {name} {side}. Give both sides the same tables."
    if set(assigned(tree, SANDBOX, "TABLES")) != opened:
        yield f"{SANDBOX}: TABLES are not those of {STORAGE}. Make them the same."


def _host(tree: Tree) -> Iterator[str]:
    host = json.loads(tree.text(HOST))
    queues, http = host["extensions"]["queues"], host["extensions"]["http"]
    if queues["messageEncoding"] != "base64":
        yield f"{HOST}: messageEncoding must be base64, as {STORAGE} sends: plain text ends in the poison queue unseen."
    if http["routePrefix"] != "":
        yield f"{HOST}: routePrefix must be empty: links are /pass/…, and routes name /api themselves."
    if queues["maxPollingInterval"] != "00:00:02":
        yield f"{HOST}: maxPollingInterval must be two seconds: a hint's slot is given up when it is missed."


def _connection(tree: Tree) -> Iterator[str]:
    prefix = str(assigned(tree, CONNECTION, "CONNECTION"))
    told = variable(tree, APP, "ownSettings")
    for part in ("queueServiceUri", "credential", "clientId"):
        if f"{prefix}__{part}" not in told:
            yield f"{APP}: {prefix}__{part} is not set, and the queue triggers connect by it. Name both the same."


def _schedules(tree: Tree) -> Iterator[str]:
    schedules = [assigned(tree, SWEEP, name) for name in _triggers(tree, "schedule")]
    if not schedules:
        yield "functions/: no function runs on a schedule, so nothing is ever released."
    for schedule in schedules:
        if len(str(schedule).split()) != _NCRONTAB_FIELDS:
            yield f"{SWEEP}: {schedule!r} is no NCRONTAB of six fields; the first is the second."


def _python(tree: Tree) -> Iterator[str]:
    version = tree.text(".python-version").strip()
    app = next(one for one in resources(tree) if one.type == "Microsoft.Web/sites" and not one.existing)
    deployed = app.at("properties.functionAppConfig.runtime.version")
    if deployed != version:
        yield f"{app.file}: runs Python {deployed}, .python-version says {version}. Make them the same."


def _triggers(tree: Tree, keyword: str) -> Iterator[str]:
    """Yield what the decorators of all doorways give for a keyword: a text, or the name of a constant."""
    for path in tree.paths("functions/*.py"):
        for node in ast.walk(ast.parse(tree.text(path))):
            if isinstance(node, ast.keyword) and node.arg == keyword:
                yield str(node.value.value) if isinstance(node.value, ast.Constant) else ast.unparse(node.value)


def assigned(tree: Tree, path: str, name: str) -> Any:
    """Return the literal that a module gives to a name.

    Raises:
        LookupError: it gives none.
    """
    for node in ast.parse(tree.text(path)).body:
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
            return ast.literal_eval(node.value)
    raise LookupError(f"{path} has no {name}")
