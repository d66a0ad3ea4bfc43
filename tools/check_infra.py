"""Fails if the infrastructure and the code disagree, if a secure default is missing, or if a scanner objects.

The rules are read each time; the scanners run where something they read has changed, and always with CI set.
"""

import os
import sys
from collections.abc import Iterator

from tools.environments import ROOT, environment, passed
from tools.infra.defaults import default_findings
from tools.infra.grants import grant_findings
from tools.infra.kusto import kusto_findings
from tools.infra.messages import message_findings
from tools.infra.names import name_findings
from tools.infra.scan import ScanError, run_bicep, run_checkov
from tools.infra.settings import settings_findings
from tools.infra.telemetry import telemetry_findings
from tools.infra.tree import Tree

RULES = (
    settings_findings,
    name_findings,
    grant_findings,
    default_findings,
    message_findings,
    kusto_findings,
    telemetry_findings,
)


def main() -> int:
    """Print each finding; return 1 if there is one."""
    tree = Tree()
    findings = [finding for rule in RULES for finding in rule(tree)]
    scanned = passed("infra", ROOT / "infra", ROOT / "tools" / "infra" / "scan.py", ROOT / "requirements-checks.txt")
    if os.environ.get("CI") or not scanned.exists():
        seen = list(_scan())
        if not seen:
            scanned.touch()
        findings += seen
    for finding in findings:
        print(finding)
    print("infra/: " + ("not as it should be." if findings else "agrees with the code, and no scanner objects."))
    return 1 if findings else 0


def _scan() -> Iterator[str]:
    try:
        yield from run_checkov(environment("checks"))
    except ScanError as error:
        yield str(error)
    yield from run_bicep()


if __name__ == "__main__":
    sys.exit(main())
