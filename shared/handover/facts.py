"""What a mail about an onboarding is written from."""

from shared.handover.messages import Facts
from shared.onboarding.model import Onboarding


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
