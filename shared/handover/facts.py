"""What a mail about an onboarding is written from."""

from shared.handover.messages import Facts, Fault, fault_to_desk, unplanned_fault_to_desk
from shared.onboarding.model import Onboarding
from shared.tenant.ports import Mail


def facts_of(row: Onboarding, desk: str) -> Facts:
    """Gather the facts of a planned onboarding. The name is Entra's as soon as it is known.

    Raises:
        ValueError: it has no plan, so there is nothing to tell anybody.
    """
    plan = row.plan
    if plan is None:
        raise ValueError(f"{row.id} has no plan")
    made = row.issued
    return Facts(
        reference=row.id,
        hire=row.subject.display_name if row.subject else row.hire.display_name,
        site=row.hire.site,
        zone=plan.zone,
        starts_at=plan.start,
        opens_at=plan.opens,
        valid_from=made.valid_from if made else plan.valid_from,
        valid_until=made.valid_until if made else plan.valid_until,
        desk=desk,
        moved=plan.moved is not None,
        link_mailed_at=row.delivery.mailed_at if row.delivery else None,
    )


def to_desk(row: Onboarding, fault: Fault, desk: str) -> Mail:
    """Write to the desk about a hire that does not go on, planned or not."""
    if row.plan is None:
        return unplanned_fault_to_desk(fault, reference=row.id, hire=row.hire.display_name, desk=desk)
    return fault_to_desk(facts_of(row, desk), fault)
