"""Fails if a workflow runs what is not pinned, holds more rights than it needs, or is not of the form GitHub reads.

The scanners run where something they read has changed, and always with CI set; neither uses the network.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.environments import ROOT, environment, passed
from tools.infra.tree import Tree

GITHUB = ROOT / ".github"
WORKFLOWS = ".github/workflows/*.yml"

_USES = re.compile(r"^\s*(?:- )?uses:\s*(?P<action>\S+?)@(?P<at>\S+)(?P<comment>.*)$", re.MULTILINE)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_VERSION = re.compile(r"\s*# v\d+(\.\d+)*\s*")


def main() -> int:
    """Print each finding; return 1 if there is one."""
    findings = list(pin_findings(Tree()))
    scanned = passed("workflows", GITHUB, ROOT / "requirements-checks.txt", Path(__file__).resolve())
    if os.environ.get("CI") or not scanned.exists():
        seen = list(_scan(environment("checks").parent))
        if not seen:
            scanned.touch()
        findings += seen
    for finding in findings:
        print(finding)
    print(".github/: " + ("not as it should be." if findings else "pinned, and no scanner objects."))
    return 1 if findings else 0


def pin_findings(tree: Tree) -> Iterator[str]:
    """Say which actions are not pinned by commit, with the version beside it for people."""
    for path in tree.paths(WORKFLOWS):
        for use in _USES.finditer(tree.text(path)):
            if not _COMMIT.fullmatch(use["at"]):
                yield f"{path}: {use['action']}@{use['at']} can change under us. Pin it by the commit of its release."
            elif not _VERSION.fullmatch(use["comment"]):
                yield f"{path}: {use['action']} does not say its version. Write it behind the commit: # v1.2.3"


def _scan(tools: Path) -> Iterator[str]:
    workflows = sorted(str(path) for path in GITHUB.glob("workflows/*.yml"))
    schema = [str(tools / "check-jsonschema"), "--builtin-schema"]
    for command in (
        [str(tools / "zizmor"), "--offline", "--quiet", "--persona", "pedantic", "--no-progress", str(GITHUB)],
        [*schema, "vendor.github-workflows", *workflows],
        [*schema, "custom.github-workflows-require-timeout", *workflows],
        [*schema, "vendor.dependabot", str(GITHUB / "dependabot.yml")],
    ):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield f"{Path(command[0]).name} objects:\n{done.stdout}{done.stderr}"


if __name__ == "__main__":
    sys.exit(main())
