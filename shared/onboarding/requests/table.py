"""Asking for the passes of many by a table: the file that HR would send, posted by somebody who may ask for passes.

Each row is a request like any other, with all that binds one. First all rows are checked, and if one is refused nothing
is asked for, unless the good ones alone are wanted. A request is named by the table's key and the row's account, so a
table that was cut off in the middle, or mended, is posted again with the same key, and nobody is asked for twice.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import batched
from typing import Any

from shared.handover.callers.principal import Principal
from shared.onboarding.collector import Route
from shared.onboarding.errors import (
    KeyReusedError,
    OnItsWayError,
    RefusedAccountError,
    RowFault,
    RowsRefusedError,
)
from shared.onboarding.events.admission import Calendar, plan_of
from shared.onboarding.ids import digest
from shared.onboarding.reasons import ADVICE
from shared.onboarding.requests.asking import Asking, Wanted
from shared.planning.plan import TooOldError
from shared.planning.start import ImpossibleStartError
from shared.runtime.clock import Clock
from shared.sources.errors import PayloadTooLargeError, UnknownSourceError
from shared.sources.hire import EventKind, HireData, HireEvent
from shared.sources.kind import Source
from shared.sources.kinds import csv
from shared.sources.verdict import Item, Misshapen

MOST = 100
"""Rows: each is looked at in Entra twice, and all must be over before the platform cuts the request off."""
AT_ONCE = 4
FARTHEST = timedelta(days=30)
ACCEPTED, GOOD, PASSED_OVER, REFUSED = "accepted", "good", "passed-over", "refused"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was posted: by the columns of which HR source it is read, and how it is to be taken.

    `partial`: the good rows, whatever the others are. `dry_run`: none, and tell what would become of each.
    """

    source: str
    raw: bytes = field(repr=False)
    key: str
    reason: str
    route: Route
    partial: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row, numbered as a spreadsheet shows it. `id`: the onboarding, where one was begun."""

    row: int
    outcome: str
    id: str = ""
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row that can be asked for as `wanted`, under `key`; or the verdict on one that cannot."""

    row: int
    wanted: Wanted | None = field(default=None, repr=False)
    key: str = ""
    verdict: Verdict | None = None


type _Ask = Callable[[_Line], Awaitable[Verdict]]


class TableAsking:
    """Takes tables."""

    def __init__(self, asking: Asking, sources: Mapping[str, Source[Any]], calendar: Calendar, clock: Clock) -> None:
        self._asking = asking
        self._sources = sources
        self._calendar = calendar
        self._clock = clock

    async def request(self, table: Table, by: Principal) -> list[Verdict]:
        """Ask for all rows or for none; or as the table says otherwise. A verdict for each row.

        Raises:
            UnknownSourceError: no HR source of the kind `csv` has this name.
            UnreadableBodyError, PayloadTooLargeError: it is no such table.
            RowsRefusedError: with every fault; nothing was asked for.
            TenantError, StorageUnavailableError: perhaps not all of it; posted again it is finished.
        """
        lines = self._lines(table)
        checked = await _each(lines, lambda line: self._check(line, by))
        if table.dry_run:
            return checked
        faults = tuple(fault for verdict in checked for fault in verdict.faults)
        if faults and not table.partial:
            raise RowsRefusedError(faults)
        good = {verdict.row for verdict in checked if verdict.outcome == GOOD}
        asked = await _each([line for line in lines if line.row in good], lambda line: self._ask(line, by))
        done = {verdict.row: verdict for verdict in (*checked, *asked)}
        return [done[line.row] for line in lines]

    async def _check(self, line: _Line, by: Principal) -> Verdict:
        async def check(wanted: Wanted) -> Verdict:
            await self._asking.check(wanted, line.key, by)
            return Verdict(line.row, GOOD)

        return await _judged(line, check)

    async def _ask(self, line: _Line, by: Principal) -> Verdict:
        async def ask(wanted: Wanted) -> Verdict:
            return Verdict(line.row, ACCEPTED, (await self._asking.request(wanted, line.key, by)).id)

        return await _judged(line, ask)

    def _lines(self, table: Table) -> list[_Line]:
        source = self._sources.get(table.source)
        if source is None or source.kind is not csv.KIND:
            raise UnknownSourceError
        now = self._clock.now()
        rows, items = csv.read_rows(table.raw, source.options, csv.Told(table.key, now, now))
        if len(rows) > MOST:
            raise PayloadTooLargeError(f"the file has more than {MOST} rows: send it in parts")
        return _doubles([self._line(row.number, item, table) for row, item in zip(rows, items, strict=True)])

    def _line(self, row: int, item: Item, table: Table) -> _Line:
        match item.says:
            case HireEvent(kind=EventKind.CREATED | EventKind.UPDATED, hire=hire):
                return self._wanted(row, hire, table)
            case Misshapen(faults):
                told = tuple(RowFault(fault.field, fault.problem) for fault in faults)
                return _Line(row, verdict=Verdict(row, REFUSED, faults=told))
            case _:
                return _Line(row, verdict=Verdict(row, PASSED_OVER))

    def _wanted(self, row: int, hire: HireData, table: Table) -> _Line:
        now = self._clock.now()
        if hire.user_name is None:
            return _faulty(row, "userName", "is required: it names the account")
        if not self._calendar.knows(hire.site):
            return _faulty(row, "site", "is none of SITES")
        try:
            plan = plan_of(hire, self._calendar, now)
        except (ImpossibleStartError, TooOldError) as error:
            return _faulty(row, "startDate", str(error))
        if plan.valid_from - now > FARTHEST:
            return _faulty(row, "startDate", f"is more than {FARTHEST.days} days ahead")
        said = json.dumps([asdict(hire), table.reason, table.route], sort_keys=True)
        wanted = Wanted(
            user=hire.user_name,
            reason=table.reason,
            start=plan.valid_from,
            lifetime=None,
            one_time=None,
            route=table.route,
            body=sha256(said.encode()).hexdigest(),
        )
        return _Line(row, wanted, f"{table.key}|{digest(hire.user_name.casefold())}")


def _faulty(row: int, name: str, problem: str) -> _Line:
    return _Line(row, verdict=Verdict(row, REFUSED, faults=(RowFault(f"/rows/{row}/{name}", problem),)))


def _doubles(lines: Iterable[_Line]) -> list[_Line]:
    """Refuse a row whose account stood in a row before."""
    first: dict[str, int] = {}
    found: list[_Line] = []
    for line in lines:
        before = first.setdefault(line.key, line.row) if line.key else line.row
        doubled = _faulty(line.row, "userName", f"stands in row {before}, too")
        found.append(line if before == line.row else doubled)
    return found


async def _each(lines: Iterable[_Line], ask: _Ask) -> list[Verdict]:
    found: list[Verdict] = []
    for some in batched(lines, AT_ONCE, strict=False):
        found += await asyncio.gather(*(ask(line) for line in some))
    return found


async def _judged(line: _Line, ask: Callable[[Wanted], Awaitable[Verdict]]) -> Verdict:
    """Ask, and tell a refusal of the one row as its verdict."""
    if line.wanted is None:
        return line.verdict or Verdict(line.row, PASSED_OVER)
    try:
        return await ask(line.wanted)
    except RefusedAccountError as error:
        problem = f"{error.reason.value}: {ADVICE[error.reason]}"
    except OnItsWayError as error:
        problem = f"a pass for this person is on its way already: {error.onboarding}"
    except KeyReusedError:
        problem = "was asked for with this Idempotency-Key and other values: send a new key"
    return Verdict(line.row, REFUSED, faults=(RowFault(f"/rows/{line.row}/userName", problem),))
