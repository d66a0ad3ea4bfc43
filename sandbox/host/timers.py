"""Timer triggers driven by the sandbox's clock, one run for all hosts that share a storage account.

Azure keeps a timer's schedule and its singleton lock in blobs of `AzureWebJobsStorage`; here one table row per timer
holds both, changed by compare-and-set. A clock that jumped over one or many occurrences leads to one past-due run.
"""

import asyncio
import contextlib
import json
import logging
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableEntity, UpdateMode
from azure.data.tables.aio import TableClient
from azure_functions_runtime.bindings.datumdef import Datum

from sandbox.clock import SandboxClock
from sandbox.host.app_loader import Function, Invoker
from sandbox.host.attention import pause_until
from sandbox.host.complaints import Complaints
from sandbox.host.ncrontab import Schedule, parse_schedule
from sandbox.host.settings import connection_credential, quiet, resolve, service_address

_LOG = logging.getLogger("sandbox.host")

TIMER_TABLE = "sandboxhosttimers"
HOST_STORAGE = "AzureWebJobsStorage"
USUAL_LEASE = 15.0
_LOOK_AT_CLOCK = 0.1
_TOLERANCE = timedelta(seconds=2)


@dataclass(slots=True)
class Timer:
    """One timer function and what this host knows of its row. `due` None: not read yet."""

    function: Function
    schedule: Schedule
    due: datetime | None = None
    complaints: Complaints = field(init=False)

    def __post_init__(self) -> None:
        self.complaints = Complaints(f"The schedule of '{self.function.name}' cannot be kept")

    def pending(self, now: datetime) -> bool:
        """Return whether there is something to do: the timer is due, not read yet, or the clock was set back."""
        return self.due is None or self.due <= now or self.schedule.next_after(now) < self.due

    @staticmethod
    def of(function: Function) -> "Timer":
        """Read the schedule of a timer function, `%NAME%` resolved.

        Raises:
            ScheduleError: it is no NCRONTAB schedule.
            HostSettingsError: a setting it names is missing.
        """
        return Timer(function, parse_schedule(resolve(str(function.trigger["schedule"]))))


@dataclass(slots=True)
class TimerRunner:
    """Runs all timers of an app. `lease` is in real seconds: a dead host's run is taken over after that."""

    timers: tuple[Timer, ...]
    invoker: Invoker
    clock: SandboxClock
    lease: float = USUAL_LEASE
    watching: bool = False
    _owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    _runs: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def waiting(self) -> int:
        """Return how many timers are due, being run, or not yet read from storage."""
        return len(self._runs) + (self._pending() if self.watching else 0)

    def _pending(self) -> int:
        now = self.clock.now()
        return sum(timer.pending(now) for timer in self.timers)

    async def watch(self, stop: asyncio.Event) -> None:
        """Run timers as the clock goes, until `stop` is set; a run is then awaited to its end."""
        self.watching = True
        address = service_address(HOST_STORAGE, "table")
        async with (
            connection_credential(HOST_STORAGE) as credential,
            TableClient(address, TIMER_TABLE, credential=credential, retry_total=0, **quiet()) as table,
        ):
            await asyncio.gather(*(self._watch_one(table, timer, stop) for timer in self.timers))

    async def run_now(self, name: str) -> bool:
        """Start the timer function `name` at once, outside its schedule; False if there is none of that name."""
        timer = next((timer for timer in self.timers if timer.function.name == name), None)
        if timer is None:
            return False
        task = asyncio.create_task(self._invoke(timer, past_due=False))
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)
        # One turn of the loop, so that the run is counted as busy before the answer is sent.
        await asyncio.sleep(0)
        return True

    async def _watch_one(self, table: TableClient, timer: Timer, stop: asyncio.Event) -> None:
        while not stop.is_set():
            now = self.clock.now()
            if timer.pending(now):
                await self._attend(table, timer, now)
            await pause_until(stop, _LOOK_AT_CLOCK)

    async def _attend(self, table: TableClient, timer: Timer, now: datetime) -> None:
        try:
            await self._take_turn(table, timer, now)
        except (ResourceModifiedError, ResourceExistsError):
            timer.due = None  # another host was faster: read its row at the next look
        except ResourceNotFoundError:
            with contextlib.suppress(AzureError):
                await table.create_table()
        except AzureError as error:
            timer.complaints.failed(error)
        else:
            timer.complaints.worked()

    async def _take_turn(self, table: TableClient, timer: Timer, now: datetime) -> None:
        """Read the row; adopt its due time, or run under a lease if the timer is due and no other host runs it."""
        row = await _read(table, timer.function.name)
        following = timer.schedule.next_after(now)
        if row is None:
            # Storage that was emptied behind our back loses no occurrence that this host was waiting for.
            due = min(timer.due or following, following)
            await table.create_entity(_row(timer, due))
            timer.due = due
            return
        due = datetime.fromisoformat(row["Due"])
        if due > following:  # the clock was set back
            await _replace(table, row, {"Due": following.isoformat()})
            timer.due = following
        elif due > now or datetime.fromisoformat(row["LeasedUntil"]) > datetime.now(UTC):
            timer.due = due if due > now else None
        else:
            await self._run_leased(table, timer, row, now)

    async def _run_leased(self, table: TableClient, timer: Timer, row: TableEntity, now: datetime) -> None:
        due = datetime.fromisoformat(row["Due"])
        await _replace(table, row, {"Owner": self._owner, "LeasedUntil": self._lease_end()})
        timer.due = due
        async with self._lease_kept(table, timer.function.name):
            await self._invoke(timer, past_due=now - due > _TOLERANCE)
        following = timer.schedule.next_after(max(now, due))
        mine = await _read(table, timer.function.name)
        if mine is not None and mine["Owner"] == self._owner:
            free = datetime.now(UTC).isoformat()
            await _replace(table, mine, {"Due": following.isoformat(), "LeasedUntil": free})
        timer.due = following

    def _lease_end(self) -> str:
        return (datetime.now(UTC) + timedelta(seconds=self.lease)).isoformat()

    @contextlib.asynccontextmanager
    async def _lease_kept(self, table: TableClient, name: str) -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await asyncio.sleep(self.lease / 3)
                row = await _read(table, name)
                if row is not None and row["Owner"] == self._owner:
                    await _replace(table, row, {"LeasedUntil": self._lease_end()})

        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, AzureError):
                await task

    async def _invoke(self, timer: Timer, *, past_due: bool) -> None:
        now = self.clock.now()
        following = timer.schedule.next_after(now)
        status = {"Last": now.isoformat(), "Next": following.isoformat(), "LastUpdated": now.isoformat()}
        content = {"IsPastDue": past_due, "ScheduleStatus": status, "Schedule": {"AdjustForDST": True}}
        await self.invoker.invoke(timer.function, Datum(json.dumps(content), "json"), {})


def _row(timer: Timer, due: datetime) -> dict[str, str]:
    return {
        "PartitionKey": "timers",
        "RowKey": timer.function.name,
        "Due": due.isoformat(),
        "Owner": str(os.getpid()),
        "LeasedUntil": datetime.fromtimestamp(0, UTC).isoformat(),
    }


async def _read(table: TableClient, name: str) -> TableEntity | None:
    """Return the timer's row; None if there is none. A missing table raises ResourceNotFoundError."""
    rows = table.query_entities("PartitionKey eq 'timers' and RowKey eq @name", parameters={"name": name})
    return await anext(aiter(rows), None)


async def _replace(table: TableClient, row: TableEntity, changes: dict[str, str]) -> None:
    await table.update_entity(
        {**row, **changes},
        UpdateMode.REPLACE,
        etag=row.metadata["etag"],
        match_condition=MatchConditions.IfNotModified,
    )
