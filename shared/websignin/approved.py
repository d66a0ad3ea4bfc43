"""Profiles whose writes may need another administrator's approval: asked for once, awaited by all, then carried out.

The caller holds the lease of the profile. What was asked stands in a row of its own, so that any hire who comes later,
in any instance, waits for the same request, and the first to see it approved carries it out.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.runtime.clock import Clock
from shared.runtime.leases import Cells, etag_of
from shared.tenant.errors import ApprovalNeededError, ApprovalRejectedError, TenantRefusedError
from shared.tenant.ports.profiles import Approval, GatedProfiles, Profile
from shared.websignin.approval import OURS, PORTAL, Asked, Next, decide, fingerprint

_KIND = "approval"

type Send = Callable[[Approval], Awaitable[None]]


class AskedRequests:
    """What was asked and is not done yet, by the name of the write."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    async def read(self, name: str) -> Asked | None:
        """Return it; None where nothing is asked."""
        kept = await self._cells.read(_KIND, name)
        if kept is None:
            return None
        rejected = kept.get("rejected")
        return Asked(
            kept["request"], kept["change"], kept["added"], datetime.fromisoformat(rejected) if rejected else None
        )

    async def keep(self, name: str, asked: Asked) -> None:
        """Keep it, in place of any before."""
        values = {"request": asked.request, "change": asked.change, "added": asked.added}
        if asked.rejected_at is not None:
            values["rejected"] = asked.rejected_at.isoformat()
        await self._cells.put(_KIND, name, values)

    async def forget(self, name: str) -> None:
        """Forget it; whoever holds the lease is alone."""
        known = await self._cells.read(_KIND, name)
        if known is not None:
            await self._cells.remove(_KIND, name, etag_of(known))


class ApprovedProfiles:
    """The `Profiles` that waits for approval where Intune wants one. `may_ask`: see `decide`."""

    def __init__(self, profiles: GatedProfiles, asked: AskedRequests, clock: Clock, *, may_ask: bool) -> None:
        self._profiles = profiles
        self._asked = asked
        self._clock = clock
        self._may_ask = may_ask

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        """Find, as `Profiles` does."""
        return await self._profiles.find(id_or_name)

    async def filter_rule(self, filter_id: str) -> str | None:
        """Read the rule of a filter, as `Profiles` does."""
        return await self._profiles.filter_rule(filter_id)

    async def assign(self, profile_id: str, assignments: tuple[Mapping[str, Any], ...]) -> None:
        """Replace the set of assignments, the last of which is the one added. Or carry out what another one asked for.

        Raises:
            ApprovalNeededError: a person has to agree first.
            ApprovalRejectedError: a person did not.
        """
        name = f"assign-{profile_id}"
        asked = await self._asked.read(name)
        whole = _as_asked(assignments, asked)

        async def send(approval: Approval) -> None:
            await self._profiles.assign(profile_id, whole, approval)

        wanted = Asked("", fingerprint(whole), json.dumps(whole[-1]))
        await self._carry_out(name, asked, wanted, send)

    async def make(self, body: Mapping[str, Any]) -> str:
        """Make a profile; return its id.

        Raises:
            ApprovalNeededError, ApprovalRejectedError: as for `assign`.
        """
        made: list[str] = []
        change = fingerprint([body])

        async def send(approval: Approval) -> None:
            made.append(await self._profiles.make(body, approval))

        name = f"make-{change}"
        await self._carry_out(name, await self._asked.read(name), Asked("", change, ""), send)
        return made[0]

    async def _carry_out(self, name: str, asked: Asked | None, wanted: Asked, send: Send) -> None:
        status = await self._status(asked) if asked and asked.rejected_at is None else None
        now = self._clock.now()
        match decide(asked, status, wanted.change, now, may_ask=self._may_ask):
            case Next.ASK:
                await self._ask(name, asked, wanted, send)
            case Next.RESUBMIT if asked is not None:
                await self._resubmit(name, asked, send)
            case Next.WAIT if asked is not None:
                raise _needed(asked.request)
            case _:
                if asked is not None and asked.rejected_at is None:
                    await self._asked.keep(name, replace(asked, rejected_at=now))
                raise ApprovalRejectedError(f"request {asked.request}: {PORTAL}" if asked else PORTAL)

    async def _ask(self, name: str, asked: Asked | None, wanted: Asked, send: Send) -> None:
        try:
            await send(Approval(_why(wanted.change)))
        except ApprovalNeededError as needed:
            request = needed.request or await self._request_for(wanted.change)
            if request is not None:
                await self._asked.keep(name, replace(wanted, request=request))
            raise _needed(request) from None
        if asked is not None:
            await self._asked.forget(name)

    async def _resubmit(self, name: str, asked: Asked, send: Send) -> None:
        try:
            await send(Approval(_why(asked.change), asked.request))
        except TenantRefusedError:
            # Intune does not take it any more: the next look asks anew.
            await self._asked.forget(name)
            raise
        await self._asked.forget(name)

    async def _status(self, asked: Asked) -> str | None:
        return next((one.status for one in await self._profiles.requests() if one.id == asked.request), None)

    async def _request_for(self, change: str) -> str | None:
        """Find the request of a write whose answer was lost, by the words it was given."""
        return next((one.id for one in await self._profiles.requests() if one.why == _why(change)), None)


def _as_asked(assignments: tuple[Mapping[str, Any], ...], asked: Asked | None) -> tuple[Mapping[str, Any], ...]:
    """Return the write that was asked for, another hire's as it may be, where it would still be the same today."""
    if asked is None:
        return assignments
    theirs = (*assignments[:-1], json.loads(asked.added))
    return theirs if fingerprint(theirs) == asked.change else assignments


def _why(change: str) -> str:
    return (
        f"{OURS} makes the profile for Web sign-in where there is none, or adds one device group to its"
        " assignments and leaves all others as they are, so that new hires can type their Temporary Access Pass at the"
        f" lock screen. Change {change}"
    )


def _needed(request: str | None) -> ApprovalNeededError:
    told = f"request {request}" if request else "another request for it is open, to be decided or cancelled"
    return ApprovalNeededError(f"{told}: {PORTAL}", request)
