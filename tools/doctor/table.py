"""The report as a person reads it in a terminal, 80 columns wide. Pure."""

import re
import textwrap
from collections.abc import Iterator
from itertools import groupby

from shared.checkup.finding import Finding, Report, State

WIDTH = 80
_TITLE = 48
_LABEL = 9
_MARKS = {State.OK: "✓", State.UNKNOWN: "?", State.WARNING: "!", State.FAILURE: "✗"}
_COLOURS = {State.OK: "32", State.UNKNOWN: "36", State.WARNING: "33", State.FAILURE: "31"}
_BOLD, _DIM = "1", "2"
_PAINT = re.compile(r"\x1b\[\d*m")
_COUNTED = {State.OK: "in order", State.WARNING: "to be looked at", State.FAILURE: "broken", State.UNKNOWN: "unknown"}


def written(report: Report, *, colour: bool) -> str:
    """Write the report: all checks, then what to do about those that are not in order, the worst first."""
    open_ones = sorted(_open(report), key=lambda finding: -finding.verdict.state)
    numbers = {finding.check.id: number for number, finding in enumerate(open_ones, 1)}
    lines = [*_head(report), *_rows(report, numbers)]
    for finding in open_ones:
        lines += ["", *_advice(finding, numbers[finding.check.id])]
    lines += ["", _paint(_sum(report), _BOLD)]
    text = "\n".join(line.rstrip() for line in lines)
    return text if colour else _PAINT.sub("", text)


def _open(report: Report) -> Iterator[Finding]:
    return (finding for finding in report.findings if finding.verdict.state is not State.OK)


def _head(report: Report) -> Iterator[str]:
    title, right = "Check-up of the tenant", f"{report.at:%Y-%m-%d %H:%M} UTC, asked as {report.identity.value}"
    yield _paint(title, _BOLD) + _paint(right.rjust(WIDTH - len(title)), _DIM)


def _rows(report: Report, numbers: dict[str, int]) -> Iterator[str]:
    for subject, findings in groupby(report.findings, key=lambda finding: finding.check.subject):
        yield ""
        yield _paint(subject.value, _BOLD)
        for finding in findings:
            yield from _row(finding, numbers.get(finding.check.id))


def _row(finding: Finding, number: int | None) -> Iterator[str]:
    state = finding.verdict.state
    said = finding.verdict.found if number is None else f"{state.word}, see {number}"
    first, *more = textwrap.wrap(said, WIDTH - _TITLE - 4, break_on_hyphens=False) or [""]
    painted = _paint(first, _DIM if number is None else _COLOURS[state])
    yield f"  {_paint(_MARKS[state], _COLOURS[state])} {finding.check.title:<{_TITLE}}{painted}"
    yield from (" " * (_TITLE + 4) + _paint(line, _DIM) for line in more)


def _advice(finding: Finding, number: int) -> Iterator[str]:
    check, state = finding.check, finding.verdict.state
    head = f"{number}  {check.title}"
    yield _paint(head, _BOLD) + _paint(check.id.rjust(WIDTH - len(head)), _COLOURS[state])
    yield from _labelled("found", finding.verdict.found)
    yield from _labelled("why", check.why)
    yield from _labelled("portal", check.portal)
    if check.fixed_by_us:
        yield from _labelled("by us", f"--fix {check.fixed_by_us}")
    for index, line in enumerate(finding.command.splitlines()):
        # Never wrapped: it is there to be copied.
        yield f"   {_paint('type' if index == 0 else '', _DIM, _LABEL - 1)} {line}"


def _labelled(label: str, text: str) -> Iterator[str]:
    for index, line in enumerate(textwrap.wrap(text, WIDTH - _LABEL - 3, break_on_hyphens=False)):
        yield f"   {_paint(label if index == 0 else '', _DIM, _LABEL - 1)} {line}"


def _sum(report: Report) -> str:
    states = [finding.verdict.state for finding in report.findings]
    counts = (f"{states.count(state)} {word}" for state, word in _COUNTED.items() if state in states)
    return f"{len(states)} checks: {', '.join(counts)}."


def _paint(text: str, code: str, width: int = 0) -> str:
    return f"\x1b[{code}m{text:<{width}}\x1b[0m"
