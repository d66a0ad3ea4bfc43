"""Who hears of what, besides notice and link: the collector, the contact of the office, the desk."""

from dataclasses import dataclass
from datetime import timedelta

from shared.handover import desk_messages, hire_messages, messages, text_messages
from shared.handover.desk_messages import Fault
from shared.handover.facts import facts_of, to_desk
from shared.handover.links import code_page
from shared.handover.parts import Facts
from shared.onboarding.eligibility.recipients import Recipients
from shared.onboarding.model import Collector, Onboarding, Route
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.requests.fresh_code import MOST_FRESH_CODES
from shared.onboarding.requests.reissue import reissue_until
from shared.tenant.ports import Mail

CALLED_OFF = frozenset({Reason.CANCELLED_BY_SOURCE, Reason.REVOKED})
UNCOLLECTED = frozenset({Reason.NOT_COLLECTED, Reason.NOT_ISSUED})


@dataclass(frozen=True, slots=True)
class News:
    """Writes the mails. `reissue_window`: how long after its hours a pass may be made anew by whoever collects.

    `link_base`: where links lead.
    """

    recipients: Recipients
    desk: str
    reissue_window: timedelta
    link_base: str

    async def mails(self, row: Onboarding, reason: Reason) -> list[Mail]:
        """Write the mails about one piece of news.

        Raises:
            TenantError: who could step in could not be read.
        """
        if row.plan is None:
            return [to_desk(row, _fault(row, reason), self.desk)]
        facts = facts_of(row, self.desk, reissue_until(row, self.reissue_window))
        match reason:
            case Reason.CODE_LOCKED:
                return _locked(row, facts, self.link_base)
            case Reason.NOT_OPENED:
                return await self._not_opened(row, facts)
            case Reason.REISSUES_SPENT:
                return [desk_messages.reissues_spent_to_desk(facts, collector=_holder(row))]
            case _:
                desk = [] if reason in CALLED_OFF else [desk_messages.fault_to_desk(facts, _fault(row, reason))]
                return [*_to_collector(row, facts, reason), *desk]

    def moved(self, row: Onboarding, heard: Collector) -> list[Mail]:
        """Write to whoever has heard of the hours before that they moved; to the hire, too, who has a link."""
        facts = facts_of(row, self.desk)
        to_hire = [hire_messages.changed(heard.link_to, facts)] if heard.link_to and facts.link_mailed_at else []
        return [messages.changed(heard.mail, facts), *to_hire]

    async def _not_opened(self, row: Onboarding, facts: Facts) -> list[Mail]:
        who = _holder(row)
        stand_in = await self.recipients.stand_in(row.subject) if row.subject else None
        to_desk_too = desk_messages.not_opened_to_desk(facts, collector=who, stand_in=stand_in is not None)
        could = [row.collector] if row.collector and row.collector.link_to else []
        could += [stand_in] if stand_in and not (row.collector and stand_in.id == row.collector.id) else []
        return [*(messages.not_opened(one.mail, facts, collector=who) for one in could), to_desk_too]


def _to_collector(row: Onboarding, facts: Facts, reason: Reason) -> list[Mail]:
    """Only who has heard of the hire hears of the end; the desk hears of it as the desk."""
    if row.heard is None:
        return []
    if reason in CALLED_OFF:
        return [messages.cancelled(row.heard.mail, facts)]
    if reason not in UNCOLLECTED or row.heard.route is Route.DESK:
        return []
    return [messages.expired(row.heard.mail, facts, made=reason is Reason.NOT_COLLECTED)]


def _fault(row: Onboarding, reason: Reason) -> Fault:
    return Fault(row.status, reason, f"{ADVICE[reason]} {row.detail}".rstrip())


def _locked(row: Onboarding, facts: Facts, link_base: str) -> list[Mail]:
    return [*_locked_to_manager(row, facts, link_base), desk_messages.code_locked_to_desk(facts)]


def _locked_to_manager(row: Onboarding, facts: Facts, link_base: str) -> list[Mail]:
    if row.collector is None:
        return []
    if facts.by_text:
        return [text_messages.locked(row.collector.mail, facts)]
    may_renew = row.fresh_codes < MOST_FRESH_CODES
    return [hire_messages.locked(row.collector.mail, facts, code_page(link_base, row.id) if may_renew else None)]


def _holder(row: Onboarding) -> str:
    """Name whoever has the link: the hire, where somebody else has the code."""
    if row.collector is None:
        return "whoever collects"
    if row.collector.link_to is None:
        return row.collector.name
    return row.subject.display_name if row.subject else row.hire.display_name
