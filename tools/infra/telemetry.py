"""Alerts, workbook and page name the numbers that the app tells, and the platform is told to carry them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from functions.openapi import document
from functions.problems import statuses
from shared.handover.callers.refusals import Refused
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Life, Status, Step
from shared.onboarding.steps.waiting import SILENT
from shared.passes.budget import Use
from shared.runtime.telemetry import vocabulary as says
from shared.runtime.telemetry.metrics import METRICS, Metric
from tools.infra.messages import ALERTS, queries
from tools.infra.names import assigned
from tools.infra.templates import variable
from tools.infra.tree import Tree

PAGE = "docs/telemetry.md"
APP, HOST = "infra/app/app.bicep", "host.json"
RUNS = "functions/runs.py"

VALUES: Mapping[str, frozenset[str]] = {
    says.STATUS: frozenset(Status),
    says.STEP: frozenset(Step),
    says.REASON: frozenset(Reason),
    says.LIFE: frozenset(Life),
    says.REFUSAL: frozenset(Refused),
    says.PROBLEM: frozenset(statuses()),
    says.USE: frozenset(Use),
    says.WITHIN_DAY: frozenset({"true", "false"}),
}
"""What each attribute of a number may say."""

CARRIED: Mapping[str, str] = {
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "its own key is switched off, so what is told is sent by identity",
    "PYTHON_ENABLE_OPENTELEMETRY": "the worker hands trace contexts on, and leaves logs to the app, which masks them",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "the exporter would tell figures about itself to its maker",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "the exporter would add figures about itself",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "the exporter would take orders from elsewhere about what it exports",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED": "the exporter would miss a global provider each time",
}

_NAMED = re.compile(r"""Name == ["']([\w.]+)["']""")
_SAID = re.compile(
    r"""Properties\[["'](day_one_pass\.\w+)["']\](?:\s*(?:==|=~|!=)\s*["']([\w-]+)["']|\s*!?in \(([^)]*)\))?"""
)
_QUOTED = re.compile(r"""["']([\w-]+)["']""")
_ROW = re.compile(r"^\| `(day_one_pass\.[\w.]+)` .*\|$", re.MULTILINE)


def telemetry_findings(tree: Tree) -> Iterator[str]:
    """Say what is asked for and never told, told and not on the page, or not carried."""
    known = {metric.name: metric for metric in METRICS}
    for path, query in queries(tree):
        if "AppMetrics" in query:
            yield from _asked(path, query, known)
    yield from _silent(tree)
    rows = {row[1]: row[0] for row in _ROW.finditer(tree.text(PAGE))}
    for name in sorted(known.keys() | rows.keys()):
        wanted = row_of(known[name]) if name in known else "nothing: the app tells no such number"
        if rows.get(name) != wanted:
            yield f"{PAGE}: of {name} it must say {wanted}"
    yield from _carried(tree)
    told = set(assigned(tree, RUNS, "ROUTES"))
    for route in sorted(told ^ set(document()["paths"])):
        yield f"{RUNS}: {route} stands in ROUTES or in functions/api_operations.py alone. Give both the same routes."


def row_of(metric: Metric) -> str:
    """Return the line of the page for a number."""
    apart = ", ".join(f"`{name}`" for name in metric.attributes) or "–"
    return f"| `{metric.name}` | {metric.kind} | `{metric.unit}` | {apart} | {metric.what} |"


def _asked(path: str, query: str, known: Mapping[str, Metric]) -> Iterator[str]:
    names = _NAMED.findall(query)
    for name in sorted(set(names) - known.keys()):
        yield f"{path}: asks for the number {name}, which the app never tells. Name one of {PAGE}."
    told_apart = {attribute for name in names if name in known for attribute in known[name].attributes}
    for attribute, one, several in _SAID.findall(query):
        if attribute not in told_apart:
            yield f"{path}: {', '.join(names)} is not told apart by {attribute}. Use what {PAGE} has for it."
        words = {one} - {""} | set(_QUOTED.findall(several))
        for word in sorted(words - VALUES.get(attribute, frozenset())):
            yield f"{path}: {attribute} never says {word!r}. Use a word that it does say."


def _silent(tree: Tree) -> Iterator[str]:
    rules = {rule["name"]: rule["query"] for rule in variable(tree, ALERTS, "rules")}
    listed = re.search(r"!in \(([^)]*)\)", rules["waiting"])
    passed_over = set(_QUOTED.findall(listed[1])) if listed else set[str]()
    for name in sorted(passed_over ^ {reason.value for reason in SILENT}):
        yield f"{ALERTS}: the alert waiting and SILENT in waiting.py differ in {name}. Make them the same."


def _carried(tree: Tree) -> Iterator[str]:
    told: Iterable[str] = variable(tree, APP, "platformSettings").keys()
    for name in sorted(CARRIED.keys() - set(told)):
        yield f"{APP}: {name} is not set: {CARRIED[name]}. Set it in platformSettings."
    if json.loads(tree.text(HOST)).get("telemetryMode") != "OpenTelemetry":
        yield f"{HOST}: telemetryMode must be OpenTelemetry, or host and app tell their traces apart from each other."
