"""Can the app send its mails, and from its one mailbox alone? Pure."""

from shared.checkup.facts import Facts, Mailbox
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, unknown, warning

_EXCHANGE = "infra/graph/exchange.ps1 -Mailbox MAIL_SENDER -AppId AZURE_CLIENT_ID -ObjectId PRINCIPAL_ID"
_PORTAL = "Exchange admin centre → Roles → Admin roles shows it; PowerShell sets it"


def _sends(facts: Facts) -> Verdict:
    match facts.sender.get():
        case Mailbox.OPEN:
            return ok(f"{facts.wishes.sender} may be used")
        case Mailbox.CLOSED:
            return failure(f"Exchange does not let the app send from {facts.wishes.sender}")
        case Mailbox.MISSING:
            return failure(f"{facts.wishes.sender} is no mailbox of this tenant")


def _bound(facts: Facts) -> Verdict:
    if facts.wishes.sender.casefold() == facts.wishes.desk.casefold():
        return unknown("MAIL_SENDER and DESK_MAIL are one, so no second mailbox was tried")
    match facts.other_mailbox.get():
        case Mailbox.CLOSED:
            return ok(f"not even from {facts.wishes.desk}")
        case Mailbox.OPEN:
            return warning(f"the app may send from {facts.wishes.desk} as well")
        case Mailbox.MISSING:
            return unknown(f"{facts.wishes.desk} is no mailbox of this tenant, so no second one was tried")


CHECKS = (
    Check(
        id="mail-sender",
        subject=Subject.MAIL,
        title="The app may send from its mailbox",
        why="Without mails there is no link, and a pass that nobody can open.",
        portal=_PORTAL,
        command=_EXCHANGE,
        look=_sends,
    ),
    Check(
        id="mail-bound",
        subject=Subject.MAIL,
        title="It may send from no other",
        why="Whoever takes over the app could write to anybody in anybody's name.",
        portal=f"{_PORTAL}; take Mail.Send away in Entra, where it is for every mailbox",
        command=_EXCHANGE,
        look=_bound,
    ),
)
