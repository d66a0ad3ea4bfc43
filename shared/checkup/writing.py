"""A report as JSON. Pure."""

from typing import Any

from shared.checkup.finding import Finding, Report


def as_json(report: Report) -> dict[str, Any]:
    """Write a report: each check by its stable id, with what was found, why it matters and what mends it."""
    return {
        "at": report.at.isoformat().replace("+00:00", "Z"),
        "askedAs": report.identity.value,
        "state": report.worst.word,
        "checks": [_finding(finding) for finding in report.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    check = finding.check
    return {
        "id": check.id,
        "subject": check.subject.value,
        "title": check.title,
        "state": finding.verdict.state.word,
        "found": finding.verdict.found,
        "why": check.why,
        "portal": check.portal,
        "command": finding.command or None,
        "fixedByUs": check.fixed_by_us or None,
    }
