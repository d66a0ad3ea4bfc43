"""What the check-up says: checks, and what was found by each. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from shared.checkup.facts import Facts, Identity, UnreadError


class Subject(StrEnum):
    """What a check is about: the headings of the table."""

    GRAPH = "Microsoft Graph"
    PASS_POLICY = "Temporary Access Pass policy"  # noqa: S105 - the name of a policy
    WEB_SIGN_IN = "Web sign-in"
    SIGN_IN = "Signing in"
    HIRES = "Who is coming"
    MAIL = "Mail"
    APP = "The app itself"


class State(IntEnum):
    """How it stands, the worse the greater.

    `UNKNOWN`: it could not be read. `WARNING`: a first morning may go wrong, or is less safe than it could be.
    `FAILURE`: a first morning will go wrong.
    """

    OK = 0
    UNKNOWN = 1
    WARNING = 2
    FAILURE = 3

    @property
    def word(self) -> str:
        """Return its stable name, for programs."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `command`: the exact command for this very case, where that of the check is too general."""

    state: State
    found: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be so. `id` is stable; programs may rely on it.

    `portal`: the way there by hand. `command`: what mends it, to be typed as it stands but for names in capitals; empty
    where no command does. `fixed_by_us`: what `--fix` of the command does about it, empty for nothing.
    """

    id: str
    subject: Subject
    title: str
    why: str
    portal: str
    look: Callable[[Facts], Verdict]
    command: str = ""
    fixed_by_us: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check and what it found."""

    check: Check
    verdict: Verdict

    @property
    def command(self) -> str:
        """Return the command that mends it, empty for none."""
        return self.verdict.command or self.check.command


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, each check's exactly once, as they stood at an instant and for whoever asked the tenant."""

    at: datetime
    identity: Identity
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> State:
        """Return the worst state of all."""
        return max((finding.verdict.state for finding in self.findings), default=State.OK)


def found_by(check: Check, facts: Facts) -> Finding:
    """Carry out a check; one whose facts could not be read says so, and why."""
    try:
        return Finding(check, check.look(facts))
    except UnreadError as unread:
        return Finding(check, Verdict(State.UNKNOWN, unread.reason))


def ok(found: str) -> Verdict:
    """Say that it is as it should be."""
    return Verdict(State.OK, found)


def warning(found: str, command: str | None = None) -> Verdict:
    """Say that it should be looked at."""
    return Verdict(State.WARNING, found, command)


def failure(found: str, command: str | None = None) -> Verdict:
    """Say that it has to be mended."""
    return Verdict(State.FAILURE, found, command)


def unknown(found: str) -> Verdict:
    """Say that it could not be told, and why."""
    return Verdict(State.UNKNOWN, found)
