"""Who hears of what, besides notice and link: the collector, the contact of the office, the desk."""

from dataclasses import dataclass
from datetime import timedelta

from shared.handover import desk_messages, messages
from shared.handover.desk_messages import Fault
from shared.handover.facts import facts_of, to_desk
from shared.handover.parts import Facts
from shared.onboarding.eligibility.recipients import Recipients
from shared.onboarding.model import Collector, Onboarding, Route
from shared.onboarding.reasons import ADVICE, Reason
from shared.onboarding.requests.reissue import reissue_until
from shared.tenant.ports import Mail

CALLED_OFF = frozenset({Reason.CANCELLED_BY_SOURCE, Reason.REVOKED})
UNCOLLECTED = frozenset({Reason.NOT_COLLECTED, Reason.NOT_ISSUED})


@dataclass(frozen=True, slots=True)
class News:
    """Writes the mails. `reissue_window`: how long after its hours a pass may be made anew by whoever collects."""

    recipients: Recipients
    desk: str
    reissue_window: timedelta

    async def mails(self, row: Onboarding, reason: Reason) -> list[Mail]:
        """Write the mails about one piece of news.

        Raises:
            TenantError: who could step in could not be read.
        """
        if row.plan is None:
            return [to_desk(row, _fault(row, reason), self.desk)]
        facts = facts_of(row, self.desk, reissue_until(row, self.reissue_window))
        match reason:
            case Reason.NOT_OPENED:
                return await self._not_opened(row, facts)
            case Reason.REISSUES_SPENT:
                return [desk_messages.reissues_spent_to_desk(facts, collector=_collector(row))]
            case _:
                desk = [] if reason in CALLED_OFF else [desk_messages.fault_to_desk(facts, _fault(row, reason))]
                return [*_to_collector(row, facts, reason), *desk]

    def moved(self, row: Onboarding, heard: Collector) -> Mail:
        """Write to whoever has heard of the hours before that they moved."""
        return messages.changed(heard.mail, facts_of(row, self.desk))

    async def _not_opened(self, row: Onboarding, facts: Facts) -> list[Mail]:
        who = _collector(row)
        stand_in = await self.recipients.stand_in(row.subject) if row.subject else None
        to_desk_too = desk_messages.not_opened_to_desk(facts, collector=who, stand_in=stand_in is not None)
        if stand_in is None or (row.collector and stand_in.id == row.collector.id):
            return [to_desk_too]
        return [messages.not_opened(stand_in.mail, facts, collector=who), to_desk_too]


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


def _collector(row: Onboarding) -> str:
    return row.collector.name if row.collector else "whoever collects"
