"""Which onboardings belong to a person, or to a device: the table `people`, written before the rows it names.

An entry without a row means nothing. Whoever adds the first id for a person decides which onboarding it is, so that
two events at once do not begin two.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from shared.onboarding.ids import digest
from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.leases import Cells, etag_of

MOST_CONFLICTS = 8
KINDS = ("c", "d", "n", "t", "u")
"""Entries of crews, of devices, of people by their source's number, of crews whose manager was told, of accounts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was read: the ids that it names, and the day on which some of them were found to lead nowhere."""

    ids: tuple[str, ...]
    stray_since: str | None
    known: Any = field(repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """Where it stands."""
        return self.known["PartitionKey"], self.known["RowKey"]


class People:
    """Finds and names onboardings by source and external id."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    async def onboardings(self, source: str, external_id: str) -> tuple[str, ...]:
        """Return the ids named for a person of a source, oldest first."""
        return _ids(await self._cells.read(*_key(source, external_id)))

    async def onboardings_of_account(self, user_id: str) -> tuple[str, ...]:
        """Return the ids named for an Entra account, oldest first."""
        return _ids(await self._cells.read(*_account_key(user_id)))

    async def onboardings_of_device(self, device: str) -> tuple[str, ...]:
        """Return the ids named for a device that is in a group by this app's doing, oldest first."""
        return _ids(await self._cells.read(*_device_key(device)))

    async def name_account(self, user_id: str, onboarding: str) -> None:
        """Name an onboarding for the account it has found."""
        await self._name(_account_key(user_id), onboarding)

    async def name_device(self, device: str, onboarding: str) -> None:
        """Name an onboarding for the device that it is to have in a group."""
        await self._name(_device_key(device), onboarding)

    async def crew(self, name: str) -> tuple[str, ...]:
        """Return the ids named for a crew, oldest first; some may have left it since."""
        return _ids(await self._cells.read(*_crew_key("c", name)))

    async def name_crew(self, name: str, onboarding: str) -> None:
        """Name an onboarding for the crew that it belongs to."""
        await self._name(_crew_key("c", name), onboarding)

    async def crew_told(self, name: str) -> bool:
        """Tell whether a crew's manager was told of all of it."""
        return bool(_ids(await self._cells.read(*_crew_key("t", name))))

    async def name_crew_told(self, name: str, onboarding: str) -> None:
        """Note that a crew's manager was told, and with which onboarding."""
        await self._name(_crew_key("t", name), onboarding)

    async def _name(self, key: tuple[str, str], onboarding: str) -> None:
        for _ in range(MOST_CONFLICTS):
            known = await self._cells.read(*key)
            ids = _ids(known)
            if onboarding in ids:
                return
            try:
                await self._cells.swap(*key, known, {"ids": json.dumps([*ids, onboarding])})
            except ConflictError:
                continue
            return
        raise StorageUnavailableError("An entry is written by too many at once.")

    async def forget(self, source: str, external_id: str, onboarding: str) -> None:
        """Let nothing lead from a person of a source to this onboarding."""
        await self._forget(_key(source, external_id), onboarding)

    async def forget_account(self, user_id: str, onboarding: str) -> None:
        """Let nothing lead from an Entra account to this onboarding."""
        await self._forget(_account_key(user_id), onboarding)

    async def forget_device(self, device: str, onboarding: str) -> None:
        """Let nothing lead from a device to this onboarding."""
        await self._forget(_device_key(device), onboarding)

    async def _forget(self, key: tuple[str, str], onboarding: str) -> None:
        for _ in range(MOST_CONFLICTS):
            known = await self._cells.read(*key)
            left = tuple(one for one in _ids(known) if one != onboarding)
            if len(left) == len(_ids(known)):
                return
            try:
                await self.narrow(_entry(known), left)
            except ConflictError:
                continue
            return
        raise StorageUnavailableError("A person's entry is written by too many at once.")

    async def all(self) -> AsyncIterator[Entry]:
        """Yield every entry."""
        for kind in KINDS:
            async for known in self._cells.between(f"{kind}|", f"{kind}}}"):
                # Due times of HR systems' records stand in this table, too, and begin as entries of devices do.
                if "ids" in known:
                    yield _entry(known)

    async def mark_stray(self, entry: Entry, today: str) -> None:
        """Note that some of its ids lead nowhere, until somebody names another there.

        Raises:
            ConflictError: somebody has written there since it was read.
        """
        await self._cells.swap(*entry.key, entry.known, {"ids": json.dumps(entry.ids), "stray": today})

    async def narrow(self, entry: Entry, left: tuple[str, ...]) -> None:
        """Let it name these and no others; one that names none goes.

        Raises:
            ConflictError: somebody has written there since it was read.
        """
        if left:
            await self._cells.swap(*entry.key, entry.known, {"ids": json.dumps(left)})
        else:
            await self._cells.remove(*entry.key, etag_of(entry.known))

    async def name(self, source: str, external_id: str, after: tuple[str, ...], fresh_id: str) -> tuple[str, ...]:
        """Name `fresh_id` behind `after`, unless another was named there meanwhile. Returns what stands there now."""
        for _ in range(MOST_CONFLICTS):
            known = await self._cells.read(*_key(source, external_id))
            ids = _ids(known)
            if ids != after:
                return ids
            try:
                await self._cells.swap(*_key(source, external_id), known, {"ids": json.dumps([*ids, fresh_id])})
            except ConflictError:
                continue
            return (*ids, fresh_id)
        raise StorageUnavailableError("A person's entry is written by too many at once.")


def _key(source: str, external_id: str) -> tuple[str, str]:
    hashed = digest(source, external_id)
    return hashed[:2], f"n|{source}|{hashed}"


def _account_key(user_id: str) -> tuple[str, str]:
    return user_id.casefold()[:2], f"u|{user_id.casefold()}"


def _device_key(device: str) -> tuple[str, str]:
    return device.casefold()[:2], f"d|{device.casefold()}"


def _crew_key(kind: str, name: str) -> tuple[str, str]:
    return name[:2], f"{kind}|{name}"


def _ids(entity: Any) -> tuple[str, ...]:
    return tuple(json.loads(entity["ids"])) if entity is not None else ()


def _entry(known: Any) -> Entry:
    return Entry(_ids(known), known.get("stray"), known)
