"""Bringing link and code to those they are for: the link by mail, a hire's code by the channel of its route."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shared.channels.ports import Text, Texter
from shared.handover.keys.pickup import PickupCode
from shared.handover.keys.secrets import Link
from shared.handover.mails import desk_messages, hire_messages, messages, text_messages
from shared.handover.mails.parts import Facts
from shared.handover.sending.nudges import Nudging
from shared.languages.voice import Voice
from shared.onboarding.collector import Collector, Route
from shared.onboarding.eligibility.preflight import Ready
from shared.tenant.errors import NotFoundInTenantError, TenantError, TenantRefusedError
from shared.tenant.ports.mail import Mail, Mailer

_STANDS_IN = {
    Route.MANAGER: "the hire",
    Route.HIRE_MANAGER: "who comes first",
    Route.HIRE_TEXT: "who comes first",
    Route.CONTACT: "the manager",
}
"""For whom somebody stands in who is not the first of the chain, in the desk's words."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What one delivery consists of. `code` None where a sign-in is the proof."""

    number: int
    link: Link
    code: PickupCode | None = field(default=None, repr=False)


class CodeChannel(Protocol):
    """Brings a code to whoever tells it to the hire, or to the hire; never on the way that the link goes."""

    async def send(self, code: PickupCode, to: Collector, facts: Facts, number: int) -> None:
        """Send the code of link `number`, in the language of whoever reads it.

        Raises:
            TenantError: it is not known to be sent.
        """
        ...


class TextNotSentError(Exception):
    """The code did not go to the hire's telephone, and so the link to nobody. `error`: what the channel said."""

    def __init__(self, error: TenantError) -> None:
        super().__init__(str(error))
        self.error = error


class OwnMailbox:
    """The `Mailer` of the steps that invite: a mailbox that is not there is the sender's, and no account of a hire."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def send(self, mail: Mail) -> None:
        """Hand one mail to Exchange.

        Raises:
            TenantRefusedError: there is no such mailbox, or it may not be sent from.
        """
        try:
            await self._mailer.send(mail)
        except NotFoundInTenantError as error:
            raise TenantRefusedError(error.status, error.code, error.detail) from error


class ManagersMail:
    """The channel of `hire+manager`: the mailbox of the manager whom Entra names."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def send(self, code: PickupCode, to: Collector, facts: Facts, number: int) -> None:
        """Mail it."""
        await self._mailer.send(hire_messages.code(to.mail, facts.told_in(to.language), code, delivery=number))


class HiresTelephone:
    """The channel of `hire+text`: a text to the number that HR and Entra hold of the hire."""

    def __init__(self, texter: Texter) -> None:
        self._texter = texter

    async def send(self, code: PickupCode, to: Collector, facts: Facts, number: int) -> None:  # noqa: ARG002 - no name
        """Text it.

        Raises:
            TextNotSentError: it is not known to be sent.
            ValueError: there is no number.
        """
        if to.text_to is None:
            raise ValueError("a code by text needs a number")
        text = Text(to.text_to, text_messages.code(Voice(to.link_language), code, delivery=number))
        try:
            await self._texter.send(text)
        except TenantError as error:
            raise TextNotSentError(error) from error


class Delivering:
    """Tells whoever collects what is to come, and then brings it."""

    def __init__(self, mailer: Mailer, channels: Mapping[Route, CodeChannel], nudging: Nudging) -> None:
        self._mailer = mailer
        self._channels = channels
        self._nudging = nudging

    async def announce(self, ready: Ready, facts: Facts) -> None:
        """Give notice to whoever collects, or vouches, and to the desk what it has to know of who that is."""
        await self._mailer.send(_notice(ready, facts))
        for mail in _to_desk(facts, ready):
            await self._mailer.send(mail)

    async def hand(self, to: Collector, facts: Facts, handed: Handed) -> None:
        """Send the code, where there is one, and then the link: cut off in between, neither leads to anything.

        Raises:
            TenantError: link or code is not known to be sent.
            TextNotSentError: the code is not, and by this route it was to be a text.
        """
        readable = facts.told_in(to.reads_link_in)
        if to.link_to is None or handed.code is None:
            await self._mailer.send(messages.invitation(to.mail, readable, handed.link, delivery=handed.number))
            return
        await self._channels[to.route].send(handed.code, to, facts, handed.number)
        link = text_messages.link if to.text_to else hire_messages.link
        await self._mailer.send(link(to.link_to, readable, handed.link, delivery=handed.number))

    async def nudge(self, to: Collector, onboarding: str) -> None:
        """Draw the eye of whoever collects, or vouches, to what was brought. Nothing comes of it if that fails."""
        await self._nudging.nudge(to, onboarding)

    async def part(self, heard: Collector, facts: Facts) -> None:
        """Tell whoever was told before that this is his to collect that it no longer is."""
        await self._mailer.send(messages.no_longer_yours(heard.mail, facts.told_in(heard.language)))


def _notice(ready: Ready, facts: Facts) -> Mail:
    to = ready.collector
    facts = facts.told_in(to.language)
    match to.route:
        case Route.HIRE_MANAGER:
            return hire_messages.notice(to.mail, facts, hr_manager=ready.hr_manager)
        case Route.HIRE_TEXT:
            return text_messages.notice(to.mail, facts)
        case _:
            return messages.notice(to.mail, facts, hr_manager=ready.hr_manager)


def _to_desk(facts: Facts, ready: Ready) -> Iterator[Mail]:
    """What the desk has to know of who collects; where it does so itself, its own notice says why."""
    collector, hr_manager = ready.collector, ready.hr_manager
    if collector.route in {Route.MANAGER, Route.HIRE_MANAGER} and hr_manager is not None:
        yield desk_messages.difference_to_desk(facts, manager=collector.name, hr_manager=hr_manager)
    if collector.route in _STANDS_IN and collector.instead_of:
        yield desk_messages.passed_over_to_desk(
            facts,
            collector=facts.hire if collector.link_to else collector.name,
            hr_manager=hr_manager,
            instead_of=_STANDS_IN[collector.route],
        )
