"""Fails if a page is missing what the code has, names a page that is not there, or does not build without a warning.

The site is built where something in it has changed, and always with CI set; it comes to lie in build/site.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.onboarding.model import SCHEMA
from shared.onboarding.reasons import Reason
from tools.environments import ROOT, environment, passed
from tools.infra.grants import GRANTS
from tools.infra.templates import resources, variable
from tools.infra.tree import Tree

RUNBOOK = "docs/runbook.md"
PERMISSIONS = "docs/permissions.md"
UPGRADE = "docs/upgrade.md"
ALERTS = "infra/app/alerts.bicep"
NAMING = ("infra/**/*.bicep", "infra/graph/*.sh", "*.md", "tools/*.py")
"""Files that may send people to a page."""

ALONE = frozenset({"Microsoft.Insights/metricAlerts", "Microsoft.EventGrid/systemTopics/eventSubscriptions"})
"""Types of resources that are an alert each."""

_ENTRY = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
_HEADING = re.compile(r"^### ([a-z-]+)$", re.MULTILINE)
_PAGE = re.compile(r"\bdocs/[\w/-]+\.md\b")


def main() -> int:
    """Print each finding; return 1 if there is one. With `--build` the site is built whatever has changed."""
    findings = list(page_findings(Tree()))
    built = passed("docs", ROOT / "docs", ROOT / "mkdocs.yml", ROOT / "requirements-docs.txt")
    if os.environ.get("CI") or "--build" in sys.argv or not built.exists():
        seen = list(build_findings(ROOT))
        if not seen:
            built.touch()
        findings += seen
    for finding in findings:
        print(finding)
    print("docs/: " + ("not as it should be." if findings else "complete, and every link leads somewhere."))
    return 1 if findings else 0


def page_findings(tree: Tree) -> Iterator[str]:
    """Say which entries are missing, or are about nothing."""
    runbook = tree.text(RUNBOOK)
    yield from _differences(set(_ENTRY.findall(runbook)), {reason.value for reason in Reason}, "reason")
    yield from _differences(set(_HEADING.findall(runbook)), alerts(tree), "alert")
    if f"number of its schema, which is {SCHEMA} now" not in tree.text(UPGRADE):
        yield f"{UPGRADE}: rows are of schema {SCHEMA} now. Say so, and what of an upgrade has to be done by hand."
    permissions = tree.text(PERMISSIONS)
    document = json.loads(tree.text(GRANTS))
    for grant in [*document["application"], *document["optional"], *document["exchange"], *document["administrator"]]:
        row = f"| `{grant['permission']}` | {grant['feature']} | {grant['why']} |"
        if row not in permissions:
            yield f"{PERMISSIONS}: has not the row {row}"
    for pattern in NAMING:
        for path in tree.paths(pattern):
            for page in sorted(set(_PAGE.findall(tree.text(path)))):
                if not (tree.root / page).exists():
                    yield f"{path}: sends people to {page}, which is not there. Write it, or name another."


def alerts(tree: Tree) -> set[str]:
    """Return the names of all alerts: those with a resource of their own, and those made in a loop."""
    alone = {str(one.at("name")) for one in resources(tree) if one.type in ALONE}
    return alone | {str(rule["name"]) for rule in variable(tree, ALERTS, "rules")}


def _differences(told: set[str], known: set[str], what: str) -> Iterator[str]:
    for name in sorted(known - told):
        yield f"{RUNBOOK}: the {what} {name} has no entry. Add one: where to look first, and what to do."
    for name in sorted(told - known):
        yield f"{RUNBOOK}: there is no {what} {name}. Take its entry out, or correct the name."


def build_findings(root: Path) -> Iterator[str]:
    """Build the site that mkdocs.yml in a folder describes. Not quietly: a warning that is not shown is not counted."""
    mkdocs = str(environment("docs").parent / "mkdocs")
    command = [mkdocs, "build", "--strict", "--clean"]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=root, env=quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        warnings = [line for line in done.stderr.splitlines() if not line.startswith("INFO")]
        yield "\n".join(["mkdocs objects. Correct the link, or write what it names:", *warnings])


if __name__ == "__main__":
    sys.exit(main())
