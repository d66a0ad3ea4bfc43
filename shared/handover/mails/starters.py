"""The daily digest to a desk: who starts next, and whether the devices are ready. Pure.

Whoever needs something comes first. No mail address, number or account is in it, and no pass, code or link.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import mail, present
from shared.handover.wording import clean, name, plain
from shared.languages.voice import ENGLISH
from shared.tenant.ports.mail import Mail
from shared.websignin.readiness import ADVICE, Gap, State, Verdict

MOST_NAMED = 60
"""Names in one mail; whoever comes after them is counted. Those who need something are named first."""


@dataclass(frozen=True, slots=True)
class Starter:
    """One who starts. `verdict` None: the device was not looked at yet. `waits`: why the pass waits, empty if not."""

    name: str
    starts_at: datetime
    zone: str
    site: str
    verdict: Verdict | None
    waits: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk's mail address, and the IANA zone in which it tells the days."""

    address: str
    zone: str


def starters_to_desk(starters: Iterable[Starter], until: datetime, desk: Desk) -> Mail:
    """Tell a desk of those who start before `until`, each with what there is to do."""
    ordered = sorted(starters, key=lambda one: (_rank(one), one.starts_at, one.name))
    title = _title(sum(map(_needs_a_look, ordered)), len(ordered))
    last = ENGLISH.day(until - timedelta(seconds=1), desk.zone)
    letter = Letter(
        title=title,
        lead=f"They start up to the end of {last}. Where a device is not ready, the lock screen has no globe, and a"
        " pass cannot be typed there.",
        facts=tuple((_who(one), _stands(one)) for one in ordered[:MOST_NAMED]),
        closing=present(_left_out(ordered), "Everything else about them: GET /api/passes."),
        desk=desk.address,
        reference="starters",
        kicker="For the helpdesk",
        urgent=_needs_a_look(ordered[0]),
    )
    return mail(desk.address, f"Who starts next: {title}", letter)


_WRONG, _UNCLEAR, _UNNAMED, _READY = range(4)


def _rank(starter: Starter) -> int:
    """Say how much a starter needs somebody, lowest first. That no device is known need not be a fault."""
    verdict = starter.verdict
    if starter.waits or (verdict is not None and verdict.state is State.NOT_READY):
        return _WRONG
    if verdict is not None and verdict.reason is Gap.NO_DEVICE_KNOWN:
        return _UNNAMED
    return _READY if verdict is not None and verdict.state is State.READY else _UNCLEAR


def _needs_a_look(starter: Starter) -> bool:
    return _rank(starter) < _UNNAMED


def _title(need: int, starting: int) -> str:
    people = "1 person starts" if starting == 1 else f"{starting} people start"
    if need == 0:
        return f"{people}, nothing is known to be wrong"
    return f"{people}, {need} {'needs' if need == 1 else 'need'} a look"


def _who(starter: Starter) -> str:
    begins = ENGLISH.when(starter.starts_at, starter.zone)
    return " · ".join(present(name(starter.name), plain(starter.site), begins))


def _stands(starter: Starter) -> str:
    waits = f"The pass waits: {starter.waits}." if starter.waits else ""
    return " ".join(present(_device(starter.verdict), waits))


def _device(verdict: Verdict | None) -> str:
    if verdict is None:
        return "The device was not looked at yet."
    if verdict.reason is None:
        return "Ready."
    # What is told in detail is Graph's or an administrator's own word; a dot in a version has to stay as it is.
    detail = f" ({clean(verdict.detail, 200)})" if verdict.detail else ""
    return f"{verdict.state.capitalize()}: {verdict.reason}{detail}. {ADVICE[verdict.reason]}"


def _left_out(ordered: Sequence[Starter]) -> str:
    more = ordered[MOST_NAMED:]
    if not more:
        return ""
    need = sum(map(_needs_a_look, more))
    return f"{len(more)} more are not named here, and {need} of them need a look."
