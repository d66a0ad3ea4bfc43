"""Deliveries that are kept, for whoever looks after the app: listed, shown masked, and run again.

Running again is the door's own way from the proof on, at the moment of arrival: what had its effect is known by its
event's id and has none again, what is older than what is known has none, and the brakes count what is new. So it helps
where the reading was at fault: options that named the wrong field, a mapping that has been mended since.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.onboarding.deliveries import masking
from shared.onboarding.deliveries.store import DeliveryStore, Label
from shared.onboarding.errors import UnknownDeliveryError
from shared.onboarding.events.hr_door import HrDoor
from shared.sources.errors import DeliveryError, UnknownSourceError
from shared.sources.kind import Source
from shared.sources.request import Request

log = logging.getLogger("day_one_pass")

MOST = 50
"""In one list."""


@dataclass(frozen=True, slots=True)
class Replaying:
    """Lists, shows and runs again. `sources` as the settings name them now, and the name of each one's kind."""

    sources: Mapping[str, Source[Any]]
    kinds: Mapping[str, str]
    store: DeliveryStore
    door: HrDoor

    async def page(self, source: str, before: str) -> dict[str, Any]:
        """List the newest deliveries of a source, or those before one.

        Raises:
            UnknownSourceError
        """
        self._named(source)
        found = await self.store.newest(source, MOST, before)
        more = found[-1].id if len(found) == MOST else None
        return {"items": [_told(label) for label in found], "before": more}

    async def show(self, source: str, delivery: str) -> dict[str, Any]:
        """Show a delivery with every value masked, and the options by which it is read now.

        Raises:
            UnknownSourceError, UnknownDeliveryError
            UnsealableError: it cannot be opened any more.
        """
        sender = self._named(source)
        label, request = await self._opened(source, delivery)
        media_type = next(iter(request.headers.all("content-type")), "")
        options = sender.options.model_dump(mode="json", by_alias=True)
        words = masking.words_of(sender.kind.words, options)
        return {
            **_told(label),
            "kind": self.kinds[source],
            "options": options,
            "contentType": media_type,
            "headers": sorted(request.headers.names()),
            "body": masking.masked_body(request.body, media_type, words),
        }

    async def run_again(self, source: str, delivery: str, by: str) -> dict[str, Any]:
        """Run a delivery again; `by` is the object id of the person who wants it. A refusal is an outcome, too.

        Raises:
            UnknownSourceError, UnknownDeliveryError
            UnsealableError: it cannot be opened any more.
            StorageUnavailableError: perhaps not all of it had its effect; once more settles it.
        """
        self._named(source)
        _, request = await self._opened(source, delivery)
        try:
            became = await self.door.again(source, request)
        except DeliveryError as error:
            became = (f"refused: {error}",)
        log.warning("delivery %s of %s run again: %s", delivery, source, "; ".join(became), extra={"caller": by})
        return {"id": delivery, "became": list(became)}

    def _named(self, source: str) -> Source[Any]:
        if source not in self.sources:
            raise UnknownSourceError
        return self.sources[source]

    async def _opened(self, source: str, delivery: str) -> tuple[Label, Request]:
        found = await self.store.open(source, delivery)
        if found is None:
            raise UnknownDeliveryError
        return found


def _told(label: Label) -> dict[str, Any]:
    return {"id": label.id, "at": label.at.isoformat(), "secret": label.secret, "became": list(label.became)}
