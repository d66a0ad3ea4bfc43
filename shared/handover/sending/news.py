"""Who hears of what, besides notice and link: the collector, the contact of the office, the desk."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from shared.handover.keys.links import Addresses, code_page
from shared.handover.mails import desk_messages, hire_messages, messages, text_messages
from shared.handover.mails.desk_messages import Fault
from shared.handover.mails.parts import Facts
from shared.handover.sending.facts import facts_of, to_desk
from shared.onboarding.collector import Collector, Route
from shared.onboarding.eligibility.recipients import Recipients
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.requests.fresh_code import MOST_FRESH_CODES
from shared.onboarding.requests.reissue import reissue_until
from shared.tenant.ports.mail import Mail

UNCOLLECTED = frozenset({Reason.NOT_COLLECTED, Reason.NOT_ISSUED})


COLLECTOR, CONTACT, DESK = "collector", "contact", "desk"
"""Who may hear of what, in the words of settings."""


@dataclass(frozen=True, slots=True)
class Hears:
    """Who hears of what, by settings."""

    opened: frozenset[str]
    not_opened: frozenset[str]
    locked: frozenset[str]
    revoked: frozenset[str]


@dataclass(frozen=True, slots=True)
class News:
    """Writes the mails. `reissue_window`: how long after its hours a pass may be made anew by whoever collects."""

    recipients: Recipients
    addresses: Addresses
    reissue_window: timedelta
    hears: Hears

    @property
    def tells_manager_of_openings(self) -> bool:
        """Whether a manager hears of what becomes of a hire's own link while all goes well, or late."""
        return COLLECTOR in self.hears.opened | self.hears.not_opened

    @property
    def desk(self) -> str:
        """The helpdesk's mail address."""
        return self.addresses.desk

    async def mails(self, row: Onboarding, reason: Reason, *, among: bool = False) -> list[Mail]:
        """Write the mails about one piece of news. `among`: the manager hears of openings in one mail for many.

        Raises:
            TenantError: who could step in could not be read.
        """
        if row.plan is None:
            return [to_desk(row, _fault(row, reason), self.desk)]
        facts = facts_of(row, self.desk, reissue_until(row, self.reissue_window))
        match reason:
            case Reason.OPENED | Reason.NOT_OPENED | Reason.CODE_LOCKED | Reason.REISSUES_SPENT:
                return await self._of_a_pass(row, facts, reason, frozenset({COLLECTOR}) if among else frozenset())
            case Reason.CANCELLED_BY_SOURCE | Reason.REVOKED:
                return await self._called_off(row, facts, reason)
            case _:
                return [*_of_the_end(row, facts, reason), desk_messages.fault_to_desk(facts, _fault(row, reason))]

    async def _of_a_pass(self, row: Onboarding, facts: Facts, reason: Reason, but: AbstractSet[str]) -> list[Mail]:
        match reason:
            case Reason.OPENED:
                return await self._opened(row, facts, self.hears.opened - but)
            case Reason.NOT_OPENED:
                return await self._not_opened(row, facts, self.hears.not_opened - but)
            case Reason.CODE_LOCKED:
                return await self._locked(row, facts)
            case _:
                return [desk_messages.reissues_spent_to_desk(facts, collector=_holder(row))]

    def moved(self, row: Onboarding, heard: Collector) -> list[Mail]:
        """Write to whoever has heard of the hours before that they moved; to the hire, too, who has a link."""
        facts = facts_of(row, self.desk)
        mails = [messages.changed(heard.mail, facts.told_in(heard.language))]
        if heard.link_to and facts.link_mailed_at:
            mails.append(hire_messages.changed(heard.link_to, facts.told_in(heard.link_language)))
        return mails

    async def _opened(self, row: Onboarding, facts: Facts, hears: AbstractSet[str]) -> list[Mail]:
        at = row.claim.state.claimed_at if row.claim else facts.opens_at
        mails = [
            messages.opened(one.mail, facts.told_in(one.language), at=at) for one in await self._others(row, hears)
        ]
        return [*mails, *([desk_messages.opened_to_desk(facts, at=at)] if DESK in hears else [])]

    async def _not_opened(self, row: Onboarding, facts: Facts, hears: AbstractSet[str]) -> list[Mail]:
        who = _holder(row)
        others = await self._others(row, hears)
        mails = [messages.not_opened(one.mail, facts.told_in(one.language), collector=who) for one in others]
        stand_in = any(one.route is Route.CONTACT for one in others)
        to_desk_too = desk_messages.not_opened_to_desk(facts, collector=who, stand_in=stand_in)
        return [*mails, *([to_desk_too] if DESK in hears else [])]

    async def _locked(self, row: Onboarding, facts: Facts) -> list[Mail]:
        hears = self.hears.locked
        to_manager = self._locked_to_manager(row, facts) if COLLECTOR in hears else []
        others = await self._others(row, hears - {COLLECTOR})
        contact = [text_messages.locked(one.mail, facts.told_in(one.language)) for one in others]
        return [*to_manager, *contact, *([desk_messages.code_locked_to_desk(facts)] if DESK in hears else [])]

    def _locked_to_manager(self, row: Onboarding, facts: Facts) -> list[Mail]:
        if row.collector is None:
            return []
        readable = facts.told_in(row.collector.language)
        if facts.by_text:
            return [text_messages.locked(row.collector.mail, readable)]
        may_renew = row.fresh_codes < MOST_FRESH_CODES
        page = code_page(self.addresses.link_base, row.id) if may_renew else None
        return [hire_messages.locked(row.collector.mail, readable, page)]

    async def _called_off(self, row: Onboarding, facts: Facts, reason: Reason) -> list[Mail]:
        """Only who has heard of the hire hears that he does not come; the contact and the desk as such."""
        hears = self.hears.revoked
        heard = [row.heard] if row.heard and COLLECTOR in hears else []
        known = {one.mail for one in heard}
        heard += [one for one in await self._others(row, hears - {COLLECTOR}) if one.mail not in known]
        to_desk_too = [desk_messages.fault_to_desk(facts, _fault(row, reason))] if DESK in hears else []
        told = (messages.cancelled(one.mail, facts.told_in(one.language)) for one in heard)
        return [*told, *to_desk_too]

    async def _others(self, row: Onboarding, hears: AbstractSet[str]) -> list[Collector]:
        """Return the manager whose hire has the link, and the contact who could step in, as far as they are to hear.

        Raises:
            TenantError: the contact could not be read.
        """
        manager = row.collector if row.collector and row.collector.link_to and COLLECTOR in hears else None
        stand_in = await self.recipients.stand_in(row.subject) if row.subject and CONTACT in hears else None
        is_collector = stand_in is not None and row.collector is not None and stand_in.id == row.collector.id
        return [one for one in (manager, None if is_collector else stand_in) if one is not None]


def _of_the_end(row: Onboarding, facts: Facts, reason: Reason) -> list[Mail]:
    """Only who has heard of the hire hears of the end; the desk hears of it as the desk."""
    if row.heard is None or reason not in UNCOLLECTED or row.heard.route is Route.DESK:
        return []
    return [messages.expired(row.heard.mail, facts.told_in(row.heard.language), made=reason is Reason.NOT_COLLECTED)]


def _fault(row: Onboarding, reason: Reason) -> Fault:
    return Fault(row.status, reason, f"{ADVICE[reason]} {row.detail}".rstrip())


def _holder(row: Onboarding) -> str:
    """Name whoever has the link: the hire, where somebody else has the code."""
    if row.collector is None:
        return "whoever collects"
    if row.collector.link_to is None:
        return row.collector.name
    return row.subject.display_name if row.subject else row.hire.display_name
