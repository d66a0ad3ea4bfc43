"""The emergency brake, for an administrator: `make revoke ARGS="--all"`; see docs/incident.md.

It works on storage with the operator's own sign-in, not through the app: it must serve while the app is stopped,
because its identity is suspected or because storage has just been restored. Deleting the passes in Microsoft Graph is
left to the app's sweep, which keeps to Graph's limit; a pass that stays is named, for a hand in Entra.
"""

import argparse
import asyncio
import json
import os
import sys
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import DefaultAzureCredential

from shared.onboarding.model import Onboarding
from shared.onboarding.requests.incident import Incident, Reach, Survey, usable_from
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.store import Store
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.errors import SettingsError, StorageUnavailableError
from shared.runtime.settings.loading import load_row_keys
from shared.runtime.storage import Tables

SETTING = "STORAGE__tableServiceUri"
STORAGE = "https://storage.azure.com/.default"
LOOK_EVERY = 5.0
"""Seconds."""
AT_ONCE = 8


@dataclass(slots=True)
class Revocation:
    """One order, carried out and told line by line."""

    incident: Incident
    reach: Reach
    by: str
    failures: int = 0

    async def show(self) -> int:
        """Say what would be done, and do nothing."""
        survey = await self._survey()
        for row in survey.to_revoke:
            _say(f"  {row.id}  would be revoked, is {_words(row)}")
        return 1 if self.failures else 0

    async def carry_out(self, longest: timedelta) -> int:
        """Revoke, then watch the deletion for as long; return the exit code."""
        survey = await self._survey()
        done = await self._revoke_all(survey)
        await self._watch([*done, *(row.id for row in survey.to_delete)], longest)
        _say(f"{len(done)} revoked: their links are dead. {self.failures or 'Nothing'} left to be done.")
        return 1 if self.failures else 0

    async def _survey(self) -> Survey:
        survey = await self.incident.survey(self.reach)
        self.failures += len(survey.unreadable)
        _say(f"{len(survey.to_revoke)} to revoke; {len(survey.to_delete)} ended earlier, whose pass has yet to go.")
        for onboarding in survey.unreadable:
            _say(f"  {onboarding}  NOT readable by this version: row o|{onboarding} of the table onboardings")
        return survey

    async def _revoke_all(self, survey: Survey) -> list[str]:
        """End all of them, soonest first; return the ids of those that are ended now."""
        done: list[str] = []
        for batch in batched(survey.to_revoke, AT_ONCE, strict=False):
            ended = await asyncio.gather(*(self._revoke(row) for row in batch))
            done += [row.id for row, is_ended in zip(batch, ended, strict=True) if is_ended]
            _say(f"  {len(done)} of {len(survey.to_revoke)} revoked …")
        return done

    async def _revoke(self, row: Onboarding) -> bool:
        try:
            await self.incident.revoke(row.id, self.reach, self.by)
        except StorageUnavailableError as error:
            self.failures += 1
            _say(f"  {row.id}  NOT revoked: {error}")
            return False
        _say(f"  {row.id}  revoked, was {_words(row)}")
        return True

    async def _watch(self, onboardings: Sequence[str], longest: timedelta) -> None:
        """Show how the app's sweep deletes the passes, until none is left or the time is over."""
        ends = asyncio.get_running_loop().time() + longest.total_seconds()
        left = await self.incident.standing(onboardings)
        told = -1
        while left and asyncio.get_running_loop().time() < ends:
            if len(left) != told:
                told = len(left)
                _say(f"  {told} still to be deleted by the app's sweep …")
            await asyncio.sleep(min(LOOK_EVERY, longest.total_seconds()))
            left = await self.incident.standing([row.id for row in left])
        for row in left:
            self.failures += 1
            _say(f"  {row.id}  NOT deleted yet: {_by_hand(row)}")


def main(argv: Sequence[str] | None = None, clock: Clock | None = None) -> int:
    """Return 0 if nothing is left to be done, 1 if something is."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.all == bool(options.source or options.since):
        parser.error("say what to revoke: either --all, or --source, --since or both")
    if not options.tables:
        parser.error(f"say where storage is: --tables https://….table.core.windows.net, or {SETTING}")
    try:
        codes = RowCodes.under(*load_row_keys(os.environ))
        return asyncio.run(_run(options, clock or SystemClock(), codes))
    except SettingsError as error:
        _say(f"Not done: {error}")
        return 1
    except (StorageUnavailableError, ClientAuthenticationError) as error:
        _say(f"Not done: {error}\nRun it again when that is mended; what is revoked stays revoked.")
        return 1


async def _run(options: argparse.Namespace, clock: Clock, codes: RowCodes) -> int:
    async with DefaultAzureCredential() as credential:
        by = _object_id((await credential.get_token(STORAGE)).token)
        async with aclosing(Tables(options.tables, credential)) as tables:
            reach = Reach(options.source, options.since, options.planned)
            store = Store(tables.onboardings, codes, clock)
            order = Revocation(Incident(store, clock), reach, by)
            return await (order.show() if options.dry_run else order.carry_out(options.wait))


def _object_id(token: str) -> str:
    """Read who the token is for. Not checked: it is our own, fresh from Entra, and storage checks it."""
    payload = token.split(".")[1]
    return str(json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["oid"])


def _words(row: Onboarding) -> str:
    return f"{row.status}, source {row.source}, usable from {usable_from(row):%Y-%m-%d %H:%M} UTC"


def _by_hand(row: Onboarding) -> str:
    user = row.subject.id if row.subject else "unknown"
    held = row.issued.id if row.issued else "unknown; delete any that the user has and nobody else made"
    return f"user {user}, Temporary Access Pass {held}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make revoke", description=__doc__.partition(";")[0])
    parser.add_argument("--all", action="store_true", help="every onboarding with a live link or pass")
    parser.add_argument("--source", help="only those of this HR source, or ad-hoc")
    parser.add_argument("--since", type=_instant, help="only those begun, mailed or given a pass then or later")
    parser.add_argument("--planned", action="store_true", help="those too that have neither link nor pass yet")
    parser.add_argument("--dry-run", action="store_true", help="show what would be revoked, and change nothing")
    parser.add_argument(
        "--wait", type=_minutes, default="30", help="minutes to watch the deletion; 0 if the app stands"
    )
    parser.add_argument("--tables", default=os.environ.get(SETTING, ""), help=f"table endpoint; else {SETTING}")
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("must have an offset, such as 2030-06-03T06:00:00Z")
    return instant


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=float(text))


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
