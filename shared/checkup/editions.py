"""What the tenant's edition of Entra shows and does not show. Pure."""

from shared.checkup.facts import Facts
from shared.checkup.finding import Check, Subject, Verdict, ok, warning


def _log(facts: Facts) -> Verdict:
    if facts.sign_in_log.get():
        return ok("it can be read")
    return warning("the tenant has no Entra ID P1: use of a pass is never known")


def _eligibility(facts: Facts) -> Verdict:
    if facts.eligibility.get():
        return ok("it can be read")
    return ok("no Entra ID P2: nobody can activate a role")


CHECKS = (
    Check(
        id="graph-sign-in-log",
        subject=Subject.GRAPH,
        title="The sign-in log tells who used a pass",
        why="Without it nobody hears that a hire did not get in, and what was sealed is kept until the pass ends.",
        portal="Microsoft 365 admin centre → Marketplace → Microsoft Entra ID P1",
        look=_log,
    ),
    Check(
        id="graph-eligibility",
        subject=Subject.GRAPH,
        title="Roles that people may activate are known",
        why="Who may become an administrator by himself gets no pass from this app.",
        portal="Entra admin centre → Identity governance → Privileged Identity Management",
        look=_eligibility,
    ),
)
