"""What a mail about an onboarding is written from."""

from datetime import datetime

from shared.handover.mails.desk_messages import Fault, fault_to_desk, unplanned_fault_to_desk
from shared.handover.mails.parts import Facts
from shared.onboarding.collector import Route
from shared.onboarding.model import Onboarding
from shared.tenant.ports.mail import Mail


def facts_of(row: Onboarding, desk: str, reissue_until: datetime | None = None) -> Facts:
    """Gather the facts of a planned onboarding, for a reader of English. The name is Entra's as soon as it is known.

    `reissue_until`: until when whoever collects may have the pass made anew, None where he may not.

    Raises:
        ValueError: it has no plan, so there is nothing to tell anybody.
    """
    plan = row.plan
    if plan is None:
        raise ValueError(f"{row.id} has no plan")
    collector = row.collector
    return Facts(
        reference=row.id,
        hire=row.subject.display_name if row.subject else row.hire.display_name,
        site=row.hire.site,
        zone=plan.zone,
        starts_at=plan.start,
        opens_at=plan.opens,
        valid_from=plan.valid_from,
        valid_until=plan.valid_until,
        desk=desk,
        exceptions=plan.exceptions,
        collector_zone=collector.zone if collector else None,
        link_mailed_at=row.delivery.mailed_at if row.delivery else None,
        by_desk=collector is not None and collector.route is Route.DESK,
        vouches=collector.name if collector and collector.route is Route.HIRE_MANAGER else "",
        by_text=collector is not None and collector.route is Route.HIRE_TEXT,
        reissue_until=reissue_until,
        instead_of=collector.instead_of if collector else (),
    )


def to_desk(row: Onboarding, fault: Fault, desk: str) -> Mail:
    """Write to the desk about a hire that does not go on, planned or not."""
    if row.plan is None:
        return unplanned_fault_to_desk(fault, reference=row.id, hire=row.hire.display_name, desk=desk)
    return fault_to_desk(facts_of(row, desk), fault)
