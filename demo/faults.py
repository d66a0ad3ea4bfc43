"""Eight faults, each of a kind that a real product has had, planted without a hook in the product.

Seven are one change in a copy of the app, which the sandbox then runs instead; one is a change of the tenant. Each
says at which step, and by which check, the story has to end.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from demo.stage import Stage
from demo.story import Plot
from sandbox.processes import ROOT

_APP = ("function_app.py", "host.json", "functions", "shared")


class FaultOutdatedError(Exception):
    """The app no longer holds the text that a fault changes: the fault has to be written anew."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one file of the app. `old` must stand there exactly once."""

    file: str
    old: str
    new: str

    def apply(self, app: Path) -> None:
        """Change the file.

        Raises:
            FaultOutdatedError: `old` is not there, or more than once.
        """
        path = app / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise FaultOutdatedError(f"{self.file} holds {text.count(self.old)} times, not once: {self.old.strip()}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and how it has to be found: at `step`, by the check whose text holds `check`."""

    name: str
    what: str
    step: str
    check: str
    edit: Edit | None = None
    prepare: Callable[[Stage], None] | None = None
    crossing: bool = False


def _device_in_no_group(stage: Stage) -> None:
    stage.company.change(op="remove-member", group=stage.hire.group, member=stage.hire.device)


FAULTS = (
    Fault(
        "dst",
        "validity an hour off: today's offset from UTC, not that of the day",
        "planned",
        "starts",
        Edit(
            "shared/planning/plan.py",
            "    first = instant(start)\n",
            "    today = now.astimezone(ZoneInfo(start.zone)).utcoffset() or timedelta(0)\n"
            "    first = datetime.combine(start.date, start.time, UTC) - today\n",
        ),
        crossing=True,
    ),
    Fault(
        "second-post",
        "a second POST for a pass, as an SDK's own retry makes it",
        "pass made",
        "POSTs for a pass",
        Edit(
            "shared/passes/issue.py",
            "            created = await self._passes.create(order.delivery.subject, asked)\n",
            "            await self._passes.create(order.delivery.subject, asked)\n"
            "            created = await self._passes.create(order.delivery.subject, asked)\n",
        ),
    ),
    Fault(
        "unsealed",
        "the code of the pass in clear in the row",
        "nothing in clear",
        "the pass or the link's key",
        Edit(
            "shared/passes/issue.py",
            "        del created\n",
            "        kept = lambda row: replace(row, hire=replace(row.hire, preferred_language=created.code))\n"
            "        told = Audit(Did.PASS_MADE, order.attempt.begun)\n"
            "        await self._store.update(order.row.id, lambda row: Change(kept(row), told))\n",
        ),
    ),
    Fault(
        "dropped",
        "an assignment of somebody else's dropped from the profile",
        "group in scope",
        "assignments of others",
        Edit("shared/websignin/merge.py", "return Write((*assignments, {", "return Write((*assignments[1:], {"),
    ),
    Fault(
        "no-group",
        "the device in no group, so that the profile never reaches it",
        "lock screen",
        "typed before it is valid",
        prepare=_device_in_no_group,
    ),
    Fault(
        "key-in-log",
        "the link's key in a log",
        "nothing in clear",
        "the pass or the link's key",
        Edit(
            "shared/handover/sending/invite.py",
            "        facts = facts_of(invited, self._addresses.desk)\n        await self._part_from(",
            '        __import__("logging").getLogger("of.a.library").warning("link %s", url.reveal())\n'
            "        facts = facts_of(invited, self._addresses.desk)\n        await self._part_from(",
        ),
    ),
    Fault(
        "claim-race",
        "the claim read first and written later, without a condition",
        "collected",
        "browsers of the manager at once",
        Edit(
            "shared/handover/collecting/collect.py",
            "await self._store.commit(proven.kept, Change(opened, audit))",
            # The table of transitions would refuse to open twice: whoever claims like this goes round it, too.
            "await self._store.update(proven.kept.row.id, lambda row: Change(lifecycle.opened(row, opened.claim),"
            " Audit(Did.SEALED_PASS_ERASED, state.claimed_at, caller=proven.by) if row.claim else audit))",
        ),
    ),
    Fault(
        "event-manager",
        "the manager taken from the event instead of from Entra",
        "notice",
        "in the inbox of",
        Edit(
            "shared/onboarding/eligibility/preflight.py",
            "        account = accounts[0]\n",
            "        named = await self._directory.find_accounts(\n"
            "            user_principal_name=row.hire.manager_user_name,\n"
            "            number_attribute=self._rules.number_attribute,\n"
            "            number=None,\n"
            "        )\n"
            '        account = __import__("dataclasses").replace(accounts[0], manager=named[0])\n',
        ),
    ),
)
BY_NAME = {fault.name: fault for fault in FAULTS}


@contextmanager
def planted(fault: Fault, plot: Plot) -> Iterator[Plot]:
    """Plant a fault: yield the plot that has it. A copy of the app lives as long as the block.

    Raises:
        FaultOutdatedError: see there.
    """
    plot = replace(plot, prepare=fault.prepare, crossing=fault.crossing)
    if fault.edit is None:
        yield plot
        return
    with tempfile.TemporaryDirectory(prefix="day-one-pass-fault-") as folder:
        app = Path(folder)
        copy_app(app)
        fault.edit.apply(app)
        yield replace(plot, app=app)


def copy_app(to: Path) -> None:
    """Copy what makes the app, and nothing else, into an empty folder."""
    for name in _APP:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, to / name)
