"""All checks, in the order in which they are shown, and the report that they make together. Pure."""

from shared.checkup import access, app, editions, hires, mail, pass_policy, permissions, web_sign_in
from shared.checkup.facts import Facts, Identity, Read
from shared.checkup.finding import Check, Report, found_by

CHECKS: tuple[Check, ...] = (
    *permissions.CHECKS,
    *editions.CHECKS,
    *pass_policy.CHECKS,
    *web_sign_in.CHECKS,
    *access.CHECKS,
    *hires.CHECKS,
    *mail.CHECKS,
    *app.CHECKS,
)


def report(facts: Facts) -> Report:
    """Carry out all checks."""
    asks = facts.grants.value.identity if isinstance(facts.grants, Read) else Identity.APP
    return Report(facts.at, asks, tuple(found_by(check, facts) for check in CHECKS))
