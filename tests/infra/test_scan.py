"""What the scanners say is believed only where they have really looked."""

from pathlib import Path
from typing import Any

import pytest

from tools.infra.scan import SKIPPED, checkov_findings, run_bicep

LEFT_OUT = [
    {"check_id": name, "check_name": "", "file_path": "/a.bicep", "file_line_range": [1, 2]} for name in SKIPPED
]


def report(resources: int = 60, errors: int = 0, failed: list[dict[str, Any]] = LEFT_OUT) -> dict[str, Any]:
    """Give a report of checkov that fails exactly what is skipped."""
    return {"summary": {"resource_count": resources, "parsing_errors": errors}, "results": {"failed_checks": failed}}


def test_a_clean_report_passes() -> None:
    """Nothing but what is skipped with a reason has failed."""
    assert list(checkov_findings(report(), "")) == []
    assert all(len(reason.split()) > 3 for reason in SKIPPED.values())


def test_nothing_inspected_fails() -> None:
    """No resource seen is no success: not even where checkov answers with its summary alone."""
    assert "no resource" in next(checkov_findings(report(resources=0), ""))
    assert "no resource" in next(checkov_findings({"passed": 0, "failed": 0, "resource_count": 0}, ""))


def test_a_parsing_error_fails() -> None:
    """A template that could not be read was not scanned."""
    assert any("could not read" in finding for finding in checkov_findings(report(errors=1), ""))


def test_a_check_that_broke_off_fails() -> None:
    """A check that raised has not looked, though checkov goes on."""
    words = "Traceback (most recent call last):\nAttributeError: 'dict' object has no attribute 'lower'"
    assert any("'lower'" in finding for finding in checkov_findings(report(), words))


def test_what_fails_is_named_with_its_place() -> None:
    """A failed check tells file, line, and what to do."""
    shared_keys = {"check_id": "CKV2_AZURE_40", "check_name": "no keys", "file_path": "/x", "file_line_range": [7, 9]}
    assert list(checkov_findings(report(failed=[*LEFT_OUT, shared_keys]), "")) == [
        "infra/x:7: CKV2_AZURE_40, no keys. Mend it, or skip it with a reason in SKIPPED."
    ]


def test_a_skip_that_is_not_needed_any_more_fails() -> None:
    """What passes by now must not stay among what is left out."""
    findings = list(checkov_findings(report(failed=LEFT_OUT[1:]), ""))
    assert findings == [
        f"tools/infra/scan.py: {LEFT_OUT[0]['check_id']} is skipped and would pass. Take it out of SKIPPED."
    ]


def bicep(folder: Path, does: str) -> None:
    """Install a stand-in for the Bicep CLI."""
    (folder / "bicep").write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    (folder / "bicep").chmod(0o755)


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("echo 'main.bicep(1,2) : Error BCP018: Expected' >&2; exit 1", "Error BCP018: Expected"),
        ("[ $1 = build ] || echo 'Warning no-unused-params: Take x out' >&2", "bicep lint: Warning no-unused-params"),
    ],
)
def test_where_the_bicep_cli_is_installed_its_word_counts(
    does: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each template is built and linted; an error and a warning are told alike."""
    bicep(tmp_path, does)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    findings = list(run_bicep())
    assert findings
    assert all(said in finding for finding in findings)


def test_where_bicep_has_nothing_to_say_or_is_not_installed_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without it checks by all the other means."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(run_bicep()) == []
    bicep(tmp_path, "exit 0")
    assert list(run_bicep()) == []
