"""The door of the HR systems: what is heard is stored, item by item, and then acknowledged as the source wants it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.onboarding.deliveries import model as deliveries
from shared.onboarding.deliveries.model import KeptDelivery
from shared.runtime.clock import Clock
from shared.runtime.errors import StorageUnavailableError
from shared.sources import drop
from shared.sources import intake as sources
from shared.sources.delivery import Delivery
from shared.sources.errors import EventShapeError, UnknownSourceError
from shared.sources.kind import Source
from shared.sources.request import Headers, Request
from shared.sources.verdict import (
    Answer,
    Handshake,
    Heard,
    Item,
    Lifecycle,
    Mention,
    Misshapen,
    PassedOver,
    Result,
    Verdict,
)

log = logging.getLogger("day_one_pass")

PASSED_OVER = "passed-over"
MISSHAPEN = "misshapen"
MENTIONED = "mentioned"
ATTENDED = "attended"


class Takes(Protocol):
    """Gives events their effect, as `Intake` does."""

    async def take(self, delivery: Delivery, /) -> str:
        """Take an event of a hire; what it came to."""
        ...

    async def note(self, source: str, event_id: str, outcome: str, secret: str, /) -> None:
        """Record what is about no hire."""
        ...


class Names(Protocol):
    """Remembers records to be read, as `Naming` does."""

    async def take(self, source: str, mention: Mention, secret: str, /) -> None:
        """Take a mention."""
        ...


class Attends(Protocol):
    """Looks after the way on which events come, as `Subscribing` does."""

    async def attend(self, source: str, lifecycle: Lifecycle, /) -> None:
        """Take what was told of it."""
        ...


class Keeps(Protocol):
    """Keeps what was delivered, as `DeliveryStore` does."""

    async def keep(self, delivery: KeptDelivery, /) -> None:
        """Keep a proven delivery."""
        ...


@dataclass(frozen=True, slots=True)
class Effects:
    """What comes of a delivery: the effects of its events, the records it names, and that it is kept."""

    intake: Takes
    naming: Names
    keeping: Keeps
    attending: Attends


class HrDoor:
    """Takes requests to `/api/hr/{source}`."""

    def __init__(self, by_name: Mapping[str, Source[Any]], effects: Effects, clock: Clock) -> None:
        self._sources = by_name
        self._intake = effects.intake
        self._naming = effects.naming
        self._keeping = effects.keeping
        self._attending = effects.attending
        self._clock = clock

    def greet(self, source: str, method: str, headers: Headers, query: Mapping[str, str]) -> Answer:
        """Answer a GET or OPTIONS.

        Raises:
            DeliveryError: there is no such source, or what it asks cannot be answered.
        """
        return sources.greet(self._source(source), Request(method, headers, query, b"", self._clock.now()))

    async def take(self, source: str, headers: Headers, query: Mapping[str, str], body: bytes) -> Answer:
        """Take a POST: store every event in it, each in a transaction of its own, and acknowledge.

        Raises:
            DeliveryError: it is not taken.
            StorageUnavailableError: perhaps not all of it is stored; the sender's retry settles it.
        """
        request = Request("POST", headers, query, body, self._clock.now())
        verdict, results = await self.receive(self._source(source), request)
        if isinstance(verdict, Handshake):
            log.info("handshake with the HR source %s", source)
            return verdict.answer
        return verdict.acknowledge(results)

    async def receive(self, sender: Source[Any], request: Request) -> tuple[Verdict, list[Result]]:
        """Take what was posted, or left in a container, and keep it: what it is, and what became of its events.

        Raises:
            DeliveryError: it is not taken.
            StorageUnavailableError: perhaps not all of it is stored; once more settles it.
        """
        try:
            verdict = _judged(sender, request)
        except EventShapeError as error:
            # Whoever sent it has proven himself before its shape was looked at: the contract of a kind.
            await self._keep(deliveries.refused(sender.name, request, str(error)))
            raise
        if isinstance(verdict, Handshake):
            return verdict, []
        results = await self._results(sender, verdict)
        await self._keep(deliveries.heard(sender.name, verdict.secret_name, request, results))
        return verdict, results

    async def again(self, source: str, request: Request) -> tuple[str, ...]:
        """Take a delivery that was kept once more, as it arrived then; what became of each of its events now.

        Raises:
            DeliveryError: it is not taken, as where the secret that proved it is no longer active.
            StorageUnavailableError: perhaps not all of it is stored; once more settles it.
        """
        sender = self._source(source)
        verdict = _judged(sender, request)
        if isinstance(verdict, Handshake):
            return ()
        return tuple(deliveries.became(result) for result in await self._results(sender, verdict))

    async def _results(self, sender: Source[Any], heard: Heard) -> list[Result]:
        """Store every event that was heard, each in a transaction of its own; what became of each."""
        return [await self._result(sender, heard.secret_name, item) for item in heard.items]

    async def _keep(self, delivery: KeptDelivery) -> None:
        """Keep a delivery for people to look at. Its events are stored by now: it is acknowledged either way."""
        try:
            await self._keeping.keep(delivery)
        except StorageUnavailableError as error:
            log.warning("a delivery of %s cannot be run again, for it could not be kept: %s", delivery.source, error)

    def _source(self, name: str) -> Source[Any]:
        if name not in self._sources:
            raise UnknownSourceError
        return self._sources[name]

    async def _result(self, source: Source[Any], secret_name: str, item: Item) -> Result:
        match item.says:
            case PassedOver(why):
                log.info("event of %s passed over: %s; proven by the secret %s", source.name, why, secret_name)
                await self._intake.note(source.name, item.event_id, f"{PASSED_OVER}: {why}", secret_name)
                return Result(item, PASSED_OVER)
            case Misshapen(faults):
                fields = [f"{fault.field} {fault.problem}" for fault in faults]
                told = "event of %s misshapen, nobody is planned from it: %s; proven by the secret %s"
                log.warning(told, source.name, "; ".join(fields), secret_name)
                await self._intake.note(source.name, item.event_id, f"{MISSHAPEN}: {fields[0]}", secret_name)
                return Result(item, MISSHAPEN)
            case Lifecycle(word) as lifecycle:
                log.info("event of %s: %s; proven by the secret %s", source.name, word, secret_name)
                await self._attending.attend(source.name, lifecycle)
                await self._intake.note(source.name, item.event_id, f"{ATTENDED}: {word}", secret_name)
                return Result(item, ATTENDED)
            case Mention() as mention:
                log.info("event of %s names a record, to be read; proven by the secret %s", source.name, secret_name)
                await self._naming.take(source.name, mention, secret_name)
                await self._intake.note(source.name, item.event_id, MENTIONED, secret_name)
                return Result(item, MENTIONED)
            case event:
                return Result(item, await self._intake.take(Delivery(item.event_id, source.name, event, secret_name)))


def _judged(sender: Source[Any], request: Request) -> Verdict:
    return drop.receive(sender, request) if request.method == drop.LEFT else sources.receive(sender, request)
