"""What is due on the device side: to stand in the profile's scope, and to leave the groups again."""

from shared.onboarding import memberships
from shared.onboarding.device_side import Web
from shared.onboarding.model import Onboarding
from shared.onboarding.schedule.keeping import Keep
from shared.onboarding.schedule.spans import REVIEW_BEFORE, review_from
from shared.onboarding.statuses import Due, Step, WebSignIn
from shared.planning.plan import Plan


def web_due(row: Onboarding, keep: Keep) -> Due | None:
    """Return the next thing to do on the device side, whichever of the two comes first."""
    dues = [due for due in (_scope_due(row), _leave_due(row, keep)) if due is not None]
    return min(dues, key=lambda due: due.at, default=None)


def _scope_due(row: Onboarding) -> Due | None:
    if row.ended_at is not None or row.erased or row.plan is None or row.hold is not None:
        return None
    if row.web.status is WebSignIn.PENDING:
        return Due(Step.SCOPE, row.plan.notice_at, deadline=row.plan.opens)
    if row.web.status is WebSignIn.WAITING and row.web.retry_at is not None and row.web.retry_at < row.plan.closes:
        return Due(Step.SCOPE, row.web.retry_at, deadline=row.plan.opens)
    return _in_scope_due(row.web, row.plan) if row.web.status is WebSignIn.IN_SCOPE else None


def _in_scope_due(web: Web, plan: Plan) -> Due | None:
    """Before the window it is looked at once more, for somebody may have taken the group out again.

    And earlier where the profile's companion is to be tried again.
    """
    looks = [plan.opens - REVIEW_BEFORE] if web.seen_at is not None and web.seen_at < review_from(plan) else []
    if web.retry_at is not None and web.retry_at < plan.closes:
        looks.append(web.retry_at)
    return Due(Step.SCOPE, min(looks), deadline=plan.opens) if looks else None


def _leave_due(row: Onboarding, keep: Keep) -> Due | None:
    """A request to join whose answer is not known may be carried out late: before that nothing is taken back."""
    leaving = memberships.needless(row)
    if not leaving:
        return None
    since = row.used_at or row.ended_at or row.web.seen_at or row.created
    wanted = since if memberships.goes_at_once(row) else since + keep.devices
    at = max(wanted, row.web.retry_at or wanted, *(one.until for one in leaving))
    return Due(Step.LEAVE, at, deadline=at)
