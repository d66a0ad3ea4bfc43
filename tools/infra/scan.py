"""What scanners say of the templates: checkov always, the Bicep CLI where the machine has it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.infra.tree import ROOT

SKIPPED: Mapping[str, str] = {
    "CKV_AZURE_13": "asked of every site config; sign-in is in authsettingsV2, held by the rule of secure defaults",
    "CKV_AZURE_17": "HR systems and people have no client certificates; events are signed, people sign in",
    "CKV_AZURE_35": "deny is the value where a private network is wanted; Flex has no fixed address otherwise",
    "CKV_AZURE_63": "HTTP logs of App Service do not exist on Flex Consumption",
    "CKV_AZURE_65": "detailed error messages do not exist on Flex Consumption, and would tell strangers too much",
    "CKV_AZURE_66": "failed request tracing does not exist on Flex Consumption",
    "CKV_AZURE_80": "the app runs Python",
    "CKV_AZURE_88": "Azure Files needs an account key; Flex Consumption mounts nothing",
    "CKV_AZURE_109": "deny is the value where a private network is wanted; Flex has no fixed address otherwise",
    "CKV_AZURE_189": "as above: a private network switches public access off",
    "CKV_AZURE_206": "a parameter, zone-redundant by default",
    "CKV_AZURE_212": "Flex Consumption scales by itself; instances always ready are a parameter with a price",
    "CKV_AZURE_213": "Flex Consumption has no health check of its own; an availability test asks /api/health",
    "CKV_AZURE_222": "HR systems and managers reach the app from the internet",
    "CKV_AZURE_225": "Flex Consumption plans take zone redundancy in few regions",
}
"""Checks of checkov that are left out, each with its reason. One that would pass by now may not stand here."""


class ScanError(Exception):
    """A scanner could not do its work; the text says which."""


def run_checkov(python: Path) -> Iterator[str]:
    """Scan infra/ in checkov's own environment, without the network.

    Raises:
        ScanError: it did not run to its end.
    """
    checkov = str(python.parent / "checkov")
    command = [checkov, "-d", "infra", "--framework", "bicep", "--output", "json", "--quiet", "--skip-download"]
    # It goes through sets, and in some orders a check of its breaks off where a parameter has allowed values.
    settled = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=settled, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError as error:
        raise ScanError(f"checkov gave no report:\n{done.stderr[-2000:]}") from error
    return checkov_findings(report, done.stderr)


def checkov_findings(report: Mapping[str, Any], complaints: str) -> Iterator[str]:
    """Say what a report of checkov comes to. A parsing error, or nothing inspected, is a finding as well."""
    summary = report.get("summary", report)
    if not summary.get("resource_count"):
        yield "checkov inspected no resource. Look whether infra/ has templates that it can read."
    if summary.get("parsing_errors"):
        yield f"checkov could not read {report['results'].get('parsing_errors')}. Write it so that its parser can."
    if "Traceback" in complaints:
        yield f"a check of checkov broke off: {complaints.strip().splitlines()[-1]}. Write the value plainly."
    failed = report.get("results", {}).get("failed_checks", ())
    for one in failed:
        if one["check_id"] not in SKIPPED:
            where = f"infra{one['file_path']}:{one['file_line_range'][0]}"
            yield f"{where}: {one['check_id']}, {one['check_name']}. Mend it, or skip it with a reason in SKIPPED."
    for idle in sorted(SKIPPED.keys() - {one["check_id"] for one in failed}):
        yield f"tools/infra/scan.py: {idle} is skipped and would pass. Take it out of SKIPPED."


def run_bicep() -> Iterator[str]:
    """Build and lint every template where the Bicep CLI is installed; say nothing where it is not."""
    bicep = shutil.which("bicep")
    for template in sorted((ROOT / "infra").rglob("main.bicep")) if bicep else ():
        for verb in ("build", "lint"):
            command = [str(bicep), verb, str(template), *(["--stdout"] if verb == "build" else [])]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0 or "Warning" in done.stderr:
                yield f"bicep {verb}: {done.stderr.strip()[-2000:]}"
